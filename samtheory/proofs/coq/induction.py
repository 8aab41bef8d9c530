"""Inductions in Coq."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from ..kernel.facts import Fact
from ..kernel.rules import SELF, limits
from ..language.terms import spelt_out, t
from ..proof import arguments
from .facts import ALWAYS, Writer, claim_of, everywhere
from .lemmas import HERE, highest, stated
from .terms import At, Untranslated, View, environment


def induction(writer: Writer, fact: Fact) -> None:
    """At the first time by `base`, at t + 1 by `by`."""
    of = arguments(fact)
    by, base, signs = dict(of["by"]), dict(of["base"] or {}), list(of["signs"])
    time, first, last = of["t"], sp.sympify(of["first"]), of["last"]
    if time != t:
        raise Untranslated(f"{fact.name}: an induction over {time}")
    others = [each for each in (*by, *signs) if each is not SELF]
    premises = [*others, *base]
    mine = stated(writer, fact, premises, own=lambda each: ALWAYS if everywhere(each) else None)
    claim = claim_of(fact)
    printer = environment(writer.setting, At())
    start = printer.nat_of(first)
    known = [each for each in signs if not spelt_out(each.rhs - each.lhs).has(t)]
    below = replace(claim, view=View(times={t: first}))
    lemma_base = writer.algebra(mine.name, below, [(m, claim_of(each)) for each, m in base.items()],
                                [claim_of(each) for each in known])  # fmt: skip
    above = replace(claim, view=View(times={t: t + 1}))
    lemma_step = writer.algebra(
        mine.name, above, [(m, claim if each is SELF else claim_of(each)) for each, m in by.items()],
        [claim_of(each) for each in signs],
    )  # fmt: skip
    ends = limits(t, first, last)
    inner = limits(t, first, None if last is None else sp.sympify(last) - 1)
    upper = [each for each in ends if each.lhs == t]
    given: dict[Fact, str] = {}
    for each in inner:
        given[each] = f"(le_INR {start} k above)" if each.rhs == t else "(within_before _ _ within)"
    place = HERE.later("k", given)
    at_first = HERE.later(start)
    bases = [*(writer.call(each, mine.forms, at_first) for each in (*known, *base))]
    steps = [*(writer.call(each, mine.forms, place) for each in signs)]
    ih = "(IH (Rlt_le _ _ (within_strict _ _ within)))" if upper else "IH"
    steps += [ih if each is SELF else writer.call(each, mine.forms, place) for each in by]
    within = f"{writer.hypothesis(upper[0])} (set_t k s) -> " if upper else ""
    says = writer.says(fact, At("(set_t k s)"))
    args = [f"{writer.hypothesis(each)}_" for each in upper]
    lower = [each for each in ends if each.rhs == t]
    above_t = (
        f"(INR_le {start} (t s) {writer.hypothesis(lower[0])}_)"
        if lower
        else "(Nat.le_0_l _)"
        if first == 0
        else "(ty_first)"
    )
    intro = "intros _; " if upper else ""
    proof = (
        f"assert (all : forall k, ({start} <= k)%nat -> {within}{says}).\n"
        f"{{ apply (from_to (fun k => {within}{says})).\n"
        f"  - {intro}exact {writer.applied(lemma_base, at_first, bases)}.\n"
        f"  - intros k above IH{' within' if upper else ''}. exact {writer.applied(lemma_step, place, steps)}. }}\n"
        f"exact (all {' '.join(['(t s)', above_t, *args])})."
    )
    writer.prove(mine, proof, highest(writer, premises))
