"""Theory 5.5: members of the family, with weights w_t = prod over j < t of 1/(1 + p_j) that make the sum telescope.

p, q and r are those of the member in use at time t, and change with rho_t, gamma_t and lam_t.
"""

from samtheory.theorems.ours_non_convex import theorem
from samtheory.theorems.symbols import L, delta0

from .kernel.facts import ONE, SELF, assume, define, induction, step
from .kernel.lemmas import along
from .kernel.proof import Proof
from .kernel.symbols import gap_at, grad2_at, t
from .kernel.vectors import function
from .shared.bounds import smooth_gap
from .shared.family import growth, member, rest, slope
from .shared.recursion import start
from .shared.telescope import least, m

s = define("s", -slope)
w, falls_sum, noise_sum = function("w"), function("Σws"), function("Σwr")
weights = assume("definition", "w_{t+1} = w_t/(1 + p_t)", (1 + growth) * w(t + 1), "=", w(t))
first = assume("definition", "w_0 = 1", w(0), "=", 1)
falls_next = assume("definition", "Σws, one term more", falls_sum(t + 1), "=", falls_sum(t) + w(t + 1) * s)
noise_next = assume("definition", "Σwr, one term more", noise_sum(t + 1), "=", noise_sum(t) + w(t + 1) * rest)
falls_none, noise_none = (
    assume("definition", f"{each} starts at 0", each(0), "=", 0) for each in (falls_sum, noise_sum)
)

falls = assume("steps", "s_t = -q_t ≥ 0", 0, "<=", s)
total = induction(
    "telescoped", t, w(t) * gap_at(t) + m * falls_sum(t), "<=", delta0 + noise_sum(t),
    {
        SELF: 1, along(member): w(t + 1), least: w(t + 1) * s, weights: gap_at(t), falls_next: m, noise_next: -1,
    },
    falls, base={start: 1, first: gap_at(0), falls_none: m, noise_none: -1},
)  # fmt: skip
some = assume("horizon", "Σws > 0", 0, "<", falls_sum(t))
bound = step(
    "the least", m, "<=", (delta0 + noise_sum(t)) / falls_sum(t),
    {total: 1 / falls_sum(t), ONE: w(t) * gap_at(t) / falls_sum(t)}, some,
)  # fmt: skip

# Whatever the steps are: m <= E G_0 <= 2 L delta_0.
begin = step("at the start", grad2_at(t), "<=", 2 * L * gap_at(t), {along(smooth_gap): 1})
trivial = step("without any step", m, "<=", 2 * L * gap_at(t), {least: 1, begin: 1})

proof = Proof(theorem, (bound, trivial))
