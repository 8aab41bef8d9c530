"""falsify over several steps: false bounds, false schedules, starts where SAM stalls; all true in exact arithmetic."""

from __future__ import annotations

import itertools
import os
import shlex
import warnings
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from samtheory import catalogue, cli
from samtheory.catalogue import load_theorem
from samtheory.falsification.candidate import Burst, Candidate
from samtheory.falsification.counterexample import confirmed
from samtheory.falsification.evaluation import attempt
from samtheory.falsification.instances.arithmetic import FLOAT, RATIONAL
from samtheory.falsification.instances.finite_law import FiniteLaw
from samtheory.falsification.instances.piecewise import Piecewise
from samtheory.falsification.instances.quadratic_2d import Planar
from samtheory.falsification.search import falsify
from samtheory.falsification.trajectory import trajectory
from samtheory.io import user_files
from samtheory.sampling.full import Full
from samtheory.sampling.single import Single
from samtheory.schedules import Listed, Schedule
from samtheory.theorems.base import MEASURES
from samtheory.verification.self_test import altered

FALSE = Path(__file__).parent / "attacks"
#: Seeds of each search that has to succeed, by default; ten by hand.
SEEDS = int(os.environ.get("SAMTHEORY_SEEDS", "1"))
#: Seconds of such a search on a busy machine: an idle one needs a tenth.
BUDGET = 300.0
#: f' = x to the summit at 0.356, then down to the slope -0.026 of a long plateau, then up to another minimum.
HILL = Piecewise(Full(), None, (1.0,), (), (-0.356147, -0.738, -5.6), ((-2.0,), (1.0,), (1.0,)))
THROWN = Candidate(HILL, (0.066,), 1.0, 0.0, 0.5, rho=0.0, gamma=Listed((12.2, 0.493)), steps=180)


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


@pytest.mark.parametrize("seed", range(1, 1 + SEEDS))
@pytest.mark.parametrize("name", ["unrepaired_non_convex.py", "tiny_rho.py"])
def test_a_false_theorem_is_found_whatever_the_seed(name: str, seed: int) -> None:
    path = str(FALSE / name)
    found = falsify(load_theorem(path), path, seed=seed, budget=BUDGET).counterexample
    assert found is not None
    assert found.arithmetic == "rational"
    assert found.evaluation.ratio > 1.001


def test_a_schedule_of_several_steps_is_confirmed_and_printed_and_verified(tmp_path, capsys, monkeypatch) -> None:
    """A first step far too long throws the iterate up to a plateau: the sum of the descents pays for it."""
    path = str(FALSE / "unrepaired_non_convex.py")
    found = confirmed(load_theorem(path), path, THROWN)
    assert found is not None
    assert "t = 180" in found.evaluation.claim
    assert confirmed(load_theorem("ours/non-convex"), "ours/non-convex", THROWN) is None
    monkeypatch.chdir(tmp_path)
    user_files._executed.cache_clear()
    catalogue._problem.cache_clear()
    (tmp_path / "counterexample.py").write_text(found.source)
    words = shlex.split(found.commands[-1])
    assert "12.2,0.493" in words
    assert cli.main([*words[1:], "--workers", "1"]) == 1
    assert "violated" in "".join(capsys.readouterr())


