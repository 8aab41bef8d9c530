"""Gower, Sebbouh & Loizou, decreasing steps: Theorem 4.6 up to the switch t0, then t^2 E delta_t is added up.

t0^2 (1 - mu gamma_hat)^t0 is at most (2/(mu gamma_hat))^2 e^-2, and the noise of the steps before t0 is not larger than
that of as many steps after it.
"""

import math

import sympy as sp

from samtheory.theorems.gower_2021_decreasing import theorem
from samtheory.theorems.symbols import L, delta0, gamma, mu, sigma2

from . import gower_2021_4_6 as constant_steps
from .kernel.facts import Fact
from .kernel.rules import ONE, along, hypothesis, instance, sign, step
from .language.terms import E, define, delta, gap_at, new, t
from .proof import Proof
from .shared.decreasing import VALUES, after, bar, begun, decreases, fading, falls, falls_to, gamma_hat, settled, t0
from .shared.recursion import unrolled

limit = constant_steps.stated.small_gamma
allowed = hypothesis("γ̂ ≤ γ_max", "steps", gamma_hat, "<=", limit.rhs)
x, K = mu * gamma_hat, 4 * L * sigma2 / mu**2


def at(value: sp.Expr, small: Fact, noise: sp.Expr) -> Fact:
    """The one step of Theorem 4.6 at gamma_t = value."""
    special = instance("Theorem 4.6", constant_steps.one, {gamma: value}, {limit: small})
    return step("one step", E(new), "<=", (1 - value * mu) * delta + noise, {special: 1})


# Up to t0, gamma_t = gamma_hat.
early = L * gamma_hat * sigma2 / mu
contracts = instance("Theorem 4.6", constant_steps.contracts, {gamma: gamma_hat}, {limit: allowed})
shrinks = step("q < 1", 0, "<", x, {sign(gamma_hat): mu})
before, kept, _ = unrolled(along(at(gamma_hat, allowed, x * early)), 1 - x, early, contracts, shrinks, last=t0)
at_t0 = instance("at t₀", kept, {t: t0})

# From t0 on, gamma_t = f_t <= gamma_hat.
noise = define("ν_t", L * sigma2 * falls_to**2)
below = step("f_t ≤ γ_max", falls, "<=", limit.rhs, {settled: 1, allowed: 1})
tail = step(
    "the noise falls like 1/t²", (t + 1) ** 2 * noise, "<=", K,
    {ONE: L * sigma2 * (4 * t + 3) / ((t + 1) ** 2 * mu**2)},
)  # fmt: skip
since_t0 = after(at(falls, below, noise), tail, K)
late = instance("from t₀ on", since_t0, {bar: at_t0.rhs}, {}, contracts)

switch = hypothesis("μγ̂t₀² ≤ 2t₀, as γ̂ ≤ f_{t₀-1}", "steps", x * t0**2, "<=", 2 * t0)
sharp = step(
    "from t₀ on, in short", gap_at(t), "<=", 4 * delta0 / (sp.E * x * t) ** 2 + K / t,
    {
        late: 1, fading(x, t0, contracts): 4 * delta0 / (x * t) ** 2,
        switch: L * sigma2 / (mu * t) ** 2, ONE: 2 * t0 * L * sigma2 / (mu * t) ** 2,
    },
    begun,
)  # fmt: skip
last = sp.Symbol("t*", nonnegative=True)
turn = hypothesis("t* ≥ 2/(μγ̂)", "steps", 2, "<=", x * last)
late_enough = hypothesis("t ≥ t*", "time", last, "<=", t)
bound = step(
    "from t* on", gap_at(t), "<=", last**2 * delta0 / (sp.E * t) ** 2 + K / t,
    {sharp: 1, turn: (x * last + 2) * delta0 / (sp.E * x * t) ** 2}, begun, late_enough,
)  # fmt: skip

values = {**VALUES, last: lambda plan, start: math.ceil(2 / (float(plan.constants.mu) * plan.gamma))}
proof = Proof(theorem, (constant_steps.one,), (before, since_t0, bound), (at_t0, decreases, sharp), values=values)
