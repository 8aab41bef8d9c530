"""What is no polynomial, written in one way in a lemma: roots, powers, exponentials, maxima."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from math import lcm
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..kernel.algebra import same
from ..language.terms import MEANING, spelt_out
from .signs import NoSign, Signs
from .terms import PLAIN, Printer, View, signs_in, split_exponent

OPAQUE = (sp.Max, sp.Min, sp.exp, sp.log)
SOLVE = "first [ring | field; nonzeros]"


class Forms(ABC):
    """The equations between forms of one number, stated in `lines` and used by `rewrites` and `equations`."""

    opened: frozenset[sp.Expr]

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rewrites: list[str] = []
        self.equations: list[str] = []
        self.fixed: list[str] = []
        self.canonical: list[tuple[sp.Expr, str]] = []
        self.roots: list[tuple[sp.Expr, str]] = []
        self.done: dict[Any, str | None] = {}
        self.units: dict[sp.Expr, int] = {}
        self.numbers = count(1)

    @abstractmethod
    def printer(self, view: View = PLAIN) -> Printer:
        """The printer of a view."""

    @abstractmethod
    def signs_in(self, view: View = PLAIN) -> Signs:
        """Certificates of signs in a view."""

    def opaque(self, x: sp.Expr, view: View) -> None:
        """Write what is no polynomial in one way: equal roots, powers, exponentials, maxima."""
        for symbol in sorted(spelt_out(x).free_symbols & view.values.keys(), key=str):
            self.opaque(view.values[symbol], PLAIN)
        for part in parts(x, self.printer(view).opens):
            symbolic = part.is_Pow and not part.exp.is_Integer
            if not (symbolic or isinstance(part, OPAQUE)):
                continue
            text, value = self.printer(view).real(part), self.written(part, view)
            key = ("opaque", text)
            if key in self.done:
                continue
            self.done[key] = ""
            if symbolic and not part.exp.is_Rational:
                self.symbolic_power(part, text, view)
            elif symbolic:
                self.square_root(part, view)
            elif isinstance(part, sp.exp):
                self.exponential(part, text, view)
            else:
                known = next(
                    (other for old, other in self.canonical if old.func == value.func and same(old, value)), None
                )
                if known is None:
                    self.canonical.append((value, text))
                elif known != text:
                    self.equal(text, known)

    def equal(self, text: str, other: str, proof: str = f"repeat (f_equal; try ({SOLVE}))") -> None:
        """State and use an equation."""
        label = f"r{next(self.numbers)}"
        self.lines.append(f"assert ({label} : {text} = {other}) by ({proof}).")
        self.rewrites.append(label)

    def symbolic_power(self, part: sp.Expr, text: str, view: View) -> None:
        """b^(n + k) = b^n b^k, where b is written as before."""
        printer = self.printer(view)
        half, above, below = printer.split(part.exp)
        ups, downs = signs_in(part.exp)
        base, old = self.written(part.base, view), printer.real(part.base)
        known = next((other for x, other in self.canonical if x.func != sp.exp and same(x, base)), None)
        if known is None:
            self.canonical.append((base, old))
            known = old
        if half:
            inner = f"({old} ^ {printer.nat_of(above)})"
            with suppress(NoSign):
                self.equations.append(f"(pow2_sqrt {inner} {self.signs_in(view)(part.base**above)})")
            return
        for sums, there in ((above, ups), (below, downs)):
            if not there:
                continue
            number, rest = sp.sympify(sums).as_coeff_Add()
            factors = [f"{known} ^ {int(number)}"] if number != 0 else []
            for term in sp.Add.make_args(rest) if rest != 0 else ():
                factor, symbol = term.as_coeff_Mul()
                factors += [f"{known} ^ {printer.symbol_nat(symbol)}"] * int(factor)
                self.fixed.append(f"{known} ^ {printer.symbol_nat(symbol)}")
            written = " * ".join(f"({each})" for each in factors) or "1"
            before = f"{old} ^ {printer.nat_of(sums)}"
            if written != f"({before})":
                change = "" if known == old else f"replace {old} with {known} by ({SOLVE}); "
                self.equal(f"({before})", f"({written})", f"{change}rewrite ?pow_add; cbn [pow]; ring")

    def square_root(self, part: sp.Expr, view: View) -> None:
        """(sqrt x)^2 = x, and sqrt x = sqrt y where x = y."""
        base, text = part.base, self.printer(view).real(part.base)
        value = self.written(base, view)
        known = next((other for x, other in self.roots if same(x, value)), None)
        if known is None:
            self.roots.append((value, text))
        elif known != text:
            self.equal(f"(sqrt {text})", f"(sqrt {known})")
            return
        with suppress(NoSign):
            self.equations.append(f"(pow2_sqrt {text} {self.signs_in(view)(base)})")

    def exponential(self, part: sp.Expr, text: str, view: View) -> None:
        """e^(u + v) = e^u e^v, in powers of the e^m for monomials m."""
        terms: dict[sp.Expr, Any] = {}
        for term in sp.Add.make_args(sp.expand(self.written(part.args[0], view))):
            c, m = term.as_coeff_Mul()
            terms[m] = terms.get(m, 0) + c
        units = {m: self.unit(m) for m in terms}
        if any(not sp.sympify(c).is_Rational for c in terms.values()):
            return
        factors = []
        for m, c in terms.items():
            n = c * units[m]
            e = f"(exp {self.printer().real(m / units[m])})"
            power = e if abs(n) == 1 else f"({e} ^ {abs(int(n))})"
            factors.append(power if n > 0 else f"(/ {power})")
        written = f"({' * '.join(factors)})" if len(factors) > 1 else factors[0]
        if written == text:
            return
        self.equal(
            text,
            written,
            f"rewrite ?S_INR, ?INR_0, ?exp_pow, <- ?exp_Ropp, <- ?exp_plus; f_equal; cbn [INR]; {SOLVE}",
        )

    def written(self, x: sp.Expr, view: View) -> sp.Expr:
        """An expression in a view, its names written out as they are here."""
        while names := x.free_symbols & self.opened:
            x = x.xreplace({name: MEANING[name] for name in names})
        return view.of(x)

    def unit(self, m: sp.Expr) -> int:
        """The denominator by which a monomial is divided under e."""
        return self.units.get(m, 1)

    def find_units(self, claims: Iterable[tuple[sp.Expr, View]]) -> None:
        """The common denominator of the coefficients of each monomial in an exponent."""
        for x, view in claims:
            for part in parts(x, self.printer(view).opens):
                if isinstance(part, sp.exp):
                    for term in sp.Add.make_args(sp.expand(self.written(part.args[0], view))):
                        c, m = term.as_coeff_Mul()
                        self.units[m] = lcm(self.units.get(m, 1), int(sp.sympify(c).q) if c.is_Rational else 1)


def parts(x: sp.Expr, opens: Callable[[sp.Expr], bool]) -> list[sp.Expr]:
    """All parts of an expression, inner ones first; those of names too where they are written out."""
    found: list[sp.Expr] = []
    for each in sp.postorder_traversal(x):
        if isinstance(each, AppliedUndef):
            continue
        if each in MEANING and opens(each):
            found += parts(MEANING[each], opens)
        found.append(each)
    return found


def divisors(x: sp.Expr, opens: Callable[[sp.Expr], bool]) -> list[sp.Expr]:
    """What is divided by."""
    found: dict[sp.Expr, None] = {}
    for part in parts(x, opens):
        if part.is_Pow and part.exp.could_extract_minus_sign():
            found[sp.Pow(part.base, -part.exp) if part.exp.is_Rational and part.exp.q != 1 else part.base] = None
        elif part.is_Pow and not part.exp.is_Rational and part.exp.is_Add and split_exponent(part.exp)[2] != 0:
            found[part.base] = None
    return list(found)
