"""Changed proofs for Coq: the step at which the kernel refuses a mutant, which Coq has to refuse too."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..kernel.facts import Fact
from ..kernel.rules import ONE, SELF
from ..language.terms import Flaw
from ..mutation import mutants
from ..mutation.mutants import Mutant
from ..mutation.outcome import again, remade, symbols_of, with_arguments
from ..mutation.rebuild import Changes
from ..mutation.summary import words
from ..proof import Proof, arguments
from .algebra import Certificate, Claim, Lemma
from .signs import NoSign
from .terms import PLAIN, Untranslated, View

STEPS = ("step", "induction")
#: What a claim is strengthened by.
SEVENTH = sp.Rational(1, 7)


@dataclass(frozen=True)
class Refused:
    """Lemmas one of which Coq has to refuse, where they come from, and, of some, the same lemmas without the change."""

    where: str
    lemmas: tuple[Lemma, ...]
    why: str = ""
    unchanged: tuple[Lemma, ...] = ()

    @property
    def by_sign(self) -> bool:
        """Whether the kernel refuses because it sees no sign: Coq may find one, and then what it proves is true."""
        return "nothing says" in self.why

    def goals(self, name: str) -> str:
        """The lemmas as a goal, and those without the change; Coq says which it proves."""
        kept = goal(self.unchanged, f"unchanged {name}") if self.unchanged else ""
        return goal(self.lemmas, name, "timeout 20 ") + kept


def goal(lemmas: Sequence[Lemma], name: str, limit: str = "") -> str:
    """Lemmas as one goal; Coq says whether their proofs prove it, within a limit."""
    goals, proofs = [], []
    for lemma in lemmas:
        binders, says = lemma.statement.split(" :\n  ", 1)
        goals.append(f"(forall {binders}, {says})" if binders.strip() else f"({says})")
        tactics = "; ".join(line.removesuffix(".") for line in lemma.proof.splitlines())
        proofs.append(f"intros; {tactics}")
    whole = f"split; [{' | '.join(proofs)}]" if len(proofs) == 2 else proofs[0]
    both = " /\\ ".join(goals)
    return f'Goal {both}.\nProof. tryif {limit}solve [{whole}] then idtac "{name} is proved" else idtac. Abort.\n'


def refused(proof: Proof, mutant: Mutant) -> tuple[Fact | None, list[Lemma] | None, str]:
    """The fact that the kernel refuses in a changed proof, its lemmas if it is a step, and why."""
    found: list[str] = []
    try:
        changes = Changes(symbols_of(mutant))
    except Flaw as why:
        return None, None, str(why)
    for fact in proof.facts:
        mine = fact is mutant.fact
        if not mine and not changes.reach(fact):
            continue
        given = dict(mutant.arguments) if mine and fact.rule in STEPS and "without" not in mutant.arguments else {}
        try:
            new = remade(fact, mutant, changes) if mine else again(fact, changes, {}, False, found)
            if given:
                new = again(fact, changes, given, mutant.exact, found)
        except Flaw:
            try:
                new = remade(fact, mutant, changes) if mine and not given else with_arguments(fact, changes, given)
            except Flaw as why:
                return fact, changed(fact, changes, given), str(why)
        if new is not fact:
            changes.facts[fact] = new
    return None, None, ""


def changed(fact: Fact, changes: Changes, given: Mapping[str, Any]) -> list[Lemma] | None:
    """The lemmas about real numbers of a step or an induction with the changes in it."""
    if fact.rule not in STEPS:
        return None
    of = {key: changes.of(value) for key, value in arguments(fact).items()} | dict(given)
    return lemmas(of, fact.rule)


def lemmas(of: Mapping[str, Any], rule: str) -> list[Lemma] | None:
    """The lemmas of a step or an induction with these arguments; None where one has no form in Coq."""

    def claim(one: Fact, view: View = PLAIN) -> Claim:
        return Claim(one.lhs, one.relation, one.rhs, view)

    whole = Claim(sp.sympify(of["lhs"]), str(of["relation"]), sp.sympify(of["rhs"]))

    def terms(part: str) -> list[tuple[sp.Expr, Claim]]:
        by = of[part] or {}
        return [(sp.sympify(m), whole if one is SELF else claim(one)) for one, m in by.items()]

    signs = [claim(one) for one in of["signs"]]
    parts = [(PLAIN, "by")]
    if rule == "induction":
        t = of["t"]
        parts = [(View({t: sp.sympify(of["first"])}), "base"), (View({t: t + 1}), "by")]
    try:
        return [
            Certificate(Claim(whole.lhs, whole.relation, whole.rhs, view), terms(part), signs).lemma("changed")
            for view, part in parts
        ]
    except (Untranslated, NoSign):
        return None


def strengthened(fact: Fact) -> list[Lemma] | None:
    """A step with a claim that is stronger by 1/7."""
    of = dict(arguments(fact))
    return lemmas({**of, "rhs": of["rhs"] - SEVENTH}, fact.rule)


def sample(proofs: Iterable[Proof], number: int, seed: int) -> list[Refused]:
    """Mutants of places chosen at random, and for each fourth the claim of a step that is stronger by 1/7.

    With each fourth are the lemmas of the step without the change.
    """
    chance, found = random.Random(seed), list[Refused]()
    proofs = list(proofs)
    steps = [(proof, fact) for proof in proofs for fact in proof.facts if fact.rule == "step" and fact is not ONE]
    places = [(proof, site) for proof in proofs for site in mutants.sites(proof)]
    while len(found) < number:
        if len(found) % 4 == 3:
            proof, step = chance.choice(steps)
            fact: Fact | None = step
            name, made, why = f"{proof.theorem.key}: {step.name}, stronger by 1/7", strengthened(step), ""
        else:
            proof, site = chance.choice(places)
            options = list(mutants.mutants(site))
            if not options:
                continue
            mutant = chance.choice(options)
            if mutant.sign is not None:  # what is divided by 0 has no value in the kernel, and is a number in Coq
                continue
            name, (fact, made, why) = f"{proof.theorem.key}: {words(mutant)}", refused(proof, mutant)
        if made and fact is not None:
            kept = lemmas(arguments(fact), fact.rule) if len(found) % 8 in (0, 3) else None
            found.append(Refused(name, tuple(made), why, tuple(kept or ())))
    return found
