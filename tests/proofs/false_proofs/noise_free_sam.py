"""SAM reaches the minimiser, as d = 0 in both cases."""

import dataclasses

from samtheory.proofs import ours_sam_deterministic as right
from samtheory.proofs.kernel.rules import cases, hypothesis, step
from samtheory.proofs.language.terms import E, G, delta, new, norm, number
from samtheory.proofs.proof import Proof
from samtheory.proofs.setting import d
from samtheory.theorems.symbols import gamma

EXPECTED = "assumed of the point or the draw"

theorem = dataclasses.replace(right.proof.theorem, noise=0 * gamma, descent=gamma / 2)
nothing, x = hypothesis("d = 0", "method", norm(d), "=", 0), number("x")
up, down = hypothesis("x ≥ 0", "case", 0, "<=", x), hypothesis("x ≤ 0", "case", 0, "<=", -x)
one = step("one step", E(new), "<=", delta - gamma / 2 * G, {right.inexact: 1, nothing: gamma / 2 * norm(d)})
proof = Proof(theorem, (cases("one step", (one, up), (one, down)),))
