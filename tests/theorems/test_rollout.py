"""The roll-out of a one-step inequality: sound against linear programming, and exact where it claims to be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from samtheory.catalogue import load_theorem
from samtheory.constants import Constants
from samtheory.theorems import rollout


@st.composite
def inequalities(draw, most_members=1):
    """A `OneStep` of shape (1, members, T), a wedge and a start; q of any sign, p >= 0 and r >= 0."""
    T, members = draw(st.integers(1, 6)), draw(st.integers(1, most_members))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (1, members, T)
    p = np.where(rng.random(shape) < 0.5, 1 + rng.exponential(0.3, shape), rng.random(shape))
    q = -rng.exponential(1, shape) * rng.choice([1, 1, 1, -1], shape)
    r = np.where(rng.random(shape) < 0.3, 0, rng.exponential(0.5, shape))
    high = 10 ** rng.uniform(-1, 1)
    return (
        rollout.OneStep(p - 1, q, r),
        (high * draw(st.sampled_from([0.0, 0.1, 1.0])), high),
        draw(st.sampled_from([0.0, 1.0, 30.0])),
    )


def worst(one, wedge, start, of):
    """The largest value of `of` (weights of V_0, ..., V_T, W_0, ..., W_T, m) over all sequences that are allowed.

    V_0 = start, V_{t+1} <= p V_t + q W_t + r for every member, low V_t <= W_t <= high V_t, m <= W_t for t < T.
    """
    p, q, r = 1 + one.growth, one.q, one.r
    low, high = wedge
    members, T = p.shape[1:]
    size = 2 * (T + 1) + 1
    V, W, m = np.arange(T + 1), np.arange(T + 1, 2 * T + 2), size - 1
    rows, right = [], []

    def below(value, **weights):
        row = np.zeros(size)
        for index, weight in weights.values():
            row[index] += weight
        rows.append(row)
        right.append(value)

    for t in range(T):
        for j in range(members):
            below(r[0, j, t], a=(V[t + 1], 1), b=(V[t], -p[0, j, t]), c=(W[t], -q[0, j, t]))
        below(0.0, a=(m, 1), b=(W[t], -1))
    for t in range(T + 1):
        below(0.0, a=(W[t], 1), b=(V[t], -high))
        below(0.0, a=(V[t], low), b=(W[t], -1))
    bounds = [(start, start)] + [(0, None)] * (size - 1)
    found = linprog(-np.asarray(of, dtype=float), np.array(rows), right, bounds=bounds)
    assert found.status in (0, 2, 3)
    return -found.fun if found.status == 0 else -math.inf if found.status == 2 else math.inf


def one_step(*numbers):
    """A `OneStep` of one time."""
    return rollout.OneStep(*np.broadcast_arrays(*numbers, np.zeros((1, 1, 1)))[: len(numbers)])


def unit(size, *places):
    weights = np.zeros(size)
    weights[list(places)] = 1
    return weights


@given(inequalities(most_members=3))
def test_values_are_the_largest_that_the_inequality_allows(case):
    one, _, start = case
    T = one.q.shape[-1]
    found = rollout.values(*case)
    assert found.shape == (T + 1,)
    assert found[0] == start
    largest = worst(*case, unit(2 * T + 3, T))
    assert found[T] >= largest * (1 - 1e-9) - 1e-9
    if one.q.shape[1] == 1 and largest > -math.inf:
        assert found[T] == pytest.approx(largest, rel=1e-7, abs=1e-9)


@given(inequalities(most_members=3))
def test_minima_are_never_below_what_the_inequality_allows(case):
    T = case[0].q.shape[-1]
    found = rollout.minima(*case)
    assert found.shape == (T + 1,)
    assert found[0] == math.inf
    assert (np.diff(found) <= 0).all()
    assert found[T] >= worst(*case, unit(2 * T + 3, 2 * T + 2)) * (1 - 1e-9) - 1e-9


@given(inequalities(most_members=3))
def test_means_are_never_below_what_the_inequality_allows(case):
    one, _, start = case
    T = one.q.shape[-1]
    found = rollout.means(one, start)
    assert found.shape == (T + 1,)
    assert found[0] == math.inf
    if (one.q >= 0).any(axis=-1).all():
        assert found[T] == math.inf
    assert found[T] >= worst(*case, unit(2 * T + 3, *range(T + 1, 2 * T + 1)) / T) * (1 - 1e-9) - 1e-9


def test_minima_of_one_step_are_attained():
    """One step with s > 0, no growth: min = min {2 L V_0, (V_0 + r)/s}; with s < 0 nothing but 2 L V_0."""
    for q, expected in ((-4.0, 1.25), (-0.1, 6.0), (4.0, 6.0)):
        found = rollout.minima(one_step(0.0, q, 2.0), (0.0, 2.0), 3.0)
        assert found[1] == expected


def test_cases_take_the_larger_and_members_the_smaller():
    growth = np.array([[[0.5], [0.9]], [[0.8], [0.7]]]) - 1
    assert rollout.values(one_step(growth, 0.0, 0.0), (0.0, 1.0), 10.0)[1] == 7.0


@given(st.integers(0, 2**32))
def test_a_root_is_followed_to_the_largest_value_of_the_wedge(seed):
    """h sqrt(W) of either sign: against a fine grid of the wedge."""
    rng = np.random.default_rng(seed)
    high, D = 10 ** rng.uniform(-1, 1), 10 ** rng.uniform(-3, 3)
    low = high * rng.choice([0.0, 0.1, 1.0])
    growth, q, r, h = rng.uniform(-0.5, 1), rng.normal(), rng.exponential(), rng.normal() * math.sqrt(D)
    found = rollout.values(one_step(growth, q, r, h), (low, high), D)[1]
    V = D * np.linspace(0, 1, 400)[:, None]
    W = V * np.linspace(low, high, 400)
    grid = ((1 + growth) * V + q * W + h * np.sqrt(W) + r).max()
    assert grid * (1 - 1e-12) <= found <= grid + 1e-2 * (D * (1 + abs(q) * high) + abs(h) * math.sqrt(high * D))


# The non-convex bound along a schedule under which the descent of some steps is negative.


def plateau(r, g, X):
    """f' of a 1-D function with |f''| <= 1 and f >= 0: x up to a summit, then down to a plateau of slope g."""
    s = (X - g) / 2
    summit = s * s / 2 + s * (X - s) - (X - s) ** 2 / 2
    end = X + (summit - g * g / 2) / g

    def slope(x):
        if x >= -s:
            return x
        return -2 * s - x if x >= -X else g if x >= -end else g + (x + end)

    return slope, r * r / 2


