"""Theorem 3.5+: Theorem 3.2+ at every t with the same theta and q; rho_t = rho_hat/sqrt(2t+1).

rho and gamma are rho_t and gamma_t here; their caps are written rho_hat and gamma_hat.
"""

import sympy as sp

from samtheory.theorems.ours_3_5_plus import theorem
from samtheory.theorems.symbols import C, L, Lambda, Lambda2, gamma, lam, mu, rho

from .kernel.facts import MEANING, ONE, Fact, a, assume, define, step
from .kernel.lemmas import along, instance
from .kernel.proof import Proof
from .kernel.setting import PL
from .kernel.symbols import SIGNS, D, G, delta, delta_new, gamma_hat, k, q, rho_hat, t, theta
from .ours_3_2_plus import S, loss, noise, root_k, split
from .shared.bounds import mu_D, mu_L
from .shared.decreasing import after, decreases, falls, falls_to, settled
from .shared.recursion import unrolled

half = sp.Rational(1, 2)
caps = {rho: rho_hat, gamma: gamma_hat}
below_rho, below_gamma = (
    assume("steps", "ρ_t ≤ ρ̂", rho, "<=", rho_hat),
    assume("steps", "γ_t ≤ γ̂", gamma, "<=", gamma_hat),
)
small = assume("steps", "loss ≤ 1/2 at ρ̂ and γ̂", define("loss at the caps", MEANING[loss].subs(caps)), "<=", half)

# loss and the curved part of the noise grow with rho and gamma.
w, w_hat = 1 + Lambda * rho * a, 1 + Lambda * rho_hat * a
wider = w**2 * (1 + q)
enough = step(
    "loss ≤ 1/2", loss, "<=", half,
    {
        small: 1, below_rho: a * Lambda2 * root_k + L * gamma_hat / 2 * (1 + q) * k * Lambda * a * (w + w_hat),
        below_gamma: L / 2 * wider * k,
    },
)  # fmt: skip
one = step(
    "one step", delta_new, "<=", (1 - gamma * mu) * delta + gamma * noise, {split: 1, enough: gamma * G, PL: gamma / 2}
)


def at(value: sp.Expr, small: Fact, per_step: sp.Expr) -> Fact:
    """The one step at gamma_t = value <= gamma_hat."""
    special = instance("Theorem 3.2+", one, {gamma: value}, {below_gamma: small})
    return step("one step", delta_new, "<=", (1 - value * mu) * delta + value * per_step, {special: 1})


grows = (lam * Lambda2) ** 2 * (1 + 1 / q) * (rho_hat + rho) + (1 + q) * C * Lambda * a * (w + w_hat)

# Up to t0, gamma_t = gamma_hat: the noise of the caps is the largest.
noise_hat, noise_t = (
    define("noise at ρ̂", MEANING[noise].subs(caps)),
    define("noise_t", MEANING[noise].subs(gamma, gamma_hat)),
)
full = step("γ_t = γ̂ up to t₀", gamma_hat, "<=", gamma_hat, {})
most = step(
    "the noise grows with ρ", noise_t, "<=", noise_hat,
    {below_rho: S**2 * (rho_hat + rho) / (2 * theta) + L * gamma_hat / 2 * grows},
)  # fmt: skip
steady = step(
    "one step with the caps", delta_new, "<=", (1 - gamma_hat * mu) * delta + gamma_hat * noise_hat,
    {at(gamma_hat, full, noise_t): 1, most: gamma_hat},
)  # fmt: skip
bend = Lambda * rho_hat * a
short = step(
    "γ̂ ≤ μ/(LD)", L * D * gamma_hat, "<=", mu,
    {
        small: 2 * mu,
        ONE: 2 * mu * (rho_hat * a * Lambda2 * root_k + theta / 2)
        + L * D * gamma_hat * (q * w_hat**2 + bend * (2 + bend)),
    },
)  # fmt: skip
contracts = step(
    "γ̂μ ≤ 1", 0, "<=", 1 - gamma_hat * mu, {short: 1 / mu, mu_L: gamma_hat * D / mu, mu_D: gamma_hat}
)  # fmt: skip
shrinks = step("γ̂μ > 0", 0, "<", gamma_hat * mu, {SIGNS[gamma_hat]: mu})
before = unrolled(along(steady), 1 - gamma_hat * mu, noise_hat / mu, contracts, shrinks)[0]

# From t0 on, gamma_t = f_t and rho_t^2 = rho_hat^2/(2t+1).
slow = assume("steps", "ρ_t = ρ̂/√(2t+1)", rho**2 * (2 * t + 1), "=", rho_hat**2)
curved = L / 2 * ((1 + q) * w**2 * C + (1 + 1 / q) * (rho * lam * Lambda2) ** 2)
pull = (rho_hat * S) ** 2 / (2 * theta)
K = define("K", pull / mu + 4 / mu**2 * curved.subs(rho, rho_hat))
noise_f = define("noise_t", MEANING[noise].subs(gamma, falls_to))
tail = step(
    "the noise falls like 1/t²", (t + 1) ** 2 * falls * noise_f, "<=", K,
    {
        slow: S**2 / (2 * theta * mu),
        below_rho: 2 * L / mu**2 * grows,
        ONE: curved * (4 * t + 3) / ((t + 1) ** 2 * mu**2),
    },
)  # fmt: skip

proof = Proof(theorem, (before, decreases, after(at(falls, settled, noise_f), tail, K)))
