"""Tables for files and papers: CSV in full precision, Markdown and LaTeX (booktabs) in four digits."""

from __future__ import annotations

import csv as csv_files
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .latex import plain

Rows = Sequence[Mapping[str, Any]]

#: The symbols of columns, in LaTeX's mathematical mode; other columns keep their names.
SYMBOLS = {
    "kappa": r"\kappa", "lam": r"\lambda", "rho": r"\rho", "rho_max": r"\rho_{\max}",
    "gamma": r"\gamma", "gamma_max": r"\gamma_{\max}",
    "contraction": "q", "neighbourhood": "N", "iterations": "T", "epsilon": r"\varepsilon",
}  # fmt: skip


def filled(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> Rows:
    """The rows with these columns, by default all, without those that are empty in every row."""
    rows = list(rows)
    names = [name for name in (columns or (rows[0] if rows else ())) if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


def csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Comma-separated values with a header: numbers in full precision, nothing for None.

    Examples
    --------
    >>> print(csv([{"theorem": "unified-sam/3.2", "rho": 0.1, "N": None}]), end="")
    theorem,rho,N
    unified-sam/3.2,0.1,
    """
    rows = list(rows)
    written = io.StringIO()
    writer = csv_files.DictWriter(written, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def markdown(rows: Iterable[Mapping[str, Any]]) -> str:
    """A table in GitHub's Markdown, numbers to the right.

    Examples
    --------
    >>> print(markdown([{"theorem": "unified-sam/3.2", "rho": 0.12345}]), end="")
    | theorem | rho |
    | --- | ---: |
    | unified-sam/3.2 | 0.1235 |
    """
    rows = list(rows)
    names = list(rows[0]) if rows else []
    rule = ["---:" if number else "---" for number in map(_numeric(rows), names)]
    cells = [[_short(row[name]).replace("|", r"\|") for name in names] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in (names, rule, *cells))


def latex(rows: Iterable[Mapping[str, Any]]) -> str:
    r"""A LaTeX tabular of the package booktabs, columns by their symbols.

    Examples
    --------
    >>> print(latex([{"theorem": "unified-sam/3.2", "rho": 1.2e-7}]), end="")
    \begin{tabular}{lr}
    \toprule
    theorem & $\rho$ \\
    \midrule
    unified-sam/3.2 & $1.2 \times 10^{-7}$ \\
    \bottomrule
    \end{tabular}
    """
    rows = list(rows)
    names = list(rows[0]) if rows else []
    columns = "".join("r" if number else "l" for number in map(_numeric(rows), names))
    heads = [f"${SYMBOLS[name]}$" if name in SYMBOLS else plain(name.replace("_", " ")) for name in names]
    body = [" & ".join(_latex(row[name]) for name in names) + r" \\" for row in rows]
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", " & ".join(heads) + r" \\", r"\midrule"]
    return "\n".join([*lines, *body, r"\bottomrule", r"\end{tabular}"]) + "\n"


#: Writers of a table by the name of their option.
FORMATS: dict[str, Callable[[Iterable[Mapping[str, Any]]], str]] = {"csv": csv, "latex": latex, "markdown": markdown}


def _numeric(rows: Rows) -> Callable[[str], bool]:
    """Whether a column holds numbers."""
    return lambda name: any(is_number(row[name]) for row in rows)


def is_number(value: Any) -> bool:
    """Whether a value is an int or a float."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _short(value: Any) -> str:
    """A value in four digits, a count in full; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        return "∞" if value == math.inf else f"{value:.4g}"
    return f"{value:,}" if is_number(value) else " ".join(str(value).split())


def _latex(value: Any) -> str:
    text = _short(value)
    if not is_number(value) or value == math.inf:
        return plain(text)
    mantissa, e, exponent = text.partition("e")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$" if e else text.replace(",", r"\,")
