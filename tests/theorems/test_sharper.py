"""Theorems that use PL at other points than x: never worse than those without, and known rates where there are some."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import at, constants_of

from samtheory.catalogue import theorems

ALL = theorems()
seeds = st.integers(0, 2**32 - 1)
#: A theorem, and the one that it is never worse than with the same steps, wherever both apply.
BETTER = (
    ("ours/sam-at-y", "ours/sam-deterministic"),
    ("ours/usam-next", "ours/usam-deterministic"),
    ("ours/usam-convex-next", "ours/usam-convex"),
)  # fmt: skip


@pytest.mark.parametrize(("better", "worse"), BETTER, ids=[each[0] for each in BETTER])
@given(seed=seeds)
def test_no_worse_than_before(better, worse, seed):
    rng = np.random.default_rng(seed)
    constants, lam = constants_of(ALL[worse], rng), 0.0 if ALL[worse].only == 0.0 else float(rng.random())
    limits = [ALL[key].limits(constants, lam) for key in (better, worse)]
    rho = min(2 / float(constants.L), *(most for most, _ in limits)) * rng.random()
    gamma = min(largest(rho) for _, largest in limits) * rng.random()
    new, old = (ALL[key].plan(constants, lam, rho, gamma) for key in (better, worse))
    assert new.contraction <= old.contraction * (1 + 1e-12)
    assert new.neighbourhood <= old.neighbourhood * (1 + 1e-12)


def test_gradient_descent_has_the_rate_of_abbaszadehpeivasti_de_klerk_zamani():
    """PL and smooth, gamma L = 1: (2 kappa - 2)/(2 kappa + 1), which is PEPit's value too."""
    plan = ALL["ours/usam-next"].plan(at(1.0, 0.1), 0.0, 0.0, 1.0)
    assert plan.contraction == pytest.approx(18 / 21, rel=1e-12)
    assert math.isclose(plan.contraction, 0.85714, rel_tol=1e-5)


def test_convex_usam_at_1_over_L_is_below_its_closed_form():
    """(kappa - 1 + nu)/(kappa + 1 - nu) uses the bonus less well."""
    for nu in (0.1, 0.5):
        plan = ALL["ours/usam-convex-next"].plan(at(1.0, 0.1), 0.0, nu, 1.0)
        assert 0.997 * (9 + nu) / (11 - nu) < plan.contraction < (9 + nu) / (11 - nu)


def test_the_smallest_gradient_of_gradient_descent_is_the_exact_one():
    """4 L delta_0/(3 T - 1) at gamma L = 1; for USAM the constant is sigma (1 - sigma/4), sigma = L gamma (1 - nu)."""
    T = np.arange(1, 50)
    plan = ALL["ours/sam-smallest"].plan(at(2.0, 0.1), 0.0, 0.0, 0.5)
    assert plan.bound(T, 3.0) == pytest.approx(4 * 2.0 * 3.0 / (3 * T - 1))
    plan = ALL["ours/sam-smallest"].plan(at(2.0, 0.1), 0.0, 0.25, 0.25)
    sigma = 0.5 * 0.5
    assert plan.bound(T, 3.0) == pytest.approx(2.0 * 3.0 / ((T - 1) * sigma * (1 - sigma / 4) + 0.5))


@given(seed=seeds)
def test_the_smallest_gradient_is_no_worse_than_the_mean(seed):
    rng = np.random.default_rng(seed)
    L, nu, part, lam, start = rng.uniform(0.1, 9), rng.uniform(0, 0.99), rng.random(), rng.random(), rng.uniform(0.1, 9)
    for key, value in (("ours/usam-non-convex", 0.0), ("ours/sam-non-convex", lam)):
        bounds = [
            ALL[each].plan(at(L, L), value, nu / L, part / L).bound(np.arange(1, 99), start)
            for each in ("ours/sam-smallest", key)
        ]  # fmt: skip
        assert (bounds[0] <= bounds[1] * (1 + 1e-12)).all()


