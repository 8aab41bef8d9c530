"""Parameter groups."""

from __future__ import annotations

from samtheory.conformance.context import GROUPS, ONE_RADIUS
from samtheory.conformance.suite import Outcome, Suite

from .registry import check


@check(
    "group-norm", 230, "Two groups with the same radius: equal to one group.",
    "Parameters are perturbed differently because they are in different groups.", needs="groups",
)  # fmt: skip
def group_norm(suite: Suite) -> Outcome:
    """One norm over all groups."""
    return suite.equals(ONE_RADIUS)


@check(
    "group-rho", 240, "Groups with radius 0.4 and 0.1: each its own radius, the norm over all parameters.",
    "The radius of a group is ignored.", needs="groups",
)  # fmt: skip
def group_rho(suite: Suite) -> Outcome:
    """Each group its own radius."""
    return suite.equals(GROUPS)
