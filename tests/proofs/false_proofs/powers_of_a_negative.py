"""q^t ≤ e^((q-1)t) for any q."""

from samtheory.proofs.kernel.analysis import compound
from samtheory.proofs.kernel.rules import square
from samtheory.proofs.language.terms import number, t

EXPECTED = "says something else"

x = number("x")
compound(x, t, square(x))
