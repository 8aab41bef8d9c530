"""Theory 5.5: members of the family, with weights w_t = prod over j < t of 1/f_j that make the sum telescope.

p, q and r are those of the member in use at time t, and change with rho_t, gamma_t and lam_t; q may have any sign.
"""

import sympy as sp

from samtheory.theorems.ours_non_convex import theorem
from samtheory.theorems.symbols import L, b1, b2, b3, delta0, gamma, lam, rho

from .kernel.rules import ONE, SELF, along, hypothesis, induction, instance, sequence, step
from .language.terms import (
    E,
    G,
    T,
    a,
    a_at,
    define,
    delta,
    function,
    gamma_at,
    gap_at,
    grad2_at,
    lam_at,
    new,
    rho_at,
    spelt_out,
    t,
)  # fmt: skip
from .proof import Proof
from .setting import least, m, start
from .shared.bounds import smooth_gap
from .shared.family import growth, member, rest, slope

# Where q > 0 the gradient counts against the descent, and G <= 2 L delta turns it into growth.
falls, rises = sp.symbols("s⁺ s⁻", nonnegative=True)
signs = hypothesis("-q = s⁺ - s⁻", "parameters", -slope, "=", falls - rises)
f = 1 + growth + 2 * L * rises
signed = step(
    "whatever the sign of q", E(new), "<=", f * delta - falls * G + rest, {member: 1, smooth_gap: rises, signs: -G}
)

# The parameters, and the member, at time t.
b_at = {b: function(f"b{i}", "positive")(t) for i, b in zip("₁₂₃", (b1, b2, b3), strict=True)}
steps = {gamma: gamma_at(t), rho: rho_at(t), lam: lam_at(t), a: a_at(t)}
falls_at, rises_at = function("s⁺"), function("s⁻")
now = {**steps, **b_at, falls: falls_at(t), rises: rises_at(t)}


def at(x: sp.Expr) -> sp.Expr:
    """An expression in the parameters of time t."""
    return spelt_out(x).subs(now)


signs_t = hypothesis("-q_t = s⁺_t - s⁻_t", "parameters", -at(slope), "=", falls_at(t) - rises_at(t), times=(t, 0, T))
f_t, rest_t = define("f_t", at(f)), define("r_t", at(rest))
every = along(instance("at time t", signed, now, {signs: signs_t}))

w, first, weights = sequence("w", t, 1, lambda w: w / f_t)
S, none, more = sequence("Σws⁺", t, 0, lambda S: S + w(t + 1) * falls_at(t))
R, empty, added = sequence("Σwr", t, 0, lambda R: R + w(t + 1) * rest_t)
some_weight = induction("w_t > 0", t, 0, "<", w(t), {SELF: 1 / f_t, weights: -1}, base={first: -1, ONE: 1})
total = induction(
    "telescoped", t, w(t) * gap_at(t) + m * S(t), "<=", delta0 + R(t),
    {
        SELF: 1, every: w(t + 1), least: w(t + 1) * falls_at(t), weights: f_t * gap_at(t), more: m, added: -1,
    },
    base={start: 1, first: gap_at(0), none: m, empty: -1}, last=T,
)  # fmt: skip
at_T = instance("at T", total, {t: T})
some = hypothesis("Σws⁺ > 0", "steps", 0, "<", S(T))
bound = step(
    "the least, by δ_T ≥ 0", m, "<=", (delta0 + R(T)) / S(T), {at_T: 1 / S(T), ONE: w(T) * gap_at(T) / S(T)}, some
)

# At t < T, m <= E G_t <= 2 L E delta_t; for t = 0 that is 2 L delta_0, whatever the steps are.
here = step("at t", grad2_at(t), "<=", 2 * L * gap_at(t), {along(smooth_gap): 1})
kept = S(t) + w(t) / (2 * L)
before = step(
    "the least, by δ_t ≥ m/(2L)", m, "<=", (delta0 + R(t)) / kept,
    {total: 1 / kept, here: w(t) / (2 * L * kept), least: w(t) / (2 * L * kept)}, some_weight,
)  # fmt: skip

proof = Proof(theorem, (member,), more=(bound, before))
