"""Value and scale of the loss."""

from __future__ import annotations

import numpy as np

from samtheory.conformance.context import LAM_0, LARGE, PLAIN, at_scale
from samtheory.conformance.problem import scaled, shifted
from samtheory.conformance.run import distance, simulate
from samtheory.conformance.suite import Outcome, Suite, failed, passed
from samtheory.conformance.variants.fitted import lengths

from .registry import check

SHIFTED = PLAIN.but(form=shifted)


@check(
    "loss-value", 150, "A constant added to the loss changes nothing, bit for bit, also where the loss becomes 0.",
    "A loss of 0 or below 0 changes what is done.",
)  # fmt: skip
def loss_value(suite: Suite) -> Outcome:
    """The loss at the start is 0."""
    found = suite.run(SHIFTED)
    if np.array_equal(found.points, suite.run(PLAIN).points, equal_nan=True):
        return passed()
    expected = simulate(suite.mistakes, SHIFTED)
    gap = distance(found.points, expected.points)
    if gap <= suite.tolerance:
        return failed("the trajectory depends on the value of the loss by rounding", None, gap)
    return suite.differs(found, expected, gap)


@check(
    "loss-scale", 160, "Loss times 1000 and gamma over 1000: the same trajectory.",
    "Large gradients are treated differently, for example clipped.",
)  # fmt: skip
def loss_scale(suite: Suite) -> Outcome:
    """SAM is scale-free."""
    return suite.equals(LARGE)


@check(
    "loss-scale-usam", 170, "lam = 0, loss times 3: equal to the reference, as USAM is not scale-free.",
    "The perturbation is normalised although lam = 0.", needs="lam",
)  # fmt: skip
def loss_scale_usam(suite: Suite) -> Outcome:
    """The perturbation is three times as long."""
    return suite.equals(LAM_0.but(form=scaled(3.0)))


@check(
    "epsilon", 180, "The constant that is added to the norm, measured at gradients near 1e-10.",
    "With small gradients the perturbation is shorter than rho.", level="note",
)  # fmt: skip
def epsilon(suite: Suite) -> Outcome:
    """norm + eps, fitted."""
    found = lengths(suite.run(at_scale(1e-10)))
    if not found:
        return Outcome("note", "not fitted: the perturbation is not along the gradient")
    eps = float(np.median([g * (1 / e - 1) for g, e in found]))
    g = float(np.median([g for g, _ in found]))
    if abs(eps) <= 1e-6 * g:
        return Outcome("note", "none", None, 0.0)
    return Outcome("note", f"eps = {eps:.1e}", None, eps)


@check(
    "range", 190, "Loss times 1e-170 and 1e170: the squared norm may not under- or overflow.",
    "With tiny or huge gradients there is no perturbation, or NaN.", level="note",
)  # fmt: skip
def extremes(suite: Suite) -> Outcome:
    """Norms whose squares are not numbers of float64."""
    notes = []
    for factor in (1e-170, 1e170):
        context = at_scale(factor)
        found, expected = suite.run(context), simulate(suite.mistakes, context)
        if distance(found.points, expected.points) > suite.tolerance:
            flow = "under" if factor < 1 else "over"
            end = "finite" if np.isfinite(found.points).all() else "not finite"
            notes.append(f"at {factor:g} the norm {flow}flows; the result is {end}")
    return Outcome("note", "; ".join(notes)) if notes else passed()
