"""PL with L from PL with μ."""

from samtheory.proofs.kernel.rules import instance, step
from samtheory.proofs.language.terms import G, delta
from samtheory.proofs.setting import PL
from samtheory.theorems.symbols import L, mu

EXPECTED = "something else is proved"

instance("false", step("", 2 * mu * delta, "<=", G, {PL: 1}), {mu: L}, {PL: PL})
