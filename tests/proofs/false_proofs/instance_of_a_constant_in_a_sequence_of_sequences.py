"""H(0) = F(0) = u, where u is hidden in another sequence."""

from samtheory.proofs.kernel.rules import instance, sequence, step
from samtheory.proofs.language.terms import number, t

EXPECTED = "a sequence of other constants"

u = number("u")
F, first, _ = sequence("F", t, u, lambda F: F)
H, start, _ = sequence("H", t, F(0), lambda H: H)
both = step("H(0) = u", H(0), "=", u, {start: 1, first: 1})
step("false", 0, "=", 1, {both: -1, instance("at u + 1", both, {u: u + 1}): 1})
