"""A case that is a fact."""

from samtheory.proofs.kernel.rules import cases, hypothesis, square, step
from samtheory.proofs.language.terms import number

EXPECTED = "is no case"

x = number("x")

true = step("", 0, "<=", x**2, {square(x): 1})
false = hypothesis("", "case", x**2, "<=", 0)
cases("false", (true, true), (true, false))
