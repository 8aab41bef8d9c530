"""Hypotheses beside the case stay."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import cases, hypothesis, step
from samtheory.proofs.language.terms import norm, number
from samtheory.proofs.proof import Proof
from samtheory.proofs.setting import d

EXPECTED = "assumed of the point or the draw"

nothing = hypothesis("d = 0", "method", norm(d), "=", 0)
x = number("x")
up, down = hypothesis("", "case", 0, "<=", x), hypothesis("", "case", 0, "<=", -x)
no_push = step("", norm(d) ** 2, "<=", 0, {nothing: norm(d)})
both = cases("in both", (no_push, up), (no_push, down))
proof = Proof(load_theorem("ours/sam-deterministic"), (), more=(both,))
