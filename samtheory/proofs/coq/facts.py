"""Facts as Coq lemmas: what each is stated about, and how one is applied to the hypotheses of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..kernel.facts import Fact, assumed
from ..kernel.rules import NOT_CONSTANT, about, limits, recursions
from ..language.terms import (
    DRAW,
    MEANING,
    NOTHING,
    STATE,
    Depends,
    E,
    a,
    delta,
    depends,
    far,
    new,
    slope,
    spelt_out,
    t,
)  # fmt: skip
from .algebra import Certificate, Claim, Lemma
from .signs import NoSign, Signs
from .terms import OVER, At, Setting, Untranslated, environment

NOW, ALWAYS, PLAIN = "now", "always", "plain"
HEAD = "{S : space} {Om : Type} (s : setting S Om)"
QUANTIFIED = {NOTHING: "", STATE: "forall (x : S), ", DRAW: "forall (x : S) (v : Om), "}


@dataclass(frozen=True)
class Stated:
    """A fact in Coq: its lemma, the form of each hypothesis, what it depends on, what it takes from the literature."""

    fact: Fact
    name: str
    forms: Mapping[Fact, str]
    level: Depends
    cited: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a lemma is applied: setting, its types, point, draw, and terms for hypotheses."""

    s: str = "s"
    ty: str = "ty"
    k: str = "(t s)"
    x: str = "x"
    v: str = "v"
    given: Mapping[Fact, str] = field(default_factory=dict)
    atoms: Mapping[sp.Expr, str] = field(default_factory=dict)

    @property
    def at(self) -> At:
        """Where expressions are evaluated."""
        return At(self.s, self.x, self.v)

    def later(self, k: str, given: Mapping[Fact, str] | None = None) -> Place:
        """The same at another time."""
        return replace(self, s=f"(set_t {k} s)", ty=f"(typed_set_t {k} s ty)", k=k, given=given or self.given)


def level_of(*expressions: Any) -> Depends:
    """What expressions depend on."""
    return max((depends(sp.sympify(x)) for x in expressions), default=NOTHING)


def claim_of(fact: Fact) -> Claim:
    """What a fact says."""
    return Claim(fact.lhs, fact.relation, fact.rhs)


