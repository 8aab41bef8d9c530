"""The unconditional bound: the paper's chain, with G >= 2 mu delta where it helps and G <= 2 L delta where it hurts."""

from samtheory.theorems import chain
from samtheory.theorems.symbols import L, Lambda, gamma, mu, rho
from samtheory.theorems.unified_sam_rollout import theorem

from .kernel.rules import hypothesis, step
from .language.terms import E, G, define, delta, new
from .proof import Proof
from .setting import ER, PL
from .shared.bounds import D, smooth_gap
from .shared.chain import c2, one_step

alpha, s, nu = define("α", chain.alpha), define("s", chain.s), define("ν", chain.nu)

member = step("one step", E(new), "<=", (1 + alpha) * delta - s * G + nu, {one_step: 1, ER: c2})
helps, hurts = hypothesis("s ≥ 0", "case", 0, "<=", s), hypothesis("s ≤ 0", "case", 0, "<=", -s)
good = step("where s ≥ 0", E(new), "<=", (1 + alpha - 2 * mu * s) * delta + nu, {member: 1, PL: s}, helps)
bad = step("where s ≤ 0", E(new), "<=", (1 + alpha - 2 * L * s) * delta + nu, {member: 1, smooth_gap: -s}, hurts)

# The factor is not below 0 where it is written max{0, .}; with the rate of Theorem 3.2 in it:
factor = step(
    "the factor", 1 + alpha - 2 * mu * s, "=", 1 - 2 * gamma * mu * (1 - Lambda * rho / 2) + 2 * D * c2, {}
)  # fmt: skip

proof = Proof(theorem, (member,), more=(good, bad, factor))
