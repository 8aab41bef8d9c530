"""Facts at other values of their constants in Coq."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sympy as sp

from samtheory.theorems.symbols import lam

from ..kernel.facts import Fact, assumed
from ..kernel.rules import NOT_CONSTANT, replaced
from ..language.terms import DRAW, STATE, a, in_a, spelt_out, t
from ..proof import arguments
from .algebra import Claim
from .facts import ALWAYS, NOW, Place, Stated, Writer, claim_of, everywhere
from .lemmas import HERE, ONE_FACT, POSITIVE, highest, stated
from .terms import At, View, environment


def instance(writer: Writer, fact: Fact) -> None:
    """A fact at other values of its constants."""
    of = arguments(fact)
    source, given, signs = of["fact"], dict(of["given"]), list(of["signs"])
    now = {symbol: sp.sympify(in_a(sp.sympify(value))) for symbol, value in of["values"].items()}
    old = writer.stated[source]
    printer = environment(writer.setting, At())
    mine = stated(writer, fact, [*given.values(), *signs],
                  own=lambda each: inherited(each, at_of(now), old, t in now))  # fmt: skip
    mine = replace(mine, cited=tuple(sorted({*mine.cited, *old.cited})))
    writer.stated[fact] = mine
    place_signs = [writer.call(each, mine.forms, HERE) for each in signs]
    lines: list[str] = []
    s, ty = "s", "ty"
    for symbol, value in now.items():
        if symbol == a:
            continue
        writer.setting.changed[symbol] = None
        name = writer.setting.constant(symbol)
        if symbol.is_integer:
            s = f"(set_{name} {printer.nat_of(value)} {s})"
            ty = f"(typed_set_{name} {printer.nat_of(value)} _ {ty})" if not symbol.is_positive else "fail"
            continue
        text = printer.real(value)
        proofs = []
        if symbol.is_nonnegative:
            strict = bool(symbol.is_positive)
            lemma = writer.algebra(mine.name, Claim(sp.Integer(0), "<" if strict else "<=", value),
                                   [(value, ONE_FACT)], [claim_of(each) for each in signs])  # fmt: skip
            proofs.append(writer.applied(lemma, HERE, [*place_signs, POSITIVE]))
        if symbol == lam:
            rest = now.get(a, 1 - value)
            claim = Claim(sp.Integer(0), "<=", 1 - value, texts=(None, lambda p, value=value: f"(1 - {p.real(value)})"))
            text_a = f"(a_at s {printer.nat_of(rest.args[0])})" if rest.has(sp.Function) and rest.args else None
            if text_a is not None and rest.func.__name__ == "a":
                writer.setting.function(rest.func)
                proofs.append(f"(ty_a_at ty {printer.nat_of(rest.args[0])})")
            else:
                lemma = writer.algebra(mine.name, claim, [(rest, ONE_FACT)])
                proofs.append(writer.applied(lemma, HERE, [POSITIVE]))
        s = f"(set_{name} {text} {s})"
        ty = f"(typed_set_{name} {text} _ {' '.join([*proofs, ty])})"
    lines += [f"pose (s1 := {s}).", f"pose (ty1 := ({ty} : typed s1))."]
    view = View(values=now)
    terms: dict[Fact, str] = {}
    for number, each in enumerate(writer.ordered(old.forms)):
        form = old.forms[each]
        term, line = hypothesis_of(writer, mine, fact, each, form, given, view, now, signs, f"B{number}")
        terms[each] = term
        lines += line
    place = replace(HERE, s="s1", ty="ty1", k="(t s)", given=terms)
    call = writer.call(source, terms, place)
    claim = replace(claim_of(source), view=view)
    more = kept_signs(writer, source, now, terms, place)
    claims = [claim_of(each) for each in (*signs, *more)]
    lemma = writer.algebra(mine.name, claim_of(fact), [(1, claim)], claims)
    lines.append(f"exact {writer.applied(lemma, HERE, [*place_signs, *more.values(), call])}.")
    needs = max(old.level, highest(writer, [*given.values(), *signs]))
    writer.prove(mine, "\n".join(lines), needs)


def kept_signs(
    writer: Writer, source: Fact, now: Mapping[Any, sp.Expr], terms: Mapping[Fact, str], place: Place
) -> dict[Fact, str]:
    """The facts about signs behind the source in which no value changes, and their terms at the new values."""
    found, forms = {}, writer.stated[source].forms
    for each in arguments(source).get("signs", ()):
        if spelt_out(each.rhs - each.lhs).free_symbols.isdisjoint(now):
            needed = writer.stated[each].forms
            given = {
                one: f"({terms[one]} (t s1))" if (forms[one], form) == (ALWAYS, NOW) else terms[one]
                for one, form in needed.items()
                if one in terms
            }
            found[each] = writer.call(each, given, replace(place, given=given))
    return found


def at_of(now: Mapping[Any, sp.Expr]) -> Callable[[sp.Expr], sp.Expr]:
    """The substitution of an instance."""
    return partial(replaced, now=now)


def moved(fact: Fact, each: Fact, at: Callable[[sp.Expr], sp.Expr]) -> Fact | None:
    """The hypothesis of an instance that a hypothesis has become, if any."""
    if each in fact.hypotheses:
        return each
    kind = assumed(each)
    assert kind is not None
    for new in fact.hypotheses:
        other = assumed(new)
        if other is not None and other.root is (kind.root or each) and new.name == each.name and (
            new.lhs == at(each.lhs) and new.rhs == at(each.rhs)):  # fmt: skip
            return new
    return None


def inherited(each: Fact, at: Callable[[sp.Expr], sp.Expr], old: Stated, other_time: bool) -> str | None:
    """The form of a moved hypothesis: that of the hypothesis that it was; at every time where the time is another."""
    if not everywhere(each):
        return None
    if other_time:
        return ALWAYS
    for before, form in old.forms.items():
        same = before is each or (
            before.name == each.name and at(before.lhs) == each.lhs and at(before.rhs) == each.rhs
        )
        if same and form == ALWAYS:
            return ALWAYS
    return None


def hypothesis_of(
    writer: Writer, mine: Stated, fact: Fact, each: Fact, form: str, given: Mapping[Fact, Fact], view: View,
    now: Mapping[Any, sp.Expr], signs: Sequence[Fact], label: str,
) -> tuple[str, list[str]]:  # fmt: skip
    """A hypothesis of the source at the new setting: its term, and the lines that prove it."""
    kind = assumed(each)
    assert kind is not None
    at = at_of(now)
    name = writer.hypothesis(each)
    local = writer.is_local(each)
    goal = f"{name}{writer.point_arguments(each, At('s1'))}"
    if form == ALWAYS:
        goal = f"forall k, {name} (set_t k s1)"
    if each not in given:
        found = moved(fact, each, at)
        if found is each:
            return writer.supply(each, form, mine.forms, replace(HERE, k="(t s1)")), []
        if each is NOT_CONSTANT:
            return writer.supply(each, form, mine.forms, HERE), []
    proof = given.get(each)
    level = writer.level(each)
    intro, place, limits_given = [], replace(HERE, k="(t s1)"), {}
    if form == ALWAYS or kind.times is not None:
        intro.append("k")
        place = HERE.later("k")
    if kind.times is not None:
        for number, limit in enumerate(writer.limits_of(each)):
            intro.append(f"L{number}")
            limits_given[limit] = f"L{number}"
    points = [] if local else ["y", "u"][:level]
    intro += points
    if not local:
        place = replace(place, x="y" if level >= STATE else "x", v="u" if level == DRAW else "v")
    case_names = {}
    if not local or kind.given:
        for number, case in enumerate(writer.ordered(kind.given)):
            intro.append(f"G{number}")
            case_names[case] = f"G{number}"
    place = replace(place, given={**place.given, **limits_given, **case_names})
    claim = replace(claim_of(each), view=view)
    sign_terms = [writer.call(one, mine.forms, HERE) for one in signs]
    if proof is not None:
        premise = writer.call(proof, mine.forms, place)
        by = [(sp.Integer(1), claim_of(proof))]
        terms = [premise]
    elif found is not None:
        if kind.times is not None:
            inner = f"({writer.hypothesis(found)}_ k {' '.join(limits_given.values())})"
        else:
            inner = (
                writer.supply(found, form, mine.forms, place) if form != ALWAYS else f"({writer.hypothesis(found)}_ k)"
            )
        premise = " ".join([inner, *points, *case_names.values()])
        by, terms = [(sp.Integer(1), claim_of(found))], [f"({premise})"]
    elif each.relation == "=":
        by, terms = [], []
    else:
        difference = at(each.rhs) - at(each.lhs)
        by, terms = [(difference, ONE_FACT)], [POSITIVE]
    known = [case for case in case_names if spelt_out(case.rhs - case.lhs).free_symbols.isdisjoint(now)]
    sign_terms += [case_names[case] for case in known]
    lemma = writer.algebra(mine.name, claim, by, [claim_of(one) for one in (*signs, *known)])
    text = writer.applied(lemma, place, [*sign_terms, *terms])
    intros = f"intros {' '.join(intro)}. " if intro else ""
    return label, [f"assert ({label} : {goal}).", f"{{ {intros}exact {text}. }}"]
