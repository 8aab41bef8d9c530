"""The noise without what PL at y costs: no search in one dimension finds that it is too small."""

from samtheory.proofs.kernel.rules import step
from samtheory.proofs.ours_sam_at_y import exact, mu, rest, short, stated
from samtheory.proofs.shared.at_y import PL_y, value
from samtheory.proofs.shared.full_batch import jensen
from samtheory.theorems.symbols import L, gamma, lam, rho

EXPECTED = "one step: the two sides differ by"

lhs, relation, rhs = stated.one_step
less = rhs - stated.noise + gamma / 2 * lam * (L * rho) ** 2
step("one step", lhs, relation, less,
     {exact: 1, jensen: gamma / 2, PL_y: gamma / 2 * rest, value: gamma * mu * rest}, short)  # fmt: skip
