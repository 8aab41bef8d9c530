"""Check at run time that a plan does not contradict its own one-step inequality.

Switched on by the environment variable SAMTHEORY_DEBUG=1, or by `with checked_bounds():`.  Every bound that is asked
for is then compared with the roll-out of the theorem's inequality (`rollout`), and every number of iterations with the
bound.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import Contradiction, InputError

from .rollout import rollout

if TYPE_CHECKING:
    from .plan import Plan

VARIABLE = "SAMTHEORY_DEBUG"
#: Bounds are compared up to this time, and this often after a number of iterations.
STEPS, LATER = 2000, 50
#: Relative rounding of a bound, and the size below which numbers lose digits.
ROUNDING, DENORMAL = 1e-9, 1e-290

_switched_on: ContextVar[bool] = ContextVar("switched_on", default=False)


def switched_on() -> bool:
    """Whether plans are checked."""
    return _switched_on.get() or os.environ.get(VARIABLE, "") not in ("", "0")


@contextmanager
def checked_bounds() -> Iterator[None]:
    """Check the plans that are made here.

    Examples
    --------
    >>> from samtheory.catalogue import load_theorem
    >>> from samtheory.constants import Constants
    >>> constants = Constants.from_values({"L": 1, "mu": 1, "A": 0, "B": 1, "C": 0})
    >>> with checked_bounds():
    ...     plan = load_theorem("unified-sam/3.2").plan(constants)
    >>> float(plan.bound(0, 1.0))
    1.0
    """
    token = _switched_on.set(True)
    try:
        yield
    finally:
        _switched_on.reset(token)


def checked(plan: Plan) -> Plan:
    """The plan, with a bound and iterations that raise `Contradiction` where they contradict the inequality."""

    @cache
    def least(start: float) -> Array | None:
        stop = STEPS if plan.horizon is None else plan.horizon
        return rollout(plan, start, stop) if plan.theorem.inequality else None

    def bound(t: Any, start: float) -> Array:
        found, times = plan.bound(t, start), np.asarray(t)
        try:
            followed = least(start)
        except InputError:  # overflow, or a rule that ends
            return found
        if followed is not None:
            seen = (times >= plan.start) & (times < len(followed))
            allowed = followed[np.where(seen, times, 0).astype(np.intp)] * (1 - ROUNDING) - DENORMAL
            for k in np.flatnonzero(np.atleast_1d(seen & ~(found >= allowed)))[:1]:
                time, value, step = (float(np.atleast_1d(each)[k]) for each in (times, found, allowed))
                raise Contradiction(
                    f"{plan.theorem.key}: the bound at t={time:g} is {value:.17g}, below {step:.17g}, what its one-step"
                    f" inequality adds up to from V0={start:.17g} with {plan.schedule}"
                )
        return found

    def iterations(epsilon: float, start: float) -> int | None:
        found = plan.iterations(epsilon, start)
        if found is not None and plan.horizon is None and found < STEPS:
            times = found + np.arange(LATER)
            goal = plan.theorem.goal(epsilon) * (1 + ROUNDING)
            if not (bound(times, start) <= goal).all():
                raise Contradiction(
                    f"{plan.theorem.key}: iterations={found}, but the bound is above {goal:.17g} later,"
                    f" from V0={start:.17g} with {plan.schedule}"
                )
        return found

    return replace(plan, bound=bound, iterations=iterations)
