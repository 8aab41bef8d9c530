"""A defined name that is random."""

from samtheory.proofs.kernel.rules import mean, square, step
from samtheory.proofs.language.terms import define, g, norm

EXPECTED = "the two sides differ"

size = define("size", norm(g) ** 2)
fact = mean(square(size - 1))
step("false", 2 * size, "<=", size**2 + 1, {fact: 1})
