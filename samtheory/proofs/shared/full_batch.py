"""The full gradient: d = grad f(y) - grad f(x), h = grad f(y), and the descent lemma for x+ = x - gamma h."""

from samtheory.theorems.symbols import L, gamma, lam, rho

from ..kernel.rules import ONE, cases, shares, square, step
from ..language.terms import E, G, a, define, delta, dot, grad, new, norm
from ..setting import cases_of, d, f, here, lipschitz_full, p, smooth, stays_full, turns_full, whole_step

h = grad + d
root_G = norm(grad)
b = define("b", L * rho * (a * root_G + lam))
nonzero, zero = cases_of(grad)
length = rho * (a * root_G + lam)

distance = cases(
    "how far y is from x",
    (step("where ∇f ≠ 0", norm(p), "<=", length, {turns_full: 1}, nonzero), nonzero),
    (step("where ∇f = 0", norm(p), "<=", length, {stays_full: 1, ONE: length}), zero),
)
pushed = step("perturbation", norm(d), "<=", b, {lipschitz_full: 1, distance: L})
pushed_squared = step("perturbation, squared", norm(d) ** 2, "<=", b**2, {pushed: norm(d) + b})
jensen = step(
    "perturbation, by Jensen", norm(d) ** 2, "<=", (L * rho) ** 2 * (a * G + lam),
    {pushed_squared: 1, square(root_G - 1): (L * rho) ** 2 * a * lam, shares(): (L * rho) ** 2 * (a * G + lam)},
)  # fmt: skip
move = -gamma * h
descent = step(
    "descent lemma", E(new), "<=", delta + dot(grad, move) + L * move.norm2 / 2,
    {smooth(f, here, move): 1, whole_step: 1},
)  # fmt: skip
