"""q^(T/2) ≤ e^…"""

from samtheory.proofs.kernel.analysis import compound
from samtheory.proofs.kernel.rules import square
from samtheory.proofs.language.terms import T
from samtheory.theorems.symbols import L

EXPECTED = "is no time"

compound(L**2, T / 2, square(L))
