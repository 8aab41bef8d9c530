"""The trajectory of the plain method, its evaluations and their points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samtheory.conformance.context import LAM_0, LAM_HALF, LONG, LONG_MOMENTUM, PLAIN
from samtheory.conformance.diagnose import CLOSE
from samtheory.conformance.problem import where
from samtheory.conformance.run import distance, simulate
from samtheory.conformance.suite import Outcome, Suite, apart, crashed, failed, passed
from samtheory.conformance.variants.contract import ExtraEvaluation
from samtheory.methods.unified_sam import ascent

from .registry import check

#: Relative distance of a long run from the reference that is rounding, or an epsilon below 1e-11.
LONG_CLOSE = 1e-8
#: The method without a perturbation.
BASE = PLAIN.but(rho=0.0)


@check(
    "starts", 10, "The first step of a new instance runs, with nothing called before.",
    "The optimiser cannot be used as its own documentation shows; every other check is blocked.",
)  # fmt: skip
def starts(suite: Suite) -> Outcome:
    """No exception in step 1."""
    found = suite.run(PLAIN)
    return crashed(found) if found.error is not None and found.log.step == 0 else passed()


@check(
    "trajectory", 20, "lam = 1: twelve steps equal those of the reference.",
    "The optimiser is not SAM: results obtained with it are results of another method.",
)  # fmt: skip
def trajectory(suite: Suite) -> Outcome:
    """The plain context."""
    return suite.equals(PLAIN)


@check(
    "trajectory-lam-0", 50, "lam = 0 (USAM): equal to the reference.",
    "The unnormalised method is another one.", needs="lam",
)  # fmt: skip
def trajectory_lam_0(suite: Suite) -> Outcome:
    """USAM."""
    return suite.equals(LAM_0)


@check(
    "trajectory-lam-half", 60, "lam = 1/2: equal to the reference.",
    "The interpolation between USAM and SAM is another one.", needs="lam",
)  # fmt: skip
def trajectory_lam_half(suite: Suite) -> Outcome:
    """Between USAM and SAM."""
    return suite.equals(LAM_HALF)


@check(
    "rho-zero", 70, "rho = 0: equal to the base optimiser, or refused with a ValueError.",
    "The method does more than to perturb: it also changes the base optimiser.",
)  # fmt: skip
def rho_zero(suite: Suite) -> Outcome:
    """SGD, whatever was found before."""
    found = suite.run(BASE)
    if isinstance(found.error, (ValueError, AssertionError)) and not found.log.calls:
        return Outcome("refused", f"rho = 0: {type(found.error).__name__}: {found.error}")
    if found.error is not None:
        return crashed(found)
    return suite.absolute(BASE)


@check(
    "perturbed", 80, "The trajectory differs from that of the base optimiser.",
    "The perturbation has no effect: the optimiser is its base optimiser.",
)  # fmt: skip
def perturbed(suite: Suite) -> Outcome:
    """More than 1e-3 away from SGD."""
    gap = distance(suite.run(PLAIN).points, simulate((), BASE).points)
    return passed(gap=gap) if gap > 1e-3 else failed(f"{gap:.1e} from the base optimiser", suite.names, gap)


@check(
    "evaluations", 90, "Every step makes exactly two calls of the oracle.",
    "A step costs another number of gradients than it should.",
)  # fmt: skip
def evaluations(suite: Suite) -> Outcome:
    """Two passes."""
    found = suite.run(PLAIN)
    counts = [sum(call.step == t for call in found.log.calls) for t in range(len(found.points) - 1)]
    wrong = [t for t, count in enumerate(counts) if count != 2]
    if not wrong:
        return passed()
    t = wrong[0]
    message = f"{counts[t]} call{'s' * (counts[t] != 1)} in step {t + 1}"
    message += f", and in {len(wrong) - 1} other steps another number than 2" if len(wrong) > 1 else ""
    extra = ExtraEvaluation.name if min(counts) > 1 else None
    return failed(message, suite.names or extra)


@check(
    "points", 100, "Call 1 is at the iterate x, call 2 at x + rho ascent(g).",
    "A gradient is taken at a point that is not the one of the method.",
)  # fmt: skip
def points(suite: Suite) -> Outcome:
    """Where the oracle was asked."""
    found = suite.run(PLAIN)
    for t, x in enumerate(found.points[:-1]):
        calls = [call for call in found.log.calls if call.step == t][:2]
        due = x
        for k, call in enumerate(calls):
            gap = distance(call.point, due)
            if gap > CLOSE:
                place = where(int(np.argmax(np.abs(call.point - due))))
                return replace(failed(f"step {t + 1}, call {k + 1}: {gap:.1e} off, most at {place}", suite.names, gap))
            due = x + PLAIN.rho * ascent(np.nan_to_num(call.gradient), PLAIN.lam)
    return passed()


@check(
    "trajectory-long", 900, "300 steps, with momentum where it is declared: equal to the reference.",
    "What is done after a warm-up, or once in many steps, is another method.",
)  # fmt: skip
def trajectory_long(suite: Suite) -> Outcome:
    """A run long after the first twelve steps, where these are right."""
    if suite.mistakes or suite.unknown:
        return Outcome("blocked", "judged where no other run is wrong")
    context = LONG_MOMENTUM if "momentum" in suite.adapter.supports else LONG
    found, right = suite.run(context), simulate((), context)
    if found.error is not None:
        return crashed(found)
    gap = distance(found.points, right.points)
    return passed(gap=gap) if gap <= LONG_CLOSE else failed(apart(found, right), None, gap)
