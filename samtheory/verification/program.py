"""The program under test beside the method that it should be: each of its calls is compared with the method's x+.

A program may remember earlier calls, so that it is right in one call and wrong in another. Therefore nothing is
concluded from a few calls: every call of a verification is compared, and the run is made twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.engine.run import Method, run
from samtheory.errors import InputError, NotApplicable
from samtheory.problem.evaluation import EPS, context_of
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.sampling.law import Draw, Law
from samtheory.schedules import Schedule
from samtheory.status import Status
from samtheory.theorems.plan import Plan

from .enumeration import affordable, over_outcomes
from .evidence import Evidence, compare, skipped
from .one_step import mover
from .states import States

KIND, NAME, ALONG = "reference", "x+ = reference", "every call = reference"
#: x+ may differ by this multiple of ||x|| + ||x+ - x||, in float64.
TOLERANCE = 1e-10
#: Steps of the second run at least, and the multiplications that it may take.
STEPS, WORK = 300, 10**8
#: Factors of the gradients, and the number of points at which each is tried.
SIZES, POINTS = 10.0 ** np.arange(-12, 13, 3), 4


@dataclass(eq=False)
class Program:
    """A step that is compared with `reference` at every call. Its x+ is the program's own.

    Attributes
    ----------
    step : the program under test
    reference : the theorem's method
    tolerance : relative to ||x|| + ||x+ - x||
    calls, wrong : number of calls, and of those with a difference
    first : what differs first, and where; None where nothing does
    """

    step: Method
    reference: Method
    tolerance: float = TOLERANCE
    calls: int = 0
    wrong: int = 0
    first: str | None = None
    _t: int = -1
    _next: Array | None = None
    _returned: list[tuple[Any, Array]] = field(default_factory=list)

    def __call__(
        self, x: Array, draw: Draw | None, gradient: Callable[[Array, Any], Array], gamma: Any, rho: Any, lam: Any
    ) -> Array:
        """x+ of the program."""
        return self.compared(x, draw, gradient, gamma, rho, lam, 0.0)

    def compared(
        self, x: Array, draw: Draw | None, gradient: Callable[[Array, Any], Array], gamma: Any, rho: Any, lam: Any,
        rounding: Array | float,
    ) -> Array:  # fmt: skip
        """x+ of the program, compared with that of the method up to `rounding` more."""
        self.calls += 1
        self._t = self._t + 1 if self._next is not None and np.array_equal(x, self._next) else 0
        given = [np.array(x), *([] if draw is None else map(np.array, draw)), *map(np.array, (gamma, rho, lam))]
        mine = [each.copy() for each in given]
        theirs_draw = None if draw is None else type(draw)(*mine[1:3])
        settings = [
            np.asarray(new) if np.ndim(old) else old for new, old in zip(mine[-3:], (gamma, rho, lam), strict=True)
        ]
        answer = self.step(mine[0], theirs_draw, gradient, *settings)
        theirs = result(answer, x.shape, self.step)
        ours = self.reference(x, draw, gradient, gamma, rho, lam)
        if any(not np.array_equal(new, old) for new, old in zip(mine, given, strict=True)):
            self._differs("changes its arguments")
        if any(not np.array_equal(array, kept, equal_nan=True) for array, kept in self._returned):
            self._differs("changes the x+ that it returned before")
        away = apart(theirs, ours, x, self.tolerance, rounding)
        if (away > 1).any():
            k = int(np.argmax(away))
            step, off = np.linalg.norm(ours[k] - x[k]), np.linalg.norm(theirs[k] - ours[k])
            self._differs(f"returns another x+: off by {off:.3g} in a step of {step:.3g}")
        self._returned = [(answer, theirs.copy())]
        self._next = theirs.copy()
        return theirs

    def _differs(self, what: str) -> None:
        self.wrong += 1
        self.first = self.first or f"call {self.calls} (t={self._t} of its run): {what}"

    def evidence(self) -> Evidence:
        """The comparison of all calls so far."""
        if self.first is None:
            return Evidence(KIND, ALONG, Status.HOLDS, "exact", None, "", self.calls)
        detail = f"{self.wrong} of {self.calls} calls"
        return Evidence(KIND, ALONG, Status.DIFFERS, "exact", None, self.first, self.calls, detail)


def result(answer: Any, shape: tuple[int, ...], step: Method) -> Array:
    """The answer of a program as x+ of the right shape; InputError where it is none."""
    name = getattr(step, "__qualname__", type(step).__name__)
    try:
        found = np.array(answer, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"method={name}: returns {type(answer).__name__}: must be x+, an array like x") from None
    if found.shape != shape:
        raise InputError(f"method={name}: returns x+ of shape {found.shape}: must be {shape}, a row for each row of x")
    return found


def apart(theirs: Array, ours: Array, x: Array, tolerance: float, rounding: Array | float = 0.0) -> Array:
    """How far x+ is from that of the method, for each row, in units of what rounding may do; above 1 it differs."""
    with np.errstate(all="ignore"):
        allowed = tolerance * (np.linalg.norm(x, axis=-1) + np.linalg.norm(ours - x, axis=-1)) + rounding + 1e-300
        found = np.linalg.norm(theirs - ours, axis=-1) / allowed
    same = ((theirs == ours) | (np.isnan(theirs) & np.isnan(ours))).all(axis=-1)  # both overflow, or g = 0
    return np.where(same, 0.0, np.nan_to_num(found, nan=np.inf))


def tolerance_of(problem: Problem) -> float:
    """The tolerance, wider where the functions are less precise than float64."""
    return TOLERANCE * max(1.0, context_of(problem).precision / EPS)


def questioned(
    program: Program, problem: Problem, sampling: Sampling, plan: Plan, schedule: Schedule, states: States,
    steps: int, entropy: tuple[int, ...],
) -> list[Evidence]:  # fmt: skip
    """The evidence on a program: at all states and outcomes, along gradients of all sizes, and in a second run."""
    law = problem.law(sampling)
    found = equal_to_reference(problem, law, plan, states, schedule, program)
    of_all_sizes(program, problem, law, schedule, states, entropy)
    cost = 4 * problem.d * (problem.n if law.deterministic else law.width)
    most = int(min(max(steps, STEPS), max(WORK // cost, 1)))
    run(problem, sampling, schedule, steps=most, seed=entropy, record=[most], method=program, keep=("points",))
    return [found, program.evidence()]


def equal_to_reference(
    problem: Problem, law: Law, plan: Plan, states: States, schedule: Schedule, program: Program
) -> Evidence:
    """x+ by `program` and `schedule` is that by the method and the plan's schedule, for every state and outcome."""
    try:
        outcomes, most = affordable(problem, law)
    except NotApplicable as reason:
        return skipped(KIND, NAME, str(reason))
    states = states.first(most)
    theirs = mover(problem, law, schedule, states, program)
    ours = mover(problem, law, plan.schedule, states, program.reference)

    def differences(x: Array, draw: Draw, which: np.ndarray) -> Array:
        return apart(theirs(x, draw, which), ours(x, draw, which), x, program.tolerance)

    found = over_outcomes(states.X, outcomes, differences)
    return compare(KIND, NAME, np.ones(found.size), found, 0.0, lambda k: states.names[k // found.shape[1]])


def of_all_sizes(
    program: Program, problem: Problem, law: Law, schedule: Schedule, states: States, entropy: tuple[int, ...]
) -> None:
    """Compare steps from 0 by the gradients s g_v(x + ·), for `SIZES` s; nothing for a program that has its own.

    From 0 no digit of a small step is lost.
    """
    f, some = problem.objective, states.first(POINTS)
    draws = None if law.deterministic else law.draw(np.random.default_rng([*entropy, 5]), len(some))
    for k, X in enumerate(some.X):
        draw = None if draws is None else Draw(draws.indices[k : k + 1], draws.weights[k : k + 1])
        most = 1.0 if draw is None else float(draw.weights.sum()) / problem.n
        off = 16 * most * float(context_of(problem).gradient_rounding(X[None]).max())
        gamma, rho, lam = (np.full((1, 1), value[k]) for value in some.over_time(schedule.at))
        zero = np.zeros_like(X[None])

        def scaled(s: float, X: Array = X) -> Callable[[Array, Any], Array]:
            return lambda y, v: s * (f.gradient(X + y) if v is None else f.stochastic_gradient(X + y, *v))

        one, two = (
            result(program.step(zero.copy(), draw, scaled(s), gamma, rho, lam), zero.shape, program.step)
            for s in (1.0, 2.0)
        )
        if np.array_equal(one, two) and one.any():
            return
        for s in SIZES:
            program.compared(zero, draw, scaled(float(s)), gamma, rho, lam, s * gamma[:, 0] * off)
