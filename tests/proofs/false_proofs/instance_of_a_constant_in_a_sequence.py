"""F(0) = u for the one u that defines the sequence F, and for u + 1."""

from samtheory.proofs.kernel.rules import instance, sequence, step
from samtheory.proofs.language.terms import number, t

EXPECTED = "a sequence of other constants"

u = number("u")
F, start, _ = sequence("F", t, u, lambda F: F)
step("false", 0, "=", 1, {start: -1, instance("at u + 1", start, {u: u + 1}): 1})
