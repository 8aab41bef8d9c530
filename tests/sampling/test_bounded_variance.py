"""Importance sampling of scaled quadratics is without multiplicative noise: B is 1 to the last digit."""

import samtheory


def test_importance_sampling_of_scaled_quadratics_has_bounded_variance():
    constants = samtheory.load_problem("scaled-quadratics").constants(samtheory.Importance())
    assert (float(constants.A), float(constants.B)) == (0.0, 1.0)
    assert "bounded-variance" in constants.properties
