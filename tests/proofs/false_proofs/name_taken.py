"""One name for two numbers."""

from samtheory.proofs.language.terms import number

EXPECTED = "the name is taken"

number("δ", nonnegative=True)
