"""Proofs for people: as text, in short, as LaTeX, as the page docs/theorems.md; and the table of their changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from samtheory.catalogue import theorems
from samtheory.proofs.mutation.summary import Judged
from samtheory.proofs.run import Checked, unproved
from samtheory.proofs.text.lemmas import LEMMAS
from samtheory.proofs.text.printing import statement
from samtheory.proofs.text.wording import Numbering, head, latex_lines, titled_statement


def lines(found: Iterable[Checked]) -> Iterator[str]:
    """The proofs as text, a step that several share where it is first used."""
    numbering = Numbering()
    for checked in found:
        proof = checked.proof
        yield f"{proof.theorem.key}: {proof.theorem.title}"
        yield from (f"  {label:9}{line}" for label, line in head(proof))
        for fact in numbering.new(proof):
            mark = "∎" if fact in proof.claims else " "
            yield f" {mark}{numbering.of[fact]:4}  {titled_statement(fact)}"
            yield f"         {numbering.reason(fact)}"
        yield f"  claims   {', '.join(f'({numbering.of[claim]})' for claim in proof.claims)}"
        if checked.unused:
            yield f"  not used {', '.join(checked.unused)}"
        yield f"  NOT PROVED: {checked.flaw}" if checked.flaw else f"  proved: {len(checked.steps)} steps closed"
        yield ""


def summary(found: Iterable[Checked]) -> Iterator[str]:
    """A line for each proof, and what none is given of."""
    rows = [
        (
            checked.proof.theorem.key,
            "NOT PROVED" if checked.flaw else "proved",
            f"{len(checked.steps)} steps",
            checked.flaw or "from " + ", ".join(checked.rests_on),
        )
        for checked in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    proved = sum(row[1] == "proved" for row in rows)
    yield f"{proved} of {len(rows)} proved; without a proof here: {', '.join(unproved())}"


def hypotheses(found: Iterable[Checked]) -> Iterator[str]:
    """The hypotheses of each theorem and who checks them."""
    for checked in found:
        yield checked.proof.theorem.key
        rows = list(dict.fromkeys((each.who, each.word, each.fact.name) for each in checked.hypotheses))
        rows += [("not used", each, "assumed by the theorem") for each in checked.unused]
        widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:2]]
        yield from (f"  {who:{widths[0]}}  {word:{widths[1]}}  {name}" for who, word, name in rows)


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
        theorem = theorems()[key]
        why = f". No proof: {theorem.unproved}" if theorem.unproved else ""
        yield f"* `{key}`: {theorem.statement}. {theorem.source} [{theorem.status}]{why}"


#: Who checks a hypothesis, in words.
WHO = {
    "calculator": "conditions that the calculator checks",
    "claim": "conditions that another claim proves",
    "printed": "conditions of single claims",
}

PREFACE = """\
# Theorems and their proofs

Made by `samtheory prove --markdown > docs/theorems.md` from the formulas that the calculator uses, and from the proofs
that `samtheory prove` checks.  Each fact has a number and a reason: a step gives *right - left* as a sum of earlier
facts (each stands for its own right side minus its left side), squares and terms that are not negative, with factors
that are not negative; SymPy verifies that the two sides are equal.  A fact that several proofs use is listed in the
first.  What is claimed is marked ∎.  The inequality of one step is compared with that of the theorem, the bounds with
those of the calculator; every hypothesis is an assumption of the theorem, a definition, or a condition on the
parameters, and `samtheory prove --hypotheses` lists who checks each.  `samtheory prove --self-test` is mutation
testing: every number, exponent, sign and symbol of every fact and formula is changed, every hypothesis and premise
dropped.

x is fixed; g = g_v(x), y = x + ρ(a + λ/‖g‖) g, h = g_v(y) = g + e, x⁺ = x - γh; a = 1 - λ, δ = f(x) - f*, δ⁺ =
f(x⁺) - f*, δ_t = E f(x_t) - f*, G_t = E ‖∇f(x_t)‖².  L, μ, Λ, γ, ε are positive, A, B, C, ρ, λ, a, δ₀ not negative.

## The standard lemmas
""".splitlines()


def section(checked: Checked, numbering: Numbering) -> Iterator[str]:
    """One theorem of the page."""
    proof = checked.proof
    yield f"\n## {proof.theorem.key}\n"
    yield f"{proof.theorem.title}.\n"
    for label, line in head(proof):
        yield f"* {label} `{line}`" if label == "where" else f"* {label} {line}"
    yield f"* rests on {', '.join(checked.rests_on)}"
    if checked.unused:
        yield f"* does not use {', '.join(checked.unused)}"
    by = {who: [each.fact.name for each in checked.hypotheses if each.who == who] for who in WHO}
    yield from (f"* {words}: {'; '.join(dict.fromkeys(by[who]))}" for who, words in WHO.items() if by[who])
    yield ""
    for fact in numbering.new(proof):
        claimed = " **∎**" if fact in proof.claims else ""
        name = "" if fact.name == statement(fact) else f"{fact.name}: "
        yield f"{numbering.of[fact]}. {name}`{statement(fact)}`{claimed}  "
        yield f"   {numbering.reason(fact)}"
    yield f"\nProves {', '.join(f'({numbering.of[claim]})' for claim in proof.claims)}."


def self_test(found: Iterable[Judged]) -> Iterator[str]:
    """The table of the changes: for each site how many are rejected, and those that are weaker and still true."""
    found = list(found)
    theorem = ""
    for site in found:
        if site.theorem != theorem:
            theorem = site.theorem
            yield from ("", theorem)
        yield f"  {site.where}: {site.total} changes, {site.rejected} rejected" + (
            f", {len(site.weaker)} weaker, still true" if site.weaker else "") + (
            f", {site.same} the same" if site.same else "")  # fmt: skip
        yield from (f"      {change}: {left}" for change, left in site.weaker)
        yield from (f"      NOT NOTICED: {change}" for change in site.missed)
    rejected, weaker = sum(site.rejected for site in found), sum(len(site.weaker) for site in found)
    same, missed = sum(site.same for site in found), sum(len(site.missed) for site in found)
    yield ""
    yield (
        f"{rejected + weaker + same + missed} changes: {rejected} rejected, {weaker} weaker and still true, {same} that"
        f" say the same, {missed} not noticed"
    )
