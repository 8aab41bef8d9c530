"""E of what is true of this draw."""

from samtheory.proofs.kernel.rules import hypothesis, mean
from samtheory.proofs.language.terms import g, norm

EXPECTED = "is a hypothesis about this draw"

mean(hypothesis("g = 0", "case", norm(g), "=", 0))
