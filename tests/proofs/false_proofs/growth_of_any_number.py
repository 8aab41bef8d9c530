"""Quadratic growth from another inequality."""

from samtheory.proofs.kernel.analysis import quadratic_growth
from samtheory.proofs.kernel.rules import step
from samtheory.proofs.language.terms import G, delta
from samtheory.proofs.shared.bounds import smooth_gap
from samtheory.theorems.symbols import L

EXPECTED = "says something else"

quadratic_growth(step("", G, "<=", 2 * L * delta, {smooth_gap: 1}))
