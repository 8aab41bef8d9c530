"""The proofs of the theorems: made by the kernel, in exact numbers, and compared with the theorems."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import sympy as sp

from samtheory import catalogue
from samtheory._version import __version__
from samtheory.constants import ASSUMPTIONS
from samtheory.errors import InputError, reject
from samtheory.execution.spread import Executors, spread
from samtheory.io.result import Result, Results
from samtheory.theorems.base import Theorem

from . import binding
from .binding.hypotheses import Open
from .kernel.facts import Fact
from .language.terms import MEANING, Flaw
from .mutation import mutants, summary
from .mutation.mutants import Site
from .mutation.summary import Judged
from .proof import Proof
from .proof import word as word_of
from .text.lemmas import LEMMAS, lemma
from .text.printing import statement, text
from .text.wording import Numbering

SCHEMA = "samtheory.prove/1"
SELF_TEST = "samtheory.prove-self-test/1"
KEYS = {
    SCHEMA: {
        "lemmas": "the lemmas that proofs may use, by key",
        "proofs": "the proofs, by theorem",
        "proofs.*.claims": "numbers of the facts that are the theorem",
        "proofs.*.facts": "the steps, in order",
        "proofs.*.facts.because": "what the step follows from",
        "proofs.*.facts.kind": "rule of the step",
        "proofs.*.facts.name": "name of the step",
        "proofs.*.facts.number": "number of the step",
        "proofs.*.facts.says": "what it says",
        "proofs.*.flaw": "why the proof is not accepted, null where it is",
        "proofs.*.hypotheses": "what is assumed",
        "proofs.*.hypotheses.checked_by": "what checks the hypothesis on a problem",
        "proofs.*.hypotheses.name": "name of the hypothesis",
        "proofs.*.hypotheses.says": "what it says",
        "proofs.*.hypotheses.word": "assumption that it is a part of",
        "proofs.*.lemmas": "keys of the lemmas that are used",
        "proofs.*.names": "meaning of each name of the proof",
        "proofs.*.note": "what a reader should know of the proof, null for nothing",
        "proofs.*.proved": "whether the proof is accepted",
        "proofs.*.rests_on": "assumptions of the theorem that are used",
        "proofs.*.unused": "assumptions of the theorem that are not used",
        "unproved": "theorems without a proof",
    },
    SELF_TEST: {
        "places": "one entry for each place of a proof at which something was changed",
        "places.not_noticed": "changes that the checker did not refuse",
        "places.rejected": "number of changes that it refused",
        "places.same": "number of changes that leave the proof as it is",
        "places.weaker": "changes that leave a true proof",
        "places.weaker.change": "the change",
        "places.weaker.leaves": "why the proof is still true",
        "places.where": "the place",
    },
}


@cache
def files() -> Mapping[str, str]:
    """The module of each proof by the key of its theorem, whose file has the same name.

    The paper's come first, then ours, then the others'.
    """
    here, stated = (importlib.import_module(f"samtheory.{room}").__path__ for room in ("proofs", "theorems"))
    shared = {info.name for info in pkgutil.iter_modules(here)}
    names = [info.name for info in pkgutil.iter_modules(stated) if info.name in shared]
    found = {_theorem(name).key: name for name in names}
    starts = ("unified-sam/", "ours/")

    def rank(key: str) -> tuple[int, str]:
        return next((i for i, start in enumerate(starts) if key.startswith(start)), len(starts)), key

    return {key: found[key] for key in sorted(found, key=rank)}


@cache
def proof_of(key: str) -> Proof:
    """The proof of a theorem; one that is refused where the kernel has refused a step of it."""
    name = files()[key]
    try:
        found: Proof = importlib.import_module(f"samtheory.proofs.{name}").proof
    except Flaw as flaw:
        return Proof(_theorem(name), (), refused=str(flaw))
    ours = found.theorem is _theorem(name)
    return found if ours else Proof(_theorem(name), (), refused=f"{name}: proves another theorem")


def _theorem(name: str) -> Theorem:
    """The theorem in a file of the catalogue."""
    found: Theorem = importlib.import_module(f"samtheory.theorems.{name}").theorem
    return found


def proofs() -> Mapping[str, Proof]:
    """Every proof by the key of its theorem."""
    return {key: proof_of(key) for key in files()}


def unproved() -> list[str]:
    """The theorems of the catalogue without a proof here."""
    return [key for key in catalogue.theorems() if key not in files()]


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
    words = [catalogue.full_key(word) for word in words]
    for word in words:
        if word in catalogue.theorems() and word not in files():
            why = catalogue.theorems()[word].unproved
            raise InputError(f"theorem={word}: stated as its authors have it, without a proof here{why and ': ' + why}")
        if word not in files():
            raise reject("theorem", word, "all, or among " + ", ".join(files()))
    return [proof_of(word) for word in words]


@dataclass(frozen=True, repr=False)
class Checked(Result):
    """A proof with the checker's answer.

    Attributes
    ----------
    flaw : why it is not accepted, "" if it is
    """

    proof: Proof
    flaw: str = ""

    def __reduce__(self) -> tuple[Callable[[str, str], Checked], tuple[str, str]]:
        return _checked, (self.proof.theorem.key, self.flaw)  # a proof is its file: facts hold functions

    def headline(self) -> str:
        """The theorem, and that it is proved or why not."""
        answer = f"not proved: {self.flaw}" if self.flaw else f"proved, {len(self.steps)} steps"
        return f"{self.proof.theorem.key}: {answer}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """One row."""
        yield {
            "theorem": self.proof.theorem.key,
            "verdict": "not proved" if self.flaw else "proved",
            "steps": len(self.steps),
            "assumptions": ", ".join(self.rests_on),
            "lemmas": ", ".join(self.lemmas),
            "flaw": self.flaw or None,
        }

    def to_json(self) -> dict[str, Any]:
        """Plain data, as in `proofs` of the document."""
        return entry(self)

    @cached_property
    def hypotheses(self) -> list[Open]:
        """The hypotheses of the claims, and who checks each."""
        return binding.table(self.proof)

    @property
    def rests_on(self) -> list[str]:
        """The assumptions of the theorem that the proof uses, in words of `constants.ASSUMPTIONS`."""
        used = {word_of(fact) for fact in self.proof.hypotheses}
        return [each for each in ASSUMPTIONS if each in used]

    @property
    def unused(self) -> list[str]:
        """The assumptions of the theorem that the proof does not use."""
        return [each for each in self.proof.theorem.assumptions if each not in self.rests_on]

    @property
    def lemmas(self) -> list[str]:
        """The standard lemmas that are used."""
        used = {lemma(fact.rule) for fact in self.proof.facts}
        return [key for key in LEMMAS if key in used]

    @property
    def steps(self) -> list[Fact]:
        """The steps, in order."""
        return [fact for fact in self.proof.facts if fact.rule in ("step", "induction")]


def _checked(key: str, flaw: str) -> Checked:
    """The checker's answer on the proof of a theorem of the catalogue."""
    return Checked(proof_of(key), flaw)


