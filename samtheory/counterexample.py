"""A violation that was found in floats, evaluated again without rounding, and as a problem file that `verify` judges.

Everything is rational: the instance as its decimals print, its constants rounded to the safe side, the steps inside the
theorem's own limits, and the theorem's formulas.  Where a step needs a square root or a sine, intervals enclose it.
"""

from __future__ import annotations

import math
import shlex
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from .cell import Cell
from .constants import Constants
from .errors import InputError, NotApplicable
from .instances.arithmetic import INTERVAL, RATIONAL, Kit, Number, decimal, rounded_down, rounded_up
from .instances.base import Card, Instance, NotThere
from .instances.sines import Sines
from .problem import Problem
from .sampling import Single, parse_sampling
from .theorems.base import ConstantSteps, Theorem
from .theorems.descent import Descent
from .trials import (
    MEASURED,
    Finding,
    State,
    Trial,
    at_start,
    attempt,
    claimed_constants,
    constants_of,
    excluded,
    state,
)
from .verification import judge_problem

#: A theorem whose numbers come from Python code, not from formulas, is given this much for its rounding.
ALLOWANCE = Fraction(1, 10**9)
#: The names that the printed commands use.
FILE, PROBABILITIES = "counterexample.py", "p.txt"


@dataclass(frozen=True)
class Counterexample:
    """A violation without rounding.

    Attributes
    ----------
    finding : the same in floats
    card : the constants on the safe side, each a decimal
    residual : (A, B, C) of the card
    measured, bound : the two sides, as text: a rational, or an interval for `measured`
    arithmetic : "rational" or "interval"
    objection : what this project objects to in the theorem here, "" for nothing
    """

    finding: Finding
    theorem: str
    instance: Instance
    card: Card
    residual: tuple[Fraction, Fraction, Fraction]
    measured: str
    bound: str
    arithmetic: str
    objection: str

    @property
    def cell(self) -> Cell:
        """What `verify` is asked, with the names of the printed commands."""
        trial, weights = self.finding.trial, self.instance.weights
        sampling = f"single:{PROBABILITIES}" if weights.kind == "single" else weights.spec
        return Cell(
            FILE, self.theorem, sampling, trial.lam, trial.rho, None, trial.gamma, bool(self.objection)
        )

    @property
    def probabilities(self) -> list[float] | None:
        """Those of a `single` sampling, else None."""
        weights = self.instance.weights
        return list(map(float, weights.probabilities)) if weights.kind == "single" else None

    @property
    def commands(self) -> list[str]:
        """What to type, once the problem file is saved as `FILE`."""
        words = self.cell.command
        if self.probabilities is None:
            return [words]
        listed = " ".join(map(repr, self.probabilities))
        return [f"printf '%s\\n' {listed} > {shlex.quote(PROBABILITIES)}", words]

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        finding, trial = self.finding, self.finding.trial
        return {
            "arithmetic": self.arithmetic,
            "bound": finding.bound,
            "bound_exact": self.bound,
            "claim": finding.claim,
            "commands": self.commands,
            "constants": finding.constants.values(),
            "family": self.instance.family,
            "gamma": trial.gamma,
            "lam": trial.lam,
            "measured": finding.measured,
            "measured_exact": self.measured,
            "objection": self.objection,
            "probabilities": self.probabilities,
            "problem": source(self),
            "ratio": finding.ratio,
            "rho": trial.rho,
            "sampling": self.cell.sampling,
            "x0": list(map(float, trial.x)),
        }


def confirmed(theorem: Theorem, name: str, trial: Trial) -> Counterexample | None:
    """The trial without rounding, None if it is no violation; rho and gamma must be fixed.

    `name` is what the theorem is called on the command line.
    """
    finding = attempt(theorem, trial)
    if finding is None or trial.rho is None or trial.gamma is None:
        return None
    try:
        instance = trial.instance.within(RATIONAL)
        card = safe(instance.card(RATIONAL))
        instance = instance.settled(card.L_i)
        residual = instance.residual(RATIONAL, card)
        if instance.sharpness is not None and not instance.weights.deterministic:
            residual = tuple(map(rounded_up, residual))  # type: ignore[assignment]
        numbers = constants_of(instance, RATIONAL, card, residual)
        constants = claimed_constants(instance, card, numbers)
        if excluded(theorem, constants, trial.lam):
            return None
        kit = RATIONAL if rational(trial) else INTERVAL
        true = true_state(trial, instance, kit)
        claim = exact_claim(theorem, trial, numbers, constants, true, kit)
    except (NotThere, NotApplicable, InputError, ZeroDivisionError, OverflowError):
        return None
    if claim is None:
        return None
    measured, bound = claim
    if not measured > bound:
        return None
    return Counterexample(
        finding, name, instance, card, residual, text(measured), text(bound), kit.name,
        theorem.objection(constants),
    )  # fmt: skip


