"""Certificates that a number is positive or not negative, as Coq terms: read off its form as the kernel does."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy.core.function import AppliedUndef

from ..kernel.algebra import multiple
from ..language.terms import MEANING, E
from .terms import Printer, signs_in


class NoSign(Exception):
    """Nothing says that an expression has this sign."""


#: The lemma on the sum of two numbers, by whether each is positive.
SUM = {
    (True, True): "Rplus_lt_0_compat",
    (True, False): "Rplus_lt_le_0_compat",
    (False, True): "Rplus_le_lt_0_compat",
    (False, False): "Rplus_le_le_0_compat",
}


class Signs:
    """Certificates of signs of expressions as a printer prints them.

    Parameters
    ----------
    printer : how the expressions are printed
    of_symbol : a certificate of 0 < x (or 0 <= x, unless strict) for a symbol or function, or None
    of_known : a certificate from what facts say, or None
    meaning : the equation of a name and its formula, where names are not opened
    """

    def __init__(
        self,
        printer: Printer,
        of_symbol: Callable[[sp.Expr, bool], str | None],
        of_known: Callable[[sp.Expr, bool], str | None] = lambda x, strict: None,
        meaning: Callable[[sp.Expr], str] = lambda name: "eq_refl",
        forms: Callable[[], list[tuple[sp.Expr, bool]]] = list,
    ) -> None:
        self.printer, self.of_symbol, self.of_known, self.meaning, self.forms = (
            printer, of_symbol, of_known, meaning, forms,
        )  # fmt: skip

    def __call__(self, x: sp.Expr, strict: bool = False) -> str:
        """A term of type 0 < x if strict, else 0 <= x; raise NoSign without one."""
        found = self.of_known(x, strict)
        return found if found is not None else self.by_form(x, strict)

    def both(self, x: sp.Expr) -> tuple[str, bool]:
        """The best certificate, and whether it is strict."""
        try:
            return self(x, True), True
        except NoSign:
            return self(x, False), False

    def by_form(self, x: sp.Expr, strict: bool) -> str:
        """The certificate of a form from those of its parts."""
        values, times = self.printer.view.values, self.printer.view.times
        if x in MEANING:
            if self.printer.opens(x):
                return self(MEANING[x], strict)
            return f"({'named_pos' if strict else 'named_nonneg'} _ _ {self.meaning(x)} {self(MEANING[x], strict)})"
        if x in values:
            raise NoSign(str(x))
        if x.is_Symbol or isinstance(x, AppliedUndef):
            if x.is_Symbol and x.is_integer and not strict:
                return f"(pos_INR {self.printer.nat(x)})"
            if x in times and strict:
                if times[x] == x + 1:
                    return f"(lt_0_INR _ (Nat.lt_0_succ {self.printer.symbol_nat(x)}))"
                raise NoSign(str(x))
            moved = x.func(self.printer.time(x.args[0])) if isinstance(x, AppliedUndef) and x.func != E else x
            found = self.of_symbol(moved, strict)
            if found is None:
                raise NoSign(str(x))
            return found
        if x.is_Rational:
            return self.rational(x, strict)
        if x == sp.E or isinstance(x, sp.exp):
            text = f"(exp_pos {'1' if x == sp.E else self.printer.real(x.args[0])})"
            return text if strict else f"(pos_nonneg _ {text})"
        if x == sp.pi:
            return "PI_RGT_0" if strict else "(pos_nonneg _ PI_RGT_0)"
        if x == 3 - sp.E and not strict:
            return "three_minus_e"
        if x.is_Add:
            return self.sum(x, strict)
        if x.is_Mul:
            terms = [self(part, strict) for part in x.args]
            join = "Rmult_lt_0_compat" if strict else "Rmult_le_pos"
            return fold(join, terms)
        if isinstance(x, sp.Min):
            return fold("min_pos" if strict else "min_nonneg", [self(part, strict) for part in x.args])
        if isinstance(x, sp.Max):
            return self.maximum(x, strict)
        if x.is_Pow:
            return self.power(x, strict)
        raise NoSign(str(x))

    def rational(self, x: sp.Rational, strict: bool) -> str:
        """A number."""
        if x < 0 or (strict and x == 0):
            raise NoSign(str(x))
        if x.q != 1:
            text = f"(Rdiv_lt_0_compat _ _ (IZR_lt 0 {x.p} eq_refl) (IZR_lt 0 {x.q} eq_refl))"
            return text if strict else f"(pos_nonneg _ {text})"
        if x == 0:
            return "(Rle_refl 0)"
        text = f"(IZR_lt 0 {x.p} eq_refl)"
        return text if strict else f"(pos_nonneg _ {text})"

    def sum(self, x: sp.Expr, strict: bool) -> str:
        """A sum of numbers that are not negative, one of them positive if strict; or a multiple of what is known."""
        try:
            parts = [self.both(part) for part in x.args]
            if not strict:
                return fold("Rplus_le_le_0_compat", [weak(*part) for part in parts])
            if not any(firm for _, firm in parts):
                raise NoSign(str(x))
            text, firm = parts[0]
            for each, other in parts[1:]:
                text, firm = f"({SUM[firm, other]} _ _ {text} {each})", firm or other
            return text
        except NoSign:
            for each, firm in self.forms():
                if each.is_Add and (firm or not strict) and each != x and multiple(x, each):
                    ratio = sp.cancel(x / each)
                    sign = fold("Rmult_lt_0_compat" if strict else "Rmult_le_pos",
                                [self.rational(ratio, strict), self(each, strict)])  # fmt: skip
                    relation = "<" if strict else "<="
                    equal = "ltac:(first [ring | field; nonzeros])"
                    return f"(eq_ind _ (fun z => 0 {relation} z) {sign} {self.printer.real(x)} {equal})"
            raise

    def maximum(self, x: sp.Expr, strict: bool) -> str:
        """A maximum, one of whose numbers has the sign."""
        kind = "pos" if strict else "nonneg"
        for number, part in enumerate(x.args):
            try:
                text = self(part, strict)
            except NoSign:
                continue
            if number > 0:
                text = f"(max_{kind}_r _ _ {text})"
            for _ in x.args[max(number + 1, 1) :]:
                text = f"(max_{kind}_l _ _ {text})"
            return text
        raise NoSign(str(x))

    def power(self, x: sp.Expr, strict: bool) -> str:
        """A power."""
        base, exponent = x.args
        if exponent.is_Integer:
            n = abs(int(exponent))
            if exponent.is_even and not strict:
                text = (
                    f"(pow2_ge_0 {self.printer.real(base)})"
                    if n == 2
                    else f"(even_nonneg {self.printer.real(base)} {n // 2})"
                )
            else:
                text = self(base, strict)
                text = text if n == 1 else f"({'pow_lt' if strict else 'pow_le'} _ {n} {text})"
            return text if exponent > 0 else f"({'Rinv_0_lt_compat' if strict else 'inv_nonneg'} _ {text})"
        if exponent.is_Rational:
            if exponent.q != 2:
                raise NoSign(str(x))
            text = f"(sqrt_lt_R0 _ {self(base, True)})" if strict else f"(sqrt_pos {self.printer.real(base)})"
            n = abs(exponent.p)
            text = text if n == 1 else f"({'pow_lt' if strict else 'pow_le'} _ {n} {text})"
            return text if exponent > 0 else f"({'Rinv_0_lt_compat' if strict else 'inv_nonneg'} _ {text})"
        half, above, below = self.printer.split(exponent)
        ups, downs = signs_in(exponent)
        sign, parts = self(base, strict), []
        for part in (above, below):
            text = f"({'pow_lt' if strict else 'pow_le'} _ {self.printer.nat_of(part)} {sign})"
            if half:
                text = f"(sqrt_lt_R0 _ {text})" if strict else "(sqrt_pos _)"
            parts.append(text)
        under = f"({'Rinv_0_lt_compat' if strict else 'inv_nonneg'} _ {parts[1]})"
        if not downs:
            return parts[0]
        return under if not ups else fold("Rmult_lt_0_compat" if strict else "Rmult_le_pos", [parts[0], under])


def weak(text: str, firm: bool) -> str:
    """0 <= x from a certificate of either kind."""
    return f"(pos_nonneg _ {text})" if firm else text


def fold(join: str, terms: list[str]) -> str:
    """Certificates of the parts joined from the left."""
    text = terms[0]
    for each in terms[1:]:
        text = f"({join} _ _ {text} {each})"
    return text
