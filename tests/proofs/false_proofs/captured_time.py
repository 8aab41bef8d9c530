"""A value that depends on the bound time."""

from samtheory.proofs.kernel.rules import hypothesis, instance, step
from samtheory.proofs.language.terms import gap_at, number, t

EXPECTED = "is about every t"

bar = number("bar", nonnegative=True)
small = hypothesis("δ_t ≤ bar", "start", gap_at(t), "<=", bar, times=(t, 0, None))
instance("false", step("", gap_at(t), "<=", bar, {small: 1}), {bar: t})
