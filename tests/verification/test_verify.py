"""verify: cells, verdicts, evidence, and the same answer however it is run."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import samtheory as st
from samtheory.catalogue import theorems
from samtheory.execution import spread as parallel
from samtheory.methods import unified_sam
from samtheory.request import Request
from samtheory.verification import judge as verify
from samtheory.verification import sweep
from samtheory.verification.cell import Cell
from samtheory.verification.evidence import compare
from samtheory.verification.monte_carlo import judge
from samtheory.verification.self_test import Variant, examine
from samtheory.verification.variants import variants

RIDGE = Cell("ridge", "unified-sam/3.2", "uniform")


@pytest.mark.parametrize("variant", variants(), ids=lambda variant: variant.name)
def test_a_wrong_variant_is_caught_and_the_right_program_beside_it_holds(variant: Variant) -> None:
    finding = examine(variant)
    assert finding.right_holds
    assert set(variant.caught_by) <= set(finding.caught)
    assert bool(finding.caught) is not bool(variant.weaker)


def test_three_times_the_largest_step_is_violated_by_a_factor_of_2_6() -> None:
    (variant,) = [v for v in variants() if v.name == "three times the largest step"]
    (step,) = [piece for piece in verify.judge(variant.cell).evidence if piece.kind == "one-step"]
    assert step.bound_ratio is not None
    assert 1 / step.bound_ratio == pytest.approx(2.6, abs=0.05)


def test_a_lopsided_sampling_is_refused_by_the_printed_form_and_violated_outside(tmp_path) -> None:
    """CE1: exact E delta+ = 1.338920 delta where the printed form claims 0.937543 delta."""
    file = tmp_path / "p.txt"
    file.write_text(f"{1 / 40000!r}\n{39999 / 40000!r}\n")
    params = (("h", "0.01,1.99"),)
    printed = Cell("scaled-quadratics", "unified-sam/3.2/as-printed", f"single:{file}", Request(0.0, 1 / 20), params)
    cells, skipped = sweep.select(
        ["scaled-quadratics"], [printed.theorem], [printed.sampling], [0.0], Request(rho=1 / 20), params=dict(params)
    )
    assert cells == []
    assert "Lambda=200" in skipped[0]["reason"]
    assert "L_max=1.99" in skipped[0]["reason"]
    outside = verify.judge(replace(printed, request=printed.request.but(allow_outside=True)))
    (step,) = [piece for piece in outside.violations if piece.kind == "one-step"]
    assert step.basis == "exact"
    assert 1 / step.bound_ratio == pytest.approx(1.338920 / 0.937543, rel=1e-5)
    always = verify.judge(replace(printed, theorem="unified-sam/3.2", request=Request(0.0)))
    assert always.holds
    json.dumps(outside.to_json(), allow_nan=False)


ORDER = ["hypothesis", "claim", "one-step", "paths", "moments", "trajectory"]


@pytest.mark.parametrize(("lam", "last"), [(0.0, "moments"), (0.5, "trajectory")])
def test_every_kind_of_evidence_is_there_in_order_and_exact_is_preferred(lam: float, last: str) -> None:
    verdict = verify.judge(replace(RIDGE, request=Request(lam)))
    assert verdict.holds
    kinds = [piece.kind for piece in verdict.evidence]
    assert kinds == sorted(kinds, key=ORDER.index)
    assert set(kinds) >= {"hypothesis", "one-step", "paths", last}
    assert kinds[-1] == last
    assert verdict.evidence[-1].basis == ("exact" if last == "moments" else "statistical")
    names = {piece.name for piece in verdict.evidence}
    assert {"E v = 1", "Lambda", "Lambda1", "Lambda2", "L_v", "L", "PL", "expected residual", "f >= f_inf"} <= names
    assert all(piece.cases > 0 for piece in verdict.evidence)


def test_the_library_door_and_the_command_give_the_same_verdict() -> None:
    found = st.verify(st.load_problem("sine-1d"), st.Full(), st.load_theorem("unified-sam/3.4"), lam=0.5)
    assert found.holds
    assert found.cell.command.startswith("samtheory verify sine-1d --theorem unified-sam/3.4 --sampling full --lam 0.5")


def test_a_theorem_that_does_not_apply_is_told_with_its_reason() -> None:
    with pytest.raises(st.NotApplicable, match="full-batch"):
        st.verify(st.load_problem("ridge"), st.Uniform(), st.load_theorem("unified-sam/3.4"))


def test_the_answer_depends_on_neither_workers_nor_order_nor_company() -> None:
    cells, _ = sweep.select(["ridge"], ["unified-sam/3.2"], ["uniform", "nice:2"], request=Request(steps=40))
    alone = [verdict.to_json() for verdict in sweep.sweep(cells)]
    together = [verdict.to_json() for verdict in sweep.sweep(cells[::-1], executor=parallel.local(2))][::-1]
    assert json.dumps(alone) == json.dumps(together)


def test_the_seed_matters_and_is_enough() -> None:
    first, again, other = (
        verify.judge(replace(RIDGE, request=Request(seed=seed, steps=50))).to_json()["evidence"][-1]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_more_trials_extend_the_same_streams() -> None:
    problem, schedule = st.load_problem("ridge"), st.Schedule(0.01, 0.01, 0.5)
    few, many = (st.run(problem, st.Uniform(), schedule, steps=700, trials=k, seed=[3]) for k in (2, 5))
    assert np.array_equal(few.gap, many.gap[:2])
    short = st.run(problem, st.Uniform(), schedule, steps=300, trials=2, seed=[3], record=[300], keep=("points",))
    long = st.run(problem, st.Uniform(), schedule, steps=700, trials=2, seed=[3], record=[300], keep=("points",))
    assert short.points.size
    assert np.array_equal(short.points, long.points)


def test_a_statistical_excess_is_undecided_until_the_e_value_decides() -> None:
    rng = np.random.default_rng(2)
    gap = rng.uniform(0, 2.2, size=(8, 1))
    gap *= 1.05 / gap.mean()

    def verdict(means: np.ndarray, random: bool) -> str:
        return judge(np.array([1]), means, np.ones(1), lambda: 0.0, random, 1e-6).verdict

    assert verdict(gap, random=True) == "undecided"
    assert verdict(np.full((400, 1), 1.2), random=True) == "violated"
    assert verdict(np.full((1, 1), 1.001), random=False) == "violated"
    assert verdict(np.full((1, 1), 0.999), random=False) == "holds"


@pytest.mark.parametrize("measured", [np.nan, np.inf])
def test_a_number_that_is_none_is_a_violation(measured: float) -> None:
    found = compare("one-step", "x", np.ones(2), np.array([0.5, measured]), 0.0, str)
    assert found.verdict == "violated"
    assert found.location == "1"


def test_curves_from_elsewhere_are_judged() -> None:
    problem, theorem = st.load_problem("ridge"), st.load_theorem("unified-sam/3.2")
    plan = theorem.plan(problem.constants(st.Uniform()), 0.5)
    t = np.arange(0, 200, 20)
    bound = plan.bound(t, problem.delta0)
    good = st.verify(problem, "uniform", theorem, curves=(t, np.tile(0.9 * bound, (5, 1))))
    bad = st.verify(problem, "uniform", theorem, curves=(t, np.tile(1.3 * bound, (300, 1))))
    assert (good.verdict, bad.verdict) == ("holds", "violated")
    assert bad.bound_ratio == pytest.approx(1 / 1.3)


def test_a_gap_that_rounding_makes_negative_is_no_violation() -> None:
    """Close to the minimiser f - f_inf rounds to less than 0, of which there is no square root."""
    found = st.verify("logistic", sampling="full", theorem="ours/usam-strongly-convex", lam=0.0)
    assert found.holds


# One verdict, one cause


def half_line(off: float) -> st.Problem:
    """x^2/2 from its minimiser, with an f_inf that is too high by `off`."""
    return st.Problem(
        objective=st.Quadratics(np.ones((1, 1, 1)), np.zeros((1, 1))), x0=np.zeros(1), L_i=st.exact(np.ones(1), ""),
        L=st.exact(1.0, ""), mu=st.exact(1.0, ""), f_inf=st.exact(off, ""), f_i_inf=st.exact(np.full(1, off), ""),
        x_star=np.zeros(1), properties=frozenset({"convex", "convex-components", "interpolation"}),
    )  # fmt: skip


@pytest.mark.parametrize("key", [key for key, each in theorems().items() if each.method == "unified-sam"])
def test_a_false_lower_bound_above_the_start_is_the_cause_of_every_theorem(key: str) -> None:
    try:
        found = st.verify(half_line(1e-3), "full", key, lam=st.load_theorem(key).only or 0.0, steps=5)
    except st.NotApplicable:
        return
    assert found.verdict == "assumption-fails"
    assert any(piece.name == "f >= f_inf" and piece.verdict.failed for piece in found.evidence)


def longer(x, draw, gradient, gamma, rho, lam):
    """Unified SAM with twice the step."""
    return x - 2 * (x - unified_sam.step(x, draw, gradient, gamma, rho, lam))


def test_the_cause_comes_before_what_follows_from_it() -> None:
    """A false assumption explains a program that differs, and both explain a bound that fails."""
    asked = {"sampling": "full", "theorem": "unified-sam/3.4", "lam": 0.5, "gamma": 1.0, "rho": 0.5, "steps": 20}
    right = {"allow_outside": True, **asked}
    assert st.verify(half_line(1e-3), method=longer, **right).verdict == "assumption-fails"
    assert st.verify("two-quadratics", method=longer, **right).verdict == "differs"
    assert st.verify("two-quadratics", **{**right, "gamma": 30.0}).verdict == "violated"
