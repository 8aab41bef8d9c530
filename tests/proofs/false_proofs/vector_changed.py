"""g with the parts of another vector, for as long as one fact is made."""

from samtheory.proofs.kernel.analysis import cauchy_schwarz
from samtheory.proofs.language.terms import g, w

EXPECTED = "a vector cannot be changed"

g.parts = w.parts
cauchy_schwarz(g, w)
