"""E[1/x] where x > 0 for this draw."""

from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.proofs.language.terms import DRAW, E, number

EXPECTED = "is defined"

x = number("this draw", DRAW)
this = hypothesis("x > 0", "case", 0, "<", x)
step("false", E(1 / x), "<=", E(1 / x), {}, this)
