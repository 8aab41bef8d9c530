"""The step of `ours_biased` at gamma_t = 2/(mu b (s + t)), and E delta_t - c/(mu b) <= nu/(s + t) by induction."""

import sympy as sp

from samtheory.theorems.ours_biased_decreasing import limit, tail, theorem
from samtheory.theorems.symbols import C_h, L, b, c, delta0, gamma, mu

from .kernel.analysis import one_of
from .kernel.rules import ONE, SELF, along, hypothesis, induction, instance, step
from .language.terms import E, G, define, delta, gap_at, new, t
from .ours_biased import b_k, k, one, positive, short, stated
from .proof import Proof
from .setting import PL, start
from .shared.bounds import mu_L

halved = step(
    "one step, half of the descent", E(new), "<=", (1 - gamma * mu * b) * delta + gamma * c + L * gamma**2 * C_h / 2,
    {one: 1, short: gamma * G / 2, PL: gamma * b / 2},
)  # fmt: skip

# gamma_t = 2/(mu b n), n = s + t.
s = sp.Symbol("s", positive=True)
nu = define("ν", sp.Max(s * delta0, tail, evaluate=False))
n, size = s + t, 2 / (mu * b * (s + t))
first = hypothesis("γ₀ ≤ b/(Lk)", "steps", 2 * L * k, "<=", mu * b**2 * s)
smaller = step(
    "γ_t ≤ b/(Lk)", size, "<=", stated.gamma_max, {first: 1 / (L * k * mu * b * n), ONE: b * t / (L * k * n)}, positive
)  # fmt: skip
at_t = instance("at γ_t", halved, {gamma: size}, {stated.small_gamma: smaller})
two = step("s ≥ 2", 2, "<=", s, {first: 1 / (mu * b**2), b_k: 2 * L / (mu * b**2), mu_L: 2 / mu})
stays = step("1 - 2/n ≥ 0", 0, "<=", 1 - 2 / n, {two: 1 / n, ONE: t / n})
bound = induction(
    "at every t, by induction", t, gap_at(t), "<=", nu / n + limit,
    {SELF: 1 - 2 / n, along(at_t): 1, one_of(nu, tail): 1 / n**2, ONE: nu / (n**2 * (n + 1))}, stays,
    base={start: 1, one_of(nu, s * delta0): 1 / s, ONE: limit},
)  # fmt: skip

values = {s: lambda plan, start: 2 / (float(plan.constants.mu) * float(plan.constants.b) * plan.gamma)}
proof = Proof(theorem, (one,), (bound,), values=values)