@pytest.mark.parametrize(
    ("lam", "rho", "gamma", "r", "g", "X", "reached"),
    [
        ("1-1/t", 29.0, 0.2, 1e6, 110660.0, 3363310.0, 1.0),
        (0.0, 0.0, lambda t: 30.0 if t == 0 else 0.5, 1e5, 36000.0, 2.9e6, 0.4),
    ],
)
def test_non_convex_with_a_negative_descent(lam, rho, gamma, r, g, X, reached):
    """USAM with steps far too long throws the iterate up to a plateau, where every later gradient is g."""
    constants = Constants.from_values({"L": 1, "A": 0, "B": 1, "C": 0})
    slope, delta0 = plateau(r, g, X)
    plan = load_theorem("ours/non-convex").plan(constants, lam, rho, gamma, delta0=delta0)
    x, seen = r, []
    for t in range(3000):
        gamma_t, rho_t, lam_t = plan.schedule.at(t)
        grad = slope(x)
        seen.append(grad**2)
        away = rho_t * ((1 - lam_t) * grad + lam_t * np.sign(grad))
        x -= gamma_t * slope(x + away)
    bounds = plan.bound(np.arange(1, 3001), delta0)
    assert (bounds >= np.minimum.accumulate(seen) * (1 - 1e-12)).all()
    assert bounds[-1] <= reached * 2 * delta0


def test_the_non_convex_bound_of_constant_steps_is_its_rollout():
    for values in ({"L": 2, "A": 1, "B": 0.5, "C": 0.3}, {"L": 2, "A": 0, "B": 1, "C": 0}):
        constants = Constants.from_values(values)
        for rho, gamma in ((0.05, 0.1), (0.3, 0.4), (0.01, 1.2)):
            theorem = load_theorem("ours/non-convex")
            constant = theorem.plan(constants, 0.5, rho, gamma)
            varying = theorem.plan(constants, 0.5, rho, lambda t, gamma=gamma: gamma)
            T = np.arange(200)
            np.testing.assert_allclose(constant.bound(T, 0.7), varying.bound(T, 0.7), rtol=1e-9)
            assert (constant.bound(T, 0.0)[1:] == 0).all()
