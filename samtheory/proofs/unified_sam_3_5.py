"""Theorem 3.5: Theorem 3.2 at every t.

rho and gamma are rho_t and gamma_t here; their caps are written rho_hat and gamma_hat.
"""

import sympy as sp

from samtheory.theorems import unified_sam_3_5 as paper
from samtheory.theorems.chain import nu
from samtheory.theorems.symbols import C, L, Lambda, gamma, mu, rho
from samtheory.theorems.unified_sam_3_2 import gamma_max

from . import unified_sam_3_2 as constant_steps
from .kernel.facts import Fact
from .kernel.rules import ONE, along, hypothesis, instance, sign, step
from .language.terms import E, a, define, delta, new, rho_at, t
from .proof import Proof
from .shared.bounds import D, D_positive
from .shared.decreasing import VALUES, after, decreases, falls, falls_to, gamma_hat, rho_hat, settled, t0
from .shared.recursion import unrolled
from .unified_sam_3_2 import stretch

caps = {rho: rho_hat, gamma: gamma_hat}
V, K = define("V", paper.V), define("K₁", paper.K1.subs(caps))
limits = constant_steps.stated

# Theorem 3.2 allows rho_t <= rho_hat and gamma_t <= gamma_hat with the caps.
allowed_hat = hypothesis("γ̂ ≤ γ_max(ρ̂)", "steps", gamma_hat, "<=", define("γ̂_max", gamma_max.subs(caps)))
below_rho, below_gamma = (
    hypothesis("ρ_t ≤ ρ̂", "steps", rho, "<=", rho_hat),
    hypothesis("γ_t ≤ γ̂", "steps", gamma, "<=", gamma_hat),
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
below_rho_t = hypothesis("ρ_t ≤ ρ̂", "steps", rho_at(t), "<=", rho_hat, times=(t, 0, None))


def at(value: sp.Expr, small: Fact, noise: sp.Expr) -> Fact:
    """The one step at gamma_t = value <= gamma_hat and rho_t."""
    values = {gamma: value, rho: rho_at(t)}
    special = instance("Theorem 3.2", one, values, {below_gamma: small, below_rho: below_rho_t})
    return step("one step", E(new), "<=", (1 - value * mu) * delta + noise, {special: 1})


# Up to t0, gamma_t = gamma_hat: Theorem 3.2 with the noise of the caps, which is the largest.
noise, noise_hat = (
    define(name, nu.subs(values)) for name, values in (("ν_t", {gamma: gamma_hat, rho: rho_at(t)}), ("ν̂", caps))
)
full = step("γ_t = γ̂ up to t₀", gamma_hat, "<=", gamma_hat, {})
most = step(
    "the noise grows with ρ", noise, "<=", noise_hat,
    {below_rho_t: gamma_hat * Lambda * V + 2 * L * (gamma_hat * Lambda) ** 2 * V * (rho_hat + rho_at(t))},
)  # fmt: skip
early = at(gamma_hat, full, noise)
steady = step("one step with the caps", E(new), "<=", (1 - gamma_hat * mu) * delta + noise_hat, {early: 1, most: 1})
contracts = instance("Theorem 3.2", constant_steps.nonnegative, caps, {limits.small_gamma: allowed_hat})
shrinks = step("q < 1", 0, "<", gamma_hat * mu, {sign(gamma_hat): mu})
before = unrolled(along(steady), 1 - gamma_hat * mu, noise_hat / (gamma_hat * mu), contracts, shrinks, last=t0).bound

# From t0 on, gamma_t = f_t, and rho_t <= 1/(2t+1).
slow = hypothesis("ρ_t ≤ 1/(2t+1)", "steps", rho_at(t) * (2 * t + 1), "<=", 1, times=(t, t0, None))
noise_t = define("ν_t", nu.subs({gamma: falls_to, rho: rho_at(t)}))
late = at(falls, settled, noise_t)
tail = step(
    "the noise falls like 1/t²", (t + 1) ** 2 * noise_t, "<=", K,
    {
        slow: Lambda * V / mu,
        below_rho_t: 8 * L * Lambda**2 * V * (rho_hat + rho_at(t)) / mu**2,
        ONE: L / mu**2 * (C + 2 * (Lambda * rho_at(t)) ** 2 * V) * (4 * t + 3) / (t + 1) ** 2,
    },
)  # fmt: skip

proof = Proof(paper.theorem, (one,), (before, after(late, tail, K)), (decreases,), values=VALUES)
