"""q^t ≤ e^((q-1)t) for any q."""

from samtheory.proofs.kernel.rules import square
from samtheory.proofs.language.terms import number, t
from samtheory.proofs.shared.powers import compound

EXPECTED = "nothing says that the multiplier"

x = number("x")
compound(x, t, square(x))
