"""An explanation of a theorem as lines of text: in Unicode for a terminal, or in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import sympy as sp

from samtheory.assumptions import formula_symbols
from samtheory.calculator.explain import Explanation
from samtheory.constants import ASSUMPTIONS
from samtheory.io.latex import latex, plain
from samtheory.theorems.base import LYAPUNOV, MEASURES

from .tables import LETTER, UNLIMITED, wrapped

#: Names of formulas in files, in the letters of the statements.
NAMES = {"rho_max": "ρ*", "gamma_max": "γ*(ρ)"}
GREEK = {"rho": "ρ", "gamma": "γ", "alpha": "α", "nu": "ν"}

#: Replacements that turn ASCII into the letters of the statements.
LETTERS = (
    ("||grad f(x)||", "‖∇f(x)‖"), ("||grad f||", "‖∇f‖"), ("grad f", "∇f"), ("||", "‖"), ("^2", "²"),
    (">=", "≥"), ("<=", "≤"), ("f_inf", "f*"), ("L_i", "Lᵢ"), ("f_i", "fᵢ"), (" - ", " − "), ("2 μ ", "2μ "),
)  # fmt: skip


def letters(text: str) -> str:
    """An ASCII sentence in the letters of the statements."""
    text = re.sub(r"\w+", lambda word: LETTER.get(word[0], word[0]), text)
    for ascii_, letter in LETTERS:
        text = text.replace(ascii_, letter)
    return text


def in_unicode(given: Explanation, width: int = UNLIMITED) -> Iterator[str]:
    """The explanation for a terminal of this many columns, line by line."""
    for line in _lines(given, width):
        indent = len(line) - len(line.lstrip())
        yield from [line] if len(line) <= width else wrapped(line.strip(), width, indent)


def _lines(given: Explanation, width: int) -> Iterator[str]:
    """The explanation, its formulas as wide as they may be."""
    theorem = given.theorem
    yield f"{theorem.key}: {theorem.title}"
    yield f"  {theorem.source} [{theorem.status}]"
    yield from ["", "statement", f"  {theorem.statement}", "", "assumes"]
    longest = max(map(len, theorem.assumptions), default=0)
    yield from (f"  {word:{longest}}  {letters(ASSUMPTIONS[word])}" for word in theorem.assumptions)
    V, W = (letters(part) for part in LYAPUNOV[theorem.lyapunov])
    yield from ["", "covers", f"  {given.covers}"]
    yield from (f"  {each}" for each in given.conditions)
    yield from ["", "bounds", f"  {letters(MEASURES[theorem.measure])}"]
    root = " + h √W" if any(name.startswith("h") for name in given.step) else ""
    yield from ["", "one step", f"  E V⁺ ≤ p V + q W{root} + r at every x, V = {V}, W = {W}"]
    for name, part in given.step.items():
        yield from _pretty(name, part, width)
    if given.formulas:
        yield from ["", "formulas"]
    for name, part in given.named:
        yield from _pretty(name, part, width)
    if given.symbols:
        yield from ["", "symbols"]
    rows = [(sp.pretty(written(sp.Symbol(name), UNICODE)), meaning) for name, meaning in given.symbols.items()]
    yield from (f"  {symbol:7}{meaning}" for symbol, meaning in rows)
    if given.remarks:
        yield from ["", "from its file", *(f"  {line}".rstrip() for line in given.remarks.splitlines())]


def _pretty(name: str, expression: sp.Expr, width: int) -> Iterator[str]:
    """name = expression, the expression in two dimensions, in one where it is too wide."""
    head = f"  {NAMES.get(name) or '_'.join(GREEK.get(word, word) for word in name.split('_'))} = "
    form = sp.pretty(written(expression, UNICODE), use_unicode=True, wrap_line=False)
    shown = form.splitlines()
    middle = len(shown) // 2
    if len(head) + max(map(len, shown)) > width:
        shown, middle = [letters(str(expression).replace("**", "^").replace("*", " ").replace("lam", "λ"))], 0
    yield from (((head if k == middle else " " * len(head)) + line).rstrip() for k, line in enumerate(shown))


#: Symbols that SymPy's printers would write differently.
COMMON = {"lam": sp.Symbol("lambda"), "delta0": sp.Symbol("delta_0")}
UNKNOWN = {name: symbol for name, symbol in formula_symbols().items() if symbol.latex is not None}
UNICODE = {**COMMON, **{name: sp.Symbol(symbol.letter) for name, symbol in UNKNOWN.items()}}
TEX = {**COMMON, **{name: sp.Symbol(symbol.latex) for name, symbol in UNKNOWN.items()}}


def written(expression: sp.Expr, names: Mapping[str, sp.Expr]) -> sp.Expr:
    """The expression with printable symbols, max and min."""
    shown = expression.subs({each: names[str(each)] for each in expression.free_symbols if str(each) in names})
    for function, name in ((sp.Max, "max"), (sp.Min, "min")):
        shown = shown.replace(function, sp.Function(name))
    return shown


def in_latex(given: Explanation) -> Iterator[str]:
    """The explanation as a LaTeX fragment (amsmath), line by line."""
    theorem = given.theorem
    yield rf"\paragraph{{{plain(theorem.title)}}} {plain(theorem.source)} ({plain(theorem.status)})."
    yield rf"\[ {latex(theorem.statement)} \]"
    yield r"Assumptions:"
    yield r"\begin{itemize}"
    yield from (rf"  \item[{plain(word)}] ${latex(letters(ASSUMPTIONS[word]))}$" for word in theorem.assumptions)
    yield r"\end{itemize}"
    if given.formulas:
        yield r"\begin{align*}"
        yield " \\\\\n".join(f"  {_left(name)} &= {sp.latex(written(part, TEX))}" for name, part in given.named)
        yield r"\end{align*}"
    if given.symbols:
        yield r"\begin{tabular}{ll}"
        for name, meaning in given.symbols.items():
            yield rf"  ${sp.latex(written(sp.Symbol(name), TEX))}$ & ${latex(meaning)}$ \\"
        yield r"\end{tabular}"


def _left(name: str) -> str:
    """The left side of a formula."""
    stars = {"rho_max": r"\rho^*", "gamma_max": r"\gamma^*(\rho)"}
    return stars.get(name) or (
        sp.latex(sp.Symbol(name)) if len(name) < 3 or name in GREEK else rf"\text{{{plain(name)}}}"
    )
