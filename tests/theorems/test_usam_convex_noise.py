"""Convex f, USAM, any sampling: only the noise counts against the perturbation, and that is attained."""

from __future__ import annotations

import numpy as np
import pytest

import samtheory as st
from samtheory.catalogue import load_theorem
from samtheory.errors import NotApplicable

THEOREM = load_theorem("ours/usam-convex-noise")
S, RHO, GAMMA = 0.5, 0.1, 1e-3
L_V, A = 1 + S, RHO * (1 + S)


def slope(x):
    """f'(x): x up to 1, constant for a length of A, then rising again."""
    return np.where(x < 1, x, np.where(x < 1 + A, 1.0, x - A))


def noise(x):
    """g_1 - f' = f' - g_2: S f' up to 1, falling with the slope -L_v around 1 + rho."""
    return np.where(x < 1, S * x, S - L_V * np.clip(x - 1 - RHO * (1 - S), 0.0, 2 * RHO * S))


def value(x):
    """f(x) - f*."""
    flat = np.clip(x - 1, 0.0, A)
    return np.minimum(x, 1.0) ** 2 / 2 + flat + np.where(x > 1 + A, ((x - A) ** 2 - 1) / 2, 0.0)


def claimed(k):
    """The constants of the instance with E||g||^2 <= k ||grad f||^2."""
    numbers = {"mu": 1 / (1 + 2 * A), "L": 1.0, "L_max": L_V, "L_avg": L_V, "A": 0.0, "B": k, "C": 0.0}
    return st.Constants.from_values(numbers, THEOREM.assumptions)


def test_the_instance_has_its_constants():
    """f is convex, 1-smooth and PL, each g_v is L_v-Lipschitz, and E||g||^2 <= (1 + S^2)||grad f||^2."""
    x = np.linspace(-3.0, 4.0, 70_001)
    rise = np.diff(slope(x)) / np.diff(x)
    assert -1e-9 <= rise.min() <= rise.max() <= 1 + 1e-9
    for sign in (1, -1):
        assert np.abs(np.diff(slope(x) + sign * noise(x)) / np.diff(x)).max() <= L_V + 1e-9
    assert (noise(x) ** 2 <= S**2 * slope(x) ** 2 + 1e-12).all()
    assert (slope(x) ** 2 >= 2 * value(x) / (1 + 2 * A) - 1e-9).all()
    assert np.gradient(value(x), x) == pytest.approx(slope(x), abs=1e-3)


def test_the_penalty_is_attained():
    """At x = 1, E h = 1 - rho L_v S: the bound holds with nothing to spare, and a tenth less noise is too little."""
    g = np.array([1 + S, 1 - S])
    y = 1 + RHO * g
    h = slope(y) + np.array([1, -1]) * noise(y)
    assert h.mean() == pytest.approx(1 - RHO * L_V * S)
    new = value(1 - GAMMA * h).mean()

    def bound(k):
        p, q, r = THEOREM.step(claimed(k), RHO, GAMMA, 0.0)
        return p * value(np.float64(1.0)) + q + r

    loss = value(np.float64(1.0)) - new
    assert 0 <= bound(1 + S**2) - new < 0.003 * loss
    assert bound(1 + 0.9 * S**2) < new


def test_without_noise_every_rho_is_allowed_and_nothing_is_left():
    known = st.load_problem("ridge").constants(st.Full())
    plan = THEOREM.plan(known, 0.0, rho=1e3)
    assert plan.rho_max == np.inf
    assert plan.neighbourhood == 0
    assert 0 < plan.contraction < 1


@pytest.mark.parametrize("sampling", ["nice:2", "nice:6", "uniform", "importance"])
def test_it_allows_a_larger_rho_than_without_convexity(sampling):
    """By 1/sqrt(1 - 1/k), beside the factor 2 of a step of half the size."""
    known = st.load_problem("ridge").constants(st.parse_sampling(sampling))
    other, _ = load_theorem("ours/3.2+").admissible(known, 0.0)
    own, _ = THEOREM.admissible(known, 0.0)
    k = float(known.B + known.A / known.mu)
    assert own / other == pytest.approx(2 * np.sqrt(k / (k - 1)))


def test_it_needs_convexity():
    with pytest.raises(NotApplicable, match="convex"):
        st.rates("sine-1d", "full", THEOREM, lam=0.0)
