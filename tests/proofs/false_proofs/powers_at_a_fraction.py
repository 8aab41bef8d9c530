"""q^(T/2) ≤ e^…"""

from samtheory.proofs.kernel.rules import square
from samtheory.proofs.language.terms import T
from samtheory.proofs.shared.powers import compound
from samtheory.theorems.symbols import L

EXPECTED = "of another type"

compound(L**2, T / 2, square(L))
