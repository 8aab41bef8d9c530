"""A proof as text, as Markdown and as LaTeX: what is assumed, what is claimed, and the steps between, numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

import sympy as sp

from ..kernel.facts import Fact
from ..kernel.rules import ONE, SELF
from ..language.terms import Vector
from ..proof import Proof, arguments, below, word
from .lemmas import lemma
from .printing import latex, latex_of, latex_statement, statement, text

#: Rules whose facts have no number: squares, and signs of symbols.
UNNUMBERED = {"square", "sign", "positive_one", "shares"}


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
        return fact.rule not in UNNUMBERED

    def name(self, fact: Fact) -> str:
        """How a step refers to a fact."""
        if fact is SELF:
            return "(the same at t)"
        if fact.rule == "square":
            root = arguments(fact)["root"]
            return f"‖{vector_text(root)}‖²" if isinstance(root, Vector) else f"({text(root)})²"
        return f"({self.of[fact]})" if fact in self.of else f"[{statement(fact)}]"

    def reason(self, fact: Fact) -> str:
        """Why a fact is true."""
        of = arguments(fact)
        if fact.rule == "induction":
            base, first = self.sum(of["base"] or {}) or "0", text(of["first"])
            return f"at t = {first}: right - left = {base}; at t + 1: right - left = {self.sum(of['by'])}"
        if fact.rule == "step":
            why = f"right - left = {self.sum(of['by'])}" if of["by"] else "both sides are equal"
            return why + because(of, ", ".join(map(self.name, of["signs"])))
        if kind := word(fact):
            return f"assumed: {kind}"
        used = ", ".join(self.name(each) for each in fact.premises)
        return f"{lemma(fact.rule)}" + (f" of {used}" if used else "")

    def sum(self, by: Any) -> str:
        """The combination of facts that a step is, in words."""
        parts = []
        for fact, m in ((fact, sp.sympify(m)) for fact, m in by.items()):
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


def because(of: Mapping[str, Any], signs: str) -> str:
    """What the signs are for, and whether the step goes both ways."""
    use = "no factor is negative" if of["by"] else "nothing is divided by 0"
    return (f", by {signs} {use}" if signs else "") + (", both ways" if of["iff"] else "")


def titled_statement(fact: Fact) -> str:
    """What a fact is called and says, once where both are the same."""
    says = statement(fact)
    return says if fact.name == says else f"{fact.name}: {says}"


def vector_text(v: Vector, text: Callable[[Any], str] = text, name: Callable[[str], str] = str) -> str:
    """A combination of vectors, as text or as LaTeX."""
    parts = []
    for named, coefficient in v.parts.items():
        word = f"({name(named.name)})" if "-" in named.name else name(named.name)
        if coefficient in (1, -1):
            parts.append(f"{'-' if coefficient == -1 else '+'} {word}")
        else:
            factor = f"({text(coefficient)})" if coefficient.is_Add else text(coefficient)
            parts.append(f"- {factor[1:]} {word}" if factor.startswith("-") else f"+ {factor} {word}")
    return " ".join(parts).removeprefix("+ ")


def head(proof: Proof) -> Iterator[tuple[str, str]]:
    """What the theorem says and rests on, in labelled lines."""
    theorem = proof.theorem
    yield "says", theorem.statement
    yield "source", f"{theorem.source} [{theorem.status}]"
    yield "assumes", ", ".join(theorem.assumptions)
    if proof.note:
        yield "note", proof.note
    for name, meaning in proof.names.items():
        yield "where", f"{text(name)} = {text(meaning)}"


def latex_lines(proof: Proof, numbering: Numbering) -> Iterator[str]:
    """A section with the names, and the facts that have no number yet as equations."""
    yield rf"\section*{{{proof.theorem.key}: {latex_words(proof.theorem.title)}}}"
    if proof.note:
        yield rf"Note: {latex_words(proof.note)}.\par"
    for name, meaning in proof.names.items():
        yield rf"\[ {latex(name)} = {latex(meaning)} \]"
    for fact in numbering.new(proof):
        name = "" if fact.name == statement(fact) else f" {latex_words(fact.name)}."
        end = r" \qquad\blacksquare" if fact in proof.claims else ""
        yield rf"\paragraph{{({numbering.of[fact]}){name}}} \[ {latex_statement(fact)}{end} \]"
        yield rf"{latex_reason(fact, numbering)}."


def latex_words(words: str) -> str:
    """Words with formulas among them."""

    def formula(word: str) -> bool:
        letter = len(word) == 1 and word.isalpha() and word != "a"
        return not word.isascii() or letter or any(sign in word for sign in "_^=<>+*/0123456789") or word == "-"

    parts = [(key, " ".join(group)) for key, group in groupby(words.replace("Ł", r"\L{}").split(" "), formula)]
    return " ".join(f"${latex_of(part)}$" if key else part for key, part in parts)


def latex_reason(fact: Fact, numbering: Numbering) -> str:
    """Why a fact is true, in LaTeX."""
    of = arguments(fact)
    if fact.rule == "induction":
        base, after = latex_sum(of["base"] or {}, numbering), latex_sum(of["by"], numbering)
        return f"At $t = {latex(of['first'])}$, right minus left is ${base}$; at $t + 1$, ${after}$"
    if fact.rule == "step":
        why = f"Right minus left is ${latex_sum(of['by'], numbering)}$" if of["by"] else "Both sides are equal"
        return why + because(of, ", ".join(f"${latex_name(sign, numbering)}$" for sign in of["signs"]))
    if kind := word(fact):
        return f"Assumed: {latex_words(kind)}"
    used = ", ".join(f"${latex_name(each, numbering)}$" for each in fact.premises)
    return f"By the lemma \\emph{{{latex_words(lemma(fact.rule) or '')}}}" + (f" of {used}" if used else "")


def latex_sum(by: Any, numbering: Numbering) -> str:
    """The combination of facts that a step is, in LaTeX."""
    parts = []
    for fact, m in ((fact, sp.sympify(m)) for fact, m in by.items()):
        factor = rf"\left({latex(m)}\right)" if m.is_Add or m.could_extract_minus_sign() else latex(m)
        name = latex_name(fact, numbering)
        parts.append(latex(m) if fact is ONE else name if m == 1 else rf"{factor} \cdot {name}")
    return " + ".join(parts) or "0"


def latex_name(fact: Fact, numbering: Numbering) -> str:
    """How a step refers to a fact, in LaTeX."""
    if fact is SELF:
        return r"(\text{the same at }t)"
    if fact.rule == "square":
        root = arguments(fact)["root"]
        if isinstance(root, Vector):
            return rf"\left\|{vector_text(root, latex, latex_of)}\right\|^2"
        return rf"\left({latex(root)}\right)^2"
    return rf"({numbering.of[fact]})" if fact in numbering.of else rf"\left[{latex_statement(fact)}\right]"
