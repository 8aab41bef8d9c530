"""A formula as text, which would be evaluated."""

from samtheory.proofs.kernel.rules import hypothesis

EXPECTED = "no number of the language"

hypothesis("false", "steps", "mu", "<=", 0)
