"""The standard lemmas in Coq: instances of those of the library, or what is cited."""

from __future__ import annotations

from typing import Any

import sympy as sp

from samtheory.theorems.symbols import mu

from ..kernel.algebra import same
from ..kernel.facts import Fact
from ..kernel.rules import NOT_CONSTANT, recursions
from ..language.terms import DRAW, MEANING, E, _inner, delta, grad, norm, spelt_out, w
from ..proof import arguments
from .algebra import Claim
from .facts import PLAIN, Stated, Writer, claim_of
from .lemmas import HERE, ONE_FACT, POSITIVE, by_algebra, highest, stated
from .terms import At, Untranslated, environment, split_exponent


def cauchy_schwarz(writer: Writer, fact: Fact) -> None:
    """<v, w> <= ||v|| ||w||."""
    of = arguments(fact)
    ((v, p),), ((w, q),) = of["v"].parts.items(), of["w"].parts.items()
    dot, size = _inner(v, w), v.norm * w.norm
    vectors = {v.name: writer.setting.vector(v.name, At()), w.name: writer.setting.vector(w.name, At())}
    if v == w:
        raise Untranslated(f"{fact.name}: of one vector")
    first, second = dot.name[1:-1].split(", ")
    above = p * q == 1
    left = dot if above else -dot
    mine = Claim(left, "<=", size, texts=(
        None if above else lambda printer: f"(- {printer.real(dot)})",
        lambda printer: f"({printer.real(number(first, v, w))} * {printer.real(number(second, v, w))})",
    ))  # fmt: skip
    term = f"({'schwarz_above' if above else 'schwarz_below'} {vectors[first]} {vectors[second]})"
    by_algebra(writer, fact, (), [(1, mine)], [term])


def number(name: str, *vectors: Any) -> sp.Symbol:
    """The norm of the vector with this name."""
    return next(each.norm for each in vectors if each.name == name)


def cauchy_schwarz_mean(writer: Writer, fact: Fact) -> None:
    """E[X Y] <= x y."""
    of = arguments(fact)
    setting = writer.setting
    printer = environment(setting, At())
    first, second = (f"(fun v => {printer.real(sp.sympify(of[key]))})" for key in "XY")
    mine = stated(writer, fact, of["squares"])
    proofs = []
    for each, size in (map(sp.sympify, (of[X], of[x])) for X, x in ("Xx", "Yy")):
        claim = Claim(
            E(each**2), "=", size**2, texts=(None, lambda p, size=size: f"({p.real(size)} ^ 2)"), parts=(size,)
        )
        found = [f for f in of["squares"] if sp.expand(spelt_out(f.rhs - f.lhs - (size**2 - E(each**2)))) == 0]
        by = [(1, claim_of(found[0]))] if found else []
        lemma = writer.algebra(mine.name, claim, by)
        proofs.append(writer.applied(lemma, HERE, [writer.call(found[0], mine.forms, HERE)] if found else []))
    signs = [writer.signs(HERE)(sp.sympify(of[key])) for key in "xy"]
    sizes = [printer.real(sp.sympify(of[key])) for key in "xy"]
    product = sp.sympify(of["X"]) * sp.sympify(of["Y"])
    same_order = f"(mean_schwarz_root (draws s) {first} {second} {' '.join([*sizes, *proofs, *signs])})"
    claim = Claim(E(product), "<=", of["x"] * of["y"],
                  texts=(None, lambda p: f"({p.real(sp.sympify(of['x']))} * {p.real(sp.sympify(of['y']))})"),
                  parts=(sp.sympify(of["x"]), sp.sympify(of["y"])))  # fmt: skip
    lemma = writer.algebra(mine.name, claim_of(fact), [(1, claim)])
    writer.prove(mine, f"exact {writer.applied(lemma, HERE, [same_order])}.")


def root(writer: Writer, fact: Fact) -> None:
    """x <= y from x^2 <= y^2 and 0 <= y."""
    squares = arguments(fact)["squares"]
    mine = stated(writer, fact, (squares,))
    claim = Claim(
        fact.lhs**2, "<=", fact.rhs**2,
        texts=(lambda p: f"({p.real(fact.lhs)} ^ 2)", lambda p: f"({p.real(fact.rhs)} ^ 2)"),
        parts=(fact.lhs, fact.rhs),
    )  # fmt: skip
    lemma = writer.algebra(mine.name, claim, [(1, claim_of(squares))])
    term = writer.applied(lemma, HERE, [writer.call(squares, mine.forms, HERE)])
    writer.prove(mine, f"exact (root_le _ _ {term} {writer.signs(HERE)(fact.rhs)}).", writer.stated[squares].level)


def extreme_of(fact: Fact, key: str = "extreme") -> tuple[sp.Expr, sp.Expr]:
    """A maximum or minimum as it is written, and what it stands for."""
    extreme = value = arguments(fact)[key]
    while value in MEANING:
        value = MEANING[value]
    return extreme, value


