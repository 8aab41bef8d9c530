"""The full gradient: d = grad f(y) - grad f(x), h = grad f(y), and the descent lemma for x+ = x - gamma h."""

from samtheory.theorems.symbols import L, gamma, lam, rho

from ..kernel.facts import a, assume, define, square, step
from ..kernel.lemmas import instance
from ..kernel.setting import shares
from ..kernel.symbols import G, delta, delta_new, g, grad
from ..kernel.vectors import dot, norm, number, vector
from .smoothness import descends, distance, q, s, smooth, turned, z

d, p = vector("d"), vector("p")
h = grad + d
root_G = norm(grad)
b = define("b", L * rho * (a * root_G + lam))

here = instance("∇f is L-Lipschitz, from x to y", smooth, {norm(turned): norm(d), s: 1, norm(z): norm(p)})
far = instance("how far y is from x", distance, {norm(q): norm(p), norm(g): root_G})
pushed = step("perturbation", norm(d), "<=", b, {here: 1, far: L})
pushed_squared = step("perturbation, squared", norm(d) ** 2, "<=", b**2, {pushed: norm(d) + b})
jensen = step(
    "perturbation, by Jensen", norm(d) ** 2, "<=", (L * rho) ** 2 * (a * G + lam),
    {pushed_squared: 1, square(root_G - 1): (L * rho) ** 2 * a * lam, shares: (L * rho) ** 2 * (a * G + lam)},
)  # fmt: skip
after = number("f(x - γ∇f(y)) - f*")
whole = assume("full-batch", "x⁺ = x - γ∇f(y)", delta_new, "=", after)
move = -gamma * h
descent = step(
    "descent lemma", delta_new, "<=", delta + dot(grad, move) + L * move.norm2 / 2,
    {descends(after - delta, move): 1, whole: 1},
)  # fmt: skip
