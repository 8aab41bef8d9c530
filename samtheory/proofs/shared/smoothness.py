"""How far y is from x, and the perturbed gradient from the gradient."""

from samtheory.theorems.symbols import Lambda, lam, rho

from ..kernel.rules import ONE, cases, step
from ..language.terms import a, e, g, norm
from ..setting import L_v, bounded, cases_of, lipschitz, q, stays, turns

length = rho * (a * norm(g) + lam)
nonzero, zero = cases_of(g)
distance = cases(
    "how far y is from x",
    (step("where g ≠ 0", norm(q), "<=", length, {turns: 1}, nonzero), nonzero),
    (step("where g = 0", norm(q), "<=", length, {stays: 1, ONE: length}), zero),
)
pushed = step("perturbation, for the draw", norm(e), "<=", L_v * length, {lipschitz: 1, distance: L_v})
within = step("perturbation", norm(e), "<=", Lambda * length, {pushed: 1, bounded: length})
