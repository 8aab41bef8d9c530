"""Hypotheses, steps, signs, squares, definitions, cases in Coq."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from ..kernel.facts import Fact, assumed
from ..kernel.rules import NOT_CONSTANT
from ..language.terms import DRAW, NOTHING, STATE, Vector, _inner, a
from ..proof import arguments
from .algebra import Claim
from .facts import PLAIN, Writer, claim_of, level_of
from .lemmas import HERE, ONE_FACT, POSITIVE, by_algebra, highest, stated
from .terms import At, environment


def hypothesis(writer: Writer, fact: Fact) -> None:
    """What is assumed."""
    kind = assumed(fact)
    assert kind is not None
    if fact is NOT_CONSTANT:
        writer.hypothesis(fact)
        writer.state(fact, {fact: PLAIN}, NOTHING)
        return
    mine = stated(writer, fact, ())
    local = [each for each in fact.hypotheses if writer.is_local(each)]
    mine = replace(mine, level=max([writer.level(fact), *(writer.level(each) for each in local)]))
    writer.stated[fact] = mine
    label = f"{writer.hypothesis(fact)}_"
    parts = [label]
    if kind.times is not None:
        parts += ["(t s)", *(f"{writer.hypothesis(limit)}_" for limit in writer.limits_of(fact))]
    if kind.everywhere or kind.times is not None:
        level = writer.level(fact)
        parts += [*(["x"] if level >= STATE else []), *(["v"] if level == DRAW else [])]
        parts += [f"{writer.hypothesis(case)}_" for case in writer.ordered(kind.given)]
    writer.prove(mine, f"exact ({' '.join(parts)}).")


def step(writer: Writer, fact: Fact) -> None:
    """rhs - lhs = sum of m * gap."""
    of = arguments(fact)
    by, signs = of["by"], of["signs"]
    mine = stated(writer, fact, (*by, *signs))
    terms = [writer.call(each, mine.forms, HERE) for each in by]
    by_algebra(writer, fact, list(by), [(m, claim_of(each)) for each, m in by.items()], terms, signs)


def sign(writer: Writer, fact: Fact) -> None:
    """The sign of a symbol."""
    mine = stated(writer, fact, ())
    x = fact.rhs
    if x.is_integer and not x.is_positive:
        text: str | None = f"(pos_INR {environment(writer.setting, At()).nat_of(x)})"
    else:
        text = writer.sign(x, bool(x.is_positive), HERE)
    writer.prove(mine, f"exact {text}.")


def positive_one(writer: Writer, fact: Fact) -> None:
    """0 < 1."""
    writer.prove(stated(writer, fact, ()), f"exact {POSITIVE}.")


def shares(writer: Writer, fact: Fact) -> None:
    """a + lam = 1."""
    writer.setting.constant(a)
    writer.prove(stated(writer, fact, ()), "unfold a. ring.")


def square(writer: Writer, fact: Fact) -> None:
    """0 <= root^2."""
    of = arguments(fact)
    root, signs = of["root"], of["signs"]
    if type(root) is not Vector:
        root = sp.sympify(root)
        power = Claim(
            sp.Integer(0), "<=", root**2, texts=(None, lambda printer: f"({printer.real(root)} ^ 2)"), parts=(root,)
        )
        real = environment(writer.setting, At()).real(root)
        by_algebra(writer, fact, (), [(1, power)], [f"(pow2_ge_0 {real})"], signs)
        return
    named = sorted(root.parts, key=lambda each: (not each.name.startswith("∇"), each.name))
    printer = environment(writer.setting, At())
    pairs = (f"({printer.real(root.parts[each])}, {writer.setting.vector(each.name, At())})" for each in named)
    claim = Claim(
        sp.Integer(0), "<=", root.norm2, texts=(None, lambda p: gram(p, root, named)), parts=tuple(root.parts.values())
    )
    by_algebra(writer, fact, (), [(1, claim)], [f"(gram_nonneg [{'; '.join(pairs)}])"], signs)


def gram(printer: Any, root: Vector, named: Sequence[Any]) -> str:
    """The square of a combination as the library has it."""
    text = "0"
    for i in reversed(range(len(named))):
        row, c = "0", printer.real(root.parts[named[i]])
        for other in reversed(named[i + 1 :]):
            row = f"({printer.real(root.parts[other])} * {printer.real(_inner(named[i], other))} + {row})"
        text = f"({c} * {c} * {printer.real(named[i].norm)} ^ 2 + 2 * {c} * {row} + {text})"
    return text


def recursion(writer: Writer, fact: Fact) -> None:
    """What a sequence is by definition."""
    writer.prove(stated(writer, fact, ()), "reflexivity.")


def cases(writer: Writer, fact: Fact) -> None:
    """A fact in two cases."""
    of = arguments(fact)
    (one, this), (other, that) = of["first"], of["second"]
    signs = of["signs"]
    mine = stated(writer, fact, (one, other, *signs))
    printer = environment(writer.setting, At())
    left, right = printer.real(this.lhs), printer.real(this.rhs)
    if this.relation == "<=":
        # 0 <= x, or x <= 0 in the words of the second case.
        lemma = writer.algebra(mine.name, claim_of(that), [(1, Claim(this.rhs, "<", this.lhs))])
        turned = writer.applied(lemma, HERE, ["C"])
        split_ = f"destruct (Rle_lt_dec {left} {right}) as [C | C]."
        second = turned
    else:
        weak = Claim(this.lhs, "<=", this.rhs)
        lemma = writer.algebra(mine.name, weak, [(this.rhs - this.lhs, ONE_FACT)], [claim_of(each) for each in signs])
        sign_ = writer.applied(lemma, HERE, [*(writer.call(each, mine.forms, HERE) for each in signs), POSITIVE])
        lemma = writer.algebra(mine.name, claim_of(that), [(1, Claim(this.lhs, "=", this.rhs))])
        split_ = f"destruct {sign_} as [C | C]."
        second = writer.applied(lemma, HERE, ["C"])
    firsts = writer.call(one, mine.forms, replace(HERE, given={this: "C"}))
    seconds = writer.call(other, mine.forms, replace(HERE, given={that: second}))
    if (other.lhs, other.rhs) != (fact.lhs, fact.rhs):
        lemma = writer.algebra(mine.name, claim_of(fact), [(1, claim_of(other))])
        seconds = writer.applied(lemma, HERE, [seconds])
    needs = max(highest(writer, (one, other, *signs)), level_of(this.lhs, this.rhs))
    writer.prove(mine, f"{split_}\n- exact {firsts}.\n- exact {seconds}.", needs)


def somewhere(writer: Writer, fact: Fact) -> None:
    """A fact about constants that is true where delta > 0."""
    of = arguments(fact)
    one, case = of["fact"], of["case"]
    mine = stated(writer, fact, (one,))
    constant = writer.supply(NOT_CONSTANT, PLAIN, mine.forms, HERE)
    call = writer.call(one, mine.forms, replace(HERE, given={case: "C"}))
    needs = writer.stated[one].level
    ahead = "destruct (law_inhabited (draws s)) as [v].\n" if needs == DRAW else ""
    writer.text.append(
        f"Lemma {writer.header(mine)}.\nProof.\n{ahead}destruct {constant} as [x C]. exact {call}.\nQed.\n"
    )
    writer.uses(mine.name)
