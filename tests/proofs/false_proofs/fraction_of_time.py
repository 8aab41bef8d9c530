"""An induction at T/2."""

from samtheory.proofs.kernel.rules import ONE, induction, instance
from samtheory.proofs.language.terms import T, gap_at, t

EXPECTED = "of another type"

fact = induction("true", t, 0, "<=", gap_at(t), {ONE: gap_at(t + 1)}, base={ONE: gap_at(0)})
instance("false", fact, {t: T / 2})
