"""Each case proves something else."""

from samtheory.proofs.kernel.rules import cases, hypothesis
from samtheory.proofs.language.terms import number

EXPECTED = "do not prove the same"

x = number("x")

up, down = hypothesis("", "case", 0, "<=", x), hypothesis("", "case", 0, "<=", -x)
cases("false", (up, up), (down, down))
