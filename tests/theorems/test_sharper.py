"""Theorems that use PL at other points than x: never worse than those without, and known rates where there are some."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import constants_of

from samtheory.catalogue import theorems
from samtheory.constants import Constants

ALL = theorems()
seeds = st.integers(0, 2**32 - 1)
#: A theorem, and the one that it is never worse than with the same steps, wherever both apply.
BETTER = (
    ("ours/sam-at-y", "ours/sam-deterministic"),
    ("ours/usam-next", "ours/usam-deterministic"),
    ("ours/usam-convex-next", "ours/usam-convex"),
)  # fmt: skip


def at(L, mu, **more):
    """The constants of a full batch."""
    numbers = {
        "L": L,
        "mu": mu,
        "Lambda": L,
        "Lambda1": L,
        "Lambda2": L,
        "L_max": L,
        "L_avg": L,
        "A": 0,
        "B": 1,
        "C": 0,
    }
    claims = {"convex", "convex-components", "strongly-convex", "minimiser", "full-batch", "interpolation"}
    return Constants.from_values({**numbers, **more}, claims)


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