def one_of(writer: Writer, fact: Fact) -> None:
    """x <= max, or min <= x."""
    _, value = extreme_of(fact)
    x = sp.sympify(arguments(fact)["x"])
    largest = isinstance(value, sp.Max)
    n = next(i for i, each in enumerate(value.args) if same(each, x))
    up, down = ("max_below", "Rle_refl") if largest else ("min_above", "Rle_refl")
    printed = environment(writer.setting, At()).real(value.args[n])
    text = f"({down} {printed})"
    if n > 0:
        text = f"({up}_r _ _ _ {text})"
    for _ in value.args[max(n + 1, 1) :]:
        text = f"({up}_l _ _ _ {text})"
    part = value.args[n]
    claim = Claim(part, "<=", value) if largest else Claim(value, "<=", part)
    by_algebra(writer, fact, (), [(1, claim)], [text])


def all_of(writer: Writer, fact: Fact) -> None:
    """times * max <= y, or y <= times * min."""
    of = arguments(fact)
    _, value = extreme_of(fact)
    largest, times, y = isinstance(value, sp.Max), sp.sympify(of["times"]), sp.sympify(of["y"])
    mine = stated(writer, fact, of["facts"])
    terms, claims = [], []
    for part in value.args:
        difference = y - times * part if largest else times * part - y
        premise = next(each for each in of["facts"] if same(each.rhs - each.lhs, difference))

        def product(p: Any, part: sp.Expr = part) -> str:
            return f"({p.real(times)} * {p.real(part)})"

        claim = Claim(times * part, fact.relation, y, texts=(product, None), parts=(times, part)) if largest else Claim(
            y, fact.relation, times * part, texts=(None, product), parts=(times, part))  # fmt: skip
        lemma = writer.algebra(mine.name, claim, [(1, claim_of(premise))])
        terms.append(writer.applied(lemma, HERE, [writer.call(premise, mine.forms, HERE)]))
        claims.append(claim)
    kind = ("max" if largest else "min") + ("_lt" if fact.relation == "<" else "_le")
    text = terms[0]
    for each in terms[1:]:
        text = f"(scaled_{kind} _ _ _ _ {text} {each})"

    def whole(p: Any) -> str:
        return f"({p.real(times)} * {p.real(value)})"

    joined = Claim(times * value, fact.relation, y, texts=(whole, None), parts=(times, value)) if largest else Claim(
        y, fact.relation, times * value, texts=(None, whole), parts=(times, value))  # fmt: skip
    lemma = writer.algebra(mine.name, claim_of(fact), [(1, joined)])
    writer.prove(mine, f"exact {writer.applied(lemma, HERE, [text])}.", highest(writer, of["facts"]))


def tangent(writer: Writer, fact: Fact) -> None:
    """1 + u <= e^u."""
    of = arguments(fact)
    u, signs = sp.sympify(of["u"]), of["signs"]
    logs = [term for term in sp.Add.make_args(u) if term.has(sp.log)]
    printer = environment(writer.setting, At())
    if not logs:
        claim = Claim(1 + u, "<=", sp.exp(u), texts=(lambda p: f"(1 + {p.real(u)})", lambda p: f"(exp {p.real(u)})"),
                      parts=(u,))  # fmt: skip
        by_algebra(writer, fact, (), [(1, claim)], [f"(tangent {printer.real(u)})"], signs)
        return
    ((c, log),) = [term.as_coeff_Mul() for term in logs]
    if c != -1 or not isinstance(log, sp.log):
        raise Untranslated(f"{fact.name}: of {u}")
    rest, y = u + log, log.args[0]
    mine = stated(writer, fact, signs)
    positive = Claim(sp.Integer(0), "<", y)
    lemma = writer.algebra(mine.name, positive, [(y, ONE_FACT)], [claim_of(each) for each in signs])
    calls = [writer.call(each, mine.forms, HERE) for each in signs]
    firm = writer.applied(lemma, HERE, [*calls, POSITIVE])
    claim = Claim(1 + u, "<=", sp.exp(rest) / y, texts=(
        lambda p: f"(1 + ({p.real(rest)} - {p.real(log)}))", lambda p: f"((exp {p.real(rest)}) / {p.real(y)})"),
        parts=(rest, y, sp.exp(rest)))  # fmt: skip
    lemma = writer.algebra(mine.name, claim_of(fact), [(1, claim)], [positive])
    term = f"(tangent_ln {printer.real(rest)} {printer.real(y)} {firm})"
    writer.prove(mine, f"exact {writer.applied(lemma, HERE, [firm, term])}.")


