"""An assumption of one's own, declared."""

from samtheory.proofs.language.terms import delta
from samtheory.proofs.setting import fixed

EXPECTED = "declares no more hypotheses"

fixed("PL", "false", delta, "<=", 0)
