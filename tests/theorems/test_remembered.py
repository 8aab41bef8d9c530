"""The steps of the statements that fix them: Andriushchenko & Flammarion's."""

import math

import pytest

from samtheory.catalogue import load_theorem
from samtheory.constants import Constants
from samtheory.errors import InputError

VALUES = {"L": 2.0, "mu": 0.5, "Lambda": 3.0, "L_max": 3.0, "A": 0.0, "B": 1.0, "C": 0.7}
CONSTANTS = Constants.from_values(VALUES, {"smooth", "PL", "bounded-variance"})


def test_the_horizon_fixes_the_steps():
    plan = load_theorem("andriushchenko-2022/non-convex").plan(CONSTANTS, 0.0)
    assert plan.horizon == 100
    assert plan.gamma == plan.gamma_max == pytest.approx(1 / (10 * 3))
    assert plan.rho == plan.rho_max == pytest.approx(1 / (100**0.25 * 3))
    assert load_theorem("andriushchenko-2022/non-convex").limits(CONSTANTS, 0.0)[0] == pytest.approx(plan.rho)


@pytest.mark.parametrize(("epsilon", "horizon"), [(0.5, math.ceil(((4 * 3 * 2 + 8 * 0.7) / 0.25) ** 2)), (100.0, 19)])
def test_the_horizon_of_an_epsilon(epsilon, horizon):
    plan = load_theorem("andriushchenko-2022/non-convex").plan(CONSTANTS, 0.0, epsilon=epsilon, delta0=2.0)
    assert plan.horizon == horizon
    assert plan.iterations(epsilon, 2.0) == horizon
    assert plan.bound(horizon, 2.0) == pytest.approx((4 * 3 * 2 + 8 * 0.7) / math.sqrt(horizon))


def test_the_decreasing_steps():
    plan = load_theorem("andriushchenko-2022/pl").plan(CONSTANTS, 0.0)
    for t in (0, 1, 7, 40, 200):
        gamma = min((8 * t + 4) / (3 * 0.5 * (t + 1) ** 2), 1 / 6)
        assert plan.schedule.at(t)[:2] == pytest.approx((gamma, math.sqrt(gamma / 3)))
    assert plan.bound(10, 2.0) == pytest.approx(3 * (3 / (0.5 * 10)) ** 2 * 2 + 22 * 3 * 0.7 / 0.25 / 10)


def test_a_fraction_of_the_largest_rho():
    full = Constants.from_values({**VALUES, "C": 0.0}, {"smooth", "PL", "convex", "full-batch"})
    with pytest.raises(InputError, match="no largest rho"):
        load_theorem("ours/usam-convex").fraction_of_rho_max(full, 0.0, 0.5)
    assert load_theorem("ours/usam-deterministic").fraction_of_rho_max(full, 0.0, 0.5) == pytest.approx(0.25)
