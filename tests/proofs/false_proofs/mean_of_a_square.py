"""E[X²] ≤ (E X)²."""

from samtheory.proofs.kernel.rules import mean, square, step
from samtheory.proofs.language.terms import E, g, norm

EXPECTED = "the two sides differ"

step("false", E(norm(g) ** 2), "<=", E(norm(g)) ** 2, {mean(square(norm(g) - E(norm(g)))): 1})
