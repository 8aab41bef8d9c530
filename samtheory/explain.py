"""A theorem for people: its statement, assumptions, formulas and source, and what every symbol is.

The formulas are the very objects that the numbers are computed from: whatever SymPy expressions the theorem's file has.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import sympy as sp

from .constants import ASSUMPTIONS
from .theorems.base import LYAPUNOV, MEASURES, Theorem

#: What the symbols of `theorems.symbols` are; Unicode, as in the statements.
SYMBOLS = {
    "L": "smoothness of f",
    "L_max": "the largest Lᵢ, the smoothness of fᵢ",
    "L_avg": "the mean of the Lᵢ",
    "Lambda": "smoothness of the sampled function f_v = (1/n) Σ vᵢ fᵢ: ess sup L_v",
    "Lambda1": "E L_v",
    "Lambda2": "√(E L_v²)",
    "mu": "PL constant of f",
    "A": "of the expected residual",
    "B": "of the expected residual",
    "C": "of the expected residual",
    "Lcal": "expected smoothness around x*",
    "R": "centred expected smoothness around x*",
    "sigma2": "gradient noise at x*",
    "gamma": "step size",
    "rho": "ascent radius",
    "lam": "0 is USAM, 1 is SAM",
    "epsilon": "the accuracy that is asked for",
    "delta0": "f(x₀) − f*",
    "a": "1 − λ",
    "T": "number of steps",
}

#: The names that formulas have in files, as they are written.
NAMES = {"rho_max": "ρ*", "gamma_max": "γ*(ρ)"}
GREEK = {"rho": "ρ", "gamma": "γ", "alpha": "α", "nu": "ν"}

#: Assumptions in the letters of the statements.
LETTERS = (
    ("||grad f(x)||", "‖∇f(x)‖"), ("||grad f||", "‖∇f‖"), ("grad f", "∇f"), ("||", "‖"), ("^2", "²"), (">=", "≥"), ("<=", "≤"),
    ("f_inf", "f*"), ("sigma2", "σ*²"), ("Lcal", "ℒ"), ("2 mu ", "2μ "), ("(mu/2)", "(μ/2)"), ("the mu of", "the μ of"),
    ("L_i", "Lᵢ"), ("f_i", "fᵢ"), (" - ", " − "),
)  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """What there is to say of a theorem, apart from how it is written.

    Attributes
    ----------
    formulas : SymPy expressions by the name they have in the theorem's file, in its order
    remarks : the rest of the file's docstring: grounds and proof
    """

    theorem: Theorem
    formulas: Mapping[str, tuple[sp.Expr, ...]]
    remarks: str

    @property
    def symbols(self) -> dict[str, str]:
        """The symbols of the formulas and what they are."""
        found = {str(symbol) for parts in self.formulas.values() for each in parts for symbol in each.free_symbols}
        known = {name: meaning for name, meaning in SYMBOLS.items() if name in found}
        return known | {name: "free, or defined above" for name in sorted(found - known.keys())}

    @property
    def covers(self) -> str:
        """The lam that the theorem is about."""
        if self.theorem.only is not None:
            return f"λ = {self.theorem.only}"
        return "any λ_t in [0, 1], changing with t or not" if self.theorem.varying_lam else "any constant λ in [0, 1]"


def explain(theorem: Theorem) -> Explanation:
    """Everything that the theorem's own file has to say."""
    module = next(
        (each for each in list(sys.modules.values()) if vars(each).get("theorem") is theorem), sys.modules[__name__]
    )
    found: dict[str, tuple[sp.Expr, ...]] = {}
    for name, value in vars(module).items():
        parts = value if isinstance(value, tuple) else (value,)
        if name.startswith("_") or not parts or not all(isinstance(each, sp.Expr) for each in parts):
            continue
        if not any(isinstance(each, sp.Symbol) for each in parts):
            found = {other: given for other, given in found.items() if given != parts} | {name: parts}
    for field in fields(theorem):
        value = getattr(theorem, field.name)
        if isinstance(value, sp.Expr) and (value,) not in found.values():
            found[field.name] = (value,)
    remarks = (module.__doc__ or "").partition("\n")[2].strip() if module.__name__ != __name__ else ""
    return Explanation(theorem, found, remarks)


