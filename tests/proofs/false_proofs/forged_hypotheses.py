"""A fact that forgets its hypotheses."""

from samtheory.proofs.kernel.rules import hypothesis, step

EXPECTED = "the fact has been changed"

fact = hypothesis("false", "case", 1, "<=", 0)
object.__setattr__(fact, "hypotheses", frozenset())
step("use", 1, "<=", 0, {fact: 1})
