"""An assumption proved at one x only."""

from samtheory.proofs.kernel.rules import hypothesis, instance, step
from samtheory.proofs.language.terms import G, delta
from samtheory.proofs.setting import PL
from samtheory.theorems.symbols import mu

EXPECTED = "is proved under"

here_only = hypothesis("", "case", 2 * mu * delta, "<=", G)
instance("false", step("", 2 * mu * delta, "<=", G, {PL: 1}), {}, {PL: here_only})
