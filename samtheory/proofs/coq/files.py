"""The exported files: the library, the setting, one file a theorem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from ..kernel.facts import Fact
from ..proof import Proof, word
from . import example, method, record, rules, statement
from .facts import Writer
from .record import CITED
from .terms import Untranslated, identifier

#: The hand-written files, in order.
BASE = ("Order", "Space", "Draws")
LIBRARY = (*BASE, "Method", "Line")
IMPORTS = (
    "Require Import Reals Lra List.\nImport ListNotations.\nFrom Samtheory Require Import {}.\n"
    "Open Scope R_scope.\nSet Primitive Projections.\n\n"
)
SETTING, EXAMPLE = "Setting", "Example"


@dataclass
class Exported:
    """A theorem in Coq.

    Attributes
    ----------
    file : the name of its file
    facts : the facts of its proof with their lemmas; those that are in the file of another theorem included
    refused : the facts without a lemma, and why
    claims : the lemmas of its claims, and those that state the theorem in the formulas of the catalogue
    cited : what its claims take from the literature, names of `record.CITED`
    needs : the files of other theorems that its file needs
    """

    file: str
    facts: Mapping[Fact, str]
    refused: Mapping[Fact, str]
    claims: tuple[str, ...]
    cited: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass
class Export:
    """The files by name, in the order in which Coq needs them; theorems by key; statements on the method by file."""

    files: dict[str, str] = field(default_factory=dict)
    theorems: dict[str, Exported] = field(default_factory=dict)
    methods: dict[str, tuple[method.Statement, ...]] = field(default_factory=dict)


def export(proofs: Iterable[Proof]) -> Export:
    """The proofs as Coq files; a fact that several share is in the file of the first."""
    proofs, writer, found = list(proofs), Writer(), Export()
    bodies: dict[str, str] = {}
    for proof in proofs:
        file = f"Thm_{identifier(proof.theorem.key)}"
        writer.start(file)
        refused = facts_of(writer, proof)
        statements = () if refused else statement.write(writer, proof)
        if not refused:
            method.closed(writer, proof)
        stated = {fact: writer.stated[fact] for fact in proof.facts if fact in writer.stated}
        claims = [stated[claim] for claim in proof.claims if claim in stated]
        cited = tuple(sorted({each for claim in claims for each in claim.cited}))
        needs = tuple(other for other in bodies if other in writer.used[file])
        names = {fact: each.name for fact, each in stated.items()}
        found.theorems[proof.theorem.key] = Exported(
            file, names, refused, (*(each.name for each in claims), *statements), cited, needs
        )
        bodies[file] = head(proof, [each.name for each in claims], statements, cited) + "\n".join(writer.text)
    found.files = {name: library(name) for name in LIBRARY}
    found.files[SETTING] = IMPORTS.format(" ".join(BASE)) + record.text(writer)
    for proof in proofs:
        each = found.theorems[proof.theorem.key]
        found.files[each.file] = IMPORTS.format(" ".join([*BASE, SETTING, *each.needs])) + bodies[each.file]
        if not each.refused:
            from_method(writer, proof, found)
    if found.methods:
        found.files[EXAMPLE] = example.text(LIBRARY, found.methods)
    return found


def from_method(writer: Writer, proof: Proof, found: Export) -> None:
    """The file of the claims that hold from the method itself, if there are any."""
    each = found.theorems[proof.theorem.key]
    made = list(method.statements(writer, proof))
    if not made:
        return
    name = f"From_{each.file}"
    imports = " ".join([*BASE, "Method", SETTING, *each.needs, each.file])
    found.files[name] = method.HEAD.format(imports) + "\n".join(
        f"Theorem {one.name} {one.says}.\nProof.\n{one.proof}\nQed.\n" for one in made
    )
    found.methods[name] = tuple(made)


def facts_of(writer: Writer, proof: Proof) -> dict[Fact, str]:
    """Write the facts of a proof that are not written yet; those that cannot be, and why."""
    refused: dict[Fact, str] = {}
    for fact in proof.facts:
        if fact in writer.stated:
            writer.uses(writer.stated[fact].name)
            continue
        lines = len(writer.text)
        try:
            lost = [premise.name for premise in fact.premises if premise not in writer.stated]
            if lost:
                raise Untranslated(f"{fact.name}: rests on {', '.join(lost)}")
            rules.write(writer, fact)
        except Untranslated as why:
            refused[fact] = str(why)
            del writer.text[lines:]
            writer.stated.pop(fact, None)
    return refused


def head(proof: Proof, claims: list[str], statements: tuple[str, ...], cited: tuple[str, ...]) -> str:
    """The comment at the head of a file: what is proved, from what."""
    theorem = proof.theorem
    assumed = sorted({word(fact) or "" for fact in proof.hypotheses})
    lines = [
        f"{theorem.key}: {theorem.title}.",
        f"Source: {theorem.source}.",
        f"Statement: {theorem.statement}",
        f"Claims: {', '.join(claims)}.",
        *([f"In the formulas of the catalogue: {', '.join(statements)}."] if statements else []),
        f"Hypotheses: {', '.join(assumed)}.",
        f"Cited: {'; '.join(CITED[each][0] for each in cited) or 'nothing'}.",
    ]
    return "(* " + "\n   ".join(record.plain(line) for line in lines) + " *)\n\n"


def library(name: str) -> str:
    """A hand-written file."""
    return (files(__package__) / "library" / f"{name}.v").read_text(encoding="utf-8")


def write(found: Export, folder: Path) -> None:
    """Write the files into a folder, and a `_CoqProject` that lists them in order."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.files.items():
        path = folder / f"{name}.v"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    names = "".join(f"{name}.v\n" for name in found.files)
    (folder / "_CoqProject").write_text(f"-Q . Samtheory\n{names}", encoding="utf-8")
