"""s ≤ t for every t ≥ t0, proved from s ≤ t0, discharged for t0 = 0."""

import sympy as sp

from samtheory.proofs.kernel.rules import hypothesis, instance, limits, step
from samtheory.proofs.language.terms import t

EXPECTED = "is a hypothesis about this t"

s, t0 = (sp.Symbol(name, integer=True, nonnegative=True) for name in ("s", "t0"))
late = hypothesis("s ≤ t for t ≥ t0", "steps", s, "<=", t, times=(t, t0, None))
small = hypothesis("s ≤ t0", "steps", s, "<=", t0)
proof = step("s ≤ t", s, "<=", t, {small: 1, limits(t, t0, None)[0]: 1})
instance("false", late, {t0: 0}, {late: proof})
