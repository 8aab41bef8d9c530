"""A copy of a fact."""

import copy

from samtheory.proofs.kernel.rules import ONE, step

EXPECTED = "a fact cannot be copied"

copy.copy(step("true", 0, "<=", 1, {ONE: 1}))
