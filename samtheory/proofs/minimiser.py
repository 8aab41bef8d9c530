"""Around a minimiser x*: g* = g_v(x*), w = x - x*, and what expected smoothness says of the second moment."""

from ..theorems.symbols import Lcal, mu, sigma2
from .bounds import not_constant
from .facts import assume, square, step
from .lemmas import mean, mean_of
from .setting import PL, unbiased
from .symbols import SIGNS, G, M, delta, g, grad
from .vectors import dot, vector

w, g_star = vector("x-x*"), vector("g*", random=True)
noise = assume("ES", "E ‖g*‖² ≤ σ*²", mean_of(g_star.norm2), "<=", sigma2)
stationary, stationary_grad = (
    assume("minimiser", "E g* = ∇f(x*) = 0", mean_of(dot(g_star, fixed)), "=", 0) for fixed in (w, grad)
)  # fmt: skip
smoothness = assume("ES", "E ‖g - g*‖² ≤ 2ℒδ", mean_of((g - g_star).norm2), "<=", 2 * Lcal * delta)
second = step(
    "second moment", M, "<=", 4 * Lcal * delta + 2 * sigma2,
    {smoothness: 2, noise: 2, mean(square(g - 2 * g_star)): 1},
)  # fmt: skip

# f itself is no steeper than the expected smoothness says, so mu <= Lcal.
steep = step(
    "f is ℒ-smooth", G, "<=", 2 * Lcal * delta,
    {smoothness: 1, mean(square(g - g_star - grad)): 1, unbiased: -2, stationary_grad: 2},
)  # fmt: skip
mu_Lcal = step("μ ≤ ℒ", mu, "<=", Lcal, {PL: 1 / (2 * delta), steep: 1 / (2 * delta)}, not_constant)
Lcal_positive = step("ℒ > 0", 0, "<", Lcal, {mu_Lcal: 1, SIGNS[mu]: 1})
