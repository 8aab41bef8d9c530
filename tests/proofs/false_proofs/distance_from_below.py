"""The distance to the nearest minimiser from below."""

from samtheory.proofs.kernel.rules import along, hypothesis
from samtheory.proofs.language.terms import E, V, far

EXPECTED = "another minimiser"

below = hypothesis("", "method", V, "<=", E(far), everywhere=True)
along(below)
