"""A claim of an assumption: an inequality left <= right at every point, or for every pair of points.

Its two sides are formulas in the quantities of a point or a pair.  `problem.at_points` and `problem.at_pairs` have them
in floating point with rounding errors, `falsification.instances.exact` in rationals or intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Domain(StrEnum):
    """Where a claim holds."""

    POINT = "every x"
    MINIMISER = "x*"
    COMPONENT = "every x and every i"
    PAIR_OF_F = "every x and y"
    PAIR_OF_COMPONENT = "every x, y and i"
    PAIR_OF_SAMPLED = "every x, y and outcome v"
    PAIRS_OF_COMPONENTS = "every x_i and y_i"
    PAIRS_OF_SAMPLED = "every x_v and y_v"
    SHARED_PAIR = "every x and y, in the mean over v"
    WEIGHT = "every i, in the mean over v"


class Sides(NamedTuple):
    """left <= right is claimed; `rounding` bounds the error of left - right."""

    left: Any
    right: Any
    rounding: Any


@dataclass(frozen=True, eq=False, kw_only=True)
class Claim:
    """An inequality with the constants that it judges.

    Attributes
    ----------
    name : what evidence is called
    text : the inequality in ASCII
    domain : where it holds
    statement : (quantities, constants) -> left and right
    constants : the names of the constants that it judges, none for a property
    signed : whether the right side may be negative, so that the sides have no ratio
    sampled : whether it depends on the sampling
    searched : whether `check` looks for places where it fails
    consequence : a weaker claim for samplings with too many outcomes
    """

    name: str
    text: str
    domain: Domain
    statement: Callable[[Any, Any], tuple[Any, Any]]
    constants: tuple[str, ...] = ()
    signed: bool = False
    sampled: bool = False
    searched: bool = True
    consequence: Claim | None = None

    def sides(self, at: Any, constants: Any) -> Sides:
        """Both sides and the rounding error of their difference.

        Parameters
        ----------
        at : the quantities at some points or pairs
        constants : the claimed numbers as attributes; those of components as arrays
        """
        left, right = self.statement(at, constants)
        rounding = getattr(left, "rounding", 0.0) + getattr(right, "rounding", 0.0)
        return Sides(getattr(left, "value", left), getattr(right, "value", right), rounding)
