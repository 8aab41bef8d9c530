"""An assumption about every x as a case."""

from samtheory.proofs.kernel.rules import ONE, cases, hypothesis, step
from samtheory.proofs.language.terms import G, delta
from samtheory.proofs.setting import PL
from samtheory.theorems.symbols import mu

EXPECTED = "is no case"

other = hypothesis("", "case", G - 2 * mu * delta, "<=", 0)
fact = step("", 0, "<=", 1, {ONE: 1})
cases("false", (fact, PL), (fact, other))
