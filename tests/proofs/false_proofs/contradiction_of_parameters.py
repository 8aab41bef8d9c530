"""Everything from two conditions that exclude each other."""

import sympy as sp

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import ONE, hypothesis, step
from samtheory.proofs.language.terms import E, G, delta, in_a, new, number
from samtheory.proofs.proof import Proof

EXPECTED = "nothing checks it"

theorem, x = load_theorem("unified-sam/rollout"), number("x")
(one,) = theorem.inequality
right = in_a((1 + one.growth) * delta + one.q * G + one.r)
above, below = hypothesis("x ≥ 1", "horizon", 1, "<=", x), hypothesis("x ≤ 0", "horizon", x, "<=", 0)
gap = right - E(new)
m, k = gap**2 + sp.Rational(1, 4), (gap + sp.Rational(1, 2)) ** 2
proof = Proof(theorem, (step("false", E(new), "<=", right, {above: m, below: m, ONE: k}),))