def power(writer: Writer, fact: Fact) -> None:
    """r^u <= r^v, where u = n - k and v = n/2 for times n and k."""
    of = arguments(fact)
    r, u, v = (sp.sympify(of[key]) for key in "ruv")
    half, n, zero = split_exponent(v)
    _, above, k = split_exponent(u)
    if not half or zero != 0 or above != n:
        raise Untranslated(f"{fact.name}: r^{u} and r^{v}")
    below, order, positive = of["below"], of["order"], of["positive"]
    mine = stated(writer, fact, (below, order, positive))
    printer = environment(writer.setting, At())

    def proved(claim: Claim, premise: Fact) -> str:
        lemma = writer.algebra(mine.name, claim, [(1, claim_of(premise))])
        return writer.applied(lemma, HERE, [writer.call(premise, mine.forms, HERE)])

    times = Claim(n / 2, "<=", n - k, texts=(
        lambda p: f"(INR {p.nat_of(n)} / 2)", lambda p: f"(INR {p.nat_of(n)} - INR {p.nat_of(k)})"))  # fmt: skip
    firm, small = proved(Claim(sp.Integer(0), "<", r), positive), proved(Claim(r, "<=", sp.Integer(1)), below)
    enough = f"(INR_half _ _ {proved(times, order)})"
    term = f"(half_power {printer.real(r)} {printer.nat_of(n)} {printer.nat_of(k)} {firm} {small} {enough})"
    writer.prove(mine, f"exact {term}.", highest(writer, (below, order, positive)))


def zeta(writer: Writer, fact: Fact) -> None:
    """F(n) <= pi^2/6."""
    of = arguments(fact)
    F = of["F"]
    name = writer.setting.function(F)
    mine = stated(writer, fact, (), cited=("zeta_two",))
    time, _, after = recursions()[F]
    inner = environment(writer.setting, At("(set_t n s)"))
    outer = inner.leaf
    inner.leaf = lambda x: f"({name} s n)" if x == F(time) else outer(x)
    n = environment(writer.setting, At()).nat_of(of["n"])
    steps = (
        f"intros n; transitivity {inner.real(after)}; "
        "[reflexivity | change (t (set_t n s)) with n; pose proof (pos_INR n); field; lra]"
    )
    right = writer.says(fact, At()).split(" <= ", 1)[1]
    writer.prove(
        mine,
        f"assert (H : {name} s {n} <= PI ^ 2 / 6) by (apply zeta_two_; [reflexivity | {steps}]).\n"
        f"enough (E : {right} = PI ^ 2 / 6) by (rewrite E; exact H). field.",
    )


def slope(writer: Writer, fact: Fact) -> None:
    """p <= q from p delta <= q delta + r at every x."""
    of = arguments(fact)
    p, q, line, PL = of["p"], of["q"], of["line"], of["PL"]
    mine = stated(writer, fact, (line, PL, NOT_CONSTANT), cited=("PL_unbounded",))
    rest = sp.expand(spelt_out(line.rhs - line.lhs - (q - p) * delta))
    form = Claim(p * delta, "<=", q * delta + rest, texts=(
        lambda pr: f"({pr.real(sp.sympify(p))} * {pr.real(delta)})",
        lambda pr: f"({pr.real(sp.sympify(q))} * {pr.real(delta)} + {pr.real(rest)})"))  # fmt: skip
    lemma = writer.algebra(mine.name, form, [(1, claim_of(line))])
    everywhere = f"(fun x => {writer.applied(lemma, HERE, [writer.call(line, mine.forms, HERE)])})"
    flat = f"(fun x => {pl_term(writer, mine, PL)})"
    constant = writer.supply(NOT_CONSTANT, PLAIN, mine.forms, HERE)
    needs = max(writer.stated[line].level, writer.stated[PL].level)
    ahead = "destruct (law_inhabited (draws s)) as [v].\n" if needs == DRAW else ""
    writer.text.append(
        f"Lemma {writer.header(mine)}.\nProof.\n{ahead}"
        f"exact (slope_of_unbounded (delta s) _ _ _ (PL_unbounded_ {flat} {constant}) {everywhere}).\nQed.\n"
    )
    writer.uses(mine.name)


def pl_term(writer: Writer, mine: Stated, PL: Fact) -> str:
    """2 mu delta <= ||grad f||^2, as the cited statements have it."""
    form = Claim(2 * mu * delta, "<=", norm(grad) ** 2, texts=(
        lambda pr: f"(2 * {pr.real(mu)} * {pr.real(delta)})", lambda pr: f"({pr.real(norm(grad))} ^ 2)"))  # fmt: skip
    lemma = writer.algebra(mine.name, form, [(1, claim_of(PL))])
    return writer.applied(lemma, HERE, [writer.call(PL, mine.forms, HERE)])


def quadratic_growth(writer: Writer, fact: Fact) -> None:
    """(mu/2) ||x - x*||^2 <= delta."""
    PL = arguments(fact)["PL"]
    mine = stated(writer, fact, (PL,), cited=("growth",))
    form = Claim(mu / 2 * norm(w) ** 2, "<=", delta, texts=(
        lambda pr: f"({pr.real(mu)} / 2 * {pr.real(norm(w))} ^ 2)", None))  # fmt: skip
    lemma = writer.algebra(mine.name, claim_of(fact), [(1, form)])
    flat = f"(fun x => {pl_term(writer, mine, PL)})"
    writer.prove(mine, f"exact {writer.applied(lemma, HERE, [f'(growth_ {flat} x)'])}.")
