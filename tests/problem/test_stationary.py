"""Where USAM ends on quadratics: the mean-square stability threshold, stationary moments and the bias."""

from __future__ import annotations

import numpy as np
import pytest
from stationary import bias, largest_gamma, radius, stationary

import samtheory as st
from samtheory.problem.quadratic import centre
from samtheory.verification.second_moments import second_moments

QUADRATICS = (
    "additive-noise",
    "heterogeneous",
    "interpolated-ls",
    "rank-deficient-ls",
    "ridge",
    "scaled-quadratics",
    "tight-orthogonal",
    "tight-pair",
)
SAMPLINGS = ("full", "uniform", "importance", "nice:2", "replacement:2", "independent:0.5")


def bound_to(name: str, sampling: str, **params):
    problem = st.load_problem(name, **params)
    return problem, problem.law(st.parse_sampling(sampling))


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("name", QUADRATICS)
def test_the_radius_is_one_at_the_largest_gamma(name: str, sampling: str) -> None:
    problem, law = bound_to(name, sampling)
    rho = 0.3 / float(problem.smoothness_of(law)[2])
    most = largest_gamma(problem, law, rho)
    assert radius(problem, law, most, rho) == pytest.approx(1, abs=1e-11)
    assert radius(problem, law, 0.9 * most, rho) < 1 < radius(problem, law, 1.1 * most, rho)


@pytest.mark.parametrize("name", ["interpolated-ls", "tight-orthogonal"])
def test_moments_contract_just_below_the_largest_gamma_and_diverge_just_above(name: str) -> None:
    """Without noise at x*, E||z_t||^2 is of order radius^t, and the radius is 1 -+ some 1e-2."""
    problem, law = bound_to(name, "uniform")
    rho, t = 0.2 / problem.L_i.values.max(), [0, 2000, 4000]
    most = largest_gamma(problem, law, rho)
    below, above = (
        second_moments(problem, law, st.Schedule(factor * most, rho, 0.0), t).distance2 for factor in (0.98, 1.02)
    )
    assert below[2] < 0.9 * below[1] < 0.9 * below[0]
    assert above[2] > 10 * above[1] > 100 * above[0]
    rate = radius(problem, law, 1.02 * most, rho)
    assert (above[2] / above[1]) ** (1 / 2000) == pytest.approx(rate, rel=1e-6)


def test_the_largest_gamma_in_one_dimension_is_2_E_P_over_E_P_squared() -> None:
    problem, law = bound_to("scaled-quadratics", "uniform", h="0.5,1,4")
    P = np.array([0.5, 1, 4]) * (1 + 0.1 * np.array([0.5, 1, 4]))
    assert largest_gamma(problem, law, 0.1) == pytest.approx(2 * P.mean() / (P**2).mean(), rel=1e-14)


def test_there_is_no_largest_gamma_with_a_component_that_is_not_convex() -> None:
    f = st.Quadratics(np.array([[[3.0]], [[-1.0]]]), np.zeros((2, 1)))
    problem = st.Problem(
        f, np.ones(1), st.exact(f.component_smoothness, "|h_i|"), st.exact(1.0, "mean h_i"), st.exact(0.0, "f(0)")
    )
    with pytest.raises(st.NotApplicable, match="not convex"):
        largest_gamma(problem, problem.law(st.Uniform()), 0.1)


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("name", ["additive-noise", "heterogeneous", "rank-deficient-ls", "tight-pair"])
def test_the_moments_tend_to_the_stationary_ones(name: str, sampling: str) -> None:
    problem, law = bound_to(name, sampling)
    L = float(problem.smoothness_of(law)[2])
    schedule = st.Schedule(0.5 / L, 0.3 / L, 0.0)
    # The mean may be as slow as the root of the radius.
    t = int(np.ceil(np.log(1e-32) / np.log(radius(problem, law, 0.5 / L, 0.3 / L))))
    m, S = stationary(problem, law, 0.5 / L, 0.3 / L)
    late = second_moments(problem, law, schedule, [t])
    c = centre(problem.objective)
    assert np.sum(c.hessian * (c.U.T @ S @ c.U)) / 2 == pytest.approx(late.gap[0], rel=1e-9, abs=1e-13)
    assert np.trace(S) == pytest.approx(late.distance2[0], rel=1e-9, abs=1e-13)
    x_rho, excess = bias(problem, law, 0.3 / L)
    np.testing.assert_allclose(m, x_rho, atol=1e-10)
    assert problem.suboptimality(m[None])[0] == pytest.approx(excess, rel=1e-7, abs=1e-13)


def test_there_is_no_stationary_state_beyond_the_largest_gamma() -> None:
    problem, law = bound_to("heterogeneous", "uniform")
    with pytest.raises(st.NotApplicable, match="spectral radius"):
        stationary(problem, law, 1.01 * largest_gamma(problem, law, 0.1), 0.1)


def test_the_bias_vanishes_without_ascent_and_under_interpolation() -> None:
    problem, law = bound_to("heterogeneous", "uniform")
    assert bias(problem, law, 0.0)[1] < 1e-28
    assert bias(problem, law, 0.5)[1] > 1e-4
    problem, law = bound_to("interpolated-ls", "uniform")
    assert bias(problem, law, 0.5)[1] < 1e-28


def test_a_map_too_large_to_write_down_is_refused() -> None:
    problem, law = bound_to("tight-orthogonal", "uniform", n=40)
    for ask in (lambda: radius(problem, law, 0.1, 0.1), lambda: largest_gamma(problem, law, 0.1)):
        with pytest.raises(st.NotApplicable, match="40 curved directions"):
            ask()
    assert bias(problem, law, 0.1)[1] < 1e-28