def along(schedule, mu, x):
    """The gaps of SAM on x^2/2, and what `ours/deterministic-at-y` bounds them by with L = 1 and this mu."""
    gammas, rhos = zip(*schedule, strict=True)
    plan = ALL["ours/deterministic-at-y"].plan(at(1.0, mu), 1.0, lambda t: rhos[t], lambda t: gammas[t])
    gaps = [x * x / 2]
    for gamma, rho in schedule:
        x -= gamma * (x + rho * np.sign(x))
        gaps.append(x * x / 2)
    return np.array(gaps), plan.bound(np.arange(len(gaps)), gaps[0])


def test_a_smaller_gap_may_lead_higher():
    """The worst case over x with f(x) - f* = D alone is no bound: SAM from below D jumps higher here."""
    gaps, bound = along([(1.0, 0.001), (0.85, 1.0)], 0.99, 46.96363)
    assert gaps[2] == pytest.approx(0.36125, rel=1e-3)
    assert (gaps <= bound * (1 + 1e-12)).all()


@settings(max_examples=40)
@given(seed=seeds)
def test_no_schedule_on_a_parabola_is_above_the_bound(seed):
    rng = np.random.default_rng(seed)
    schedule = [(rng.uniform(0.3, 1.7), 10 ** rng.uniform(-3, 0)) for _ in range(12)]
    gaps, bound = along(schedule, rng.uniform(0.95, 1.0), 10 ** rng.uniform(-1, 2))
    assert (gaps <= bound * (1 + 1e-12)).all()


@pytest.mark.parametrize(
    ("kappa", "gamma", "progress"), [(10, 0.5, 0.854), (10, 1.0, 1.335), (100, 0.5, 0.866), (100, 1.0, 1.389)]
)
def test_pl_at_three_points_reaches_what_was_computed(kappa, gamma, progress):
    """kappa (1 - q) at lam = 0, nu = 0.1; the semidefinite programme has at most 0.4 % more."""
    plan = ALL["ours/deterministic-at-y"].plan(at(1.0, 1 / kappa), 0.0, 0.1, gamma)
    assert kappa * (1 - plan.contraction) == pytest.approx(progress, rel=1e-3)


@settings(max_examples=12)
@given(seed=seeds)
def test_pl_at_more_points_is_no_worse(seed):
    """Per step, from every D."""
    rng = np.random.default_rng(seed)
    constants, lam = at(1.0, rng.uniform(0.01, 1)), float(rng.choice([0.0, rng.random(), 1.0]))
    rho, gamma, start = rng.uniform(0, 1.2), rng.uniform(0.1, 1.9), 10 ** rng.uniform(-2, 2)
    keys = ["ours/deterministic-at-y", "ours/deterministic"]
    if gamma <= 1 and (1 - lam) * rho**2 < 1:
        keys.append("ours/sam-deterministic")
    bounds = [ALL[key].plan(constants, lam, rho, gamma).bound(np.array([1, 200]), start) for key in keys]
    assert all((bounds[0] <= other * (1 + 1e-2)).all() for other in bounds[1:])


@given(seed=seeds)
def test_distances_of_the_full_batch_are_no_worse_than_those_of_samples(seed):
    """With the same steps, gamma <= 1/(2L): no smaller rate, no larger neighbourhood; also the mean of the gaps."""
    rng = np.random.default_rng(seed)
    constants, lam = at(1.0, rng.uniform(0.01, 1), Lcal=1.0, R=0.0, sigma2=0.0), float(rng.random())
    steps, T = (lam, 0.7 * rng.random(), 0.5 * rng.uniform(0.01, 1)), np.arange(1, 200)
    new, old = (ALL[key].plan(constants, *steps) for key in ("ours/sam-strongly-convex", "ours/convex"))
    assert new.contraction <= old.contraction * (1 + 1e-12)
    assert new.neighbourhood <= old.neighbourhood * (1 + 1e-12)
    new, old = (ALL[key].plan(constants, *steps) for key in ("ours/sam-convex-average", "ours/convex-average"))
    assert (new.bound(T, 1.0) <= old.bound(T, 1.0) * (1 + 1e-12)).all()
