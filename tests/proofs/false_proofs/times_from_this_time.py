"""A hypothesis at every t from this t on: two meanings of one letter."""

from samtheory.proofs.kernel.rules import hypothesis, instance
from samtheory.proofs.language.terms import gap_at, t

EXPECTED = "is in its own limits"

late = hypothesis("δ_t ≤ 1", "steps", gap_at(t), "<=", 1, times=(t, t, None))
instance("false", late, {t: 5})
