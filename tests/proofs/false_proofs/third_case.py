"""Between x ≥ 1 and x ≤ 0 there is a third case."""

from samtheory.proofs.kernel.rules import ONE, cases, hypothesis, square, step
from samtheory.proofs.language.terms import number

EXPECTED = "leave something out"

x = number("x")

large, small = hypothesis("", "case", 0, "<=", x - 1), hypothesis("", "case", 0, "<=", -x)
one = step("", 0, "<=", x**2 - x, {large: x - 1, ONE: x - 1}, large)
two = step("", 0, "<=", x**2 - x, {small: 1, square(x): 1})
cases("false", (one, large), (two, small))
