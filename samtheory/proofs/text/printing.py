"""Expressions and facts as text, and as LaTeX."""

from __future__ import annotations

import re
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.printer import Printer
from sympy.printing.str import StrPrinter

from ..kernel.facts import Fact

LETTERS = {
    "gamma": "γ", "rho": "ρ", "lam": "λ", "mu": "μ", "epsilon": "ε", "delta0": "δ₀", "sigma2": "σ*²", "Lcal": "ℒ",
    "Lambda": "Λ", "Lambda1": "Λ₁", "Lambda2": "Λ₂", "theta": "θ", "b1": "b₁", "b2": "b₂", "b3": "b₃",
    "bonus": "σ", "share": "ς", "A_h": "A′", "B_h": "B′", "C_h": "C′",
}  # fmt: skip
#: The order of the factors of a product.
ORDER = "γLΛρaλμABCDkGMδ"
SIGNS = {"<=": "≤", "<": "<", "=": "="}
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

LATEX = {
    "σ*²": r"\sigma_*^2", "γ": r"\gamma ", "ρ": r"\rho ", "λ": r"\lambda ", "μ": r"\mu ", "ε": r"\varepsilon ",
    "δ": r"\delta ", "α": r"\alpha ", "κ": r"\kappa ", "ν": r"\nu ", "Λ": r"\Lambda ", "ℒ": r"\mathcal{L}",
    "β": r"\beta ", "ℓ": r"\ell ", "θ": r"\theta ", "τ": r"\tau ", "Σ": r"\Sigma ", "Π": r"\Pi ", "Δ": r"\Delta ",
    "ζ": r"\zeta ", "Φ": r"\Phi ", "σ": r"\sigma ", "ς": r"\varsigma ", "ω": r"\omega ", "∇": r"\nabla ", "‖": r"\|",
    "⟨": r"\langle ", "⟩": r"\rangle ", "≤": r"\leq ", "≥": r"\geq ", "≠": r"\neq ",
    "⌈": r"\lceil ", "⌉": r"\rceil ", "₊": "_+", "√": r"\surd ",
    "′": "'", "⁺": "^+", "⁻": "^-", "²": "^2", **{small: f"_{i}" for i, small in enumerate("₀₁₂₃₄₅")},
}  # fmt: skip
#: What is put around a letter.
MARKS = {"(.)\u0302": "hat", "(.)\u0304": "bar", r"√\(([^()]*)\)": "sqrt", r"√(\w+)": "sqrt"}


class Ordered(Printer):  # type: ignore[misc]
    """Sums as one writes them: what is added first, then what is taken away; 1 - x."""

    def _as_ordered_terms(self, expression: sp.Add, order: Any = None) -> list[sp.Expr]:
        terms = super()._as_ordered_terms(expression, order=order)
        negative = {term: bool(term.as_coeff_Mul()[0].is_negative) for term in terms}
        return sorted(terms, key=lambda term: (negative[term], any(negative.values()) and not term.is_number))


