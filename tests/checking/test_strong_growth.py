"""Strong growth, an assumption that is one file: derived, checked, and looked at by verify where a theorem makes it."""

from dataclasses import replace

import pytest

from samtheory import Uniform, claimed, load_problem, load_theorem, verify
from samtheory.checking.card import check
from samtheory.constants import Constants


def alpha_of(problem):
    (card,) = check(problem, [Uniform()])
    return next(finding for finding in card.constants if finding.name == "alpha")


@pytest.mark.parametrize("name", ["interpolated-ls", "tight-orthogonal"])
def test_a_right_alpha_is_consistent_and_a_wrong_one_falsified(name):
    problem = load_problem(name)
    constants = problem.constants(Uniform())
    assert constants.alpha == pytest.approx(constants.B + constants.A / constants.L)
    right = alpha_of(problem)
    assert right.verdict == "consistent"
    assert 0 < right.best_known <= right.claimed * (1 + 1e-9)
    wrong = alpha_of(replace(problem, claims=lambda law: {"alpha": claimed(0.9 * right.best_known)}))
    assert wrong.verdict == "falsified"
    assert wrong.witness["left"] > wrong.witness["right"]


def test_without_interpolation_it_is_not_claimed():
    assert alpha_of(load_problem("ridge")).verdict == "not claimed"


def test_bare_constants_claim_it_with_alpha():
    assert "strong-growth" in Constants.from_values({"L": 1.0, "alpha": 2.0}).properties


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, "holds"), (0.1, "assumption-fails")])
def test_verify_looks_at_it_where_a_theorem_assumes_it(factor, verdict):
    theorem = replace(load_theorem("unified-sam/3.2"), assumptions=("smooth", "PL", "ER", "strong-growth"))
    problem = load_problem("interpolated-ls")
    alpha = factor * problem.constants(Uniform()).alpha
    stated = replace(problem, claims=lambda law: {"alpha": claimed(alpha)})
    found = verify(stated, sampling=Uniform(), theorem=theorem, steps=5, trials=8)
    (evidence,) = (piece for piece in found.evidence if piece.name == "strong growth")
    assert evidence.verdict == verdict
