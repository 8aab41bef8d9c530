"""x ≤ y from x² ≤ y², y negative."""

from samtheory.proofs.kernel.analysis import root
from samtheory.proofs.kernel.rules import step
from samtheory.proofs.language.terms import number

EXPECTED = "nothing says that"

x = number("x")
root("false", x, -x, step("", x**2, "<=", (-x) ** 2, {}))
