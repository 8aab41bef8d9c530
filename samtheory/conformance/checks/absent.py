"""Parameters without a gradient."""

from __future__ import annotations

from samtheory.conformance.context import ABSENT, DRAWS, PLAIN
from samtheory.conformance.problem import X0
from samtheory.conformance.reference import of_blocks
from samtheory.conformance.suite import Outcome, Suite, failed

from .registry import check

STEPS = range(len(DRAWS))
BOTH = PLAIN.but(absent=frozenset((t, k) for t in STEPS for k in (1, 2)))
FIRST = PLAIN.but(absent=frozenset((t, 1) for t in STEPS))
SECOND = PLAIN.but(absent=frozenset((t, 2) for t in STEPS))
#: Both passes of steps 2, 3 and 7, and the first pass of step 5.
SOMETIMES = PLAIN.but(absent=frozenset({(t, k) for t in (1, 2, 6) for k in (1, 2)} | {(4, 1)}))


@check(
    "unused", 280, "A block that never has a gradient stays, bit for bit; the rest equals the reference.",
    "Unused or frozen parameters move, or change the step of the others.", needs="none",
)  # fmt: skip
def unused(suite: Suite) -> Outcome:
    """Block 1 has no gradient in any pass."""
    found = suite.equals(BOTH)
    block = of_blocks([ABSENT])
    moved = (suite.run(BOTH).points[:, block] != X0[block]).any()
    return failed("the unused block moves", suite.names) if found.status == "pass" and moved else found


@check(
    "unused-second", 290, "A block without a second gradient is perturbed, restored and not updated.",
    "A parameter is left at its perturbed point.", needs="none",
)  # fmt: skip
def unused_second(suite: Suite) -> Outcome:
    """Block 1 has no gradient in pass 2."""
    return suite.equals(SECOND)


@check(
    "unused-first", 300, "A block without a first gradient is not perturbed, not in the norm, and updated.",
    "A parameter that only the second pass uses is not trained, or is moved wrongly.", needs="none",
)  # fmt: skip
def unused_first(suite: Suite) -> Outcome:
    """Block 1 has no gradient in pass 1."""
    return suite.equals(FIRST)


@check(
    "unused-sometimes", 310, "A block without a gradient in some steps: nothing of an earlier step is applied again.",
    "A perturbation or a gradient of an earlier step is used once more.", needs="none",
)  # fmt: skip
def unused_sometimes(suite: Suite) -> Outcome:
    """Block 1 has no gradient in steps 2, 3, 7, and in pass 1 of step 5."""
    return suite.equals(SOMETIMES)
