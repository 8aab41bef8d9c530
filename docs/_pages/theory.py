"""The reference of the theory: assumptions, theorems, samplings and methods, as the program knows them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from samtheory.assumptions import assumptions
from samtheory.assumptions.base import Assumption
from samtheory.catalogue import methods, theorems
from samtheory.report.listing import listing

from . import rst
from .docstrings import prose


def pages() -> Iterator[tuple[str, str]]:
    """A page for each kind."""
    yield "reference/assumptions.rst", _assumptions()
    yield "reference/theorems.rst", _theorems()
    yield "reference/samplings.rst", _samplings()
    yield "reference/methods.rst", _methods()


def _assumptions() -> str:
    text = rst.title("Assumptions")
    text += rst.paragraph(
        "What theorems may assume: the constants that each assumption introduces, and the inequalities that "
        "``check`` and ``verify`` test."
    )
    return text + "".join(_assumption(each) for each in assumptions().values())


def _assumption(each: Assumption) -> str:
    text = rst.label(f"assumption-{each.word}") + rst.title(each.word, 1) + rst.paragraph(rst.literal(each.meaning))
    symbols = [
        (rst.plain(symbol.letter), rst.literal(symbol.name), rst.plain(symbol.meaning), symbol.sign)
        for symbol in each.symbols
    ]
    text += rst.table(["symbol", "name", "meaning", "sign"], symbols)
    claims = [(rst.plain(claim.name), rst.literal(claim.text), rst.plain(claim.domain)) for claim in each.claims]
    text += rst.table(["inequality", "formula", "for"], claims)
    users = [_linked(key) for key, theorem in theorems().items() if each.word in theorem.assumptions]
    makers = "every theorem" if each.always else ", ".join(users) or "no theorem of the catalogue"
    return text + rst.paragraph(f"Assumed by {makers}.")


def _linked(key: str) -> str:
    """A theorem, with a link to its proof."""
    return f":ref:`{key} <theorem-{key}>`"


def _theorems() -> str:
    text = rst.title("Theorems") + rst.paragraph(
        "The theorems of the catalogue. Formulas and proofs: :doc:`/theorems`. On the command line, "
        "``samtheory explain THEOREM`` prints one of them, ``--latex`` as a LaTeX fragment."
    )
    for key, theorem in theorems().items():
        text += rst.label(f"theorem-{key}") + rst.title(key, 1)
        text += rst.paragraph(rst.plain(theorem.title)) + rst.code(theorem.statement)
        assumed = ", ".join(f":ref:`{word} <assumption-{word}>`" for word in theorem.assumptions)
        rows = [
            ("assumptions", assumed),
            ("measure", rst.literal(theorem.measure)),
            ("method", rst.literal(theorem.method)),
            ("source", f"{rst.plain(theorem.source)} [{rst.plain(theorem.status)}]"),
        ]
        text += "".join(f":{name}: {value}\n" for name, value in rows) + "\n"
    remembered = listing(("theorems",))["remembered"]
    heads = list(remembered[0])
    rows = [[rst.plain("" if entry[head] is None else entry[head]) for head in heads] for entry in remembered]
    return text + rst.title("Listed only", 1) + rst.table([rst.plain(head) for head in heads], rows)


def _samplings() -> str:
    text = rst.title("Samplings") + rst.paragraph(
        "The stochastic gradient is (1/n) Σ vᵢ ∇fᵢ with random weights v ≥ 0, E vᵢ = 1. A sampling is written as its "
        "key, with its argument behind a colon."
    )
    rows = [
        (rst.literal(each["key"]), rst.plain(each["summary"]), rst.plain(each["form"]), rst.plain(each["source"]))
        for each in listing(("samplings",))["samplings"]
    ]
    return text + rst.table(["key", "sampling", "argument", "source of the constants"], rows)


def _methods() -> str:
    text = rst.title("Methods") + rst.paragraph(
        "The optimisers of the catalogue. One step from x of shape (runs, d); ``gradient(x, draw)`` is the stochastic "
        "gradient, weights included."
    )
    for entry, module in zip(listing(("methods",))["methods"], methods().values(), strict=True):
        text += rst.title(entry["name"], 1) + prose(inspect.getdoc(module) or "")
        text += rst.paragraph(rst.plain(entry["source"])) if entry["source"] else ""
        step = getattr(module, "step", None) or module.step_for
        text += rst.paragraph(rst.plain(f"Gradients a step: {entry['gradients']}. Class: {entry['class'] or 'none'}."))
        written = step if inspect.isroutine(step) or inspect.isclass(step) else type(step)
        text += rst.code(inspect.getsource(written), "python")
    return text
