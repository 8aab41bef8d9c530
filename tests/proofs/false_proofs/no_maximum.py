"""A product as a maximum."""

from samtheory.proofs.kernel.analysis import one_of
from samtheory.proofs.language.terms import number
from samtheory.theorems.symbols import L, mu

EXPECTED = "no maximum or minimum"

x = number("x")
one_of(L * mu, x)
