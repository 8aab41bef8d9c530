"""The base optimiser: momentum and weight decay."""

from __future__ import annotations

from samtheory.conformance.context import DECAY, DECAY_MOMENTUM, MOMENTUM, NESTEROV
from samtheory.conformance.suite import Outcome, Suite

from .registry import check


@check(
    "momentum", 200, "Momentum 0.9: equal to the reference, buffer = 0.9 buffer + g, first buffer = g.",
    "Momentum is not that of SGD, or mixes the gradients of the two passes.", needs="momentum",
)  # fmt: skip
def momentum(suite: Suite) -> Outcome:
    """Heavy ball."""
    return suite.equals(MOMENTUM)


@check(
    "nesterov", 210, "Momentum 0.9 with Nesterov's look-ahead: equal to the reference.",
    "Nesterov's momentum is not that of SGD.", needs="nesterov",
)  # fmt: skip
def nesterov(suite: Suite) -> Outcome:
    """Nesterov."""
    return suite.equals(NESTEROV)


@check(
    "weight-decay", 220, "Weight decay 0.3, coupled, at the iterate, alone and with momentum: equal to the reference.",
    "Weight decay acts at the perturbed point, in the ascent, twice, or outside of the momentum.",
    needs="weight_decay",
)  # fmt: skip
def weight_decay(suite: Suite) -> Outcome:
    """Coupled decay; without momentum, decoupled decay is the same."""
    return suite.equals(DECAY, *[DECAY_MOMENTUM] * ("momentum" in suite.adapter.supports))
