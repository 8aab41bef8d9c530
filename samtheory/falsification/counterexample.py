"""A violation found in floats, evaluated again without rounding, and as a problem file that `verify` judges.

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

import sympy as sp

from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.single import Single
from samtheory.status import Status
from samtheory.theorems.base import ConstantSteps, Theorem
from samtheory.theorems.forms.descent import Descent
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judge_problem

from .candidate import (
    MEASURED,
    NOTHING_SAID,
    Candidate,
    Evaluation,
    at_start,
    attempt,
    claimed_constants,
    excluded,
    numbers_of,
    planned,
    step_values,
)
from .instances.arithmetic import INTERVAL, RATIONAL, Number, NumberType, decimal, rounded_down, rounded_up
from .instances.base import CertifiedConstants, InfeasibleInstance, Instance, squared
from .instances.finite_law import FiniteLaw
from .instances.sines import Sines
from .problem_file import problem_file

#: A theorem whose numbers come from Python code, not from formulas, is given this much for its rounding.
ALLOWANCE = Fraction(1, 10**9)
#: The names that the printed commands use.
FILE, PROBABILITIES = "counterexample.py", "p.txt"


@dataclass(frozen=True)
class Counterexample:
    """A violation without rounding.

    Attributes
    ----------
    evaluation : the same in floats
    instance : the instance in rationals
    certified : the constants on the safe side, each a decimal
    residual : (A, B, C) that goes with them
    measured, bound : the two sides, as text: a rational, or an interval for `measured`
    arithmetic : "rational" or "interval"
    objection : the condition on the constants that this project adds to the theorem and that fails here, else None
    """

    evaluation: Evaluation
    theorem: str
    instance: Instance
    certified: CertifiedConstants
    residual: tuple[Fraction, Fraction, Fraction]
    measured: str
    bound: str
    arithmetic: str
    objection: str | None

    @property
    def cell(self) -> Cell:
        """The cell that `verify` judges, with the names of the printed commands."""
        candidate = self.evaluation.candidate
        sampling = f"single:{PROBABILITIES}" if self.probabilities else self.instance.sampling.spec
        asked = Request(candidate.lam, candidate.rho, gamma=candidate.gamma, allow_outside=self.objection is not None)
        return Cell(FILE, self.theorem, sampling, asked)

    @property
    def probabilities(self) -> list[float] | None:
        """Those of a `single` sampling, else None."""
        sampling = self.instance.sampling
        return list(sampling.p) if isinstance(sampling, Single) else None

    @property
    def commands(self) -> list[str]:
        """Commands that reproduce the violation once the problem file is saved as `FILE`."""
        words = self.cell.command
        if self.probabilities is None:
            return [words]
        listed = " ".join(map(repr, self.probabilities))
        return [f"printf '%s\\n' {listed} > {shlex.quote(PROBABILITIES)}", words]

    @property
    def source(self) -> str:
        """The problem file."""
        found, candidate = self.evaluation, self.evaluation.candidate
        sides = (
            f"The left side is {found.measured:.10g}, the right side {found.bound:.10g}: {found.ratio:.6g} times"
            f" smaller. Proved in {self.arithmetic} arithmetic."
        )
        own = "" if candidate.rho is None else f", rho={candidate.rho!r}, gamma={candidate.gamma!r}"
        paragraphs = [
            f"A counterexample to {self.theorem}, found by `samtheory falsify`: {self.instance.family}.",
            f"{found.claim} fails at x0 with lam={candidate.lam}{own}. {sides}",
            f"samtheory says of it: {self.objection}." if self.objection else "",
            f"Saved as {FILE}, it is judged by",
        ]
        return problem_file(paragraphs, self.commands, candidate.x, self.instance, self.certified, self.residual)

    def to_json(self) -> dict[str, Any]:
        """Plain data, as in `counterexample` of the document."""
        found, candidate = self.evaluation, self.evaluation.candidate
        return {
            "arithmetic": self.arithmetic,
            "bound": found.bound,
            "bound_exact": self.bound,
            "claim": found.claim,
            "commands": self.commands,
            "constants": found.constants.values(),
            "family": self.instance.family,
            "gamma": candidate.gamma,
            "lam": candidate.lam,
            "measured": found.measured,
            "measured_exact": self.measured,
            "objection": self.objection or "",
            "probabilities": self.probabilities,
            "problem": self.source,
            "ratio": found.ratio,
            "rho": candidate.rho,
            "sampling": self.cell.sampling,
            "x0": list(map(float, candidate.x)),
        }


def confirmed(theorem: Theorem, name: str, candidate: Candidate) -> Counterexample | None:
    """The candidate evaluated without rounding, None if it is no violation.

    Parameters
    ----------
    name : what the theorem is called on the command line
    """
    found = attempt(theorem, candidate)
    if found is None:
        return None
    try:
        instance = candidate.instance.in_arithmetic(RATIONAL)
        certified = rounded_safely(instance.constants(RATIONAL))
        law = FiniteLaw.of(instance.sampling, certified.L_i, RATIONAL)
        residual = instance.residual(law, certified)
        if instance.sharpness is not None and not law.deterministic:
            residual = tuple(map(rounded_up, residual))  # type: ignore[assignment]
        numbers = numbers_of(instance, law, certified, residual)
        constants = claimed_constants(law, certified, numbers)
        if excluded(theorem, constants, candidate.lam):
            return None
        kind = RATIONAL if rational(candidate) else INTERVAL
        law = FiniteLaw.of(instance.sampling, list(map(kind.number, certified.L_i)), kind)
        measured, bound = sides(theorem, candidate, instance.in_arithmetic(kind), law, numbers, constants)
    except NOTHING_SAID:
        return None
    if not measured > bound:
        return None
    return Counterexample(
        found,
        name,
        instance,
        certified,
        residual,
        str(measured),
        str(bound),
        kind.name,
        theorem.failed_condition(constants),
    )


def rounded_safely(constants: CertifiedConstants) -> CertifiedConstants:
    """The constants in decimals: upper bounds rounded up, mu and infima down."""
    return CertifiedConstants(
        list(map(rounded_up, constants.L_i)),
        rounded_up(constants.L),
        None if constants.mu is None else rounded_down(constants.mu),
        constants.f_inf,
        None if constants.f_i_inf is None else list(map(rounded_down, constants.f_i_inf)),
        constants.properties,
    )


def rational(candidate: Candidate) -> bool:
    """Whether a step needs neither a sine nor the length of a vector."""
    instance = candidate.instance
    return not isinstance(instance, Sines) and (instance.d == 1 or at_start(candidate.lam) == 0)


def sides(
    theorem: Theorem,
    candidate: Candidate,
    instance: Instance,
    law: FiniteLaw,
    numbers: dict[str, Fraction],
    constants: Constants,
) -> tuple[Number, Number]:
    """(measured, bound) of the one-step inequality, or of the bound at t = 1 where only that fails.

    Raises
    ------
    InfeasibleInstance
        If the theorem does not allow the steps.
    """
    kind: NumberType = law.kind
    x = tuple(map(kind.number, candidate.x))
    V = instance.value(x, kind) if theorem.lyapunov == "gap" else squared(x)
    plan, *_ = planned(theorem, constants, candidate, as_float(V))
    gamma, rho, lam = map(decimal, plan.schedule.at(0))
    true = step_values(instance, law, x, *map(kind.number, (gamma, rho, lam)))
    _, W, after = true.lyapunov(theorem)
    made = formulas(theorem)
    if made is not None:
        values = {**numbers, "rho": rho, "gamma": gamma, "lam": lam}
        rho_max, gamma_max, p, q, r = (evaluated(each, values) for each in made)
        if not (rho < rho_max or (theorem.closed and rho == rho_max)) or gamma > gamma_max:
            raise InfeasibleInstance
        p = max(p, Fraction(0)) if isinstance(theorem, ConstantSteps) else p
        return after, kind.number(p) * V + kind.number(q) * W + kind.number(r)
    allowance = kind.number(ALLOWANCE)
    with suppress(NotApplicable):
        p, q, r = (kind.number(Fraction(each)) for each in plan.step(0))
        bound = p * V + q * W + r + allowance * (abs(p) * V + abs(q) * W + abs(r))
        if after > bound:
            return after, bound
    bound = kind.number(Fraction(float(plan.bound(1, as_float(V)))))
    return getattr(true, MEASURED[theorem.measure]), bound * (1 + allowance)


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


def reproduced(found: Counterexample, theorem: Theorem) -> bool:
    """Whether `verify` finds the constants of the problem file right and the theorem violated on it."""
    scope: dict[str, Any] = {}
    exec(compile(found.source, FILE, "exec"), scope)  # noqa: S102 - the text was written here, a line above
    problem: Problem = scope["problem"]().named(FILE, {})
    try:
        verdict = judge_problem(found.cell, problem, found.instance.sampling, theorem)
    except (InputError, NotApplicable):
        return False
    return verdict.verdict == Status.VIOLATED and all(piece.kind != "hypothesis" for piece in verdict.violations)