def safe(card: Card) -> Card:
    """The card in decimals: bounds rounded up, mu and infima down."""
    return Card(
        list(map(rounded_up, card.L_i)),
        rounded_up(card.L),
        None if card.mu is None else rounded_down(card.mu),
        card.f_inf,
        None if card.f_i_inf is None else list(map(rounded_down, card.f_i_inf)),
        card.properties,
    )


def rational(trial: Trial) -> bool:
    """Whether a step needs neither a sine nor the length of a vector."""
    return not isinstance(trial.instance, Sines) and (trial.instance.d == 1 or at_start(trial.lam) == 0)


def true_state(trial: Trial, instance: Instance, kit: Kit) -> State:
    """What is true before and after the step."""
    x = tuple(map(kit.number, trial.x))
    gamma, rho, lam = (kit.number(each) for each in (trial.gamma, trial.rho, at_start(trial.lam)))
    return state(instance.within(kit), kit, x, gamma, rho, lam)


def exact_claim(
    theorem: Theorem, trial: Trial, numbers: dict[str, Fraction], constants: Constants, true: State, kit: Kit
) -> tuple[Number, Number] | None:
    """(measured, bound) of the one-step inequality, or of the bound at t = 1; None if the steps are not allowed."""
    V, W, after = true.lyapunov(theorem)
    values = {**numbers, "rho": decimal(trial.rho), "gamma": decimal(trial.gamma), "lam": decimal(at_start(trial.lam))}
    made = formulas(theorem)
    if made is not None:
        rho_max, gamma_max, p, q, r = (evaluated(each, values) for each in made)
        if not (values["rho"] < rho_max or values["rho"] == rho_max and theorem.closed):
            return None
        if not values["gamma"] <= gamma_max:
            return None
        p = max(p, Fraction(0)) if isinstance(theorem, ConstantSteps) else p
        return after, kit.number(p) * V + kit.number(q) * W + kit.number(r)
    start = as_float(V)
    plan = theorem.plan(constants, trial.lam, trial.rho, trial.gamma, delta0=start, allow_outside=True)
    p, q, r = (kit.number(Fraction(each)) for each in plan.step(0))
    room = kit.number(ALLOWANCE) * (abs(p) * V + abs(q) * W + abs(r))
    one = p * V + q * W + r + room
    later = MEASURED.get(theorem.measure)
    if after > one or later is None or plan.start > 1:
        return after, one
    return getattr(true, later), kit.number(Fraction(float(plan.bound(1, start)))) * (1 + kit.number(ALLOWANCE))


def formulas(theorem: Theorem) -> tuple[Any, Any, Any, Any, Any] | None:
    """rho_max, gamma_max, p, q, r as SymPy expressions; None where Python code makes the plan."""
    if isinstance(theorem, ConstantSteps) and type(theorem).plan is ConstantSteps.plan:
        return theorem.rho_max, theorem.gamma_max, theorem.contraction, sp.Integer(0), theorem.noise
    if isinstance(theorem, Descent) and type(theorem).plan is Descent.plan:
        return theorem.rho_max, theorem.gamma_max, 1 + theorem.growth, -theorem.descent, theorem.noise
    return None


def evaluated(expression: Any, values: dict[str, Fraction]) -> Number:
    """An expression at rationals: a Fraction, rounded up where it is irrational, or inf."""
    given = {name: sp.Rational(value.numerator, value.denominator) for name, value in values.items()}
    value = sp.sympify(expression).subs({symbol: given[str(symbol)] for symbol in expression.free_symbols})
    if value.is_infinite:
        return math.inf
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    return rounded_up(Fraction(str(sp.N(value, 60))), 50)


def as_float(value: Number) -> float:
    """A Fraction, or the middle of an interval."""
    return float(value) if isinstance(value, Fraction) else float(value.mid.a)


