"""Bounds by certificates: near the semidefinite programmes, never above a step, and checked in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import at

from samtheory.catalogue import theorems
from samtheory.errors import NotApplicable
from samtheory.theorems.forms import barrier, certificate, certified

ALL = theorems()
KEY = "ours/certified"
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("kappa", "level", "most"), [(2, 0.2927, 1.08), (10, 1.9224, 1.05), (100, 20.822, 1.05)])
def test_the_level_of_sam_is_near_that_of_the_programme(kappa, level, most):
    """In L rho^2, at gamma L = 1/2; the other values are of the semidefinite programme with all inequalities."""
    plan = ALL[KEY].plan(at(1.0, 1 / kappa), 1.0, 1.0, 0.5)
    assert level <= plan.neighbourhood <= most * level
    assert ALL["ours/deterministic-at-y"].plan(at(1.0, 1 / kappa), 1.0, 1.0, 0.5).neighbourhood > 1.5 * level


@pytest.mark.parametrize(("kappa", "progress"), [(10, 1.571), (100, 1.634)])
def test_the_progress_of_usam_is_near_that_of_the_programme(kappa, progress):
    """kappa (1 - q) at nu = 0.1, gamma L = 1."""
    plan = ALL[KEY].plan(at(1.0, 1 / kappa), 0.0, 0.1, 1.0)
    assert progress / 1.03 <= kappa * (1 - plan.contraction) <= progress
    assert plan.neighbourhood == 0


def semidefinite(S):
    """Whether a symmetric matrix of fractions is positive definite, by elimination."""
    while S:
        (d, *row), *rest = S
        if d <= 0:
            return False
        S = [[s - c * t / d for s, t in zip(line, row, strict=True)] for c, *line in rest]
    return True


@settings(max_examples=8)
@given(seed=seeds)
def test_certificates_hold_in_fractions(seed):
    """Every multiplier and derived multiplier is at least 0, and M positive definite, in exact numbers."""
    rng = np.random.default_rng(seed)
    t, nu, m = rng.uniform(0.05, 1), float(rng.choice([0.0, rng.uniform(0, 0.95)])), 10 ** -rng.uniform(0.01, 3)
    search = certified.Search(t, nu, m)
    found = search.level(int(rng.integers(-2, certified.LEVELS)))
    ends = [0.0, *found.cuts, 1.0]
    for j, row in enumerate(found.multipliers):
        multipliers = certificate.Multipliers(*map(Fraction, row.tolist()))
        assert min(*multipliers, multipliers.l_yz, multipliers.l_zn, multipliers.l_xn, 1 - multipliers.falls) >= 0
        interval = certificate.Interval(Fraction(ends[j]), Fraction(ends[j + 1]), Fraction(j < certified.INTERVALS - 1))
        rational = [sp.Rational(each) for each in (*multipliers, *interval, t, nu, m, found.omega)]
        M = certificate.matrix(
            certificate.Multipliers(*rational[:9]), certificate.Interval(*rational[9:12]), *rational[12:]
        )  # fmt: skip
        assert semidefinite([[Fraction(int(x.p), int(x.q)) for x in map(sp.sympify, line)] for line in M.tolist()])


def test_a_multiplier_that_is_changed_is_seen():
    """5 % less of PL at y or at x+, of the smoothness of a pair, or of the noise, is no certificate."""
    build, A, b = certified.formulas()
    search = certified.Search(0.5, 0.0, 0.1)
    found = search.first
    row = found.multipliers[2]
    ends = (*search.numbers, found.omega, found.cuts[1], found.cuts[2], 1.0)
    F = np.array(build(*ends))[None]
    programs = barrier.Programs(np.zeros((1, 9)), A, b, F[:, 0], F[:, 1:])
    assert programs.inside(row[None]).all()
    names = certificate.Multipliers._fields
    for name in ("l_xy", "p_y", "p_n", "zeta"):
        changed = row.copy()
        changed[names.index(name)] *= 0.95
        assert not programs.inside(changed[None]).any(), name


@settings(max_examples=6)
@given(seed=seeds)
def test_no_step_in_the_plane_is_above_the_bound(seed):
    """SAM on f = (mu/2) x^2 + (1/2) z^2 and on the PL function x^2 + 3 sin(x)^2, mu = 1/32, L = 8."""
    rng = np.random.default_rng(seed)
    lam, gamma, rho = float(rng.choice([0.0, 1.0, rng.random()])), rng.uniform(0.05, 1), rng.uniform(0, 0.9)
    mu = rng.uniform(0.02, 0.9)

    def quadratic(x):
        return 0.5 * (mu * x[0] ** 2 + x[1] ** 2), np.array([mu * x[0], x[1]])

    def sine(x):
        return (x[0] ** 2 + 3 * np.sin(x[0]) ** 2) / 8 + x[1] ** 2 / 2, np.array(
            [(2 * x[0] + 3 * np.sin(2 * x[0])) / 8, x[1]]
        )

    for f, least in ((quadratic, mu), (sine, 1 / 256)):
        try:
            plan = ALL[KEY].plan(at(1.0, least), lam, rho, gamma)
        except NotApplicable:
            continue
        x = rng.normal(size=2) * 10 ** rng.uniform(-1, 1)
        gaps = [f(x)[0]]
        for _ in range(20):
            g = f(x)[1]
            length = np.linalg.norm(g)
            x = x - gamma * f(x + rho * ((1 - lam) + lam / length) * g)[1] if length else x
            gaps.append(f(x)[0])
        assert (np.array(gaps) <= plan.bound(np.arange(21), gaps[0]) * (1 + 1e-9)).all()
