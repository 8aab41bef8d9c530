"""Gower et al. 2019, Theorem 3.2: Theorem 3.1 up to t* = 4 ceil(Lcal/mu), then t^2 E ||x_t - x*||^2 is added up.

t*^2 (1 - x)^t* is at most (2/x)^2 e^-2 for x = mu/(2 Lcal), and mu t* is at most 8 Lcal.
"""

import math

import sympy as sp

from samtheory.theorems.gower_2019_3_2 import theorem
from samtheory.theorems.symbols import Lcal, gamma, mu, sigma2

from . import gower_2019_3_1 as constant_steps
from .kernel.facts import Fact
from .kernel.rules import ONE, along, hypothesis, instance, sign, step
from .language.terms import E, V, V_at, define, far, number, t
from .proof import Proof
from .setting import R2
from .shared.decreasing import after, begun, fading, falls, falls_to, gamma_hat, t0
from .shared.minimiser import mu_Lcal
from .shared.recursion import DISTANCE, unrolled

limit = constant_steps.small
exact = hypothesis("γ̂ = 1/(2ℒ)", "steps", 2 * Lcal * gamma_hat, "=", 1)
x, K = mu * gamma_hat, 8 * sigma2 / mu**2


def at(value: sp.Expr, small: Fact, noise: sp.Expr) -> Fact:
    """The one step of Theorem 3.1 at gamma_t = value."""
    special = instance("Theorem 3.1", constant_steps.one, {gamma: value}, {limit: small})
    return step("one step", E(far), "<=", (1 - value * mu) * V + noise, {special: 1})


# Up to t*, gamma_t = 1/(2 Lcal).
early = 2 * gamma_hat * sigma2 / mu
full = step("γ̂ ≤ 1/(2ℒ)", 2 * Lcal * gamma_hat, "<=", 1, {exact: 1})
half = sp.Rational(1, 2)
contracts = step("q ≥ 0", 0, "<=", 1 - x, {mu_Lcal: gamma_hat, exact: half, ONE: half})
shrinks = step("q < 1", 0, "<", x, {sign(gamma_hat): mu})
before, kept, _ = unrolled(
    along(at(gamma_hat, full, x * early)), 1 - x, early, contracts, shrinks, of=DISTANCE, last=t0
)
at_t0 = instance("at t*", kept, {t: t0})

# From t* on, gamma_t = f_t <= 1/(2 Lcal).
settled = hypothesis("f_t ≤ 1/(2ℒ) for t ≥ t*", "steps", 2 * Lcal * falls, "<=", 1, times=(t, t0, None))
noise = define("ν_t", 2 * sigma2 * falls_to**2)
tail = step(
    "the noise falls like 1/t²", (t + 1) ** 2 * noise, "<=", K,
    {ONE: 2 * sigma2 * (4 * t + 3) / ((t + 1) ** 2 * mu**2)},
)  # fmt: skip
bar = number("R̄²", nonnegative=True)
reached = hypothesis("E V_{t*} ≤ R̄², the bound up to t*", "start", V_at(t0), "<=", bar)
late = after(at(falls, settled, noise), tail, K, V_at, reached)
since = instance("from t* on", late, {bar: at_t0.rhs}, {}, contracts)

whole = number("⌈ℒ/μ⌉", nonnegative=True)
ceiling = hypothesis("⌈ℒ/μ⌉ ≥ ℒ/μ", "steps", 1, "<=", 2 * x * whole)
turn = hypothesis("t* ≤ 8ℒ/μ", "steps", x * t0, "<=", 4)
bound = step(
    "from t* on, in short", V_at(t), "<=", K / t + 16 * whole**2 * R2 / (sp.E * t) ** 2,
    {
        since: 1, fading(x, t0, contracts): 4 * R2 / (x * t) ** 2, turn: 2 * t0 * sigma2 / (mu * t) ** 2,
        ceiling: 4 * R2 * (2 * x * whole + 1) / (x * sp.E * t) ** 2,
    },
    begun,
)  # fmt: skip
values = {
    t0: lambda plan, start: 4 * math.ceil(float(plan.constants.Lcal / plan.constants.mu)),
    whole: lambda plan, start: math.ceil(float(plan.constants.Lcal / plan.constants.mu)),
}

proof = Proof(theorem, (constant_steps.one,), (before, bound), (at_t0,), values=values)
