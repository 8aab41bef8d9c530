"""A violation found in floats, evaluated again without rounding, and as a problem file that `verify` judges.

Everything is rational: the instance as its decimals print, its constants rounded to the safe side, the steps inside the
theorem's own limits, and the theorem's formulas.  Where a step needs a square root or a sine, intervals enclose it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from samtheory.errors import InputError, NotApplicable
from samtheory.io.shell import quoted
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.single import Single
from samtheory.schedules import Rule, is_constant, rule_text
from samtheory.status import Status
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judged, task

from .candidate import NOTHING_SAID, Candidate, excluded, planned
from .evaluation import Evaluation, attempt, members_at
from .instances.arithmetic import INTERVAL, RATIONAL, Number, NumberType, decimal, rounded_down, rounded_up
from .instances.base import InfeasibleInstance, Instance
from .instances.facts import InstanceFacts
from .instances.finite_law import FiniteLaw
from .instances.sines import Sines
from .problem_file import problem_file
from .trajectory import trajectory

KEYS = {
    "arithmetic": "rational or interval: how the violation is proved",
    "bound": "what the theorem bounds it by",
    "bound_exact": "the bound as a fraction, or an interval",
    "claim": "the inequality that fails",
    "commands": "shell commands that judge the instance once its problem file is saved",
    "constants": "constants of the instance, by name",
    "family": "family of the instance",
    "measured": "the value at the instance",
    "measured_exact": "the value as a fraction, or an interval",
    "objection": "condition that this project adds to the theorem and that fails here, empty for none",
    "probabilities": "probabilities of the sampling single, null for others",
    "problem": "problem file of the instance, as text",
    "ratio": "measured / bound",
    "steps": "number of steps t after which it fails",
    "x0": "start",
}

#: A theorem whose numbers come from Python code, not from formulas, is given this much for its rounding, relatively.
#: Numbers below the second are rounded in absolute size.
ALLOWANCE, DENORMAL = Fraction(1, 10**9), Fraction(1, 10**290)
#: Listed rho and gamma change no later than this.
CHANGES = 8
#: Longer rationals are not written out.
LONGEST = 1000
#: The names that the printed commands use.
FILE, PROBABILITIES = "counterexample.py", "p.txt"


@dataclass(frozen=True)
class Counterexample:
    """A violation without rounding.

    Attributes
    ----------
    evaluation : the same in floats
    instance : the instance in rationals
    facts : its constants on the safe side, each a decimal
    measured, bound : the two sides, as text: a rational, or an interval for `measured`
    arithmetic : "rational" or "interval"
    objection : the condition on the constants that this project adds to the theorem and that fails here, else None
    """

    evaluation: Evaluation
    theorem: str
    instance: Instance
    facts: InstanceFacts
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
        asked = asked if self.evaluation.t in (None, 1) else asked.but(steps=self.evaluation.t)
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
        return [f"printf '%s\\n' {listed} > {quoted(PROBABILITIES)}", words]

    @property
    def source(self) -> str:
        """The problem file."""
        found, candidate = self.evaluation, self.evaluation.candidate
        sides = (
            f"The left side is {found.measured:.10g}, the right side {found.bound:.10g}: {found.ratio:.6g} times"
            f" smaller. Proved in {self.arithmetic} arithmetic."
        )
        steps = {"lam": candidate.lam, "rho": candidate.rho, "gamma": candidate.gamma}
        own = ", ".join(f"{name}={rule_text(value)}" for name, value in steps.items() if value is not None)
        paragraphs = [
            f"A counterexample to {self.theorem}, found by `samtheory falsify`: {self.instance.family}.",
            f"{found.claim} fails from x0 with {own}. {sides}",
            f"samtheory says of it: {self.objection}." if self.objection else "",
            f"Saved as {FILE}, it is judged by",
        ]
        return problem_file(paragraphs, self.commands, candidate.x, self.facts)

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
            "gamma": plain(candidate.gamma),
            "lam": plain(candidate.lam),
            "measured": found.measured,
            "measured_exact": self.measured,
            "objection": self.objection or "",
            "probabilities": self.probabilities,
            "problem": self.source,
            "ratio": found.ratio,
            "rho": plain(candidate.rho),
            "sampling": self.cell.sampling,
            "steps": found.t or 1,
            "x0": list(map(float, candidate.x)),
        }


def plain(value: Rule | None) -> float | str | None:
    """A number, or the text of a rule."""
    return value if value is None or isinstance(value, float) else rule_text(value)


def confirmed(theorem: Theorem, name: str, candidate: Candidate) -> Counterexample | None:
    """The candidate evaluated without rounding, None if it is no violation.

    Parameters
    ----------
    name : what the theorem is called on the command line
    """
    found = attempt(theorem, candidate)
    if found is None or found.score <= 0:
        return None
    try:
        instance = found.candidate.instance.in_arithmetic(RATIONAL)
        facts = InstanceFacts.of(instance, RATIONAL, theorem.assumptions)
        if excluded(theorem, facts.constants(), candidate.lam):
            return None
        kind = RATIONAL if rational(candidate) else INTERVAL
        law = FiniteLaw.of(instance.sampling, list(map(kind.number, facts.L_i)), kind)
        measured, bound = sides(theorem, found, instance.in_arithmetic(kind), law, facts)
    except NOTHING_SAID:
        return None
    if not measured > bound:
        return None
    condition = theorem.failed_condition(facts.constants())
    return Counterexample(found, name, instance, facts, written(measured), written(bound), kind.name, condition)


def written(value: Number) -> str:
    """A rational or an interval; a rational with very many digits as the decimals around it."""
    if isinstance(value, Fraction) and len(str(value)) > LONGEST:
        return f"[{float(rounded_down(value, 15))!r}, {float(rounded_up(value, 15))!r}]"
    return str(value)


def rational(candidate: Candidate) -> bool:
    """Whether a step needs neither a sine nor the length of a vector."""
    instance = candidate.instance
    return not isinstance(instance, Sines) and (instance.d == 1 or candidate.lam == 0)


def sides(
    theorem: Theorem, found: Evaluation, instance: Instance, law: FiniteLaw, facts: InstanceFacts
) -> tuple[Number, Number]:
    """(measured, bound) of the inequality that fails in floats.

    Raises
    ------
    InfeasibleInstance
        If the theorem does not allow the steps.
    """
    kind, candidate = law.kind, found.candidate
    made = planned(theorem, facts.constants(), candidate)
    schedule, lam = made.plan.schedule, candidate.lam
    for t in range(min(found.t or 1, CHANGES)):
        gamma, rho, now = map(decimal, schedule.at(t))
        values = {**facts.claimed_numbers, "rho": rho, "gamma": gamma, "lam": now}
        limited_at = now if is_constant(lam) else Fraction(0)
        require_within_limits(theorem, {**values, "lam": limited_at})
    true = trajectory(instance, law, tuple(map(kind.number, candidate.x)), schedule, found.t or 1, theorem.measure)
    if found.t is None:
        V, W, after = true.lyapunov(theorem)
        gamma, rho, now = map(decimal, schedule.at(0))
        values = {**facts.claimed_numbers, "rho": rho, "gamma": gamma, "lam": now}
        return after, right_side(made.plan, made.V, V, W, values, kind)
    bound = Fraction(float(made.plan.bound(found.t, made.V)))
    if 0 < bound < DENORMAL:  # rounded in absolute size
        raise InfeasibleInstance
    return true.measured(theorem.measure)[found.t], kind.number(bound) * (1 + kind.number(ALLOWANCE))


def require_within_limits(theorem: Theorem, values: dict[str, Fraction]) -> None:
    """Refuse steps above the theorem's formulas for rho_max and gamma_max, where it has them.

    Raises
    ------
    InfeasibleInstance
        If they are.
    """
    limits = [getattr(theorem, f"{name}_max", None) for name in ("rho", "gamma")]
    rho, gamma = (math.inf if each is None else evaluated(each, values) for each in limits)
    below = values["rho"] <= rho if theorem.closed or rho == 0 else values["rho"] < rho
    if not below or values["gamma"] > gamma:
        raise InfeasibleInstance


def right_side(plan: Plan, start: float, V: Number, W: Number, values: dict[str, Fraction], kind: NumberType) -> Number:
    """(1 + growth) V + q W + h sqrt(W) + r of the theorem's inequality at t = 0, or slightly more.

    Where it has free symbols, those of the member that is smallest in floats; the largest of the cases.
    """
    free, rows, found = plan.free(start, 0, 1), members_at(plan, start, as_float(W)), []
    for case, row in zip(plan.theorem.inequality, rows, strict=True):
        chosen = {name: Fraction(float(value[int(np.argmin(row)) % len(value), 0])) for name, value in free.items()}
        growth, q, r, h = (evaluated(each, {**values, **chosen}) for each in case)
        root = 0 * W if h == 0 else kind.number(h) * (kind.sqrt_upper(W) if h > 0 else kind.sqrt_lower(W))
        found.append(kind.number(max(growth + 1, Fraction(0))) * V + kind.number(q) * W + root + kind.number(r))
    return max(found, key=as_float)


def evaluated(expression: Any, values: dict[str, Fraction]) -> Number:
    """An expression at rationals: a Fraction, rounded up where it is irrational, or inf."""
    given = {name: sp.Rational(value.numerator, value.denominator) for name, value in values.items()}
    formula = sp.sympify(expression)
    value = formula.subs({symbol: given[str(symbol)] for symbol in formula.free_symbols})
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
        verdict = judged(task(found.cell, problem, found.instance.sampling, theorem))
    except (InputError, NotApplicable):
        return False
    return verdict.verdict == Status.VIOLATED and all(piece.kind != "hypothesis" for piece in verdict.violations)
