"""π²/6 for the sum of 1/t."""

from samtheory.proofs.kernel.analysis import zeta
from samtheory.proofs.kernel.rules import sequence
from samtheory.proofs.language.terms import T, t

EXPECTED = "another sum"

F, _, _ = sequence("F", t, 0, lambda F: F + 1 / (t + 1))
zeta(F, T)
