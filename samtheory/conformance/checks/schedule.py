"""Settings that are changed between steps."""

from __future__ import annotations

from samtheory.conformance.context import GAMMA_CHANGED, LAM_CHANGED, RHO_CHANGED
from samtheory.conformance.suite import Outcome, Suite

from .registry import check


@check(
    "set-gamma", 250, "gamma changed before step 7: equal to the reference with that schedule.",
    "A learning-rate scheduler has no effect, or acts late.", needs="set_gamma",
)  # fmt: skip
def set_gamma(suite: Suite) -> Outcome:
    """Another step size from step 7 on."""
    return suite.equals(GAMMA_CHANGED)


@check(
    "set-rho", 260, "rho changed before step 7: equal to the reference with that schedule.",
    "A schedule of rho has no effect, or acts late.", needs="set_rho",
)  # fmt: skip
def set_rho(suite: Suite) -> Outcome:
    """Another radius from step 7 on."""
    return suite.equals(RHO_CHANGED)


@check(
    "set-lam", 270, "lam changed before step 7: equal to the reference with that schedule.",
    "A schedule of lam has no effect, or acts late.", needs="set_lam",
)  # fmt: skip
def set_lam(suite: Suite) -> Outcome:
    """Another lam from step 7 on."""
    return suite.equals(LAM_CHANGED)
