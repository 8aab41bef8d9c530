"""Theorem 3.5: Theorem 3.2 at every t; from t0 on 1 - gamma_t mu = t^2/(t+1)^2, and t^2 E delta_t is added up.

rho and gamma are rho_t and gamma_t here; their caps are written rho_hat and gamma_hat.
"""

import sympy as sp

from ..theorems import unified_sam_3_5 as paper
from ..theorems.symbols import C, L, Lambda, gamma, mu, rho
from . import unified_sam_3_2 as constant_steps
from .bounds import D_positive
from .facts import ONE, SELF, Fact, a, assume, define, induction, step
from .lemmas import along, instance
from .proof import Proof
from .recursion import unrolled
from .symbols import SIGNS, D, delta, delta_new, gamma_hat, gap_at, rho_hat, t, t0
from .unified_sam_3_2 import stretch
from .vectors import number

caps = {rho: rho_hat, gamma: gamma_hat}
V, K = define("V", paper.V), define("K₁", paper.K1.subs(caps))
limits = constant_steps.stated

# Theorem 3.2 allows rho_t <= rho_hat and gamma_t <= gamma_hat with the caps.
allowed_hat = assume("steps", "γ̂ ≤ γ_max(ρ̂)", gamma_hat, "<=", define("γ̂_max", paper.constant_steps.gamma_max.subs(caps)))
below_rho, below_gamma = assume("steps", "ρ_t ≤ ρ̂", rho, "<=", rho_hat), assume("steps", "γ_t ≤ γ̂", gamma, "<=", gamma_hat)
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
noise, noise_hat = (define(name, paper.nu.subs(values)) for name, values in (("ν_t", {gamma: gamma_hat}), ("ν̂", caps)))
full = step("γ_t = γ̂ up to t₀", gamma_hat, "<=", gamma_hat, {})
most = step(
    "the noise grows with ρ", noise, "<=", noise_hat,
    {below_rho: gamma_hat * Lambda * V + 2 * L * (gamma_hat * Lambda) ** 2 * V * (rho_hat + rho)},
)  # fmt: skip
early = at(gamma_hat, full, noise)
steady = step("one step with the caps", delta_new, "<=", (1 - gamma_hat * mu) * delta + noise_hat, {early: 1, most: 1})
contracts = instance("Theorem 3.2", constant_steps.nonnegative, caps, {limits.small_gamma: allowed_hat})
shrinks = step("q < 1", 0, "<", gamma_hat * mu, {SIGNS[gamma_hat]: mu})
before = unrolled(steady, 1 - gamma_hat * mu, noise_hat / (gamma_hat * mu), contracts, shrinks)[0]

# From t0 on, gamma_t = (2t+1)/((t+1)^2 mu), which decreases, and rho_t <= 1/(2t+1).
falls = define("f_t", (2 * t + 1) / ((t + 1) ** 2 * mu))
settled = assume("steps", "t ≥ t₀", falls, "<=", gamma_hat)
decreases = step(
    "t₀ is a switch", falls.subs(falls, (2 * t + 3) / ((t + 2) ** 2 * mu)), "<=", falls,
    {ONE: (2 * t**2 + 4 * t + 1) / ((t + 1) ** 2 * (t + 2) ** 2 * mu)},
)  # fmt: skip
slow = assume("steps", "ρ_t ≤ 1/(2t+1)", rho * (2 * t + 1), "<=", 1)
noise_t = define("ν_t", paper.nu.subs(gamma, (2 * t + 1) / ((t + 1) ** 2 * mu)))
late = at(falls, settled, noise_t)
tail = step(
    "the noise falls like 1/t²", (t + 1) ** 2 * noise_t, "<=", K,
    {
        slow: Lambda * V / mu,
        below_rho: 8 * L * Lambda**2 * V * (rho_hat + rho) / mu**2,
        ONE: L / mu**2 * (C + 2 * (Lambda * rho) ** 2 * V) * (4 * t + 3) / (t + 1) ** 2,
    },
)  # fmt: skip

dbar = number("δ̄", nonnegative=True)
reached = assume("start", "E δ_{t₀} ≤ δ̄, the bound up to t₀", gap_at(t0), "<=", dbar)
summed = induction(
    "added up from t₀ on", t, t**2 * gap_at(t), "<=", t0**2 * dbar + (t - t0) * K,
    {SELF: 1, along(late): (t + 1) ** 2, tail: 1}, first=t0, base={reached: t0**2},
)  # fmt: skip
begun = assume("horizon", "t ≥ 1", 0, "<", t)
after = step(
    "from t₀ on", gap_at(t), "<=", (t0 / t) ** 2 * dbar + (t - t0) * K / t**2, {summed: 1 / t**2}, begun
)  # fmt: skip

proof = Proof(paper.theorem, (before, decreases, after))
