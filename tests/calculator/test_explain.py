"""explain: every theorem says what it is, in Unicode and in LaTeX that a parser reads, from the formulas themselves."""

from __future__ import annotations

import re
from functools import cache

import pytest
import sympy as sp
from matplotlib.mathtext import MathTextParser

from samtheory import cli
from samtheory.calculator.explain import SYMBOLS, explain
from samtheory.catalogue import load_theorem, theorems
from samtheory.constants import ASSUMPTIONS
from samtheory.io.latex import latex
from samtheory.report.explanation import TEX, in_latex, in_unicode, written
from samtheory.theorems import symbols

KEYS = list(theorems())


@cache
def reads(formula: str) -> None:
    """Matplotlib's TeX parser knows all of it but \\text and \\operatorname, which it calls \\mathrm."""
    formula = formula.replace(r"\operatorname{max}{", r"\max {").replace(r"\operatorname{min}{", r"\min {")
    MathTextParser("agg").parse("$" + formula.replace(r"\text{", r"\mathrm{") + "$")


@pytest.mark.parametrize("key", KEYS)
def test_every_theorem_is_explained(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", key]) == 0
    shown = capsys.readouterr().out
    theorem = load_theorem(key)
    for word in (key, theorem.title, theorem.source, theorem.status, theorem.statement, *theorem.assumptions):
        assert word in shown
    for title in ("statement", "assumes", "covers", "bounds", "one step"):
        assert f"\n{title}\n" in shown


@pytest.mark.parametrize("key", KEYS)
def test_the_latex_of_every_theorem_is_latex(key: str) -> None:
    given = explain(load_theorem(key))
    lines = list(in_latex(given))
    assert "\n".join(lines).isascii()
    reads(latex(given.theorem.statement))
    for formula in re.findall(r"\$([^$]*)\$", "\n".join(lines)):
        reads(formula)
    for _, expression in given.named:
        reads(sp.latex(written(expression, TEX)))


def test_the_formulas_are_those_that_the_numbers_come_from() -> None:
    given = explain(load_theorem("unified-sam/3.2"))
    for name in ("rho_max", "gamma_max", "contraction", "noise"):
        (expression,) = given.formulas[name]
        assert expression is getattr(given.theorem, name)


def test_a_formula_reads_as_in_the_paper() -> None:
    shown = "\n".join(in_unicode(explain(load_theorem("unified-sam/3.2"))))
    assert "ρ* =" in shown
    assert "γ*(ρ) =" in shown
    assert "contraction = -γ⋅μ + 1" in shown
    assert "λ      0 is USAM, 1 is SAM" in shown


def test_every_shared_symbol_has_a_meaning() -> None:
    shared = {name for name, value in vars(symbols).items() if isinstance(value, sp.Symbol)}
    assert shared <= SYMBOLS.keys()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("δ_t ≤ (1 − γμ)^t δ₀ for ρ < ρ*", r"\delta _t \leq (1 - \gamma \mu )^t \delta _0 \text{ for } \rho < \rho ^*"),
        ("min_{t<T} ‖∇f(x_t)‖²", r"\min _{t<T} \| \nabla f(x_t)\| ^2"),
        ("γ = min{√(a/b), 1/√T}", r"\gamma = \min \{\sqrt {a/b}, 1/\sqrt {T}\}"),
        ("t*²σ*²", r"t^{*2}\sigma _*^2"),
        ("B̄ and LC", r"\bar{B} \text{ and } LC"),
    ],
)
def test_a_statement_in_latex(statement: str, expected: str) -> None:
    assert latex(statement) == expected
    reads(expected)


def test_a_file_of_ones_own_is_explained_with_its_grounds(tmp_path, capsys) -> None:
    file = tmp_path / "mine.py"
    assert cli.main(["new", "theorem", str(file)]) == 0
    assert cli.main(["explain", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "mine/usam" in shown
    assert "λ = 0.0" in shown
    assert "f(x+) <= f - gamma" in shown
    assert ASSUMPTIONS["full-batch"].replace("grad f", "∇f")[:20] in shown
    assert cli.main(["explain", str(file), "--latex"]) == 0
    assert capsys.readouterr().out.isascii()


@pytest.mark.parametrize("name", ["no-such-theorem", "no-such-file.py"])
def test_a_theorem_that_is_not_there_is_bad_input(name: str, capsys) -> None:
    assert cli.main(["explain", name]) == 2
    err = capsys.readouterr().err
    assert err.startswith("samtheory: error:")
    assert name in err
    assert err.count("\n") == 1