def letters(text: str) -> str:
    """A sentence of the library in the letters of the statements."""
    for plain, written in LETTERS:
        text = text.replace(plain, written)
    return text


def in_unicode(given: Explanation) -> Iterator[str]:
    """The explanation for a terminal, line by line."""
    theorem = given.theorem
    yield f"{theorem.key}: {theorem.title}"
    yield f"  {theorem.source} [{theorem.status}]"
    yield from ["", "statement", f"  {theorem.statement}", "", "assumes"]
    width = max(map(len, theorem.assumptions), default=0)
    yield from (f"  {word:{width}}  {letters(ASSUMPTIONS[word])}" for word in theorem.assumptions)
    V, W = (letters(part) for part in LYAPUNOV[theorem.lyapunov])
    yield from ["", "covers", f"  {given.covers}", "", "bounds", f"  {letters(MEASURES[theorem.measure])}"]
    yield from ["", "one step", f"  E V⁺ ≤ p V + q W + r at every x, V = {V}, W = {W}"]
    if given.formulas:
        yield from ["", "formulas"]
    for name, part in named(given):
        yield from _pretty(name, part)
    if given.symbols:
        yield from ["", "symbols"]
    rows = [(sp.pretty(written(sp.Symbol(name), UNICODE)), meaning) for name, meaning in given.symbols.items()]
    yield from (f"  {symbol:7}{meaning}" for symbol, meaning in rows)
    if given.remarks:
        yield from ["", "from its file", *(f"  {line}".rstrip() for line in given.remarks.splitlines())]


def named(given: Explanation) -> Iterator[tuple[str, sp.Expr]]:
    """The formulas one by one, those of a tuple with their number."""
    for name, parts in given.formulas.items():
        numbers = [""] if len(parts) == 1 else [f"_{k}" for k in range(1, len(parts) + 1)]
        yield from ((name + number, part) for number, part in zip(numbers, parts, strict=True))


def _pretty(name: str, expression: sp.Expr) -> Iterator[str]:
    """name = expression, the expression in two dimensions."""
    form = sp.pretty(written(expression, UNICODE), use_unicode=True, wrap_line=False)
    shown = form.splitlines()
    head = f"  {NAMES.get(name) or '_'.join(GREEK.get(word, word) for word in name.split('_'))} = "
    middle = len(shown) // 2
    yield from (((head if k == middle else " " * len(head)) + line).rstrip() for k, line in enumerate(shown))


#: What SymPy's printers do not know: names of symbols here, and the larger and smaller of numbers.
UNICODE = {"lam": sp.Symbol("lambda"), "Lcal": sp.Symbol("ℒ"), "sigma2": sp.Symbol("σ*²"), "delta0": sp.Symbol("delta_0")}
TEX = {**UNICODE, "Lcal": sp.Symbol(r"\mathcal{L}"), "sigma2": sp.Symbol("sigma_*") ** 2}


def written(expression: sp.Expr, names: Mapping[str, sp.Expr]) -> sp.Expr:
    """The expression as printers can show it."""
    shown = expression.subs({each: names[str(each)] for each in expression.free_symbols if str(each) in names})
    for function, name in ((sp.Max, "max"), (sp.Min, "min")):
        shown = shown.replace(function, sp.Function(name))
    return shown


