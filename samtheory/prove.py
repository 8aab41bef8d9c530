"""The proofs of the theorems, checked step by step: every identity by SymPy in exact numbers."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import __version__, catalogue
from .constants import ASSUMPTIONS
from .errors import InputError, reject
from .proofs.checker import Flaw, check, numerator, spelt_out
from .proofs.facts import MEANING, Fact, Hypothesis, Lemma, Step, assumed
from .proofs.lemmas import LEMMAS
from .proofs.mutations import Mutant, mutants
from .proofs.printing import statement, text
from .proofs.proof import Proof
from .proofs.symbols import SIGNS
from .proofs.teeth import REJECTED, SAME, WEAKER, Outcome, judge
from .proofs.wording import Numbering

SCHEMA = "samtheory.prove/1"
TEETH = "samtheory.prove-self-test/1"


@cache
def proofs() -> Mapping[str, Proof]:
    """Every proof by the key of its theorem: the paper's first, then ours, then the others'.

    Raises
    ------
    Flaw
        If a lemma is applied where it does not apply.
    """
    from . import proofs as package

    found: dict[str, Proof] = {}
    for info in pkgutil.iter_modules(package.__path__):
        proof = getattr(importlib.import_module(f"{package.__name__}.{info.name}"), "proof", None)
        if isinstance(proof, Proof):
            found[proof.theorem.key] = proof
    places = ("unified-sam/", "ours/")

    def place(key: str) -> tuple[int, str]:
        return next((i for i, start in enumerate(places) if key.startswith(start)), len(places)), key

    return {key: found[key] for key in sorted(found, key=place)}


def unproved() -> list[str]:
    """The theorems of the catalogue without a proof here."""
    return [key for key in catalogue.theorems() if key not in proofs()]


def select(words: Iterable[str]) -> list[Proof]:
    """The proofs of some theorems; of all where `words` is empty or "all".

    Raises
    ------
    InputError
        If there is no such theorem, or no proof of it.
    """
    words = list(words)
    if not words or words == ["all"]:
        return list(proofs().values())
    for word in words:
        if word in catalogue.theorems() and word not in proofs():
            raise InputError(f"theorem={word}: stated as its authors have it, without a proof here")
        if word not in proofs():
            raise reject("theorem", word, "all, or among " + ", ".join(proofs()))
    return [proofs()[word] for word in words]


@dataclass(frozen=True)
class Checked:
    """A proof and what the checker says of it.

    Attributes
    ----------
    flaw : why it is not accepted, "" if it is
    """

    proof: Proof
    flaw: str = ""

    @property
    def rests_on(self) -> list[str]:
        """The assumptions of the theorem that the proof uses, in words of `constants.ASSUMPTIONS`."""
        used = {fact.word for fact in self.open}
        return [word for word in ASSUMPTIONS if word in used]

    @property
    def open(self) -> list[Hypothesis]:
        """The hypotheses of the claims, in order."""
        found = set().union(*map(assumed, self.proof.claims))
        return [fact for fact in self.proof.hypotheses if fact in found]

    @property
    def lemmas(self) -> list[str]:
        """The standard lemmas that are used."""
        used = {fact.lemma for fact in self.proof.facts if isinstance(fact, Lemma)}
        return [key for key in LEMMAS if key in used]

    @property
    def steps(self) -> list[Fact]:
        """The steps, in order."""
        return [fact for fact in self.proof.facts if isinstance(fact, Step)]


def verify(chosen: Iterable[Proof], done: Callable[[Any], Any] = lambda each: None) -> list[Checked]:
    """Each proof checked; a step that several share is checked once."""
    accepted: set[Fact] = set()
    found = []
    for proof in chosen:
        try:
            accepted |= set(check(*proof.claims, accepted=accepted))
            found.append(Checked(proof, undeclared(proof)))
        except Flaw as flaw:
            found.append(Checked(proof, str(flaw)))
        done(found[-1])
    return found


def undeclared(proof: Proof) -> str:
    """What the proof uses and the theorem does not assume."""
    extra = [word for word in Checked(proof).rests_on if word not in proof.theorem.assumptions]
    return f"uses what the theorem does not assume: {', '.join(extra)}" if extra else ""


def document(found: Iterable[Checked]) -> dict[str, Any]:
    """The JSON document `samtheory.prove/1`."""
    found = list(found)
    return {
        "schema": SCHEMA,
        "version": __version__,
        "lemmas": LEMMAS,
        "proofs": {checked.proof.theorem.key: entry(checked) for checked in found},
        "unproved": unproved(),
    }


def entry(checked: Checked) -> dict[str, Any]:
    """One proof as data."""
    proof, numbering = checked.proof, Numbering()
    facts = numbering.new(proof)
    return {
        "proved": not checked.flaw,
        "flaw": checked.flaw or None,
        "statement": proof.theorem.statement,
        "assumptions": list(proof.theorem.assumptions),
        "rests_on": checked.rests_on,
        "lemmas": checked.lemmas,
        "names": {text(name): text(meaning) for name, meaning in proof.names.items()},
        "claims": [numbering.of[claim] for claim in proof.claims],
        "facts": [
            {
                "number": numbering.of[fact],
                "name": fact.name,
                "kind": type(fact).__name__.lower(),
                "says": statement(fact),
                "because": numbering.reason(fact),
            }
            for fact in facts
        ],
    }


@dataclass(frozen=True)
class Bitten:
    """What became of the changes of one place in a proof."""

    theorem: str
    where: str
    outcomes: tuple[tuple[Mutant, Outcome], ...]

    def count(self, verdict: str) -> int:
        """How many changes have the verdict."""
        return sum(outcome.verdict == verdict for _, outcome in self.outcomes)

    @property
    def bad(self) -> list[tuple[Mutant, Outcome]]:
        """Dropped hypotheses and premises that nothing misses, and formulas that may be changed unseen."""
        return [
            (mutant, outcome)
            for mutant, outcome in self.outcomes
            if (isinstance(mutant.what, str) and outcome.verdict != REJECTED and mutant.sign is None)
            or (mutant.name is not None and outcome.verdict == SAME and differs(mutant))
        ]


def differs(mutant: Mutant) -> bool:
    """Whether the changed formula has another value: (-x)^2 has not."""
    assert mutant.name is not None
    return bool(numerator(spelt_out(mutant.meaning - MEANING[mutant.name])) != 0)


def self_test(chosen: Iterable[Proof], done: Callable[[Any], Any] = lambda each: None) -> Iterator[Bitten]:
    """Every change of every proof, judged; what several proofs share is changed in the first."""
    seen: set[Any] = set()
    for proof in chosen:
        places: dict[tuple[str, Any], list[tuple[Mutant, Outcome]]] = {}
        for mutant in mutants(proof, seen):
            key = mutant.where, mutant.fact or mutant.name
            outcome = judge(proof, mutant)
            if mutant.sign is None or outcome.verdict == REJECTED:  # else the proof does not need that sign
                places.setdefault(key, []).append((mutant, outcome))
        signs = set(SIGNS.values())
        seen |= {fact for fact in proof.facts if fact not in signs} | proof.names.keys()
        for (where, _), outcomes in places.items():
            yield Bitten(proof.theorem.key, where, tuple(outcomes))
        done(proof)


def words(mutant: Mutant) -> str:
    """A change in words."""
    return mutant.what if isinstance(mutant.what, str) else " → ".join(map(text, mutant.what))


def teeth_document(places: Iterable[Bitten]) -> dict[str, Any]:
    """The JSON document `samtheory.prove-self-test/1`."""
    return {
        "schema": TEETH,
        "version": __version__,
        "places": [
            {
                "theorem": place.theorem,
                "where": place.where,
                **{verdict: place.count(verdict) for verdict in (REJECTED, WEAKER, SAME)},
                "still_true": {words(m): outcome.why for m, outcome in place.outcomes if outcome.verdict == WEAKER},
                "not_noticed": [words(mutant) for mutant, _ in place.bad],
            }
            for place in places
        ],
    }
