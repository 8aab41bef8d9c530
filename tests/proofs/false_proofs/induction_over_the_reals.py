"""An induction over real numbers."""

from samtheory.proofs.kernel.rules import ONE, SELF, induction
from samtheory.proofs.language.terms import number

EXPECTED = "is no time"

x = number("x")
induction("false", x, x, "<=", 1, {SELF: 1, ONE: -1})
