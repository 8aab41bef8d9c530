"""What has been exported and accepted, theorem by theorem."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .files import Export
from .record import CITED

COLUMNS = ("theorem", "facts", "exported", "accepted", "steps", "cited")


def rows(found: Export, unproved: Collection[str] | None = None) -> Iterator[tuple[str, ...]]:
    """A row for each theorem; `unproved` has the lemmas that Coq does not accept, None if Coq has not been asked."""
    for key, each in found.theorems.items():
        steps = sum(fact.rule in ("step", "induction") for fact in (*each.facts, *each.refused))
        taken = "—" if unproved is None else str(sum(name not in unproved for name in each.facts.values()))
        cited = "; ".join(CITED[name][0] for name in each.cited) or "—"
        total = len(each.facts) + len(each.refused)
        yield key, str(total), str(len(each.facts)), taken, str(steps), cited


def text(found: Export, unproved: Collection[str] | None = None) -> list[str]:
    """A table in columns, with the totals."""
    table = [COLUMNS, *rows(found, unproved)]
    wide = [max(len(row[i]) for row in table) for i in range(len(COLUMNS) - 1)]
    lines = [
        "  ".join(
            [row[0].ljust(wide[0]), *(each.rjust(n) for each, n in zip(row[1:-1], wide[1:], strict=True)), row[-1]]
        )
        for row in table
    ]
    return [*lines, total(found)]


def total(found: Export) -> str:
    """How many different facts there are."""
    exported = {fact for each in found.theorems.values() for fact in each.facts}
    refused = {fact for each in found.theorems.values() for fact in each.refused}
    return f"{len(exported)} of {len(exported | refused)} different facts have a lemma, in {len(found.theorems)} files"


def markdown(found: Export, unproved: Collection[str] | None = None) -> list[str]:
    """The page `docs/coq.md`."""
    head = [
        "# The proofs in Coq",
        "",
        "`scripts/coq` exports every proof (`samtheory prove all --export coq DIR`), lets Coq compile the files,",
        "compares the axioms below the claims with those of Coq's real numbers, and the statements on the method with",
        "those that are kept, and has changed proofs refused. It needs `coqc` 8.16 or later, which `.ci/run` installs",
        "where it can. This page is its output: `scripts/coq --markdown > docs/coq.md`. What remains to be trusted is",
        "on the page of [trust](trust.md).",
        "",
        "A *fact* is a step, an instance of a lemma, a hypothesis or a definition of a proof; a *step* is one that the",
        "algebra of its multipliers proves, or an induction. *Accepted* counts the facts whose lemma Coq accepts.",
        "*Cited* is taken from the literature, as a named hypothesis of the lemma.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---|' * len(COLUMNS)}",
    ]
    body = [f"| `{key}` | {' | '.join(rest)} |" for key, *rest in rows(found, unproved)]
    return [*head, *body, "", f"{total(found)}."]