#: Unicode letters and signs of the statements, in LaTeX.
LATEX = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "θ": r"\theta", "λ": r"\lambda",
    "μ": r"\mu", "ν": r"\nu", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "Λ": r"\Lambda", "Σ": r"\sum", "Π": r"\prod",
    "ℒ": r"\mathcal{L}", "∇": r"\nabla", "‖": r"\|", "≤": r"\leq", "≥": r"\geq", "−": "-", "∓": r"\mp", "±": r"\pm",
    "√": r"\sqrt", "⌈": r"\lceil", "⌉": r"\rceil", "∈": r"\in", "∞": r"\infty", "′": "'", "²": "^2", "³": "^3", "⁴": "^4",
    "₀": "_0", "₁": "_1", "ᵢ": "_i", "·": r"\cdot", "×": r"\times", "…": r"\ldots", "⁺": "^+", "̂": "", "̄": "",
}  # fmt: skip
#: Letters with something above them come before it in Unicode and around it in LaTeX.
ABOVE = {"̂": r"\hat", "̄": r"\bar"}
#: Words that are mathematics, not text.
FUNCTIONS = {"min": r"\min", "max": r"\max", "log": r"\log", "sup": r"\sup", "inf": r"\inf"}


def latex(text: str) -> str:
    """A statement in LaTeX's mathematical mode: words as text, Unicode as commands, {sets} with their braces."""
    # ⟨ ⟩ stand for the braces that LaTeX keeps: after _ and ^, of a root, under something above a letter.
    text = re.sub(rf"(.)([{''.join(ABOVE)}])", lambda m: f"{ABOVE[m[2]]}⟨{m[1]}⟩", text)
    text = re.sub(r"([_^])\{([^{}]*)\}", r"\1⟨\2⟩", text)
    text = re.sub(r"√\(([^()]*)\)|√(\w)", lambda m: f"√⟨{m[1] or m[2]}⟩", text)
    text = text.replace("{", r"\{").replace("}", r"\}").replace("σ*", "σ_*")
    text = re.sub(r"(?<=[a-zA-Zρ-])\*", "^*", text).replace("γ*", "γ^*")
    text = re.sub(rf"(?<![\\\w])(?:{WORD})(?:[ -](?:{WORD}))*(?!\w)", _words, text)
    text = re.sub("[^\x00-\x7f⟨⟩]", lambda m: LATEX.get(m[0], rf"\text⟨{m[0]}⟩") + " ", text)
    return re.sub(" +", " ", text.replace("⟨", "{").replace("⟩", "}")).strip()


#: A word of a statement: two letters or more that are no product of symbols.
WORD = r"a(?= [a-z]{2})|[A-Z]?[a-z]{2,}|USAM|SAM|SGD|PL"


def _words(match: re.Match[str]) -> str:
    """Words as text, but for names of functions."""
    runs = itertools.groupby(match[0].split(" "), key=FUNCTIONS.get)
    return "".join(f"{function} " if function else rf"\text⟨ {' '.join(words)} ⟩" for function, words in runs)


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
        yield " \\\\\n".join(f"  {_left(name)} &= {sp.latex(written(part, TEX))}" for name, part in named(given))
        yield r"\end{align*}"
    if given.symbols:
        yield r"\begin{tabular}{ll}"
        for name, meaning in given.symbols.items():
            yield rf"  ${sp.latex(written(sp.Symbol(name), TEX))}$ & ${latex(meaning)}$ \\"
        yield r"\end{tabular}"


def _left(name: str) -> str:
    """The left side of a formula."""
    stars = {"rho_max": r"\rho^*", "gamma_max": r"\gamma^*(\rho)"}
    return stars.get(name) or (rf"\text{{{plain(name)}}}" if len(name) > 2 else sp.latex(sp.Symbol(name)))


def plain(text: str) -> str:
    """A sentence in LaTeX's text mode."""
    shown = re.sub("[^\x00-\x7fá]", lambda m: f"${LATEX[m[0]]}$" if LATEX.get(m[0]) else m[0], text)
    return shown.replace("_", r"\_").replace("&", r"\&").replace("á", r"\'a")
