"""The calculator computes what the proofs prove: formulas at points, bounds at every t, loops beside their claims."""

import math

import numpy as np
import pytest
import sympy as sp

from samtheory import catalogue
from samtheory.constants import Constants
from samtheory.proofs import run as prove
from samtheory.proofs.kernel.checker import spelt_out

VALUES = {"mu": 0.4, "L": 2.0, "L_max": 3.0, "L_avg": 2.5, "Lambda": 3.0, "Lambda1": 2.5, "Lambda2": 2.8}
VALUES |= {"A": 1.5, "B": 0.5, "C": 0.7}
CONSTANTS = Constants.from_values(VALUES)


def at(expression, **more):
    """The float value of an expression of the proofs."""
    numbers = {**VALUES, "a": 1 - more.get("lam", 0.0), **more}
    spelt = spelt_out(sp.sympify(expression))
    return float(spelt.subs({symbol: numbers[str(symbol)] for symbol in spelt.free_symbols}))


def named(key, name):
    return next(meaning for symbol, meaning in prove.proofs()[key].names.items() if symbol.name == name)


def claim(key, name):
    return next(fact for fact in prove.proofs()[key].facts if fact.name == name)


def test_the_bound_at_every_t_is_what_the_plan_computes():
    plan = catalogue.load_theorem("unified-sam/3.2").plan(CONSTANTS, 0.5)
    bound = claim("unified-sam/3.2", "at every t, by induction").rhs
    for time in (0, 1, 7, 400):
        proved = at(bound, lam=0.5, rho=plan.rho, gamma=plan.gamma, delta0=1.3, t=time)
        assert plan.bound(time, 1.3) == pytest.approx(proved, rel=1e-12)


def test_decreasing_steps_are_those_of_the_plan():
    plan = catalogue.load_theorem("unified-sam/3.5").plan(CONSTANTS, 0.5)
    time, after = 10_000, claim("unified-sam/3.5", "from t₀ on").rhs
    caps = {"ρ̂": plan.rho, "γ̂": plan.gamma, "lam": 0.5}
    gamma, rho, _ = plan.schedule.at(time)
    assert at(named("unified-sam/3.5", "f_t"), t=time) == pytest.approx(gamma, rel=1e-12)
    assert rho == pytest.approx(1 / (2 * time + 1), rel=1e-12)
    start = next(t for t in range(10**4) if (2 * t + 1) / (t + 1) ** 2 <= plan.gamma * VALUES["mu"])
    settled = float(plan.bound(start, 1.3))
    proved = at(after, **caps, t=time, **{"t₀": start, "δ̄": settled})
    assert plan.bound(time, 1.3) == pytest.approx(proved, rel=1e-12)


def test_the_bound_of_decreasing_sgd_is_what_the_plan_computes():
    values = {**VALUES, "R": 0.4, "Lcal": 2.4, "sigma2": 0.3}
    plan = catalogue.load_theorem("gower-2021/decreasing").plan(Constants.from_values(values, ["minimiser"]), 0.0)
    turn, proved = math.ceil(2 / (values["mu"] * plan.gamma)), claim("gower-2021/decreasing", "from t* on").rhs
    for time in (turn, 3 * turn, 10_000):
        numbers = {"delta0": 1.3, "sigma2": 0.3, "t*": turn, "t": time}
        assert plan.bound(time, 1.3) == pytest.approx(at(proved, **numbers), rel=1e-12)


def test_3_2_plus_computes_the_loss_and_noise_that_are_proved():
    from samtheory.theorems.ours_3_2_plus import chosen

    values = CONSTANTS.values(lam=0.5, rho=0.02, gamma=0.05)
    found = chosen(values, 0.1, 0.3)
    given_ = {"lam": 0.5, "rho": 0.02, "gamma": 0.05, "θ": 0.1, "q": 0.3}
    assert found.loss == pytest.approx(at(named("ours/3.2+", "loss"), **given_), rel=1e-12)
    assert found.noise == pytest.approx(at(named("ours/3.2+", "noise"), **given_), rel=1e-12)


def test_3_5_plus_computes_what_is_proved():
    from samtheory.theorems.ours_3_5_plus import split

    plan = catalogue.load_theorem("ours/3.5+").plan(CONSTANTS, 0.5)
    free = split(CONSTANTS.values(lam=0.5, rho=plan.rho, gamma=plan.gamma))
    start = next(t for t in range(10**4) if (2 * t + 1) / (t + 1) ** 2 <= plan.gamma * VALUES["mu"])
    settled, time = float(plan.bound(start, 1.3)), 10_000
    given_ = {
        "lam": 0.5,
        "ρ̂": plan.rho,
        "γ̂": plan.gamma,
        "θ": free["theta"],
        "q": free["q"],
        "t₀": start,
        "δ̄": settled,
        "t": time,
    }
    assert plan.bound(time, 1.3) == pytest.approx(at(claim("ours/3.5+", "from t₀ on").rhs, **given_), rel=1e-9)
    assert plan.schedule.at(time)[1] == pytest.approx(plan.rho / np.sqrt(2 * time + 1), rel=1e-12)


def test_inverse_lam_computes_what_is_proved():
    plan = catalogue.load_theorem("ours/inverse-lam").plan(CONSTANTS, "1/t")
    for time in (1, 30, 4000):
        proved = at(claim("ours/inverse-lam", "at every T").rhs, rho=plan.rho, gamma=plan.gamma, delta0=1.3, T=time)
        assert plan.bound(time, 1.3) == pytest.approx(proved, rel=1e-9)


def test_the_non_convex_bound_is_what_is_proved():
    plan = catalogue.load_theorem("unified-sam/3.7").plan(CONSTANTS, 0.5)
    growth = at(named("unified-sam/3.7", "α"), lam=0.5, rho=plan.rho, gamma=plan.gamma)
    noise = at(named("unified-sam/3.7", "ν"), lam=0.5, rho=plan.rho, gamma=plan.gamma)
    descent = at(named("unified-sam/3.7", "s"), lam=0.5, rho=plan.rho, gamma=plan.gamma)
    for time in (1, 30, 500):
        total = sum((1 + growth) ** -j for j in range(1, time + 1))
        assert plan.bound(time, 1.3) == pytest.approx((1.3 / total + noise) / descent, rel=1e-9)


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
