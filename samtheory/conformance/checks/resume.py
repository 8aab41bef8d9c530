"""Saved and loaded states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samtheory.conformance.context import MOMENTUM, PLAIN, SWITCH
from samtheory.conformance.problem import d
from samtheory.conformance.suite import Outcome, Suite, passed

from .registry import check

RESUMED = PLAIN.but(saved=SWITCH)
#: Values of a setting from steps 4 and 10 on.
SCHEDULES = {"set_rho": ("rho", 0.1, 0.3), "set_lam": ("lam", 0.25, 0.75)}


@check(
    "resume", 320, "6 steps, save, load into a new instance, 6 steps: equal to 12, also with momentum and schedules.",
    "A run that continues from a checkpoint is another run.", needs="save",
)  # fmt: skip
def resume(suite: Suite) -> Outcome:
    """All settings that the adapter declares."""
    supports = suite.adapter.supports
    contexts = [RESUMED, *[MOMENTUM.but(saved=SWITCH)] * ("momentum" in supports)]
    for word, (name, *values) in SCHEDULES.items():
        if word in supports:
            contexts.append(RESUMED.but(changes=tuple((t, ((name, v),)) for t, v in zip((3, 9), values, strict=True))))
    return suite.equals(*contexts)


@check(
    "resume-set", 325, "After `load`, a change of gamma acts, and the caller's parameters move.",
    "After a checkpoint is loaded, the scheduler or the model is disconnected.", needs="save set_gamma",
)  # fmt: skip
def resume_set(suite: Suite) -> Outcome:
    """gamma changed just after loading."""
    return suite.equals(RESUMED.but(changes=((SWITCH, (("gamma", 0.02),)),)))


@check(
    "state-size", 400, "The state that is saved holds no arrays, as the base optimiser is plain SGD.",
    "Checkpoints are larger than they need to be.", needs="save", level="note",
)  # fmt: skip
def state_size(suite: Suite) -> Outcome:
    """Numbers in arrays, beside d."""
    count = numbers(suite.run(RESUMED).saved)
    return Outcome("note", f"{count} numbers saved, d = {d}") if count else passed()


def numbers(state: Any) -> int:
    """The entries of all arrays of at least one dimension in a nested state."""
    shape = getattr(state, "shape", None)
    if shape is not None:
        size = 1
        for length in shape:
            size *= int(length)
        return size if len(shape) else 0
    if isinstance(state, Mapping):
        return sum(map(numbers, state.values()))
    return sum(map(numbers, state)) if isinstance(state, (list, tuple)) else 0
