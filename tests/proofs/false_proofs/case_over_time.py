"""What is true of this x, for every x_t."""

from samtheory.proofs.kernel.rules import along, hypothesis, step
from samtheory.proofs.language.terms import delta

EXPECTED = "is a hypothesis about this x"

small = hypothesis("δ ≤ 1", "case", delta, "<=", 1)
along(step("", delta, "<=", 1, {small: 1}))