def text(value: Number) -> str:
    """A rational as p/q, an interval as it prints."""
    return str(value)


def reproduced(found: Counterexample, theorem: Theorem) -> bool:
    """Whether `verify` finds the card of the problem file right and the theorem violated on it."""
    scope: dict[str, Any] = {}
    exec(compile(source(found), FILE, "exec"), scope)  # noqa: S102 - the text was written here, a line above
    problem: Problem = scope["problem"]().named(FILE, {})
    probabilities = found.probabilities
    sampling = parse_sampling(found.cell.sampling) if probabilities is None else Single(np.array(probabilities), PROBABILITIES)
    try:
        verdict = judge_problem(found.cell, problem, sampling, theorem)
    except (InputError, NotApplicable):
        return False
    return verdict.verdict == "violated" and all(piece.kind != "hypothesis" for piece in verdict.violations)


def source(found: Counterexample) -> str:
    """The problem file."""
    finding, card, instance = found.finding, found.card, found.instance
    sharp = instance.sharpness is not None and not instance.weights.deterministic
    classes = {"Problem", "exact", "Quadratics" if "Quadratics(" in instance.source() else "UserSum"}
    classes |= {"ExpectedResidual"} if sharp else set()
    words = ", ".join(f'"{word}"' for word in sorted(card.properties))
    fields = [
        ("objective", "f"),
        ("x0", f"np.array({floats(finding.trial.x)})"),
        ("L_i", f'exact(np.array({floats(card.L_i)}), "sup |f_i\'\'|")'),
        ("L", f'exact({float(card.L)!r}, "sup |f\'\'|")'),
        ("mu", None if card.mu is None else f'exact({float(card.mu)!r}, "inf ||grad f||^2/(2 (f - f*))")'),
        ("f_inf", 'exact(0.0, "f(0) = 0")'),
        ("f_i_inf", None if card.f_i_inf is None else f'exact(np.array({floats(card.f_i_inf)}), "inf f_i")'),
        ("x_star", f"np.zeros({instance.d})"),
        ("properties", f"frozenset({{{words}}})" if words else None),
        ("residual", "residual" if sharp else None),
        ("source", '"samtheory falsify"'),
    ]
    given = "\n".join(f"        {name}={value}," for name, value in fields if value is not None)
    parts = [
        heading(found),
        f"import numpy as np\n\nfrom samtheory import {', '.join(sorted(classes))}",
        instance.source() + (f"\n\n\n{residual_source(found)}" if sharp else ""),
        f"\ndef problem():\n    return Problem(\n{given}\n    )\n",
    ]
    return "\n\n".join(parts)


def heading(found: Counterexample) -> str:
    """The docstring of the problem file: what is violated, by how much, and how to see it."""
    finding, trial = found.finding, found.finding.trial
    how = f"The left side is {finding.measured:.10g}, the right side {finding.bound:.10g}, {finding.ratio:.6g} times smaller"
    told = [
        f"A counterexample to {found.theorem}, found by `samtheory falsify`: {found.instance.family}.",
        f"{finding.claim} fails at x0 with lam={trial.lam}, rho={trial.rho!r}, gamma={trial.gamma!r}. "
        f"{how}; proved in {found.arithmetic} arithmetic.",
        f"samtheory says of it: {found.objection}." if found.objection else "",
        f"Saved as {FILE}, it is judged by",
    ]
    paragraphs = ["\n".join(textwrap.wrap(each, 116, break_long_words=False)) for each in told if each]
    return '"""' + "\n\n".join([*paragraphs, "\n".join(f"    {line}" for line in found.commands)]) + '\n"""'


def residual_source(found: Counterexample) -> str:
    """The function that gives (A, B, C) under the one sampling that they belong to."""
    kit, (A, B, C) = RATIONAL, found.residual
    law = found.instance.weights.moments(kit)
    return f'''def residual(law):
    """E||g||^2 <= 2A (f - f*) + B ||grad f||^2 + C under the sampling of the counterexample; the textbook's elsewhere."""
    if not np.allclose([law.B, *law.w], {floats([law.B, *law.w])}, rtol=1e-9):
        return None
    return ExpectedResidual(*(exact(each, "closed formula") for each in {floats((A, B, C))}))'''


def floats(values: Sequence[Number]) -> str:
    """A list of floats, as in a Python file."""
    return repr([float(value) for value in values])
