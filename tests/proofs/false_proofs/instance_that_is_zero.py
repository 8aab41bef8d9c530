"""1/L at L = 0."""

from samtheory.proofs.kernel.rules import ONE, instance, step
from samtheory.theorems.symbols import A, L

EXPECTED = "of another type"

instance("false", step("", 0, "<=", 1 / L, {ONE: 1 / L}), {L: A})
