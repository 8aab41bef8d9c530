"""PL at y in the descent lemma for gamma <= 1/L, and comparison with `ours_sam_deterministic`."""

import sympy as sp

from samtheory.theorems.ours_sam_at_y import B, nu, theorem
from samtheory.theorems.symbols import L, gamma, lam, mu

from .kernel.analysis import one_of
from .kernel.rules import ONE, cases, hypothesis, shares, square, step
from .language.terms import E, G, a, define, delta, new, norm
from .setting import d
from .shared.at_y import PL_y, value
from .shared.bounds import mu_L
from .shared.descents import Formulas
from .shared.full_batch import descent, h, jensen

stated = Formulas(theorem)
rest = 1 - L * gamma
left, theirs = define("B", B), 1 - a * nu**2
short = step("Lγ ≤ 1", L * gamma, "<=", 1, {stated.small_gamma: L})
exact = step(
    "inexact gradient", E(new), "<=", delta - gamma / 2 * (G - norm(d) ** 2) - gamma / 2 * rest * h.norm2, {descent: 1}
)
one = step(
    "one step", *stated.one_step,
    {exact: 1, jensen: gamma / 2, PL_y: gamma / 2 * rest, value: gamma * mu * rest}, short,
)  # fmt: skip

# B > 0: it is affine in gamma, and positive at both ends, gamma = 1/L and gamma = 0.
some, none = hypothesis("a > 0", "case", 0, "<", a), hypothesis("a = 0", "case", 0, "=", a)
large = sp.sqrt(a * mu**2 + L * (L + mu))
root = (sp.sqrt(a) * mu + large) / (sp.sqrt(a) * (L + mu))
limits = 1 / (L * sp.sqrt(a)), root / L
first, second = (
    step(f"ν < {name}", nu, "<", L * limit, {stated.small_rho: L, one_of(stated.rho_max, limit): L}, some)
    for name, limit in zip(("1/√a", "the root"), limits, strict=True)
)
at_one = cases(
    "at γ = 1/L",
    (step("where a > 0", 0, "<", theirs, {first: sp.sqrt(a) * (1 + sp.sqrt(a) * nu)}, some), some),
    (step("where a = 0", 0, "<", theirs, {ONE: 1, none: -(nu**2)}), none),
)
at_zero = step(
    "at γ = 0", 0, "<", 1 - a * nu**2 + a * mu / L * nu * (2 - nu),
    {second: a * (L + mu) / L * (nu + L / (sp.sqrt(a) * (large + sp.sqrt(a) * mu)))}, some,
)  # fmt: skip
firm = cases(
    "B > 0",
    (step("where a > 0", 0, "<", left, {at_one: L * gamma, at_zero: rest}, short), some),
    (step("where a = 0", 0, "<", left, {ONE: 1, none: -(nu**2) + rest * mu / L * nu * (2 - nu)}), none),
)
falls = step("s > 0", 0, "<", stated.descent, {firm: gamma / 2})
grows = step("the growth", 0, "<=", -stated.growth, {short: gamma * mu})
bend = rest * mu / L
bent = step("1 + (1 - Lγ)μ/L > 0", 0, "<", 1 + bend, {ONE: 1, short: mu / L})
share = mu / L * rest**2 / (1 + bend)
contracts = step(
    "q ≥ 0", 0, "<=", 1 + stated.growth - 2 * mu * stated.descent,
    {
        mu_L: 1 / L + share * L * gamma * a * (1 + mu / L) / L, ONE: share * (bend + L * gamma * lam),
        square(nu - bend / (1 + bend), bent): gamma * mu * a * (1 + bend), short: share, shares(): share * L * gamma,
    },
    short, bent,
)  # fmt: skip

# Against `ours_sam_deterministic`: the rate is no smaller and the neighbourhood no larger, wherever both apply.
faster = step(
    "no smaller rate", gamma * mu * theirs, "<=", gamma * mu * (rest + left),
    {at_one: gamma * mu * bend, mu_L: gamma * mu * rest / L, ONE: 2 * gamma * mu * bend * a * nu}, short,
)  # fmt: skip
rate = step("the rate", 0, "<", rest + left, {firm: 1, short: 1})
nearer = step(
    "no larger neighbourhood", stated.noise / (gamma * mu * (rest + left)), "<=", lam * nu**2 / (2 * mu * theirs),
    {
        mu_L: lam * nu**2 * rest / (2 * mu * L * theirs * (rest + left)),
        ONE: lam * nu**2 * bend * a * nu / (mu * theirs * (rest + left)),
    },
    at_one, rate, short,
)  # fmt: skip
noisy = step("ν ≥ 0", 0, "<=", stated.noise, {bent: gamma / 2 * lam * nu**2})
proof = stated.linear(one, falls, contracts, faster, nearer, grows=grows, signs=(noisy,))