@pytest.mark.parametrize("plane", [False, True])
@pytest.mark.parametrize("measure", MEASURES)
def test_half_of_a_bound_over_time_is_falsified_at_some_time(measure: str, plane: bool) -> None:
    """A bound that is right at t = 1 and wrong later, for every measure: in rationals, in the plane in intervals."""
    keys = {"gap": "unified-sam/3.4", "distance2": "ours/usam-strongly-convex", "avg_gap": "ours/convex-average",
            "min_grad2": "unified-sam/3.7", "avg_grad2": "ours/usam-non-convex"}  # fmt: skip
    theorem = load_theorem(keys[measure])
    assert theorem.measure == measure
    less = altered(
        theorem, lambda plan: replace(plan, bound=lambda t, V: plan.bound(t, V) * np.where(np.asarray(t) > 3, 1e-6, 1))
    )
    lam = 0.5 if theorem.only is None else theorem.only
    one, two = Piecewise(Full(), None, (1.0,), ()), Planar(Full(), None, ((1.0, 0.0, 1.0),), ())
    candidate = Candidate(*((two, (0.6, 0.8)) if plane else (one, (1.0,))), lam, 0.01, 0.05, steps=6)
    found = attempt(less, candidate)
    assert found is not None
    assert found.t in (4, 5, 6)
    again = confirmed(less, "less", found.candidate)
    assert again is not None
    assert again.evaluation.t in (4, 5, 6)
    assert again.arithmetic == ("interval" if plane and lam != 0 else "rational")
    assert confirmed(theorem, "right", candidate) is None


def test_the_expectation_over_paths_is_that_of_every_path() -> None:
    """Two outcomes, three steps: eight paths added up one by one, in rationals."""
    instance = Piecewise(Single((0.25, 0.75)), None, (1.0, 0.5), (0.5,)).in_arithmetic(RATIONAL)
    law = FiniteLaw.of(instance.sampling, [Fraction(1), Fraction(1, 2)], RATIONAL)
    schedule = Schedule(Listed((0.5, 0.25)), 0.5, "1/t")
    for measure in MEASURES:
        found = trajectory(instance, law, (Fraction(1),), schedule, 3, measure).measured(measure)
        sums = [Fraction(0)] * 4
        for path in itertools.product(law.outcomes, repeat=3):
            x, weight, values = Fraction(1), Fraction(1), []
            for t, (p, [(i, v)]) in enumerate(path):
                values.append(x)
                gamma, rho, lam = map(Fraction, (0.5 if t == 0 else 0.25, 0.5, Fraction(1, t + 1)))

                def slope(y, i=i, v=v):
                    return v / 2 * [y + Fraction(1, 2), y / 2 - Fraction(1, 2)][i]

                g = slope(x)
                y = x + rho * ((1 - lam) * g + lam * (g > 0) - lam * (g < 0))
                x, weight = x - gamma * slope(y), weight * p
            values.append(x)
            gap, grad2 = [Fraction(3, 8) * x**2 for x in values], [(Fraction(3, 4) * x) ** 2 for x in values]
            own = {
                "gap": gap,
                "distance2": [x**2 for x in values],
                "avg_gap": gap,
                "min_grad2": grad2,
                "avg_grad2": grad2,
            }
            sums = [total + weight * each for total, each in zip(sums, own[measure], strict=True)]
        if measure in ("gap", "distance2"):
            assert found == pytest.approx(sums, rel=1e-12)
        elif measure == "min_grad2":
            assert found[1:] == pytest.approx([min(sums[:t]) for t in (1, 2, 3)], rel=1e-12)
        else:
            assert found[1:] == pytest.approx([sum(sums[:t]) / t for t in (1, 2, 3)], rel=1e-12)


def test_starts_are_scaled_by_the_first_steps_or_by_where_they_lead() -> None:
    plain = Candidate(HILL, (2.0,), 1.0, 0.5, 0.5)
    assert plain.start(0.1, 0.01) == (2.0,)
    assert replace(plain, scale=1).start(0.1, 0.01) == (0.02,)
    assert replace(plain, scale=2).start(0.1, 0.01) == pytest.approx((0.002,))
    (x,) = replace(plain, x=(0.0,), landing=1).start(12.2, 0.0)
    after = x - 12.2 * HILL.gradients((x,), FLOAT)[0][0]
    assert after == pytest.approx(HILL.knots[1])


def test_bursts_are_left_out_where_a_theorem_takes_constant_steps_only() -> None:
    candidate = replace(THROWN, rho=None, gamma=None, burst=Burst(1, 2.0, 1.0))
    assert attempt(load_theorem("unified-sam/3.7"), candidate) is None
    assert attempt(load_theorem("ours/non-convex"), candidate) is not None
