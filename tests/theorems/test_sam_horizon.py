"""SAM with steps made for a horizon: the bound holds and is attained, the steps for an epsilon keep their promise."""

import numpy as np
import pytest

from samtheory.catalogue import theorems
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable

THEOREM = theorems()["ours/sam-horizon"]


def constants(mu):
    """Those of a convex function with L = 1."""
    return Constants.from_values({"L": 1.0, "mu": mu}, {"convex", "full-batch"})


def gaps_of_sam(curvatures, x, gamma, rho, T):
    """The gaps of SAM on half a sum of squares, t = 0, ..., T."""
    gaps = [curvatures @ x**2 / 2]
    for _ in range(T):
        g = curvatures * x
        x = x - gamma * curvatures * (x + rho * g / np.linalg.norm(g))
        gaps.append(curvatures @ x**2 / 2)
    return np.array(gaps)


@pytest.mark.parametrize("gamma", [0.05, 0.3, 0.9])
def test_no_quadratic_is_above_the_bound_and_a_start_near_the_minimum_attains_it(gamma):
    mu, rho, times = 0.2, 0.5, np.arange(61)
    plan = THEOREM.plan(constants(mu), 1.0, rho, gamma)
    rng = np.random.default_rng(0)
    for _ in range(40):
        curvatures = np.array([mu, 1.0, rng.uniform(mu, 1)])
        gaps = gaps_of_sam(curvatures, rng.standard_normal(3) * 10.0 ** rng.uniform(-4, 1), gamma, rho, 60)
        assert (gaps <= plan.bound(times, gaps[0]) * (1 + 1e-12)).all()
    first = gaps_of_sam(np.array([1.0]), np.array([1e-12]), gamma, rho, 1)[1]
    assert first == pytest.approx((gamma * rho) ** 2 / 2, rel=1e-9)
    assert first <= plan.neighbourhood
    if gamma < 0.3:
        assert first > 0.05 * plan.neighbourhood


@pytest.mark.parametrize("epsilon", [1e-2, 1e-4, 1e-6])
def test_the_steps_for_an_epsilon_reach_it_at_a_fixed_radius(epsilon):
    """T grows like 1/sqrt(epsilon) up to logarithms."""
    plan = THEOREM.plan(constants(0.5), 1.0, 0.5, epsilon=epsilon, delta0=2.0)
    T = plan.iterations(epsilon, 2.0)
    assert plan.bound(T, 2.0) <= epsilon
    assert plan.gamma <= 0.25
    assert T * np.sqrt(epsilon) < np.log(1 / epsilon)
    assert gaps_of_sam(np.array([1.0, 0.5]), np.array([1.0, 2.0]), plan.gamma, plan.rho, T)[-1] <= epsilon


def test_bad_requests_are_refused_in_one_line():
    with pytest.raises(InputError, match="delta0 is missing"):
        THEOREM.plan(constants(0.5), 1.0, 0.5, epsilon=0.1)
    with pytest.raises(NotApplicable, match="must be below 1/L"):
        THEOREM.plan(constants(0.5), 1.0, 0.5, 1.0)
    with pytest.raises(InputError, match="epsilon=1e-320"):
        THEOREM.plan(constants(1e-300), 1.0, 0.5, epsilon=1e-320, delta0=1.0)


def test_without_a_perturbation_it_is_gradient_descent():
    plan = THEOREM.plan(constants(0.5), 1.0, 0.0, epsilon=1e-3, delta0=1.0)
    assert (plan.gamma, plan.neighbourhood) == (0.25, 0.0)
    assert plan.bound(3, 1.0) == pytest.approx((1 - 0.25 * 0.5 * 1.75) ** 3)
