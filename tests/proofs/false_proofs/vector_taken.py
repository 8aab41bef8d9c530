"""One name for two vectors."""

from samtheory.proofs.language.terms import vector

EXPECTED = "the name is taken"

vector("g")
