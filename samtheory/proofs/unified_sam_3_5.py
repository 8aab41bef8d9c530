"""Theorem 3.5: Theorem 3.2 at every t.

rho and gamma are rho_t and gamma_t here; their caps are written rho_hat and gamma_hat.
"""

import sympy as sp

from samtheory.theorems import unified_sam_3_5 as paper
from samtheory.theorems.chain import nu
from samtheory.theorems.symbols import C, L, Lambda, gamma, mu, rho
from samtheory.theorems.unified_sam_3_2 import gamma_max

from . import unified_sam_3_2 as constant_steps
from .kernel.facts import ONE, Fact, a, assume, define, step
from .kernel.lemmas import along, instance
from .kernel.proof import Proof
from .kernel.symbols import SIGNS, D, delta, delta_new, gamma_hat, rho_hat, t
from .shared.bounds import D_positive
from .shared.decreasing import after, decreases, falls, falls_to, settled
from .shared.recursion import unrolled
from .unified_sam_3_2 import stretch

caps = {rho: rho_hat, gamma: gamma_hat}
V, K = define("V", paper.V), define("K₁", paper.K1.subs(caps))
limits = constant_steps.stated

# Theorem 3.2 allows rho_t <= rho_hat and gamma_t <= gamma_hat with the caps.
allowed_hat = assume("steps", "γ̂ ≤ γ_max(ρ̂)", gamma_hat, "<=", define("γ̂_max", gamma_max.subs(caps)))
below_rho, below_gamma = (
    assume("steps", "ρ_t ≤ ρ̂", rho, "<=", rho_hat),
    assume("steps", "γ_t ≤ γ̂", gamma, "<=", gamma_hat),
)
by = {
    allowed_hat: stretch.subs(caps),
    below_rho: Lambda * (mu + 2 * D * a**2) / (2 * L * D) + 2 * gamma_hat * (Lambda * a) ** 2 * (rho_hat + rho),
    below_gamma: stretch,
}
allowed = step(
    "γ_t ≤ γ_max(ρ_t)", gamma, "<=", limits.gamma_max, {fact: m / stretch for fact, m in by.items()}, D_positive
)  # fmt: skip
one = instance("Theorem 3.2", constant_steps.one, {}, {limits.small_gamma: allowed})


def at(value: sp.Expr, small: Fact, noise: sp.Expr) -> Fact:
    """The one step at gamma_t = value <= gamma_hat."""
    special = instance("Theorem 3.2", one, {gamma: value}, {below_gamma: small})
    return step("one step", delta_new, "<=", (1 - value * mu) * delta + noise, {special: 1})


# Up to t0, gamma_t = gamma_hat: Theorem 3.2 with the noise of the caps, which is the largest.
noise, noise_hat = (define(name, nu.subs(values)) for name, values in (("ν_t", {gamma: gamma_hat}), ("ν̂", caps)))
full = step("γ_t = γ̂ up to t₀", gamma_hat, "<=", gamma_hat, {})
most = step(
    "the noise grows with ρ", noise, "<=", noise_hat,
    {below_rho: gamma_hat * Lambda * V + 2 * L * (gamma_hat * Lambda) ** 2 * V * (rho_hat + rho)},
)  # fmt: skip
early = at(gamma_hat, full, noise)
steady = step("one step with the caps", delta_new, "<=", (1 - gamma_hat * mu) * delta + noise_hat, {early: 1, most: 1})
contracts = instance("Theorem 3.2", constant_steps.nonnegative, caps, {limits.small_gamma: allowed_hat})
shrinks = step("q < 1", 0, "<", gamma_hat * mu, {SIGNS[gamma_hat]: mu})
before = unrolled(along(steady), 1 - gamma_hat * mu, noise_hat / (gamma_hat * mu), contracts, shrinks)[0]

# From t0 on, gamma_t = f_t, and rho_t <= 1/(2t+1).
slow = assume("steps", "ρ_t ≤ 1/(2t+1)", rho * (2 * t + 1), "<=", 1)
noise_t = define("ν_t", nu.subs(gamma, falls_to))
late = at(falls, settled, noise_t)
tail = step(
    "the noise falls like 1/t²", (t + 1) ** 2 * noise_t, "<=", K,
    {
        slow: Lambda * V / mu,
        below_rho: 8 * L * Lambda**2 * V * (rho_hat + rho) / mu**2,
        ONE: L / mu**2 * (C + 2 * (Lambda * rho) ** 2 * V) * (4 * t + 3) / (t + 1) ** 2,
    },
)  # fmt: skip

proof = Proof(paper.theorem, (before, decreases, after(late, tail, K)))
