"""The calculator computes what the proofs prove: formulas at points, bounds at every t, loops beside their claims."""

import numpy as np
import pytest
import sympy as sp

from samtheory.constants import Constants
from samtheory.proofs import run as prove
from samtheory.proofs.language.terms import spelt_out

VALUES = {"mu": 0.4, "L": 2.0, "L_max": 3.0, "L_avg": 2.5, "Lambda": 3.0, "Lambda1": 2.5, "Lambda2": 2.8}
VALUES |= {"A": 1.5, "B": 0.5, "C": 0.7}
CONSTANTS = Constants.from_values(VALUES)


def at(expression, **more):
    """The float value of an expression of the proofs."""
    numbers = {**VALUES, "a": 1 - more.get("lam", 0.0), **more}
    spelt = spelt_out(sp.sympify(expression))
    return float(spelt.subs({symbol: numbers[str(symbol)] for symbol in spelt.free_symbols}))


def named(key, name):
    return next(meaning for symbol, meaning in prove.proof_of(key).names.items() if symbol.name == name)


def claim(key, name):
    return next(fact for fact in prove.proof_of(key).facts if fact.name == name)


def test_3_2_plus_computes_the_loss_and_noise_that_are_proved():
    from samtheory.theorems.ours_3_2_plus import chosen

    values = CONSTANTS.values(lam=0.5, rho=0.02, gamma=0.05)
    found = chosen(values, 0.1, 0.3)
    given_ = {"lam": 0.5, "rho": 0.02, "gamma": 0.05, "theta": 0.1, "q": 0.3}
    assert found.loss == pytest.approx(at(named("ours/3.2+", "loss"), **given_), rel=1e-12)
    assert found.noise == pytest.approx(at(named("ours/3.2+", "noise"), **given_), rel=1e-12)


def test_a_member_shrinks_as_is_proved():
    from samtheory.theorems.forms.family import Grounds, member, shrinkage

    kappas, grounds, b = (0.3, 0.02, 0.03, 0.05, 0.01, 0.02), Grounds(1.5, 0.5, 0.7, 0.4, 2.0), (1.1, 0.9, 1.3)
    growth, slope, rest = member(kappas, grounds, b)
    expected = min(1.0, -2 * grounds.mu * slope - growth, -2 * grounds.L * slope - growth)
    assert shrinkage(kappas, grounds, b) == pytest.approx((expected, rest))


def test_the_worst_case_is_as_large_as_is_proved():
    """`worst` is at least each of the three values that its definition in the proof names, on a fine grid."""
    from samtheory.theorems.ours_deterministic_convex import parabolas, worst

    mu, L, D = 0.4, 2.0, 0.3
    for gamma, rho, lam in ((0.3, 0.1, 1.0), (0.6, 0.3, 0.5), (0.45, 0.0, 0.0), (0.8, 0.05, 0.2)):
        found = worst(D, mu, L, gamma, rho, lam)
        for curve in parabolas(L, gamma, rho, lam):
            g = np.linspace(np.sqrt(2 * mu * D), np.sqrt(2 * L * D), 2001)
            assert found >= max(D + np.polyval(curve, g).max(), curve[2]) - 1e-12
