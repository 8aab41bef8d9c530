"""The two branches of `ours_deterministic_convex` at lam = 1: a contraction above ||grad f|| = s, a parabola below.

That delta_t <= D leads to delta_{t+1} <= max {q D, Phi} is the last fact about a step; what follows is about constants.
"""

import sympy as sp

from samtheory.theorems import ours_sam_horizon as horizon
from samtheory.theorems.ours_deterministic_convex import parabolas
from samtheory.theorems.symbols import L, delta0, gamma, lam, mu, rho

from . import ours_deterministic_convex as exact
from .kernel.analysis import all_of, one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, hypothesis, instance, square, step
from .language.terms import E, G, T, a, define, delta, new, number, t
from .proof import Proof
from .setting import PL
from .shared.bounds import mu_L
from .shared.full_batch import root_G
from .shared.powers import compound, exponential

half, part = sp.Rational(1, 2), sp.Rational
at_once, at_s = horizon.first, (1 - horizon.rate) * horizon.s**2 / (2 * mu)
q, s, Phi = define("q", 1 - horizon.rate), define("s", horizon.s), define("Φ", horizon.Phi)
small = hypothesis("γ < 1/L", "steps", L * gamma, "<", 1)
firm = step("Lγ < 2", 0, "<", 2 - L * gamma, {small: 1, ONE: 1})
contracts = step("q ≥ 0", 0, "<=", q, {square(1 - gamma * mu): 1, mu_L: mu * gamma**2})

one = instance("one step", exact.one, {lam: 1, a: 0})
gains = [-(square * G + linear * root_G + constant) for square, linear, constant in parabolas(L, gamma, rho, sp.S.One)]
gain = sp.Min(*gains)
beyond, before = (
    hypothesis("‖∇f‖ ≥ s", "case", 0, "<=", root_G - s),
    hypothesis("‖∇f‖ ≤ s", "case", 0, "<=", s - root_G),
)
apart = L * gamma * rho * (1 - L * gamma)


def at_an_end(name: str, which: int, case: Fact) -> Fact:
    """One step where this gain is the smaller one."""
    mine, other = gains[which], gains[1 - which]
    itself = step("itself", mine, "<=", mine, {})
    less = step("the smaller gain", mine, "<=", other, {case: apart}, small)
    return step(name, E(new), "<=", delta - mine, {one: 1, all_of("of both", gain, mine, itself, less): 1})


# Above s.
shrinks = step(
    "δ⁺ ≤ qδ", E(new), "<=", q * delta,
    {at_an_end("above s", 0, beyond): 1, PL: gamma * (2 - L * gamma) / 2}, firm
)  # fmt: skip
# Below s: a parabola that opens upwards.
parabola = step("the parabola", E(new), "<=", q * G / (2 * mu) - apart * root_G + at_once,
                {at_an_end("below s", 1, before): 1, PL: 1 / (2 * mu)})  # fmt: skip
some, none = hypothesis("s > 0", "case", 0, "<", s), hypothesis("s = 0", "case", 0, "=", s)
below = cases(
    "δ⁺ ≤ Φ",
    (step("where s > 0", E(new), "<=", Phi,
          {parabola: 1, one_of(Phi, at_s): root_G / s, one_of(Phi, at_once): (s - root_G) / s,
           before: q * root_G / (2 * mu)}, some, before, contracts, small), some),
    (step("where s = 0", E(new), "<=", Phi,
          {parabola: 1, one_of(Phi, at_once): 1, before: q * root_G / (2 * mu), none: -q * root_G / (2 * mu),
           ONE: apart * root_G}, contracts, small), none),
    small,
)  # fmt: skip
larger = sp.Max(q * delta, Phi, evaluate=False)
whole = cases(
    "one step, at most the larger",
    (step("above", E(new), "<=", larger, {shrinks: 1, one_of(larger, q * delta): 1}, small), beyond),
    (step("below", E(new), "<=", larger, {below: 1, one_of(larger, Phi): 1}, small), before),
)
D = number("D", nonnegative=True)
most = sp.Max(q * D, Phi, evaluate=False)
started = hypothesis("δ_t ≤ D", "start", delta, "<=", D)
kept = step(
    "from δ_t ≤ D", E(new), "<=", most,
    {
        whole: 1,
        all_of(
            "the larger", larger, most,
            step("from D", q * delta, "<=", most, {started: q, one_of(most, q * D): 1}, contracts, small),
            step("Φ", Phi, "<=", most, {one_of(most, Phi): 1}, small),
        ): 1,
    },
    small,
)  # fmt: skip

# gamma <= 1/(4L): q and Phi in short.
quarter = hypothesis("γ ≤ 1/(4L)", "steps", 4 * L * gamma, "<=", 1)
factor = sp.Max(half, 2 * L / (9 * mu), evaluate=False)
K = factor * L**3 * rho**2
rest = 1 - L * gamma
short = step("γ < 1/L", L * gamma, "<", 1, {quarter: part(1, 4), ONE: part(3, 4)})
wide = step("4Lγ < 7", 0, "<", 7 - 4 * L * gamma, {quarter: 1, ONE: 6})
loose = instance("Lγ < 2", firm, {}, {small: short})
rate = step("q ≤ 1 - 7γμ/4", q, "<=", 1 - part(7, 4) * gamma * mu, {quarter: gamma * mu / 4})
noise = all_of(
    "Φ ≤ Kγ²", Phi, K * gamma**2,
    step("at 0", at_once, "<=", K * gamma**2, {one_of(factor, half): L**3 * (rho * gamma) ** 2}),
    step("at s", at_s, "<=", K * gamma**2,
         {one_of(factor, 2 * L / (9 * mu)): L**3 * (rho * gamma) ** 2,
          quarter: L**4 * (rho * gamma) ** 2 * (7 - 4 * L * gamma) / (72 * mu * rest**2),
          ONE: gamma * (2 - L * gamma) * horizon.s**2 / 2}, short, wide, loose),
)  # fmt: skip
falls = exponential(step("the exponent", (q - 1) * t, "<=", -part(7, 4) * gamma * mu * t, {rate: t}))
powers = step("q^t ≤ e^(-7γμt/4)", q**t, "<=", falls.rhs, {compound(q, t, contracts): 1, falls: 1})

# The steps for T: 7 mu T gamma = 4 l, and e^l is large.
ell = sp.Symbol("ℓ", positive=True)
made = hypothesis("γ = 4ℓ/(7μT)", "steps", 7 * mu * T * gamma, "=", 4 * ell)
large = hypothesis("ℓ ≥ ln(49μ²T²δ₀/(16K))", "steps", 49 * (mu * T) ** 2 * delta0, "<=", 16 * K * sp.exp(ell))
one_at_least = hypothesis("ℓ ≥ 1", "steps", 1, "<=", ell)
goal = 16 * K * ell**2 / (49 * (mu * T) ** 2)
lost = step(
    "what is left of δ₀", sp.exp(-ell) * delta0, "<=", goal,
    {large: sp.exp(-ell) / (49 * (mu * T) ** 2), one_at_least: 16 * K * (ell + 1) / (49 * (mu * T) ** 2)},
)  # fmt: skip
left = step(
    "the neighbourhood", K * gamma**2, "=", goal, {made: K * (7 * mu * T * gamma + 4 * ell) / (49 * (mu * T) ** 2)}
)  # fmt: skip

proof = Proof(horizon.theorem, (one,), more=(kept, noise, powers, lost, left))
