"""A relation of one's own."""

from samtheory.proofs.kernel.rules import step

EXPECTED = "is no relation"

step("false", 0, ">=", 0, {})
