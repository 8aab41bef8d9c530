"""F(0) = 1 - T for the T that defines F; induction over T takes F for the same at T + 1."""

from samtheory.proofs.kernel.rules import ONE, SELF, induction, instance, sequence
from samtheory.proofs.language.terms import T, t

EXPECTED = "a sequence"

F, start, _ = sequence("F", t, 1 - T, lambda F: F)
first = instance("at T = 1", start, {T: 1})
induction("false", T, 0, "<=", F(0), {SELF: 1}, first=1, base={first: -1, ONE: 0})
