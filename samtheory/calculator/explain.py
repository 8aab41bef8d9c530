"""The explanation of a theorem: statement, assumptions, formulas, source, and the meaning of every symbol.

The formulas are the very objects that the numbers are computed from: whatever SymPy expressions the theorem's file has.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import sympy as sp

from samtheory.assumptions import formula_symbols
from samtheory.constants import ASSUMPTIONS, Constants
from samtheory.io.result import Result
from samtheory.theorems.base import Theorem

#: The meaning of the symbols of `theorems.symbols`; Unicode, as in the statements.
SYMBOLS = {
    **{name: symbol.meaning for name, symbol in formula_symbols().items()},
    "gamma": "step size",
    "rho": "ascent radius",
    "lam": "0 is USAM, 1 is SAM",
    "epsilon": "the accuracy that is asked for",
    "delta0": "f(x₀) − f*",
    "a": "1 − λ",
    "T": "number of steps",
    **dict.fromkeys(("b1", "b2", "b3", "theta", "q"), "any number above 0: every choice is a bound"),
    "bonus": "any number that is not negative: every choice is a bound",
    "share": "any number in [0, 1]: every choice is a bound",
}


@dataclass(frozen=True, repr=False)
class Explanation(Result):
    """The statement, assumptions, formulas and symbols of a theorem.

    Attributes
    ----------
    formulas : SymPy expressions by the name they have in the theorem's file, in its order
    remarks : the rest of the file's docstring: grounds and proof
    """

    theorem: Theorem
    formulas: Mapping[str, tuple[sp.Expr, ...]]
    remarks: str

    @property
    def named(self) -> Iterator[tuple[str, sp.Expr]]:
        """The formulas one by one, those of a tuple with their number."""
        for name, parts in self.formulas.items():
            numbers = [""] if len(parts) == 1 else [f"_{k}" for k in range(1, len(parts) + 1)]
            yield from ((name + number, part) for number, part in zip(numbers, parts, strict=True))

    @property
    def symbols(self) -> dict[str, str]:
        """The symbols of the formulas with their meaning."""
        shown = [each for parts in self.formulas.values() for each in parts] + list(self.step.values())
        found = {str(symbol) for each in shown for symbol in each.free_symbols}
        known = {name: meaning for name, meaning in SYMBOLS.items() if name in found}
        return known | dict.fromkeys(sorted(found - known.keys()), "free, or defined above")

    def headline(self) -> str:
        """The theorem's key, title and statement."""
        return f"{self.theorem.key}: {self.theorem.title}: {self.theorem.statement}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each part: title, source, statement, assumptions, formulas and symbols."""
        parts = {word: getattr(self.theorem, word) for word in ("title", "source", "statement")}
        parts |= {"covers": self.covers}
        parts |= {f"assumption {word}": ASSUMPTIONS[word] for word in self.theorem.assumptions}
        parts |= {f"condition {k}": text for k, text in enumerate(self.conditions, 1)}
        parts |= {f"one step {name}": str(formula) for name, formula in self.step.items()}
        parts |= {f"formula {name}": str(formula) for name, formula in self.named}
        parts |= {f"symbol {name}": meaning for name, meaning in self.symbols.items()}
        return ({"part": part, "text": text} for part, text in parts.items())

    def to_json(self) -> dict[str, Any]:
        """Plain data, formulas as SymPy writes them."""
        words = ("key", "title", "source", "status", "measure", "method", "statement")
        return {
            **{word: getattr(self.theorem, word) for word in words},
            "assumptions": {word: ASSUMPTIONS[word] for word in self.theorem.assumptions},
            "conditions": self.conditions,
            "covers": self.covers,
            "formulas": {name: str(formula) for name, formula in self.named},
            "one_step": {name: str(formula) for name, formula in self.step.items()},
            "remarks": self.remarks,
            "symbols": self.symbols,
        }

    @property
    def step(self) -> dict[str, sp.Expr]:
        """p, q, r and, where there is one, h of E V+ <= p V + q W + h sqrt(W) + r; one of each for every case."""
        found: dict[str, sp.Expr] = {}
        for k, one in enumerate(self.theorem.inequality, 1):
            number = f"_{k}" if len(self.theorem.inequality) > 1 else ""
            parts = {"p": 1 + one.growth, "q": one.q, "r": one.r, "h": one.h}
            found |= {name + number: sp.sympify(part) for name, part in parts.items() if name != "h" or part != 0}
        return found

    @property
    def conditions(self) -> list[str]:
        """Every condition on the steps, the times and the constants that is evaluated, besides the assumptions."""
        return conditions(self.theorem)

    @property
    def covers(self) -> str:
        """The values of lam that the theorem covers."""
        if self.theorem.only is not None:
            return f"λ = {self.theorem.only}"
        return "any λ_t in [0, 1], changing with t or not" if self.theorem.varying_lam else "any constant λ in [0, 1]"


#: Constants on which a theorem is asked for its limits and its first time.
EXAMPLES = tuple({"L": 1.0, "mu": mu, "A": 0.0, "B": 1.0, "C": 0.0, "Lcal": 1.0, "R": 0.0, "sigma2": 0.0, "alpha": 1.0,
                  "b": 1.0, "c": 0.1, "A_h": 0.0, "B_h": 1.0, "C_h": 0.1}
                 for mu in (0.5, 0.1))  # fmt: skip


def conditions(theorem: Theorem) -> list[str]:
    """Every condition on the steps, the times and the constants that is evaluated, in words."""
    examples = [Constants.from_values(numbers, theorem.assumptions) for numbers in EXAMPLES]
    lam = 0.0 if theorem.only is None else theorem.only
    rho_max, gamma_max = theorem.limits(examples[0], lam)
    less = "≤" if theorem.closed else "<"
    rho = "ρ = 0" if rho_max == 0 else "ρ ≥ 0" if math.isinf(rho_max) else f"0 ≤ ρ {less} ρ*"
    gamma = "γ > 0" if math.isinf(gamma_max(0.0)) else "0 < γ ≤ γ*(ρ)"
    found = [rho, gamma]
    if theorem.varying_lam and not (math.isinf(rho_max) and math.isinf(gamma_max(0.0))):
        found[1] += ", both at λ = 0 where λ changes with t"
    plans = [theorem.plan(each, lam, epsilon=0.1, delta0=1.0) for each in examples]
    first, last = (plan.start for plan in plans)
    times = f"t ≥ {first}" if first == last else "t from a time on that depends on the constants"
    found.append(times if plans[0].horizon is None else "the last t of its horizon only")
    if theorem.measure == "distance2":
        found.append("x* is the solution nearest to x_t; R₀ = ‖x₀ − x*‖ from any of them")
    return found + [f"needs {left} <= {right}" for left, right in theorem.requires]


def explain(theorem: Theorem) -> Explanation:
    """The statement, formulas and remarks in the theorem's own file."""
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
