"""E ⟨g, ‖g‖ ∇f⟩ = ‖g‖ ‖∇f‖²."""

from samtheory.proofs.language.terms import g, grad, norm
from samtheory.proofs.setting import unbiased

EXPECTED = "do not depend on the draw"

unbiased(norm(g) * grad)
