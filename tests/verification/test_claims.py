"""verify judges the claims of assumptions as their files state them, at any scale and under any sampling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

import samtheory as st
from samtheory.assumptions import assumptions
from samtheory.constants import claimed
from samtheory.request import Request
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judged, task

SCALES = some.integers(-40, 40).map(lambda exponent: 10.0**exponent)
LENGTHS = some.integers(-16, 16).map(lambda exponent: 10.0**exponent)


def hypotheses(problem: st.Problem, theorem: str, sampling: str = "uniform", lam: float = 0.0, **changed):
    """The evidence on the hypotheses by name; some constants claimed at a factor."""
    law = st.parse_sampling(sampling)
    constants = problem.constants(law)
    wrong = {name: claimed(factor * getattr(constants, name)) for name, factor in changed.items()}
    cell = Cell("made here", theorem, sampling, Request(lam, steps=4, trials=2))
    found = judged(task(cell, problem, law, st.load_theorem(theorem), constants=constants.changed(**wrong)))
    return {piece.name: piece for piece in found.evidence if piece.kind == "hypothesis"}


def parabolas(h: list[float], values: float, lengths: float, x_star: float = 0.0) -> st.Problem:
    """f_i = values h_i ((x - x*)/lengths)^2/2, claimed convex with all f_i."""
    curvature = np.array(h) * values / lengths**2
    f = st.Quadratics(curvature[:, None, None], np.full((len(h), 1), x_star * lengths))
    return st.Problem(
        objective=f, x0=np.array([(x_star + 1.0) * lengths]), L_i=claimed(np.abs(curvature)),
        L=claimed(curvature.mean()), mu=claimed(curvature.mean()), f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(len(h))), x_star=np.array([x_star * lengths]),
        properties=frozenset({"convex", "convex-components", "strongly-convex", "interpolation"}),
    )  # fmt: skip


@settings(deadline=None, max_examples=8)
@given(SCALES, LENGTHS, some.sampled_from([0.0, 1.0, 1e3]))
@example(1e-40, 1.0, 0.0)
@example(1e-40, 1e-8, 1.0)
@example(1e40, 1e8, 1e3)
def test_convexity_is_judged_alike_at_every_scale(values: float, lengths: float, x_star: float) -> None:
    """A component bent the wrong way by a thousandth of the others is seen, and no right one is blamed."""
    right = hypotheses(parabolas([2.0, 1.0], values, lengths, x_star), "ours/convex")
    assert {name: piece.verdict for name, piece in right.items() if piece.verdict != "holds"} == {}
    wrong = hypotheses(parabolas([2.0, -1e-3], values, lengths, x_star), "ours/convex")
    assert wrong["convex-components"].verdict == "assumption-fails"
    assert "component 1" in wrong["convex-components"].location
    assert wrong["L"].verdict == "holds"


@settings(deadline=None, max_examples=4)
@given(SCALES, LENGTHS)
def test_every_constant_a_thousandth_off_is_seen_at_every_scale(values: float, lengths: float) -> None:
    problem = parabolas([2.0, 1.0], values, lengths)
    low = dict.fromkeys(("L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "mu"), 0.999)
    found = hypotheses(problem, "unified-sam/3.2", **low)
    assert {name for name, piece in found.items() if piece.verdict == "assumption-fails"} == low.keys() - {"mu"}
    roomy = replace(problem, L=claimed(2 * problem.L))
    assert hypotheses(roomy, "unified-sam/3.2", mu=1.001)["PL"].verdict == "assumption-fails"


@pytest.mark.parametrize("theorem", ["unified-sam/3.2", "ours/convex"])
def test_the_evidence_is_each_claim_of_each_assumption_of_the_theorem(theorem: str) -> None:
    made = [each for each in assumptions().values() if each.always or each.word in st.load_theorem(theorem).assumptions]
    found = hypotheses(st.load_problem("interpolated-ls"), theorem)
    assert list(found) == ["search", *(claim.name for each in made for claim in each.claims)]
    assert all(piece.verdict == "holds" and piece.cases > 0 for piece in found.values())


def test_a_claim_about_a_constant_that_is_not_given_is_not_made() -> None:
    problem = st.load_problem("indefinite")
    assert problem.f_i_inf is None
    assert "f_i >= f_i_inf" not in hypotheses(problem, "unified-sam/3.2")


def test_of_too_many_outcomes_the_consequences_are_judged() -> None:
    """Lambda1 and Lambda2 bound means; ess sup L_v is not judged, and says why."""
    problem = st.load_problem("ridge", n=200)
    found = hypotheses(problem, "unified-sam/3.2", "nice:9")
    assert found["Lambda"].verdict == found["L_v"].verdict == "skipped"
    assert "outcomes" in found["Lambda"].location
    constants = problem.constants(st.parse_sampling("nice:9"))
    for name in ("Lambda1", "Lambda2"):
        assert found[name].verdict == "holds"
        low = {name: 0.9 * problem.L / getattr(constants, name)}
        assert hypotheses(problem, "unified-sam/3.2", "nice:9", **low)[name].verdict == "assumption-fails"
    assert found["expected residual"].verdict == "holds"
    low = hypotheses(problem, "unified-sam/3.2", "nice:9", A=0.1, C=0.1)
    assert low["expected residual"].verdict == "assumption-fails"


def test_expected_smoothness_is_around_a_known_minimiser() -> None:
    around = {"Lcal": claimed(10.0), "R": claimed(10.0), "sigma2": claimed(1.0)}
    problem = replace(parabolas([2.0, 1.0], 1.0, 1.0), claims=lambda law: around)
    assert problem.constants(st.Uniform()).Lcal == 10
    assert replace(problem, x_star=None).constants(st.Uniform()).Lcal is None