class Writer:
    """The text of the files: definitions, hypotheses, lemmas, each in the file of the theorem that needs it first."""

    def __init__(self) -> None:
        self.setting = Setting(declare=self.declare)
        self.names = self.setting.names
        self.text: list[str] = []
        self.home: dict[Any, str] = {}
        self.used: dict[str, set[str]] = {}
        self.file = ""
        self.stated: dict[Fact, Stated] = {}
        self.numbers = 0
        self.counts: dict[str, int] = {}
        self.texts: dict[str, str] = {}

    def start(self, file: str) -> None:
        """Begin a file."""
        self.file, self.text = file, []
        self.used[file] = set()

    def uses(self, key: Any) -> bool:
        """Whether something is stated already, and in which file."""
        if key in self.home:
            if self.home[key] != self.file:
                self.used[self.file].add(self.home[key])
            return True
        self.home[key] = self.file
        return False

    # Definitions.

    def declare(self, key: Any) -> None:
        """Define a name for a formula, or a sequence."""
        if self.uses(key):
            return
        if key in MEANING:
            level = level_of(key)
            formula = environment(self.setting, At()).real(MEANING[key])
            variables = {NOTHING: "", STATE: " (x : S)", DRAW: " (x : S) (v : Om)"}[level]
            name = self.setting.names(key, key.name)
            self.text.append(f"Definition {name} {HEAD}{variables} : R :=\n  {formula}.\n")
            return
        time, start, after = recursions()[key]
        first = environment(self.setting, At()).real(start)
        name = self.setting.names(key, key.__name__.split("#")[0])
        inner = environment(self.setting, At("(set_t k s)"))
        outer, value = inner.leaf, key(time)
        inner.leaf = lambda x: "last" if x == value else outer(x)
        then = inner.real(after)
        self.text.append(
            f"Definition {name} {HEAD} (n : nat) : R :=\n  nat_rect (fun _ => R) {first} (fun k last => {then}) n.\n"
        )
        if value.is_nonnegative:
            base, place = self.signs(Place())(start), Place("(set_t k s)", "(typed_set_t k s ty)", "k")

            def of_symbol(x: sp.Expr, strict: bool) -> str | None:
                return "IH" if x == value and not strict else self.sign(x, strict, place)

            self.text.append(
                f"Lemma {name}_nonneg {HEAD} (ty : typed s) n : 0 <= {name} s n.\n"
                f"Proof. induction n as [| k IH]; [exact {base} | exact {Signs(inner, of_symbol)(after)}]. Qed.\n"
            )

    def hypothesis(self, fact: Fact) -> str:
        """The proposition of a hypothesis."""
        name = self.names(("H", fact), f"H_{_short(fact.name)}")
        if self.uses(("H", fact)):
            return name
        kind = assumed(fact)
        assert kind is not None
        if fact is NOT_CONSTANT:
            self.setting.at_point(delta, At())
            self.text.append(f"Definition {name} {HEAD} : Prop := exists x, 0 < delta s x.\n")
            return name
        level = self.level(fact)
        if not (kind.everywhere or kind.times):
            variables = {NOTHING: "", STATE: " (x : S)", DRAW: " (x : S) (v : Om)"}[level]
            self.text.append(f"{comment(fact)}Definition {name} {HEAD}{variables} : Prop := {self.says(fact, At())}.\n")
            return name
        s, ahead = "s", ""
        if kind.times is not None:
            s, ahead = "(set_t k s)", "forall k, "
            for limit in self.limits_of(fact):
                ahead += f"{self.hypothesis(limit)} (set_t k s) -> "
        cases = "".join(
            f"{self.hypothesis(case)}{self.point_arguments(case, At(s))} -> " for case in self.ordered(kind.given)
        )
        self.text.append(
            f"{comment(fact)}Definition {name} {HEAD} : Prop :=\n"
            f"  {ahead}{QUANTIFIED[level]}{cases}{self.says(fact, At(s))}.\n"
        )
        return name

    def says(self, fact: Fact, at: At) -> str:
        """What a fact says."""
        printer = environment(self.setting, at)
        return f"{printer.real(fact.lhs)} {fact.relation} {printer.real(fact.rhs)}"

    def limits_of(self, fact: Fact) -> list[Fact]:
        """The limits of the times of a hypothesis."""
        kind = assumed(fact)
        assert kind is not None
        assert kind.times is not None
        time, first, before = kind.times
        if time != t:
            raise Untranslated(f"{fact.name}: is about the times {time}")
        return limits(time, first, None if before is None else before - 1)

    def level(self, fact: Fact) -> Depends:
        """What a hypothesis depends on."""
        kind = assumed(fact)
        assert kind is not None
        return max([level_of(fact.lhs, fact.rhs), *(self.level(case) for case in kind.given)])

    def is_local(self, fact: Fact) -> bool:
        """Whether a hypothesis is about this point or this draw."""
        kind = assumed(fact)
        assert kind is not None
        return not (kind.everywhere or kind.times) and self.level(fact) > NOTHING

    def point_arguments(self, fact: Fact, at: At) -> str:
        """The arguments of the proposition of a hypothesis."""
        kind = assumed(fact)
        assert kind is not None
        level = NOTHING if kind.everywhere or kind.times else self.level(fact)
        return " " + " ".join([at.s, *([at.x] if level >= STATE else []), *([at.v] if level == DRAW else [])])

    def ordered(self, facts: Any) -> list[Fact]:
        """Hypotheses in the order of their propositions."""
        return sorted(facts, key=self.hypothesis)

    # Lemmas about real numbers.

    def algebra(self, name: str, claim: Claim, by: Sequence[tuple[Any, Claim]], signs: Sequence[Claim] = ()) -> Lemma:
        """A lemma about real numbers, in the file."""
        by = [(sp.sympify(m), fact) for m, fact in by]
        self.numbers += 1
        lemma = Certificate(claim, by, signs).lemma(self.names(("algebra", self.numbers), f"{name[:24]}_real"))
        known = self.texts.get(lemma.statement)
        if known is not None and known in self.home:
            self.uses(known)
            del self.names.of["algebra", self.numbers]
            self.names.taken.discard(lemma.name)
            return replace(lemma, name=known)
        self.texts[lemma.statement] = lemma.name
        self.uses(lemma.name)
        self.text.append(lemma.text)
        return lemma

    def applied(self, lemma: Lemma, place: Place, premises: Sequence[str] = ()) -> str:
        """A lemma applied to the numbers of a setting."""
        printer = environment(self.setting, place.at)

        def atom(x: sp.Expr) -> str:
            if x in place.atoms:
                return place.atoms[x]
            return printer.nat_of(x) if x.is_Symbol and x.is_integer else printer.leaf(x)

        signs = [self.sign(x, strict, place) for x, strict in lemma.signs]
        parts = [lemma.name, *map(atom, lemma.atoms), *map(str, signs), *("eq_refl" for _ in lemma.meanings), *premises]
        return f"({' '.join(parts)})"

    def signs(self, place: Place) -> Signs:
        """Certificates of signs in a setting."""
        return Signs(environment(self.setting, place.at), lambda x, strict: self.sign(x, strict, place))

    def sign(self, x: sp.Expr, strict: bool, place: Place) -> str | None:
        """The sign of a symbol or function by what it stands for."""
        firm = bool(x.is_positive)
        if isinstance(x, AppliedUndef) and x.func == E:
            inner = self.signs(replace(place, v="v"))
            return None if strict else f"(mean_nonneg (draws {place.s}) _ (fun v => {inner(x.args[0])}))"
        if (strict and not firm) or not x.is_nonnegative:
            return None
        text = self.own_sign(x, place)
        return text if firm == strict else f"(pos_nonneg _ {text})"

    def own_sign(self, x: sp.Expr, place: Place) -> str:
        """The sign that the type of a symbol says."""
        setting, at = self.setting, place.at
        printer = environment(setting, at)
        if isinstance(x, AppliedUndef):
            n, name = printer.nat_of(x.args[0]), setting.function(x.func)
            if x.func in OVER or x.func in recursions():
                return f"({name}_nonneg {place.s} {place.ty} {n})"
            return f"(ty_{name} {place.ty} {n})"
        if x == a:
            setting.constant(a)
            return f"(ty_a {place.ty})"
        if x.is_integer:
            return f"(lt_0_INR _ (ty_{setting.constant(x)} {place.ty}))"
        if depends(x) == NOTHING:
            return f"(ty_{setting.constant(x)} {place.ty})"
        if x in (delta, new):
            point = at.x if x == delta else f"(next {at.s} {at.time()} {at.x} {at.v})"
            setting.at_point(x, at)
            return f"(ty_delta {place.ty} {point})"
        if x == slope:
            return f"(pow2_ge_0 (norm (grad {at.s} (next {at.s} {at.time()} {at.x} {at.v}))))"
        if x.name.startswith("‖") and x != far:
            return "(norm_nonneg _)"
        term = setting.at_point(x, at)[1:-1].split(" ", 1)
        arguments = term[1].removeprefix(at.s)
        return f"(ty_{term[0]} {place.ty}{arguments})"

    # Facts.

    def state(self, fact: Fact, forms: Mapping[Fact, str], level: Depends, cited: Sequence[str] = ()) -> Stated:
        """Register a fact under a name."""
        stated = Stated(fact, self.names(("f", fact), f"{_short(fact.name)}"), forms, level, tuple(cited))
        self.stated[fact] = stated
        return stated

    def header(self, stated: Stated, name: str = "", says: str = "") -> str:
        """The statement of a fact."""
        parts, ahead = [f"{name or stated.name} {HEAD} (ty : typed s)"], []
        for each in self.ordered(stated.forms):
            label, form = self.hypothesis(each), stated.forms[each]
            if self.is_local(each):
                ahead.append(f"({label}_ : {label}{self.point_arguments(each, At())})")
            elif form == ALWAYS:
                parts.append(f"({label}_ : forall k, {label} (set_t k s))")
            else:
                parts.append(f"({label}_ : {label} s)")
        parts += [f"({each}_ : {each} s)" for each in stated.cited]
        level = [*(["(x : S)"] if stated.level >= STATE else []), *(["(v : Om)"] if stated.level == DRAW else [])]
        return f"{' '.join([*parts, *level, *ahead])} :\n  {says or self.says(stated.fact, At())}"

    def supply(self, fact: Fact, form: str, mine: Mapping[Fact, str], place: Place) -> str:
        """A term for a hypothesis of a premise."""
        if fact in place.given:
            return place.given[fact]
        if fact not in mine:
            raise Untranslated(f"{fact.name}: is no hypothesis here")
        label = f"{self.hypothesis(fact)}_"
        return f"({label} {place.k})" if form == NOW and mine[fact] == ALWAYS else label

    def call(self, premise: Fact, mine: Mapping[Fact, str], place: Place) -> str:
        """A premise at a place, from the hypotheses that are here."""
        stated = self.stated[premise]
        self.uses(stated.name)
        terms = {each: self.supply(each, form, mine, place) for each, form in stated.forms.items()}
        ordered = self.ordered(stated.forms)
        parts = [stated.name, place.s, place.ty, *(terms[each] for each in ordered if not self.is_local(each))]
        parts += [f"{each}_" for each in stated.cited]
        parts += [place.x] if stated.level >= STATE else []
        parts += [place.v] if stated.level == DRAW else []
        return f"({' '.join([*parts, *(terms[each] for each in ordered if self.is_local(each))])})"

    def prove(self, stated: Stated, proof: str, needs: Depends | None = None) -> None:
        """Write a lemma; a point and a draw are found where the premises need one that the claim does not."""
        needs = stated.level if needs is None else needs
        ahead = []
        if needs == DRAW and stated.level < DRAW:
            ahead.append("destruct (law_inhabited (draws s)) as [v].")
        if needs >= STATE and stated.level < STATE:
            ahead.append("pose (x := x_0 s).")
        self.text.append("\n".join([f"Lemma {self.header(stated)}.", "Proof.", *ahead, proof, "Qed.\n"]))
        self.uses(stated.name)

    def forms(
        self, fact: Fact, premises: Sequence[Fact], own: Callable[[Fact], str | None] = lambda each: None
    ) -> dict[Fact, str]:
        """The form in which each hypothesis of a fact is needed."""
        found: dict[Fact, str] = {}
        for each in fact.hypotheses:
            forms = {self.stated[premise].forms[each] for premise in premises if each in self.stated[premise].forms}
            kind = assumed(each)
            assert kind is not None
            plain = not kind.everywhere or kind.times is not None or each is NOT_CONSTANT
            default = PLAIN if plain else ALWAYS if ALWAYS in forms else NOW
            found[each] = own(each) or default
        return found

    def cited(self, premises: Sequence[Fact]) -> tuple[str, ...]:
        """What the premises take from the literature."""
        return tuple(sorted({each for premise in premises for each in self.stated[premise].cited}))


def everywhere(fact: Fact) -> bool:
    """Whether a hypothesis is about every x at each time by itself."""
    kind = assumed(fact)
    return kind is not None and kind.everywhere and kind.times is None and fact is not NOT_CONSTANT


def comment(fact: Fact) -> str:
    """The kind and name of a hypothesis, for the reader."""
    kind = assumed(fact)
    words = f"{kind.word if kind else ''}: {fact.name}".replace("*)", "* )").replace("(*", "( *")
    return f"(* {words} *)\n"


def _short(name: str) -> str:
    """A name, shortened."""
    return name if name[:1].isalpha() else f"n {name}"


__all__ = [
    "ALWAYS",
    "NOW",
    "PLAIN",
    "NoSign",
    "Place",
    "Stated",
    "Writer",
    "about",
    "claim_of",
    "level_of",
    "spelt_out",
]
