"""Means over the draw and over x_t in Coq."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from ..kernel.facts import Fact, assumed
from ..language.terms import DRAW, OVER_TIME, STATE, Depends, E, delta, far, slope, split
from ..proof import arguments
from .algebra import Claim
from .facts import Place, Writer, claim_of
from .lemmas import HERE, stated
from .terms import At, environment

ONE_MEAN = sp.Integer(1)


def flat(terms: Any) -> tuple[sp.Expr, ...]:
    """All factors and parts of a sum."""
    return tuple(each for pair in terms for each in pair)


def linear(writer: Writer, name: str, side: sp.Expr, level: Depends, place: Place, variable: str) -> Any:
    """A sum as (factor, part) list: in Coq, the lemma that it is the sum, and its mean as a sum of means."""
    terms = split(sp.sympify(side), level) if side != 0 else []
    printer = environment(writer.setting, place.at)
    listed = "; ".join(f"({printer.real(c)}, fun {variable} => {printer.real(part)})" for c, part in terms)

    def text(p: Any) -> str:
        written = "0"
        for c, part in reversed(terms):
            written = f"({p.real(c)} * {p.real(part)} + {written})"
        return written

    lemma = writer.algebra(
        name, Claim(side, "=", sp.Add(*(c * part for c, part in terms)), texts=(None, text), parts=flat(terms)), []
    )
    return terms, f"[{listed}]", f"(fun {variable} => {writer.applied(lemma, place)})"


def averaged(
    writer: Writer, fact: Fact, premise: Fact, level: Depends, law: str, variable: str,
    image: Callable[[sp.Expr], sp.Expr], more: Callable[[str], str], extra: Sequence[tuple[Claim, str]] = (),
    atoms: Mapping[sp.Expr, str] | None = None, here: Place = HERE,
) -> None:  # fmt: skip
    """The mean of both sides of a premise."""
    mine = stated(writer, fact, (premise,))
    place = replace(HERE, atoms=atoms or {})
    left, listed, left_is = linear(writer, mine.name, premise.lhs, level, HERE, variable)
    right, other, right_is = linear(writer, mine.name, premise.rhs, level, HERE, variable)
    call = writer.call(premise, mine.forms, here)
    if premise.relation == "<":
        call = f"(Rlt_le _ _ {call})"
    kind = "eq" if premise.relation == "=" else "le"
    X, Y = (
        f"(fun {variable} => {environment(writer.setting, At()).real(side)})" for side in (premise.lhs, premise.rhs)
    )

    def text(terms: Any) -> Callable[[Any], str]:
        def written(p: Any) -> str:
            found = "0"
            for c, part in reversed(terms):
                found = f"({p.real(c)} * {p.real(image(part))} + {found})"
            return found

        return written

    sums = [sp.Add(*(c * image(part) for c, part in terms)) for terms in (left, right)]
    claim = Claim(sums[0], fact.relation, sums[1], texts=(text(left), text(right)),
                  parts=tuple(c for c, _ in (*left, *right)))  # fmt: skip
    lemma = writer.algebra(mine.name, claim_of(fact), [(1, claim), *((1, each) for each, _ in extra)])
    lines = [
        f"pose proof (mean_sums_{kind} {law} {X} {Y} {listed} {other}",
        f"  (fun {variable} => {call}) {left_is} {right_is}) as M.",
        "cbn [sum_of_means] in M.",
        more("M"),
        f"exact {writer.applied(lemma, place, ['M', *(term for _, term in extra)])}.",
    ]
    needs = writer.stated[premise].level
    ahead = ""
    if variable == "x" and needs == DRAW:
        ahead = "destruct (law_inhabited (draws s)) as [v].\n"
    if variable == "v" and mine.level < STATE and needs >= STATE:
        ahead = "pose (x := x_0 s).\n"
    body = "\n".join(line for line in lines if line)
    writer.text.append(f"Lemma {writer.header(mine)}.\nProof.\n{ahead}{body}\nQed.\n")
    writer.uses(mine.name)


def mean(writer: Writer, fact: Fact) -> None:
    """E of both sides."""
    premise = arguments(fact)["fact"]
    averaged(
        writer, fact, premise, DRAW, "(draws s)", "v", lambda part: ONE_MEAN if part == 1 else E(part),
        lambda M: f"rewrite ?mean_one in {M}.",
    )  # fmt: skip


def along(writer: Writer, fact: Fact) -> None:
    """The mean over x_t of both sides."""
    premise = arguments(fact)["fact"]
    law = "(paths (draws s) (x_0 s) (next s) (t s))"
    dummy = sp.Symbol("mean_far", real=True)
    nearest = fact.lhs != 0 and premise.lhs == E(far)

    def image(part: sp.Expr) -> sp.Expr:
        if part == 1:
            return ONE_MEAN
        return dummy if nearest and part == E(far) else OVER_TIME[part]

    more = ["rewrite ?mean_one in {M}."]
    extra, atoms = [], {}
    if nearest:
        writer.setting.at_point(far, At())
        writer.setting.vector("x-x*", At())
        atoms[dummy] = (
            f"(mean {law} (fun x => (mean (draws s) (fun v => {environment(writer.setting, At()).real(far)}))))"
        )
        extra = [(Claim(OVER_TIME[E(far)], "<=", dummy), "(nearest_at s ty (t s))")]
    else:
        writer.setting.at_point(delta, At())
        more.append("rewrite <- ?(tower (draws s) (x_0 s) (next s) (t s) (delta s)) in {M}.")
        if premise.lhs.has(slope) or premise.rhs.has(slope):
            squares = "(fun x => norm (grad s x) ^ 2)"
            more.append(f"rewrite <- ?(tower (draws s) (x_0 s) (next s) (t s) {squares}) in {{M}}.")
    given = {}
    for each in fact.hypotheses:
        kind = assumed(each)
        assert kind is not None
        if kind.times is not None and each not in premise.hypotheses:
            source = next(old for old in premise.hypotheses
                          if old.name == each.name and old.lhs == each.lhs and old.rhs == each.rhs)  # fmt: skip
            given[source] = f"({writer.hypothesis(each)}_ (t s))"
    averaged(
        writer, fact, premise, STATE, law, "x", image, lambda M: " ".join(more).format(M=M), extra, atoms,
        replace(HERE, given=given),
    )  # fmt: skip
