"""Statements about one horizon T, for which the steps are made: nothing is said of other times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable

from ..base import Step

#: The horizon where no epsilon asks for another.
USUAL = 100


def only_at(horizon: int, value: Callable[[float], float]) -> Callable[[Any, float], Array]:
    """The bound that is value(V0) at the horizon and says nothing, inf, at any other time."""
    return lambda t, start: np.where(np.asarray(t) == horizon, value(start), np.inf)


def reached(
    horizon: int, value: Callable[[float], float], target: Callable[[float], float]
) -> Callable[[float, float], int | None]:
    """The horizon where the bound there is at most target(epsilon), else None."""
    return lambda epsilon, start: horizon if value(start) <= target(epsilon) * (1 + 1e-9) else None


def no_step(t: int) -> Step:
    """For statements that come without an inequality of one step."""
    raise NotApplicable("the statement has no inequality of one step")
