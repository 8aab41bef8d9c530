"""E ⟨g, g⟩ = ⟨∇f, g⟩."""

from samtheory.proofs.language.terms import g
from samtheory.proofs.setting import unbiased

EXPECTED = "do not depend on the draw"

unbiased(g)