class ProofReport(Results[Checked]):
    """The checker's answers on several proofs."""

    unit = "proofs"

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.prove/1`."""
        return document(self)


def verify(chosen: Iterable[Proof], done: Callable[[Any], Any] = lambda each: None) -> ProofReport:
    """Each proof compared with its theorem; the kernel has checked its facts when it made them."""
    found = []
    for proof in chosen:
        found.append(Checked(proof, binding.flaw(proof) or ""))
        done(found[-1])
    return ProofReport(found)


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
        "note": proof.note or None,
        "rests_on": checked.rests_on,
        "unused": checked.unused,
        "hypotheses": [
            {"name": each.fact.name, "says": statement(each.fact), "word": each.word, "checked_by": each.who}
            for each in checked.hypotheses
        ],
        "lemmas": checked.lemmas,
        "names": {text(name): text(meaning) for name, meaning in proof.names.items()},
        "claims": [numbering.of[claim] for claim in proof.claims],
        "facts": [
            {
                "number": numbering.of[fact],
                "name": fact.name,
                "kind": fact.rule.strip("_"),
                "says": statement(fact),
                "because": numbering.reason(fact),
            }
            for fact in facts
        ],
    }


def export(found: Iterable[Checked], language: str, folder: str | Path) -> tuple[list[str], bool]:
    """Write proofs as files for Coq; a table of what is in them, and whether every fact is.

    Raises
    ------
    InputError
        If the language is another one, the folder is a file, or a proof is not accepted.
    """
    from .coq import files as coq
    from .coq import table

    found, folder = list(found), Path(folder)
    if language != "coq":
        raise reject("export", language, "coq")
    if folder.exists() and not folder.is_dir():
        raise reject("export", folder, "a directory")
    for checked in found:
        if checked.flaw:
            raise InputError(f"theorem={checked.proof.theorem.key}: not proved, so that there is nothing to export")
    made = coq.export(checked.proof for checked in found)
    coq.write(made, folder)
    return table.text(made), not any(each.refused for each in made.theorems.values())


@cache
def sites(keys: tuple[str, ...]) -> tuple[tuple[Proof, Site], ...]:
    """What can be changed in the proofs of these theorems; what several share is changed in the first."""
    found: list[tuple[Proof, Site]] = []
    seen: set[Site] = set()
    for proof in map(proof_of, keys):
        new = [site for site in mutants.sites(proof) if site not in seen]
        found += [(proof, site) for site in new]
        seen.update(site for site in new if not is_sign(site))
    return tuple(found)


def is_sign(site: Site) -> bool:
    """Whether a site is the sign of a symbol, which each proof needs by itself."""
    return isinstance(site, sp.Symbol) and site not in MEANING


def judged_at(item: tuple[tuple[str, ...], int]) -> Judged:
    """Every change of one of the sites of these proofs, judged."""
    keys, number = item
    return summary.judged(*sites(keys)[number])


def self_test(
    chosen: Iterable[Proof],
    done: Callable[[Judged], object] = lambda each: None,
    executor: Executors | None = None,
    chunk: int = 8,
) -> list[Judged]:
    """Every change of every proof, judged; `chunk` sites at a time where an executor works on them."""
    keys = tuple(proof.theorem.key for proof in chosen)
    items = [(keys, number) for number in range(len(sites(keys)))]
    chunks = [items[i : i + chunk] for i in range(0, len(items), chunk)]
    return [each for each in spread(judged_at, chunks, executor, not_judged, done) if each.total]


def not_judged(item: tuple[tuple[str, ...], int]) -> Judged:
    """What is said of a site whose worker died."""
    keys, number = item
    proof, site = sites(keys)[number]
    died = ("the process that judged the changes died",)
    return Judged(proof.theorem.key, summary.title(site), 0, 0, (), died)


def self_test_document(found: Iterable[Judged]) -> dict[str, Any]:
    """The JSON document `samtheory.prove-self-test/1`."""
    return {
        "schema": SELF_TEST,
        "version": __version__,
        "places": [
            {
                "theorem": site.theorem,
                "where": site.where,
                "rejected": site.rejected,
                "same": site.same,
                "weaker": [{"change": what, "leaves": why} for what, why in site.weaker],
                "not_noticed": list(site.missed),
            }
            for site in found
        ],
    }
