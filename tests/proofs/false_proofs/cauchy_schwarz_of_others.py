"""E[XY] ≤ xy with other second moments."""

from samtheory.proofs.kernel.analysis import cauchy_schwarz_mean
from samtheory.proofs.language.terms import g, norm
from samtheory.proofs.setting import L_v
from samtheory.theorems.symbols import Lambda

EXPECTED = "nothing says that"

cauchy_schwarz_mean(L_v, norm(g), Lambda, Lambda)
