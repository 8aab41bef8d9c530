"""A function that has the name of the mean, and says that it is not negative."""

from samtheory.proofs.kernel.rules import square
from samtheory.proofs.language.terms import E, delta

EXPECTED = "no real number by its form"


Positive = type("E", (E,), {"is_nonnegative": True})
square(Positive(-delta))
