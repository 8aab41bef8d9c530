"""δ > 0 discharged from a fact about x."""

from samtheory.proofs.kernel.rules import hypothesis, somewhere, step
from samtheory.proofs.language.terms import delta

EXPECTED = "is about this x"

some = hypothesis("δ > 0", "case", 0, "<", delta)
somewhere("false", step("", 0, "<", delta, {some: 1}), some)
