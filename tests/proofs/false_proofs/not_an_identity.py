"""A step whose sides differ."""

from samtheory.proofs.kernel.rules import square, step
from samtheory.proofs.language.terms import number

EXPECTED = "the two sides differ"

x = number("x")
step("false", 2 * x, "<=", x**2, {square(x - 1): 1})
