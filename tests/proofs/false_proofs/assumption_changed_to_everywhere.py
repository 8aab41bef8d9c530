"""A hypothesis about this x that is made one about every x after it was stated."""

from contextlib import suppress

from samtheory.proofs.kernel.facts import assumed
from samtheory.proofs.kernel.rules import along, hypothesis
from samtheory.proofs.language.terms import delta

EXPECTED = "is a hypothesis about this x"

small = hypothesis("δ ≤ 1", "case", delta, "<=", 1)
with suppress(AttributeError, TypeError):
    object.__setattr__(assumed(small), "everywhere", True)
along(small)
