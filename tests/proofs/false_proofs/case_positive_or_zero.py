"""0 < x and x = 0 are not all cases of a real x."""

from samtheory.proofs.kernel.rules import cases, hypothesis, step
from samtheory.proofs.language.terms import number

EXPECTED = "leave something out"

x = number("x")

some, none = hypothesis("", "case", 0, "<", x), hypothesis("", "case", 0, "=", x)
cases("false", (step("", 0, "<=", x, {some: 1}), some), (step("", 0, "<=", x, {none: 1}), none))
