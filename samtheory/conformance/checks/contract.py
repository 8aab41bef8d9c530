"""What an optimiser may not do beside its formula."""

from __future__ import annotations

import numpy as np

from samtheory.conformance.context import MOMENTUM, PLAIN, Context
from samtheory.conformance.oracle import Log
from samtheory.conformance.problem import X0, flat
from samtheory.conformance.run import given, run, started
from samtheory.conformance.suite import Outcome, Suite, crashed, failed, passed
from samtheory.conformance.variants.contract import GradientsChanged, SharedState, StartChanged
from samtheory.conformance.variants.fitted import SecondDraw

from .registry import check


def interleaved(suite: Suite, context: Context) -> np.ndarray:
    """The iterates of one instance while another one, with other settings, steps in between."""
    adapter = suite.adapter
    log, other = Log(adapter.name, context), Log(adapter.name, context)
    settings = given(context, adapter.supports)
    first = started(adapter.new, X0, settings, log)
    different = {**settings, "gamma": 2 * settings["gamma"], "rho": 3 * settings["rho"]}
    second = started(adapter.new, X0 + 1, different, other)
    points = [X0]
    for t, draw in enumerate(context.draws):
        second.step(other.begin(t, (draw + 1) % 5))
        first.step(log.begin(t, draw))
        points.append(flat(first.params()))
    return np.array(points)


@check(
    "instances", 30, "An instance is not changed by the steps of another one.",
    "Two models trained in one process disturb each other.",
)  # fmt: skip
def instances(suite: Suite) -> Outcome:
    """Two instances, their steps in turn, against one alone."""
    context = MOMENTUM if "momentum" in suite.adapter.supports else PLAIN
    alone, again = (run(suite.adapter.isolated, context, suite.adapter.supports, suite.adapter.name) for _ in "ab")
    if alone.error is not None:
        return crashed(alone)
    both = interleaved(suite, context)
    if np.array_equal(alone.points, both, equal_nan=True):
        return passed()
    if not np.array_equal(alone.points, again.points, equal_nan=True) and not np.array_equal(
        suite.run(PLAIN).points, suite.anew(PLAIN).points, equal_nan=True
    ):
        return failed("two runs of the same steps differ, alone and side by side")
    suite.shared = True
    suite.runs.clear()
    return failed("the steps of a second instance change the first", SharedState.name)


@check(
    "deterministic", 40, "Two runs are equal, bit for bit.",
    "A result cannot be repeated.",
)  # fmt: skip
def deterministic(suite: Suite) -> Outcome:
    """The plain context twice."""
    first, second = suite.run(PLAIN).points, suite.anew(PLAIN).points
    return passed() if np.array_equal(first, second, equal_nan=True) else failed("two runs differ", "not deterministic")


@check(
    "caller-arrays", 110, "Arrays given to `build`, and gradients given by the oracle, are not changed in place.",
    "Data of the caller are overwritten; in an adapter, torch.tensor copies and torch.from_numpy does not.",
)  # fmt: skip
def caller_arrays(suite: Suite) -> Outcome:
    """What was handed over is compared with copies."""
    changed = suite.run(PLAIN).log.changed
    if not changed:
        return passed()
    kinds = {"start": StartChanged.name, "gradient": GradientsChanged.name}
    named = [name for word, name in kinds.items() if any(word in block for block in changed)]
    return failed(f"changed in place: {', '.join(changed)}", " + ".join(named))


@check(
    "float64", 120, "All blocks given to the oracle and all parameters are float64.",
    "Numbers lose half their digits on the way.",
)  # fmt: skip
def float64(suite: Suite) -> Outcome:
    """Types of all arrays."""
    found = suite.run(PLAIN)
    kinds = {"params": found.dtypes, "oracle": {kind for call in found.log.calls for kind in call.dtypes}}
    wrong = [f"{kind} in {place}" for place, seen in kinds.items() for kind in sorted(seen - {"float64"})]
    return failed(", ".join(wrong), suite.names) if wrong else passed()


@check(
    "same-draw", 330, "All calls of a step that name a draw name the same one.",
    "The two passes of a step see different mini-batches.",
)  # fmt: skip
def same_draw(suite: Suite) -> Outcome:
    """Draws by step."""
    calls = suite.run(PLAIN).log.calls
    if not any(call.named for call in calls):
        return Outcome("na", "no call names a draw")
    wrong = [call for call in calls if call.draw != call.own]
    if not wrong:
        return passed()
    call = wrong[0]
    return failed(f"step {call.step + 1}, call {call.number + 1}: draw {call.draw}, not {call.own}", SecondDraw.name)


@check(
    "same-mode", 340, "All calls of a step carry the same `training` flag.",
    "Dropout or normalisation differs between the two passes of a step.",
)  # fmt: skip
def same_mode(suite: Suite) -> Outcome:
    """Flags by step."""
    calls = suite.run(PLAIN).log.calls
    if all(call.training is None for call in calls):
        return Outcome("na", "no call carries a flag")
    for t in {call.step for call in calls}:
        flags = {call.training for call in calls if call.step == t}
        if len(flags) > 1:
            return failed(f"step {t + 1}: training is {' and '.join(sorted(map(str, flags)))}", "passes differ in mode")
    return passed()
