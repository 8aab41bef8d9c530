"""Around a minimiser x*: g* = g_v(x*), w = x - x*, and what expected smoothness says of the second moment."""

from ..theorems.symbols import Lcal, sigma2
from .facts import assume, square, step
from .lemmas import mean, mean_of
from .symbols import M, delta, g
from .vectors import dot, vector

w, g_star = vector("x-x*"), vector("g*", random=True)
noise = assume("ES", "E ‖g*‖² ≤ σ*²", mean_of(g_star.norm2), "<=", sigma2)
stationary = assume("minimiser", "∇f(x*) = 0", mean_of(dot(g_star, w)), "=", 0)
smoothness = assume("ES", "E ‖g - g*‖² ≤ 2ℒδ", mean_of((g - g_star).norm2), "<=", 2 * Lcal * delta)
second = step(
    "second moment", M, "<=", 4 * Lcal * delta + 2 * sigma2,
    {smoothness: 2, noise: 2, mean(square(g - 2 * g_star)): 1},
)  # fmt: skip
