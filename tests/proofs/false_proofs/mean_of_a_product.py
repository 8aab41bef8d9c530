"""E[XY] = E X E Y."""

from samtheory.proofs.kernel.rules import mean, square, step
from samtheory.proofs.language.terms import E, g, norm
from samtheory.proofs.setting import L_v

EXPECTED = "= does not follow"

step("false", E(L_v * norm(g)), "=", E(L_v) * E(norm(g)), {mean(square(L_v)): 0})
