"""u ≤ 0 where t ≥ 5, used at every t of an induction."""

from samtheory.proofs.kernel.rules import SELF, hypothesis, induction
from samtheory.proofs.language.terms import number, t

EXPECTED = "is a hypothesis about this t"

u = number("u")
late = hypothesis("5 ≤ t", "case", 5, "<=", t)
small = hypothesis("u ≤ 0 where t ≥ 5", "steps", u, "<=", 0, given=(late,))
induction("false", t, u * t, "<=", 0, {SELF: 1, small: 1})
