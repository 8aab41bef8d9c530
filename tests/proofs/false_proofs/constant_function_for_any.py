"""μ ≤ L of a constant f as well: sup δ is no constant that may be anything."""

from samtheory.proofs.kernel.rules import NOT_CONSTANT, ONE, instance
from samtheory.proofs.language.terms import most
from samtheory.proofs.shared.bounds import mu_L

EXPECTED = "depends on the state"

instance("false", mu_L, {most: 1}, {NOT_CONSTANT: ONE})
