"""Zero gradients."""

from __future__ import annotations

import numpy as np

from samtheory.conformance.context import PLAIN
from samtheory.conformance.problem import X0, zero, zero_later
from samtheory.conformance.suite import Outcome, Suite, failed

from .registry import check

ZERO = PLAIN.but(form=zero, draws=(0,))
ZERO_LATER = PLAIN.but(form=zero_later, draws=(0,))


@check(
    "zero-gradient", 130, "At a gradient of exactly 0 the iterate stays, bit for bit.",
    "A parameter that reaches a stationary point becomes NaN, or moves.",
)  # fmt: skip
def zero_gradient(suite: Suite) -> Outcome:
    """One step from a point with gradient 0."""
    found = suite.absolute(ZERO)
    if found.status == "pass" and not np.array_equal(suite.run(ZERO).points[-1], X0):
        return failed("the iterate moves by rounding")
    return found


@check(
    "zero-gradient-second", 140, "Where only the second gradient is 0, the iterate stays.",
    "The step is not that of the second gradient, or is not finite.",
)  # fmt: skip
def zero_gradient_second(suite: Suite) -> Outcome:
    """One step whose second pass has gradient 0."""
    return suite.absolute(ZERO_LATER)
