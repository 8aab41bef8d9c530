"""Statements about one horizon T, for which the steps are made: nothing is said of other times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.schedules import Schedule

from ..base import Theorem
from ..plan import Chosen, Plan

#: The horizon where no epsilon asks for another.
USUAL = 100
#: A horizon made for an epsilon may miss it by this much, relatively, which is rounding.
ROUNDING = 1e-9


def horizon_plan(
    theorem: Theorem,
    constants: Constants,
    schedule: Schedule,
    chosen: Chosen,
    horizon: int,
    value: Callable[[float], float],
) -> Plan:
    """The plan of a bound that is value(V0) at the horizon and says nothing, inf, at any other time."""

    def bound(t: Any, start: float) -> Array:
        return np.where(np.asarray(t) == horizon, value(start), np.inf)

    def iterations(epsilon: float, start: float) -> int | None:
        return horizon if value(start) <= theorem.goal(epsilon) * (1 + ROUNDING) else None

    return Plan(
        theorem=theorem, constants=constants, schedule=schedule, bound=bound, iterations=iterations,
        reached=iterations, **chosen._asdict(), start=horizon, horizon=horizon,
    )  # fmt: skip
