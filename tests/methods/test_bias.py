"""Biased steps: the inequality is attained, LookSAM keeps the numbers that it states, and wrong ones are found."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samtheory
from samtheory import cli
from samtheory.calculator.classes import reading_of
from samtheory.catalogue import load_theorem
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.methods.base import Bias
from samtheory.methods.looksam import LookSam

KEYS = ("ours/biased", "ours/biased-non-convex", "ours/biased-decreasing")
ABOUT = ("b", "c", "A_h", "B_h", "C_h")


@given(st.floats(0.05, 2), st.floats(0.1, 5), st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1))
def test_a_parabola_attains_the_inequality_of_one_step(b, L, c, C_h, part):
    """f = L x^2/2 and any h whose two conditions are equalities: the descent lemma is one, and mu = L."""
    known = {"L": L, "mu": L, "b": b, "c": c, "A_h": 0.0, "B_h": b * b, "C_h": C_h + 2 * b * c}
    plan = load_theorem("ours/biased").plan(Constants.from_values(known), gamma=part / (L * b))
    x = 1.5
    G, gap, gamma = (L * x) ** 2, L * x * x / 2, plan.gamma
    mean, square = (b * G - c) / (L * x), b * b * G + known["C_h"]
    p, q, r = plan.step(0)
    after = gap - gamma * L * x * mean + L * gamma**2 * square / 2
    assert p * gap + q * G + r == pytest.approx(after, rel=1e-9, abs=1e-12)
    assert mean**2 <= square * (1 + 1e-12) or c > 0


def judged(key, name, sampling, method, **steps):
    found = samtheory.verify(name, sampling, key, method=method, steps=40, trials=8, **steps)
    return found, {piece.name.partition(":")[0] for piece in found.evidence if piece.verdict.failed}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("name", "sampling"), [("ridge", "full"), ("tight-pair", "uniform"), ("sine-1d", "full")])
def test_looksam_keeps_its_bias_and_the_theorems_about_it(key, name, sampling):
    found, _ = judged(key, name, sampling, LookSam(a=0.4), rho=0.05)
    assert found.holds


@dataclass(frozen=True)
class Boasting(LookSam):
    """LookSAM that states a bias with other numbers."""

    factors: tuple[float, ...] = (1.0,) * 5

    def bias(self, constants, rho):
        right = super().bias(constants, rho)
        return Bias(*(getattr(right, name) * factor for name, factor in zip(ABOUT, self.factors, strict=True)))


def test_a_bias_that_is_not_kept_is_found():
    """Twice the mean step; no noise; half of the second moment. Without a stated bias nothing covers the method."""
    asked = ("ours/biased", "tight-pair", "uniform")
    assert judged(*asked, Boasting(a=0.4), rho=0.05)[1] == set()
    for factors in ((4, 1, 1, 1, 1), (1, 1, 1, 1, 0), (1, 1, 0.3, 1, 1)):
        _, violated = judged(*asked, Boasting(a=0.4, factors=factors), rho=0.05)
        assert "bias of the method" in violated


def test_a_bias_that_says_nothing_covers_nothing():
    """Where a sqrt(k) >= 1, without PL and with A > 0, at a radius that changes; nor is another theorem read for it."""
    ridge = samtheory.load_problem("ridge")
    known = ridge.constants(samtheory.Uniform())
    assert LookSam().bias(known, 0.1) is None
    assert LookSam(a=0.01).bias(known, 0.1) is not None
    assert LookSam(a=0.01).bias(replace(known, properties=known.properties - {"PL"}), 0.1) is None
    reading = reading_of(LookSam(a=0.01), "looksam")
    assert "biased" in reading.constants(ridge, samtheory.Uniform()).properties
    assert "biased" not in reading.constants(ridge, samtheory.Uniform(), lambda t: 1 / (t + 1)).properties
    with pytest.raises(NotApplicable, match="about the method unified-sam"):
        samtheory.verify("ridge", "full", "unified-sam/3.2", method=LookSam(a=0.4))


def test_the_bound_of_decreasing_steps_goes_down_to_that_of_the_bias():
    known = {"L": 1.0, "mu": 0.1, "b": 0.5, "c": 0.01, "A_h": 0.1, "B_h": 1.0, "C_h": 1.0}
    plan = load_theorem("ours/biased-decreasing").plan(Constants.from_values(known))
    assert plan.bound(10**9, 1.0) == pytest.approx(0.01 / (0.1 * 0.5), rel=1e-3)
    constant = load_theorem("ours/biased").plan(Constants.from_values(known))
    assert constant.neighbourhood > 3 * plan.bound(10**5, 1.0)
    assert plan.iterations(0.3, 5.0) == plan.reached(0.3, 5.0)
    assert plan.bound(plan.iterations(0.3, 5.0), 5.0) <= 0.3 < plan.bound(plan.iterations(0.3, 5.0) - 1, 5.0)
    assert plan.iterations(0.19, 5.0) is None
    gammas = np.array([plan.schedule.at(t)[0] for t in range(5)])
    assert gammas == pytest.approx(2 / (0.05 * (2 / (0.05 * 0.25) + np.arange(5))))


def test_bare_numbers_give_the_rates(capsys):
    numbers = "L=1,mu=0.1,b=0.5,c=0.01,A_h=0,B_h=1,C_h=0.1,delta0=1"
    assert cli.main(["rates", "--constants", numbers, "--theorem", "ours/biased", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["contraction"], row["neighbourhood"]) == pytest.approx((0.975, 0.7))
    assert cli.main(["falsify", "ours/biased"]) == 2
    assert "no claim by which an instance could satisfy: biased" in capsys.readouterr().err


def test_more_than_cauchy_schwarz_allows_is_refused():
    known = {"L": 1.0, "mu": 0.1, "b": 1.1, "c": 0.0, "A_h": 0.1, "B_h": 0.2, "C_h": 0.0}
    with pytest.raises(InputError, match=r"b=1.1: must be at most sqrt\(B_h \+ A_h/mu\)=1.09545"):
        Constants.from_values(known)
