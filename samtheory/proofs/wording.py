"""A proof as text, as Markdown and as LaTeX: what is assumed, what is claimed, and the steps between, numbered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .facts import ONE, SELF, Fact, Hypothesis, Induction, Lemma, Square, Step, below
from .printing import latex, latex_statement, statement, text
from .proof import Proof
from .symbols import SIGNS
from .vectors import Vector

#: Signs of symbols are told once for all, not numbered.
UNNUMBERED = {ONE, SELF, *SIGNS.values()}


class Numbering:
    """The numbers of facts, in the order in which they are first used."""

    def __init__(self) -> None:
        self.of: dict[Fact, int] = {}

    def new(self, proof: Proof) -> list[Fact]:
        """The facts of a proof that have no number yet, which they get, premises first."""
        found = [fact for fact in below(*proof.claims) if self.numbered(fact) and fact not in self.of]
        for fact in found:
            self.of[fact] = len(self.of) + 1
        return found

    @staticmethod
    def numbered(fact: Fact) -> bool:
        """Whether a fact gets a number."""
        return fact not in UNNUMBERED and not isinstance(fact, Square)

    def name(self, fact: Fact) -> str:
        """How a step refers to a fact."""
        if fact is SELF:
            return "(the same at t)"
        if isinstance(fact, Square):
            return f"‖{vector_text(fact.root)}‖²" if isinstance(fact.root, Vector) else f"({text(fact.root)})²"
        return f"({self.of[fact]})" if fact in self.of else f"[{statement(fact)}]"

    def reason(self, fact: Fact) -> str:
        """Why a fact is true."""
        if isinstance(fact, Induction):
            base = self.sum(fact.base) or "0"
            return f"at t = {text(fact.first)}: right - left = {base}; at t + 1: right - left = {self.sum(fact.by)}"
        if isinstance(fact, Step):
            why = f"right - left = {self.sum(fact.by) or '0'}"
            signs = ", ".join(self.name(sign) for sign in fact.signs)
            return why + (f", by {signs} no factor is negative" if signs else "") + (", both ways" if fact.iff else "")
        if isinstance(fact, Lemma):
            of = ", ".join(self.name(each) for each in fact.of)
            return f"{fact.lemma}" + (f" of {of}" if of else "")
        assert isinstance(fact, Hypothesis)
        return f"assumed: {fact.word}"

    def sum(self, by: Any) -> str:
        """The combination of facts that a step is, in words."""
        parts = []
        for fact, m in by.items():
            factor = text(m)
            if fact is ONE:
                parts.append(factor)
            elif m == 1:
                parts.append(self.name(fact))
            else:
                parts.append(
                    (f"({factor})" if m.is_Add or m.could_extract_minus_sign() else factor) + f" · {self.name(fact)}"
                )
        return " + ".join(parts)


def vector_text(v: Vector) -> str:
    """A combination of vectors."""
    parts = []
    for named, coefficient in v.parts.items():
        if coefficient in (1, -1):
            parts.append(f"{'-' if coefficient == -1 else '+'} {named.name}")
        else:
            word = text(coefficient)
            word = f"({word})" if coefficient.is_Add else word
            parts.append(f"- {word[1:]} {named.name}" if word.startswith("-") else f"+ {word} {named.name}")
    return " ".join(parts).removeprefix("+ ")


def head(proof: Proof) -> Iterator[tuple[str, str]]:
    """What the theorem says and rests on, in labelled lines."""
    theorem = proof.theorem
    yield "says", theorem.statement
    yield "source", f"{theorem.source} [{theorem.status}]"
    yield "assumes", ", ".join(theorem.assumptions)
    for name, meaning in proof.names.items():
        yield "where", f"{text(name)} = {text(meaning)}"


def latex_lines(proof: Proof, numbering: Numbering) -> Iterator[str]:
    """A section with the names, and the facts that have no number yet as equations."""
    yield rf"\section*{{{proof.theorem.key}: {proof.theorem.title}}}"
    for name, meaning in proof.names.items():
        yield rf"\[ {latex(name)} = {latex(meaning)} \]"
    for fact in numbering.new(proof):
        yield rf"\paragraph{{({numbering.of[fact]}) {fact.name}.}} \[ {latex_statement(fact)} \]"
        yield rf"{latex_reason(fact, numbering)}."


def latex_reason(fact: Fact, numbering: Numbering) -> str:
    """Why a fact is true, in LaTeX."""
    if isinstance(fact, Step):
        parts = []
        for each, m in fact.by.items():
            name = latex_name(each, numbering)
            parts.append(latex(m) if each is ONE else name if m == 1 else rf"\left({latex(m)}\right)\cdot {name}")
        return f"Right minus left is ${' + '.join(parts) or '0'}$" + (
            r"; at $t + 1$" if isinstance(fact, Induction) else ""
        )
    if isinstance(fact, Lemma):
        return fact.lemma + "".join(f" ({numbering.of[each]})" for each in fact.of if each in numbering.of)
    return f"Assumed: {getattr(fact, 'word', '')}"


def latex_name(fact: Fact, numbering: Numbering) -> str:
    """How a step refers to a fact, in LaTeX."""
    if isinstance(fact, Square):
        root = fact.root
        inside = rf"\text{{{vector_text(root)}}}" if isinstance(root, Vector) else latex(root)
        return rf"\left({inside}\right)^2"
    return rf"({numbering.of[fact]})" if fact in numbering.of else rf"\left[{latex_statement(fact)}\right]"
