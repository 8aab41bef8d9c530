"""Gower, Sebbouh & Loizou, decreasing steps: Theorem 4.6 up to the switch t0, then t^2 E delta_t is added up.

t0^2 (1 - mu gamma_hat)^t0 is at most (2/(mu gamma_hat))^2 e^-2, and the noise of the steps before t0 is not larger than
that of as many steps after it.
"""

import sympy as sp

from samtheory.theorems.gower_2021_decreasing import theorem
from samtheory.theorems.symbols import L, delta0, gamma, mu, sigma2

from . import gower_2021_4_6 as constant_steps
from .kernel.facts import ONE, Fact, assume, define, step
from .kernel.lemmas import along, fades, instance
from .kernel.proof import Proof
from .kernel.symbols import SIGNS, delta, delta_new, gamma_hat, gap_at, t, t0
from .kernel.vectors import number
from .shared.decreasing import after, decreases, falls, falls_to, settled
from .shared.recursion import unrolled
from .shared.telescope import begun

limit = constant_steps.stated.small_gamma
allowed = assume("steps", "γ̂ ≤ γ_max", gamma_hat, "<=", limit.rhs)
x, K = mu * gamma_hat, 4 * L * sigma2 / mu**2


def at(value: sp.Expr, small: Fact, noise: sp.Expr) -> Fact:
    """The one step of Theorem 4.6 at gamma_t = value."""
    special = instance("Theorem 4.6", constant_steps.one, {gamma: value}, {limit: small})
    return step("one step", delta_new, "<=", (1 - value * mu) * delta + noise, {special: 1})


# Up to t0, gamma_t = gamma_hat.
early = L * gamma_hat * sigma2 / mu
contracts = instance("Theorem 4.6", constant_steps.contracts, {gamma: gamma_hat}, {limit: allowed})
shrinks = step("q < 1", 0, "<", x, {SIGNS[gamma_hat]: mu})
before, kept, _ = unrolled(along(at(gamma_hat, allowed, x * early)), 1 - x, early, contracts, shrinks)

# From t0 on, gamma_t = f_t <= gamma_hat.
noise = define("ν_t", L * sigma2 * falls_to**2)
below = step("f_t ≤ γ_max", falls, "<=", limit.rhs, {settled: 1, allowed: 1})
tail = step(
    "the noise falls like 1/t²", (t + 1) ** 2 * noise, "<=", K,
    {ONE: L * sigma2 * (4 * t + 3) / ((t + 1) ** 2 * mu**2)},
)  # fmt: skip
late = after(at(falls, below, noise), tail, K, instance("at t₀", kept, {t: t0}))

switch = assume("steps", "μγ̂t₀² ≤ 2t₀, as γ̂ ≤ f_{t₀-1}", x * t0**2, "<=", 2 * t0)
sharp = step(
    "from t₀ on, in short", gap_at(t), "<=", 4 * delta0 / (sp.E * x * t) ** 2 + K / t,
    {
        late: 1, fades(x, t0, contracts, shrinks): 4 * delta0 / (x * t) ** 2,
        switch: L * sigma2 / (mu * t) ** 2, ONE: 2 * t0 * L * sigma2 / (mu * t) ** 2,
    },
    begun,
)  # fmt: skip
last = number("t*", nonnegative=True)
turn = assume("steps", "t* ≥ 2/(μγ̂)", 2, "<=", x * last)
bound = step(
    "from t* on", gap_at(t), "<=", last**2 * delta0 / (sp.E * t) ** 2 + K / t,
    {sharp: 1, turn: (x * last + 2) * delta0 / (sp.E * x * t) ** 2}, begun,
)  # fmt: skip

proof = Proof(theorem, (before, decreases, sharp, bound))
