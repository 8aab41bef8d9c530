"""Mutation testing: every change of a proof is rejected, or is weaker and still true; a wrong kernel is found out."""

import json

import numpy as np
import pytest
import sympy as sp

from samtheory import cli
from samtheory.proofs import run as prove
from samtheory.proofs.kernel import algebra, facts, rules
from samtheory.proofs.language.terms import MEANING, a, spelt_out
from samtheory.proofs.mutation import mutants as mutations
from samtheory.proofs.mutation import outcome as outcomes
from samtheory.proofs.mutation import summary
from samtheory.proofs.proof import word
from samtheory.theorems import symbols as s

PAPER = prove.proof_of("unified-sam/3.2")
NINE, ELEVEN = sp.Rational(9, 10), sp.Rational(11, 10)


def own(*keys):
    """What the proof of the last theorem has that those of the others have not, but the signs."""
    return [place for proof, place in prove.sites(keys) if proof.theorem.key == keys[-1] and not prove.is_sign(place)]


def rule_of(place):
    """The rule of a fact; None of a name."""
    return None if place in MEANING else place.rule


def named(name):
    """A name in the proof of Theorem 3.2, and what it stands for."""
    return next((symbol, meaning) for symbol, meaning in PAPER.names.items() if symbol.name == name)


def outcome(place, old, new):
    """What becomes of Theorem 3.2 with new in the place of old."""
    return next(outcomes.judge(PAPER, each) for each in mutations.mutants(place) if each.what == (old, new))


@pytest.mark.parametrize("name", ["ρ_max", "γ_max"])
@pytest.mark.parametrize("factor", mutations.FACTORS)
def test_the_admissible_set_is_an_equivalence(name, factor):
    """A smaller set is refused as well as a larger one."""
    symbol, formula = named(name)
    assert outcome(symbol, formula, factor * formula).verdict == outcomes.REJECTED


def test_a_smaller_noise_is_refused_and_a_larger_one_is_weaker():
    symbol, noise = named("ν")
    assert outcome(symbol, noise, NINE * noise).verdict == outcomes.REJECTED
    found = outcome(symbol, noise, ELEVEN * noise)
    assert found.verdict == outcomes.WEAKER
    assert "≥ 0" in found.why


def test_every_change_of_what_theorem_3_2_assumes_and_of_some_formulas_is_seen():
    """A hypothesis that is stronger is a weaker theorem, so that more changes are weaker here than elsewhere."""
    places = [place for place in own("unified-sam/3.2") if place not in MEANING and word(place)][::3]
    places += [named(name)[0] for name in ("q", "D")]
    found = [summary.judged(PAPER, place) for place in places]
    assert [place.missed for place in found if place.missed] == []
    assert sum(place.total for place in found) > 150
    assert sum(place.rejected for place in found) > 5 * sum(len(place.weaker) for place in found) > 0
    assert prove.verify([PAPER])[0].flaw == ""  # everything is as it was


def test_a_sign_that_is_not_known_is_missed():
    for symbol in (s.L, s.mu, s.Lambda, s.gamma, s.rho, s.C, a):
        assert outcomes.judge(PAPER, mutations.Mutant("dropped", sign=symbol)).verdict == outcomes.REJECTED, symbol


def test_no_change_goes_unnoticed():
    proof = prove.proof_of("unified-sam/rollout")
    found = [summary.judged(proof, place) for place in own("unified-sam/3.2", "unified-sam/rollout")[::4]]
    assert [place.missed for place in found if place.missed] == []
    assert sum(place.rejected for place in found) > max(50, 10 * sum(len(place.weaker) for place in found))
    assert prove.verify([proof])[0].flaw == ""


def test_what_is_weaker_is_weaker_at_every_point():
    """An accepted change of a claim makes its right side larger, or its left side smaller, at random exact points."""
    rng = np.random.default_rng(7)
    proof, found = prove.proof_of("unified-sam/rollout"), 0
    claims = [place for place in own("unified-sam/3.2", "unified-sam/rollout") if rule_of(place) == "step"]
    for each in (mutant for place in claims for mutant in mutations.mutants(place) if not mutant.exact):
        if outcomes.judge(proof, each).verdict != outcomes.WEAKER:
            continue
        found += 1
        said = {"lhs": each.fact.lhs, "rhs": each.fact.rhs, **each.arguments}
        more = spelt_out(said["rhs"] - said["lhs"] - each.fact.gap)
        atoms = sorted(more.atoms(sp.Symbol) | more.atoms(sp.core.function.AppliedUndef), key=str)
        for _ in range(5):
            assert more.subs({atom: sp.Rational(int(rng.integers(1, 50)), 10) for atom in atoms}) >= 0
    assert found > 3


# A wrong checker is found out


@pytest.fixture
def few(monkeypatch):
    """A step and a hypothesis of the proof of Theorem 3.2, and cases of another."""
    mine = own("unified-sam/3.2")
    chosen = [place for place in mine if place in PAPER.claims and place.name == "the iterations"]
    chosen += [place for place in mine if getattr(place, "name", "") == "γ ≤ γ_max" and rule_of(place) == "hypothesis"]
    other = prove.proof_of("ours/usam-deterministic")
    cases = next(fact for fact in other.facts if rule_of(fact) == "cases" and fact.name == "one step")
    assert [rule_of(place) for place in (*chosen, cases)] == ["step", "hypothesis", "cases"]
    monkeypatch.setattr(prove, "sites", lambda keys: (*((PAPER, place) for place in chosen), (other, cases)))


def self_test():
    return cli.main(["prove", "unified-sam/3.2", "--self-test", "--workers", "1"])


def test_the_right_checker_passes_and_prints_its_table(few, capsys):
    assert self_test() == 0
    out = capsys.readouterr().out
    assert " changes: " in out
    assert "≥ 0" in out
    assert out.rstrip().endswith(" 0 not noticed")


def everything(*arguments, **options):
    return True


def nothing(*arguments, **options):
    return None


WRONG = {
    "it accepts everything": [(summary, "judge", lambda proof, mutant: outcomes.Outcome(outcomes.SAME))],
    "it calls everything weaker": [
        (summary, "judge", lambda proof, mutant: outcomes.Outcome(outcomes.WEAKER, "x ≥ 0")),
    ],
    "it takes nothing for negative": [(algebra, "nonnegative", everything), (outcomes, "nonnegative", everything)],
    "it takes every identity for one": [(outcomes, "is_zero", everything), (rules, "follows", nothing)],
    "it compares nothing": [(rules, "same", everything)],
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_checker_is_found_out(few, fault, monkeypatch, capsys):
    monkeypatch.setattr(facts, "_sealed", [])  # a sealed kernel refuses to work with other functions
    for module, name, wrong in WRONG[fault]:
        monkeypatch.setattr(module, name, wrong)
    assert self_test() == 1
    assert "NOT NOTICED: " in capsys.readouterr().out


def test_the_table_is_the_same_with_more_workers(few, capsys):
    found = []
    for workers in "12":
        assert cli.main(["prove", "unified-sam/3.2", "--self-test", "--json", "--workers", workers]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]
    assert found[0]["schema"] == "samtheory.prove-self-test/1"
    assert sum(place["rejected"] for place in found[0]["places"]) > 60
