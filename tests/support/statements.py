"""The one-line statements of theorems as formulas: their words alone, read as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import sympy as sp

#: Names of several signs, the longest first, and the names that formulas have for them.
NAMES = {
    "ρ*": "rho_max", "γ*(ρ)": "gamma_max", "L_avg": "L_avg", "δ₀": "delta0", "R₀": "R0", "σ*": "sigma", "Λ₂": "Lambda2",
    "t*": "tstar", "γ̂": "gammahat", "n₁": "n_1",
    "n_C": "n_C", "μ′": "mup", "A′": "A_h", "B′": "B_h", "C′": "C_h",
    "L′": "Lp", "exp": "exp", "noise": "noise", "max": "Max", "min": "Min", "γ": "gamma",
    "Λ₁": "Lambda1", "μ": "mu", "ρ": "rho", "λ": "lam", "Λ": "Lambda", "ℒ": "Lcal", "β": "beta", "π": "pi",
}  # fmt: skip
TOKEN = re.compile("|".join(["sqrt|ceiling|Abs", *map(re.escape, NAMES), r"\d+(?:\.\d+)?", r"[A-Za-z]", r"\S"]))
FUNCTIONS = {"Max": sp.Max, "Min": sp.Min, "exp": sp.exp, "sqrt": sp.sqrt, "ceiling": sp.ceiling, "Abs": sp.Abs}
RELATIONS = {"≤": sp.Le, "<": sp.Lt, "≥": sp.Ge, ">": sp.Gt}
#: The left sides of bounds over time; a bound that is a sum over time is no closed formula.
GAP, DISTANCE = r"(?:E )?(?:δ_[tTK]|f\(x_[tT]\) − f\*)", r"E?‖x_t − x\*‖²"
OVER_TIME = r"\(1/T\) Σ_\{t<T\}[^≤]*|min_\{t<T\} E‖∇f\(x_t\)‖²"
BOUNDED = re.compile(rf"^(?:{GAP}|{DISTANCE}|{OVER_TIME}) ≤ ((?!.*Σ_\{{j<t\}}).*)$")


@dataclass
class Statement:
    """What a statement says.

    Attributes
    ----------
    bound : over time
    definitions : formulas by name
    conditions : relations under which it holds
    """

    bound: sp.Expr
    definitions: dict[str, sp.Expr] = field(default_factory=dict)
    conditions: list[sp.Rel] = field(default_factory=list)


def formula(text: str) -> sp.Expr:
    """A formula in the letters of the statements, products without a sign."""
    for sign, written in (("−", "-"), ("²", "^2"), ("³", "^3"), ("⁴", "^4"), ("√(", "sqrt(")):
        text = text.replace(sign, written)
    for pattern, written in (
        (r"√(\w)", r"sqrt(\1)"),
        (r"⌈([^⌉]*)⌉", r"ceiling(\1)"),
        (r"\|([^|]*)\|", r"Abs(\1)"),
        (r"(max|min) ?\{([^{}]*)\}", r"\1(\2)"),
        (r"\^\{([^{}]*)\}", r"^(\1)"),
    ):
        text = re.sub(pattern, written, text)
    found, before = "", ""
    for piece in TOKEN.findall(text):
        token = NAMES.get(piece, piece)
        begins, ends = token[0].isalnum() or token == "(", before[-1:].isalnum() or before == ")"
        found += "*" if begins and ends and before not in FUNCTIONS else ""
        found += "**" if token == "^" else token
        before = token
    names = {name: sp.Symbol(name) for name in re.findall(r"[A-Za-z_]\w*", found)}
    return sp.sympify(found, locals={**names, **FUNCTIONS, "e": sp.E, "pi": sp.pi})


def split(text: str) -> list[str]:
    """The parts between commas, `for` and `at`, outside of brackets."""
    parts, depth, current = [], 0, ""
    for word in re.split(r"(, | for | at )", text):
        if re.fullmatch(r", | for | at ", word) and depth == 0:
            parts.append(current)
            current = ""
            continue
        current += word
        depth += sum(map(word.count, "({⌈")) - sum(map(word.count, ")}⌉"))
    return [part.strip().removeprefix("for ") for part in [*parts, current] if part.strip()]


def stated(statement: str, statement_of: Callable[[str], str]) -> Statement | None:
    """What a statement says; None where it is a recursion, or a number of steps.

    Parameters
    ----------
    statement_of : key -> the statement of another theorem, for `c as in KEY`
    """
    found = BOUNDED.match(statement.partition(";")[0])
    if found is None:
        return None
    bound, *rest = split(found[1])
    read = Statement(formula(bound))
    for key in re.findall(r"as in ([\w./+-]+)", statement):
        other = stated(statement_of(key), statement_of)
        read.definitions |= {} if other is None else other.definitions
    for part in rest:
        left, *more = re.split(r" ([=≤<≥>]) ", part)
        for relation, right in zip(more[::2], more[1::2], strict=True):
            if relation == "=":
                name = NAMES.get(left, left)
                if name.isidentifier() and "_" not in name:
                    read.definitions[name] = formula(right)
            elif "∈" not in part and "_t" not in part:
                read.conditions.append(RELATIONS[relation](formula(left), formula(right), evaluate=False))
            left = right if relation != "=" else left
    return read
