"""u(s) ≤ 0 for every s ≥ t, used at every t of an induction: kept as a hypothesis about the last t alone."""

import sympy as sp

from samtheory.proofs.kernel.rules import SELF, hypothesis, induction, instance, sequence
from samtheory.proofs.language.terms import function, t

EXPECTED = "is a hypothesis about this t"

s, u = sp.Symbol("s", integer=True, nonnegative=True), function("u", "real")
F, start, after = sequence("F", t, 0, lambda F: F + u(t))
late = hypothesis("u(s) ≤ 0 for s ≥ t", "steps", u(s), "<=", 0, times=(s, t, None))
induction("false", t, F(t), "<=", 0, {SELF: 1, after: 1, instance("at t", late, {s: t}): 1}, base={start: 1})
