"""E of what is not negative for this draw."""

from samtheory.proofs.kernel.rules import ONE, hypothesis, step
from samtheory.proofs.language.terms import E, dot, g, grad

EXPECTED = "is not negative"

inner = dot(g, grad)
this = hypothesis("⟨g, ∇f⟩ ≥ 0", "case", 0, "<=", inner)
step("false", 0, "<=", E(inner), {ONE: E(inner)}, this)
