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
from .proofs.checker import Flaw, check
from .proofs.facts import Fact, Hypothesis, Lemma, Step, assumed
from .proofs.lemmas import LEMMAS
from .proofs.mutations import Mutant, mutants
from .proofs.printing import statement, text
from .proofs.proof import Proof
from .proofs.teeth import REJECTED, SAME, WEAKER, Outcome, judge
from .proofs.wording import Numbering, head, latex_lines

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


def verify(chosen: Iterable[Proof], done: Callable[[], Any] = lambda: None) -> list[Checked]:
    """Each proof checked; a step that several share is checked once."""
    accepted: set[Fact] = set()
    found = []
    for proof in chosen:
        try:
            accepted |= set(check(*proof.claims, accepted=accepted))
            found.append(Checked(proof, undeclared(proof)))
        except Flaw as flaw:
            found.append(Checked(proof, str(flaw)))
        done()
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


def lines(found: Iterable[Checked]) -> Iterator[str]:
    """The proofs as text, a step that several share where it is first used."""
    numbering = Numbering()
    for checked in found:
        proof = checked.proof
        yield f"{proof.theorem.key}: {proof.theorem.title}"
        yield from (f"  {label:9}{words}" for label, words in head(proof))
        for fact in numbering.new(proof):
            mark = "∎" if fact in proof.claims else " "
            yield f" {mark}{numbering.of[fact]:4}  {fact.name}: {statement(fact)}"
            yield f"         {numbering.reason(fact)}"
        yield f"  claims   {', '.join(f'({numbering.of[claim]})' for claim in proof.claims)}"
        yield f"  NOT PROVED: {checked.flaw}" if checked.flaw else f"  proved: {len(checked.steps)} steps closed"
        yield ""


def summary(found: Iterable[Checked]) -> Iterator[str]:
    """A line for each proof, and what none is given of."""
    rows = [
        (checked.proof.theorem.key, "NOT PROVED" if checked.flaw else "proved", f"{len(checked.steps)} steps",
         checked.flaw or "from " + ", ".join(checked.rests_on))
        for checked in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    yield f"{sum(row[1] == 'proved' for row in rows)} of {len(rows)} proved; without a proof here: {', '.join(unproved())}"


def latex_document(found: Iterable[Checked]) -> Iterator[str]:
    """A LaTeX document with the proofs."""
    yield r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}"
    numbering = Numbering()
    for checked in found:
        yield from latex_lines(checked.proof, numbering)
    yield r"\end{document}"


def markdown(found: Iterable[Checked]) -> Iterator[str]:
    """The page docs/theorems.md: every theorem, what it assumes, and its proof where there is one here."""
    yield from PREFACE
    yield from (f"* **{name}**: {words}" for name, words in LEMMAS.items())
    numbering = Numbering()
    for checked in found:
        yield from section(checked, numbering)
    yield "\n## Stated without a proof here\n"
    for key in unproved():
        theorem = catalogue.theorems()[key]
        yield f"* `{key}`: {theorem.statement}. {theorem.source} [{theorem.status}]"


PREFACE = """\
# Theorems and their proofs

Made by `python -m samtheory.prove > docs/theorems.md` from the formulas that the calculator uses, and from the proofs
that `samtheory prove all` checks.  Each fact has a number, and says why it is true: a step gives *right - left* as a sum
of earlier facts (each stands for its own right side minus its left side), squares and terms that are not negative, with
factors that are not negative; SymPy verifies that the two sides are equal.  A fact that several proofs use is told in
the first.

x is fixed; g = g_v(x), y = x + ρ(a + λ/‖g‖) g, h = g_v(y) = g + e, x⁺ = x - γh; a = 1 - λ, δ = f(x) - f*, δ⁺ =
f(x⁺) - f*, δ_t = E f(x_t) - f*, G_t = E ‖∇f(x_t)‖².  L, μ, Λ, γ, ε are positive, A, B, C, ρ, λ, a, δ₀ not negative.

## The standard lemmas
""".splitlines()


def section(checked: Checked, numbering: Numbering) -> Iterator[str]:
    """One theorem of the page."""
    proof = checked.proof
    yield f"\n## {proof.theorem.key}\n"
    yield f"{proof.theorem.title}.\n"
    for label, words in head(proof):
        yield f"* {label} `{words}`" if label == "where" else f"* {label} {words}"
    yield f"* rests on {', '.join(checked.rests_on)}\n"
    for fact in numbering.new(proof):
        claimed = " **∎**" if fact in proof.claims else ""
        yield f"{numbering.of[fact]}. {fact.name}: `{statement(fact)}`{claimed}  "
        yield f"   {numbering.reason(fact)}"
    yield f"\nProves {', '.join(f'({numbering.of[claim]})' for claim in proof.claims)}."


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
            if (isinstance(mutant.what, str) and outcome.verdict != REJECTED)
            or (mutant.name is not None and outcome.verdict == SAME)
        ]


def self_test(chosen: Iterable[Proof], done: Callable[[], Any] = lambda: None) -> Iterator[Bitten]:
    """Every change of every proof, judged; what several proofs share is changed in the first."""
    seen: set[Any] = set()
    for proof in chosen:
        places: dict[tuple[str, Any], list[tuple[Mutant, Outcome]]] = {}
        for mutant in mutants(proof, seen):
            key = mutant.where, mutant.fact or mutant.name
            places.setdefault(key, []).append((mutant, judge(proof, mutant)))
        seen |= set(proof.facts) | proof.names.keys()
        for (where, _), outcomes in places.items():
            yield Bitten(proof.theorem.key, where, tuple(outcomes))
        done()


def teeth(places: Iterable[Bitten]) -> Iterator[str]:
    """The table of the changes: for each place how many are rejected, and those that are weaker and still true."""
    places = list(places)
    theorem = ""
    for place in places:
        if place.theorem != theorem:
            theorem = place.theorem
            yield from ("", theorem)
        rejected, weaker, same = (place.count(verdict) for verdict in (REJECTED, WEAKER, SAME))
        yield f"  {place.where}: {len(place.outcomes)} changes, {rejected} rejected" + (
            f", {weaker} weaker, still true" if weaker else "") + (f", {same} the same" if same else "")  # fmt: skip
        for mutant, outcome in place.outcomes:
            if outcome.verdict == WEAKER:
                yield f"      {words(mutant)}: {outcome.why}"
        for mutant, _ in place.bad:
            yield f"      NOT NOTICED: {words(mutant)}"
    total = sum(len(place.outcomes) for place in places)
    counts = {verdict: sum(place.count(verdict) for place in places) for verdict in (REJECTED, WEAKER, SAME)}
    yield ""
    yield (
        f"{total} changes: {counts[REJECTED]} rejected, {counts[WEAKER]} weaker and still true, {counts[SAME]} that say"
        f" the same, {sum(len(place.bad) for place in places)} not noticed"
    )


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
