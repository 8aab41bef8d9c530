"""The full gradient: d = grad f(y) - grad f(x), h = grad f(y), and the descent lemma for x+ = x - gamma h."""

from samtheory.theorems.symbols import L, gamma, lam, rho

from ..kernel.rules import shares, square, step
from ..language.terms import E, G, a, define, delta, dot, grad, new, norm
from ..setting import cases_of, d, f, here, lipschitz_full, near_full, smooth, whole_step

h = grad + d
root_G = norm(grad)
b = define("b", L * rho * (a * root_G + lam))
length = rho * (a * root_G + lam)
nonzero, zero = cases_of(grad)
pushed = step("perturbation", norm(d), "<=", b, {lipschitz_full: 1, near_full: L})
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
