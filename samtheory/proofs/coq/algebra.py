"""Lemmas about real numbers: a claim from premises, by the certificate rhs - lhs = sum of m_k gap_k."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..language.terms import MEANING, E, spelt_out
from .forms import SOLVE, Forms, divisors
from .opening import opened
from .signs import SUM, NoSign, Signs
from .terms import PLAIN, Identifiers, Printer, View

OPAQUE = (sp.Max, sp.Min, sp.exp, sp.log)


@dataclass(frozen=True, eq=False)
class Claim:
    """lhs relation rhs in a view; `texts` are printed instead where they are given, and are made of `parts`."""

    lhs: sp.Expr
    relation: str
    rhs: sp.Expr
    view: View = PLAIN
    texts: tuple[Any, Any] = (None, None)
    parts: tuple[sp.Expr, ...] = ()

    @property
    def gap(self) -> sp.Expr:
        """rhs - lhs."""
        return self.view.of(self.rhs - self.lhs)


@dataclass
class Lemma:
    """A lemma about real numbers, and what it is applied to: atoms, signs of atoms, meanings of names, premises."""

    name: str
    statement: str
    proof: str
    atoms: list[sp.Expr]
    signs: list[tuple[sp.Expr, bool]]
    meanings: list[sp.Expr]
    searched: bool = False

    @property
    def text(self) -> str:
        """The lemma in Coq."""
        return f"Lemma {self.name} {self.statement}.\nProof.\n{self.proof}\nQed.\n"


class Certificate(Forms):
    """The making of a lemma.

    Parameters
    ----------
    claim, by, signs : what is proved, the premises with their multipliers, and the facts that say something of signs

    Names are written out as far as the identity needs it.
    """

    def __init__(self, claim: Claim, by: Sequence[tuple[sp.Expr, Claim]], signs: Sequence[Claim] = ()) -> None:
        self.claim, self.by, self.signs, self.names = claim, by, signs, Identifiers()
        self.opened = opened(claim.gap - sp.Add(*(m * fact.gap for m, fact in by)))
        super().__init__()
        self.atoms: dict[sp.Expr, str] = {}
        self.sign_names: dict[tuple[sp.Expr, bool], str] = {}
        self.meanings: dict[sp.Expr, str] = {}
        self.searched = False
        #: What is divided by without a sign, and equations of rational multiples of it.
        self.inverses: dict[sp.Expr, str] = {}
        self.multiples: list[str] = []
        self.known: dict[sp.Expr, tuple[bool, str, Claim]] = {}
        for number, fact in enumerate(self.signs):
            if fact.relation == "=":
                continue
            gap = fact.rhs - fact.lhs
            for form in (gap, spelt_out(gap), sp.expand(spelt_out(gap))):
                self.known[form] = (fact.relation == "<", f"k{number}", fact)

    # Printing.

    def printer(self, view: View = PLAIN) -> Printer:
        """The printer of a view."""
        return Printer(self.leaf, self.leaf, self.opened, view)

    def leaf(self, x: sp.Expr) -> str:
        """The variable of an atom."""
        if x not in self.atoms:
            name = x.name if x.is_Symbol else f"{x.func.__name__.split('#')[0]}_{x.args[0]}"
            self.atoms[x] = self.names(x, name)
        return self.atoms[x]

    def said(self, claim: Claim, minus: bool = False) -> str:
        """A claim, or rhs - lhs, as it is printed."""
        printer = self.printer(claim.view)
        sides = zip((claim.lhs, claim.rhs), claim.texts, strict=True)
        left, right = (printer.real(sp.sympify(x)) if text is None else text(printer) for x, text in sides)
        return f"({right} - {left})" if minus else f"{left} {claim.relation} {right}"

    # Signs.

    def signs_in(self, view: View = PLAIN) -> Signs:
        """Certificates in a view; what facts say is used where nothing in it changes."""

        def usable(x: sp.Expr) -> bool:
            return not view.all or not (spelt_out(x).free_symbols & set(view.all))

        def of_known(x: sp.Expr, strict: bool) -> str | None:
            if x not in self.known or not usable(x) or (strict and not self.known[x][0]):
                return None
            return self.from_known(x, strict)

        def forms() -> list[tuple[sp.Expr, bool]]:
            return [(x, firm) for x, (firm, *_) in self.known.items() if usable(x)]

        return Signs(self.printer(view), self.of_symbol, of_known, self.meaning, forms)

    def of_symbol(self, x: sp.Expr, strict: bool) -> str | None:
        """The sign of an atom by its type."""
        good = x.is_positive or (not strict and x.is_nonnegative)
        if isinstance(x, AppliedUndef) and x.func == E:
            good = not strict and nonnegative_mean(x)
        if not good:
            return None
        firm = bool(x.is_positive)
        self.leaf(x)
        name = self.sign_names.setdefault((x, firm), f"s{len(self.sign_names)}")
        return name if firm == strict else f"(pos_nonneg _ {name})"

    def meaning(self, name: sp.Expr) -> str:
        """The equation of a name."""
        self.leaf(name)
        return self.meanings.setdefault(name, f"d{len(self.meanings)}")

    def from_known(self, x: sp.Expr, strict: bool) -> str | None:
        """A certificate from a fact about a sign."""
        firm, name, fact = self.known[x]
        key = ("known", x)
        if key not in self.done:
            self.done[key] = None
            if fact.lhs == 0 and x == fact.rhs:
                self.done[key] = name
            else:
                self.nonzeros(x, PLAIN)
                self.nonzeros(fact.rhs - fact.lhs, PLAIN)
                label = f"g{next(self.numbers)}"
                by = "lt_by" if firm else "le_by"
                gap = self.said(fact, minus=True)
                spelt = "".join(f"rewrite ?{self.meaning(each)}; " for each in self.closed_names(fact.rhs - fact.lhs))
                self.lines.append(
                    f"assert ({label} : 0 {fact.relation} {self.printer().real(x)}) by "
                    f"(apply ({by} _ _ {gap}); [{spelt}{SOLVE} | lra])."
                )
                self.done[key] = label
        found = self.done[key]
        if found is None:
            return None
        return f"(pos_nonneg _ {found})" if firm and not strict else found

    def closed_names(self, x: sp.Expr) -> list[sp.Expr]:
        """The names below an expression that are not written out, outer ones first."""
        found: dict[sp.Expr, None] = {}
        while names := x.free_symbols & MEANING.keys():
            found |= dict.fromkeys(sorted(names - self.opened, key=str))
            x = x.xreplace({name: MEANING[name] for name in names})
        return list(found)

    # What is divided by, and what is no polynomial.

    def nonzeros(self, x: sp.Expr, view: View) -> bool:
        """State that what is divided by is not 0, wherever that has a certificate; whether anything is divided by."""
        found = False
        for base in divisors(x, self.printer(view).opens):
            found = True
            self.nonzero(base, view)
        return found

    def nonzero(self, base: sp.Expr, view: View) -> None:
        """State that what is divided by is not 0, if that has a certificate."""
        key = ("nonzero", base, self.printer(view).real(base))
        if key in self.done:
            return
        self.done[key] = ""
        value = view.of(base)
        for one, x in ((view, base), (PLAIN, value), (PLAIN, sp.expand(self.written(value, PLAIN)))):
            try:
                certificate = self.signs_in(one)(x, True)
            except NoSign:
                continue
            says = f"{self.printer(one).real(x)} <> 0"
            self.lines.append(f"assert (z{next(self.numbers)} : {says}) by exact (pos_nonzero _ {certificate}).")
            return
        text = self.printer(view).real(base)
        for other, known in self.inverses.items():
            ratio = sp.cancel(value / other)
            if ratio.is_Rational and text != known:
                label, q = f"r{next(self.numbers)}", self.printer().real(ratio)
                by = f"rewrite <- Rinv_mult; f_equal; {SOLVE}"
                self.lines.append(f"assert ({label} : / {text} = / {q} * / {known}) by ({by}).")
                self.multiples.append(label)
                return
        self.inverses.setdefault(value, text)

    def factors(self) -> None:
        """State that numerators of what is positive, and their factors, are not 0: `field` asks for each."""
        for number, fact in enumerate(self.signs):
            if fact.relation != "<" or fact.lhs != 0 or fact.view.all:
                continue
            x = self.written(fact.rhs, PLAIN)
            atoms = opaque_atoms(x)
            back = {atom: form for form, atom in atoms.items() if atom.is_Symbol}
            top, bottom = sp.fraction(sp.together(x.xreplace(atoms)))
            factors = [factor for factor, _ in sp.factor_list(top)[1] if factor.is_Add or factor in back]
            for factor in dict.fromkeys([*factors, top] if factors else []):
                if factor.xreplace(back) not in (x, -x):
                    rest = (sp.cancel(top / factor) / bottom).xreplace(back)
                    text, other = (self.printer().real(each) for each in (factor.xreplace(back), rest))
                    self.lines.append(
                        f"try assert (z{next(self.numbers)} : {text} <> 0) by (let E := fresh in intro E; "
                        f"apply (pos_nonzero _ k{number}); transitivity ({text} * {other}); "
                        f"[field; nonzeros | rewrite E; ring])."
                    )

    # The lemma.

    def lemma(self, name: str) -> Lemma:
        """The lemma with its proof."""
        claim, by = self.claim, self.by
        premises = [self.said(fact) for _, fact in by]
        signed = [self.said(fact) for fact in self.signs]
        goal = self.said(claim)
        sides = [
            (side, each.view)
            for each in (claim, *(fact for _, fact in by))
            for side in (each.lhs, each.rhs, *each.parts)
        ]
        sides += [(m, PLAIN) for m, _ in by]
        sides = [(sp.sympify(x), view) for x, view in sides]
        self.find_units(sides)
        divided = False
        for fact in self.signs:
            if fact.relation == "<" and fact.lhs == 0:
                self.nonzero(fact.rhs, PLAIN)
        for x, view in sides:
            divided |= self.nonzeros(x, view)
        self.factors()
        terms, certificates, firm = [], [], False
        for number, (m, fact) in enumerate(by):
            terms.append(f"{self.printer().real(m)} * {self.said(fact, minus=True)}")
            certificates.append(self.term(m, fact, f"h{number}"))
        for x, view in sides:
            self.opaque(x, view)
        total = " + ".join(terms) or "0"
        sign, firm = self.total(certificates, claim.relation)
        rewrites = "".join(f"rewrite ?{label}; " for label in reversed(self.rewrites))
        stated = list(dict.fromkeys(self.equations))
        equations = f" [{' '.join(f'e{n}' for n in range(len(stated)))}]" if stated else ""
        divided |= any("/" in text for text in (goal, total, *self.lines))
        apart = "try (assert (y{0} : p{0} <> 0) by (apply pow_nonzero; nonzero)); "
        rewrites += "".join(f"pose proof {text} as e{n}; " for n, text in enumerate(stated))
        fixed = list(dict.fromkeys(self.fixed))
        rewrites += "".join(
            f"set (p{i} := {text}) in *; {apart.format(i)}clearbody p{i}; " for i, text in enumerate(fixed)
        )
        hidden = ["rewrite <- ?pow_inv; "] if self.inverses else []
        hidden += [f"rewrite ?{label}; " for label in self.multiples]
        for n, text in enumerate(dict.fromkeys(self.inverses.values())):
            hidden.append(f"try (set (i{n} := / {text}) in *; clearbody i{n}); ")
        if re.search(r"INR (\(Datatypes|\d)", f"{goal} {total}"):
            rewrites = "rewrite ?S_INR, ?INR_0 in *; " + rewrites
        for x in [x for x in self.atoms if f"(Nat.pred {self.atoms[x]})" in f"{goal} {total}"]:
            rewrites = f"rewrite ?(INR_pred _ {self.of_symbol(x, True)}) in *; {rewrites}"
        ways = [f"ring{equations}", *([f"field{equations}; nonzeros"] if divided else [])]
        ways += [f"{''.join(hidden)}field{equations}; nonzeros"] if hidden else []
        close = f"first [{' | '.join(ways)}]"
        way = {"<=": "le_by", "<": "lt_by", "=": "eq_by"}[claim.relation]
        lines = [*self.lines, f"apply ({way} _ _ ({total})); [{rewrites}{close} | {sign}]."]
        del firm
        # Meanings may bring atoms of their own.
        meanings = [
            f"({label} : {self.atoms[x]} = {self.printer().real(MEANING[x])})" for x, label in self.meanings.items()
        ]
        nats = [x for x in self.atoms if x.is_Symbol and x.is_integer]
        reals = [x for x in self.atoms if x not in nats]
        binders = f"({' '.join(self.atoms[x] for x in nats)} : nat) " if nats else ""
        binders += f"({' '.join(self.atoms[x] for x in reals)} : R)" if reals else ""
        given = [
            f"({label} : 0 {'<' if strict else '<='} {self.sign_text(x)})"
            for (x, strict), label in self.sign_names.items()
        ]
        given += meanings
        given += [f"(k{number} : {text})" for number, text in enumerate(signed)]
        given += [f"(h{number} : {text})" for number, text in enumerate(premises)]
        head = f"{' '.join([binders, *given]).strip()} :\n  "
        atoms = [*nats, *reals]
        return Lemma(
            name, head + goal, "\n".join(lines), atoms, list(self.sign_names), list(self.meanings), self.searched
        )

    def sign_text(self, x: sp.Expr) -> str:
        """An atom as a real number."""
        return f"INR {self.atoms[x]}" if x.is_Symbol and x.is_integer else self.atoms[x]

    def term(self, m: sp.Expr, fact: Claim, premise: str) -> tuple[str, str]:
        """The certificate of a term m (rhs - lhs), and its kind."""
        if fact.relation == "=":
            return f"(term_eq _ _ _ {premise})", "="
        m = sp.sympify(m)
        signs = self.signs_in()
        try:
            if fact.relation == "<":
                certificate, firm = signs.both(m)
                if firm:
                    return f"(term_lt _ _ _ {certificate} {premise})", "<"
                return f"(term_le _ _ _ {certificate} (Rlt_le _ _ {premise}))", "<="
            return f"(term_le _ _ _ {signs(m)} {premise})", "<="
        except NoSign:
            self.searched = True
            weak = premise if fact.relation == "<=" else f"(Rlt_le _ _ {premise})"
            return f"(term_le _ _ _ ltac:(nra) {weak})", "<="

    def total(self, certificates: list[tuple[str, str]], relation: str) -> tuple[str, bool]:
        """The certificate of the sum."""
        if not certificates:
            return {"=": "exact (eq_refl 0)", "<=": "exact (Rle_refl 0)"}.get(relation, "lra"), False
        if relation == "=":
            if any(kind != "=" for _, kind in certificates):
                return "lra", False
            text = certificates[0][0]
            for each, _ in certificates[1:]:
                text = f"(zero_add _ _ {text} {each})"
            return f"exact {text}", False
        weak = [(f"(zero_le _ {text})" if kind == "=" else text, kind == "<") for text, kind in certificates]
        text, firm = weak[0]
        for each, other in weak[1:]:
            text, firm = f"({SUM[firm, other]} _ _ {text} {each})", firm or other
        if relation == "<":
            return (f"exact {text}" if firm else "lra"), firm
        return f"exact {f'(pos_nonneg _ {text})' if firm else text}", firm


def nonnegative_mean(x: sp.Expr) -> bool:
    """Whether a mean is not negative by the form of what it is a mean of."""
    from ..kernel.algebra import nonnegative

    return nonnegative(x, {})


def opaque_atoms(x: sp.Expr) -> dict[sp.Expr, sp.Expr]:
    """A symbol for each root, power, exponential, maximum in an expression, so that no form of one is changed."""
    found: dict[sp.Expr, sp.Expr] = {}
    for part in sp.postorder_traversal(x):
        if isinstance(part, OPAQUE):
            found[part] = sp.Dummy()
        elif part.is_Pow and not part.exp.is_Integer:
            below = part.exp.could_extract_minus_sign()
            form = 1 / part if below else part
            atom = found.setdefault(form, sp.Dummy())
            found[part] = 1 / atom if below else atom
    return found
