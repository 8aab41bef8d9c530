"""The step of one γ with the noise of another."""

import sympy as sp

from samtheory.proofs import unified_sam_rollout as right
from samtheory.proofs.kernel.rules import instance, step
from samtheory.proofs.language.terms import E, new
from samtheory.proofs.proof import Proof
from samtheory.theorems.symbols import gamma

EXPECTED = "is assumed at two values of gamma"

slow = instance("at γ = 1", right.member, {gamma: sp.Integer(1)})
both = step("false", 2 * E(new), "<=", right.member.rhs + slow.rhs, {right.member: 1, slow: 1})
proof = Proof(right.theorem, right.proof.one, more=(both,))
