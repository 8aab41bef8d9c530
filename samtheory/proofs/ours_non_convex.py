"""Theory 5.5: members of the family, with weights w_t = prod over j < t of 1/f_j that make the sum telescope.

p, q and r are those of the member in use at time t, and change with rho_t, gamma_t and lam_t; q may have any sign.
"""

from samtheory.theorems.ours_non_convex import theorem
from samtheory.theorems.symbols import L, delta0

from .kernel.facts import ONE, SELF, assume, define, induction, step
from .kernel.lemmas import along
from .kernel.proof import Proof
from .kernel.symbols import G, delta, delta_new, gap_at, grad2_at, t
from .kernel.vectors import function, number
from .shared.bounds import smooth_gap
from .shared.family import growth, member, rest, slope
from .shared.recursion import start
from .shared.telescope import least, m

# Where q > 0 the gradient counts against the descent, and G <= 2 L delta turns it into growth.
falls, rises = number("s⁺", nonnegative=True), number("s⁻", nonnegative=True)
signs = assume("definition", "-q = s⁺ - s⁻", -slope, "=", falls - rises)
f = define("f", 1 + growth + 2 * L * rises)
signed = step(
    "whatever the sign of q", delta_new, "<=", f * delta - falls * G + rest, {member: 1, smooth_gap: rises, signs: -G}
)

w, falls_sum, noise_sum = function("w"), function("Σws⁺"), function("Σwr")
weights = assume("definition", "w_{t+1} = w_t/f_t", f * w(t + 1), "=", w(t))
first = assume("definition", "w_0 = 1", w(0), "=", 1)
falls_next = assume("definition", "Σws⁺, one term more", falls_sum(t + 1), "=", falls_sum(t) + w(t + 1) * falls)
noise_next = assume("definition", "Σwr, one term more", noise_sum(t + 1), "=", noise_sum(t) + w(t + 1) * rest)
falls_none, noise_none = (
    assume("definition", f"{each} starts at 0", each(0), "=", 0) for each in (falls_sum, noise_sum)
)

some_weight = induction("w_t > 0", t, 0, "<", w(t), {SELF: 1 / f, weights: -1 / f}, base={first: -1, ONE: 1})
total = induction(
    "telescoped", t, w(t) * gap_at(t) + m * falls_sum(t), "<=", delta0 + noise_sum(t),
    {
        SELF: 1, along(signed): w(t + 1), least: w(t + 1) * falls, weights: gap_at(t), falls_next: m, noise_next: -1,
    },
    base={start: 1, first: gap_at(0), falls_none: m, noise_none: -1},
)  # fmt: skip
some = assume("horizon", "Σws⁺ > 0", 0, "<", falls_sum(t))
bound = step(
    "the least, by δ_t ≥ 0", m, "<=", (delta0 + noise_sum(t)) / falls_sum(t),
    {total: 1 / falls_sum(t), ONE: w(t) * gap_at(t) / falls_sum(t)}, some,
)  # fmt: skip

# At t itself, m <= E G_t <= 2 L E delta_t; for t = 0 that is 2 L delta_0, whatever the steps are.
here = step("at t", grad2_at(t), "<=", 2 * L * gap_at(t), {along(smooth_gap): 1})
kept = falls_sum(t) + w(t) / (2 * L)
before = step(
    "the least, by δ_t ≥ m/(2L)", m, "<=", (delta0 + noise_sum(t)) / kept,
    {total: 1 / kept, here: w(t) / (2 * L * kept), least: w(t) / (2 * L * kept)}, some_weight,
)  # fmt: skip

proof = Proof(theorem, (bound, before))