class Text(Ordered, StrPrinter):  # type: ignore[misc]
    """One line, in the letters of the paper."""

    def _print_Symbol(self, symbol: sp.Symbol) -> str:
        return LETTERS.get(str(symbol.name), str(symbol.name))

    _print_Dummy = _print_Symbol

    def _print_Function(self, function: AppliedUndef) -> str:
        name, (inside, *_) = function.func.__name__.split("#")[0], function.args
        text = self._print(inside)
        if name == "E":
            return f"E[{text}]"
        if not isinstance(function, AppliedUndef):
            return f"{name}({text})"
        return f"{name}_{text}" if len(text) == 1 and text.isalpha() else f"{name}_{{{at(inside, text)}}}"

    def _print_Add(self, expression: sp.Add, order: Any = None) -> str:
        parts = [self._print(term) for term in self._as_ordered_terms(expression, order=order)]
        return "".join(
            part if i == 0 else f" - {part[1:]}" if part.startswith("-") else f" + {part}"
            for i, part in enumerate(parts)
        )

    def _print_Mul(self, expression: sp.Mul) -> str:
        number, rest = expression.as_coeff_Mul()
        above: list[sp.Expr] = []
        below: list[sp.Expr] = []
        for factor in sp.Mul.make_args(rest):
            divides = factor.is_Pow and factor.exp.could_extract_minus_sign()
            (below if divides else above).append(1 / factor if divides else factor)
        if number.is_Rational:
            above = [sp.Integer(abs(number.p)), *above] if abs(number.p) != 1 else above
            below = [sp.Integer(number.q), *below] if number.q != 1 else below
        else:
            above = [number, *above]
        sign = "-" if number.is_Rational and number < 0 else ""
        top = self.joined(above) or "1"
        return f"{sign}{top}" + (f"/{self.joined(below, divisor=True)}" if below else "")

    def joined(self, factors: list[sp.Expr], divisor: bool = False) -> str:
        """Factors side by side, with a space where letters would run together."""
        parts = [f"({self._print(each)})" if each.is_Add else self._print(each) for each in sorted(factors, key=rank)]
        text = ""
        for part in parts:
            close = not text or part.startswith("(") or (len(part.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")) == 1 and not part.isdigit())
            text += part if close and text[-2:-1] != "_" else f" {part}"
        return f"({text})" if divisor and len(parts) > 1 else text

    def _print_Pow(self, expression: sp.Pow, rational: bool = False) -> str:
        base, exponent = expression.args
        if exponent.could_extract_minus_sign():
            return f"1/{self.joined([base**-exponent], divisor=True)}"
        inner = self._print(base)
        simple = base.is_Symbol or base.is_Integer or isinstance(base, AppliedUndef)
        if exponent == sp.Rational(1, 2):
            return f"√{inner}" if simple else f"√({inner})"
        inner = inner if simple else f"({inner})"
        if exponent.is_Integer:
            return inner + str(exponent).translate(RAISED)
        return f"{inner}^{self._print(exponent) if exponent.is_Symbol else f'({self._print(exponent)})'}"

    def _print_Max(self, expression: sp.Max) -> str:
        return f"max{{{', '.join(map(self._print, expression.args))}}}"

    def _print_Min(self, expression: sp.Min) -> str:
        return f"min{{{', '.join(map(self._print, expression.args))}}}"

    def _print_Exp1(self, expression: sp.Expr) -> str:
        return "e"

    def _print_Pi(self, expression: sp.Expr) -> str:
        return "π"


class Tex(Ordered, LatexPrinter):  # type: ignore[misc]
    """LaTeX, in the letters of the paper."""

    def _print_Symbol(self, symbol: sp.Symbol, style: str = "plain") -> str:
        return latex_of(LETTERS.get(symbol.name, symbol.name))

    _print_Dummy = _print_Symbol

    def _print_Function(self, function: sp.Function, exp: Any = None) -> str:
        if not isinstance(function, AppliedUndef):
            return str(super()._print_Function(function, exp))
        name, inside = function.func.__name__.split("#")[0], self._print(function.args[0])
        inside = inside if name == "E" else at(function.args[0], inside)
        text = rf"\mathbb{{E}}\left[{inside}\right]" if name == "E" else f"{latex_of(name)}_{{{inside}}}"
        return text if exp is None else f"{{{text}}}^{{{exp}}}"


def at(time: sp.Expr, printed: str) -> str:
    """The index of a function of the time: delta_{t=0} is not the symbol delta_0."""
    return f"t={printed}" if time.is_number else printed


def rank(factor: sp.Expr) -> tuple[bool, bool, int]:
    """Where a factor stands in a product: numbers, letters, norms, sums."""
    letter = LETTERS.get(str(factor.as_base_exp()[0]), str(factor.as_base_exp()[0]))
    place = ORDER.find(letter) if letter in ORDER else len(ORDER) + letter.startswith(("‖", "⟨"))
    return not factor.is_number, factor.has(sp.Add), place


def latex_of(name: str) -> str:
    """A name in LaTeX; words in it are upright, a hat or bar comes after its letter."""
    for mark, command in MARKS.items():
        name = re.sub(mark, rf"\\{command}{{\1}}", name)
    for letter, command in LATEX.items():
        name = name.replace(letter, command)
    name = re.sub(r"(?<=[xfg])\*", "^*", name)
    name = re.sub(r"_(\w+)", r"_{\1}", name)
    return re.sub(r"(?<![\\a-zA-Z])([a-zA-Z]{3,}(?: [a-zA-Z]{2,})*)", r"\\text{\1}", name)


def text(expression: Any) -> str:
    """An expression in one line."""
    return str(Text().doprint(sp.sympify(expression)))


def latex(expression: Any) -> str:
    """An expression in LaTeX."""
    return str(Tex().doprint(sp.sympify(expression)))


def statement(fact: Fact) -> str:
    """What a fact says, in one line."""
    return f"{text(fact.lhs)} {SIGNS[fact.relation]} {text(fact.rhs)}"


def latex_statement(fact: Fact) -> str:
    """What a fact says, in LaTeX."""
    return f"{latex(fact.lhs)} {fact.relation.replace('<=', chr(92) + 'leq')} {latex(fact.rhs)}"
