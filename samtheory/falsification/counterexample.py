"""A violation that was found in floats, evaluated again without rounding, and as a problem file that `verify` judges.

Everything is rational: the instance as its decimals print, its constants rounded to the safe side, the steps inside the
theorem's own limits, and the theorem's formulas.  Where a step needs a square root or a sine, intervals enclose it.
"""

from __future__ import annotations

import math
import shlex
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.samplings import Single, parse_sampling
from samtheory.status import Status
from samtheory.theorems.base import ConstantSteps, Theorem
from samtheory.theorems.forms.descent import Descent
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judge_problem

from .instances.arithmetic import INTERVAL, RATIONAL, Kit, Number, decimal, rounded_down, rounded_up
from .instances.base import Card, Instance, NotThere, squared
from .instances.sines import Sines
from .problem_file import problem_file
from .trial import (
    MEASURED,
    Finding,
    Trial,
    at_start,
    attempt,
    claimed_constants,
    constants_of,
    excluded,
    planned,
    state,
)

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
    objection : the condition on the constants that this project adds to the theorem and that fails here, else None
    """

    finding: Finding
    theorem: str
    instance: Instance
    card: Card
    residual: tuple[Fraction, Fraction, Fraction]
    measured: str
    bound: str
    arithmetic: str
    objection: str | None

    @property
    def cell(self) -> Cell:
        """What `verify` is asked, with the names of the printed commands."""
        trial, weights = self.finding.trial, self.instance.weights
        sampling = f"single:{PROBABILITIES}" if weights.kind == "single" else weights.spec
        asked = Request(trial.lam, trial.rho, gamma=trial.gamma, allow_outside=self.objection is not None)
        return Cell(FILE, self.theorem, sampling, asked)

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

    @property
    def source(self) -> str:
        """The problem file."""
        how = (
            f"The left side is {self.finding.measured:.10g}, the right side {self.finding.bound:.10g}:"
            f" {self.finding.ratio:.6g} times smaller. Proved in {self.arithmetic} arithmetic."
        )
        trial = self.finding.trial
        own = "" if trial.rho is None else f", rho={trial.rho!r}, gamma={trial.gamma!r}"
        told = [
            f"A counterexample to {self.theorem}, found by `samtheory falsify`: {self.instance.family}.",
            f"{self.finding.claim} fails at x0 with lam={trial.lam}{own}. {how}",
            f"samtheory says of it: {self.objection}." if self.objection else "",
            f"Saved as {FILE}, it is judged by",
        ]
        return problem_file(told, self.commands, trial.x, self.instance, self.card, self.residual)

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
            "objection": self.objection or "",
            "probabilities": self.probabilities,
            "problem": self.source,
            "ratio": finding.ratio,
            "rho": trial.rho,
            "sampling": self.cell.sampling,
            "x0": list(map(float, trial.x)),
        }


def confirmed(theorem: Theorem, name: str, trial: Trial) -> Counterexample | None:
    """The trial without rounding, None if it is no violation.

    `name` is what the theorem is called on the command line.
    """
    finding = attempt(theorem, trial)
    if finding is None:
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
        measured, bound = sides(theorem, trial, instance.within(kit), numbers, constants, kit)
    except (NotThere, NotApplicable, InputError, ZeroDivisionError, OverflowError):
        return None
    if not measured > bound:
        return None
    return Counterexample(
        finding, name, instance, card, residual, text(measured), text(bound), kit.name,
        theorem.failed_condition(constants),
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


def sides(
    theorem: Theorem, trial: Trial, instance: Instance, numbers: dict[str, Fraction], constants: Constants, kit: Kit
) -> tuple[Number, Number]:
    """(measured, bound) of the one-step inequality, or of the bound at t = 1 where that is the one to fail.

    Raises
    ------
    NotThere
        If the theorem does not allow the steps.
    """
    x = tuple(map(kit.number, trial.x))
    V = instance.value(x, kit) if theorem.lyapunov == "gap" else squared(x)
    plan, *_ = planned(theorem, constants, trial, as_float(V))
    gamma, rho, lam = map(decimal, plan.schedule.at(0))
    true = state(instance, kit, x, *map(kit.number, (gamma, rho, lam)))
    _, W, after = true.lyapunov(theorem)
    made = formulas(theorem)
    if made is not None:
        values = {**numbers, "rho": rho, "gamma": gamma, "lam": lam}
        rho_max, gamma_max, p, q, r = (evaluated(each, values) for each in made)
        if not (rho < rho_max or (theorem.closed and rho == rho_max)) or gamma > gamma_max:
            raise NotThere
        p = max(p, Fraction(0)) if isinstance(theorem, ConstantSteps) else p
        return after, kit.number(p) * V + kit.number(q) * W + kit.number(r)
    room = kit.number(ALLOWANCE)
    with suppress(NotApplicable):
        p, q, r = (kit.number(Fraction(each)) for each in plan.step(0))
        bound = p * V + q * W + r + room * (abs(p) * V + abs(q) * W + abs(r))
        if after > bound:
            return after, bound
    bound = kit.number(Fraction(float(plan.bound(1, as_float(V)))))
    return getattr(true, MEASURED[theorem.measure]), bound * (1 + room)


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
    exec(compile(found.source, FILE, "exec"), scope)  # noqa: S102 - the text was written here, a line above
    problem: Problem = scope["problem"]().named(FILE, {})
    p = found.probabilities
    sampling = parse_sampling(found.cell.sampling) if p is None else Single(np.array(p), PROBABILITIES)
    try:
        verdict = judge_problem(found.cell, problem, sampling, theorem)
    except (InputError, NotApplicable):
        return False
    return verdict.verdict == Status.VIOLATED and all(piece.kind != "hypothesis" for piece in verdict.violations)
