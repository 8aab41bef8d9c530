"""Around a minimiser x*: g* = g_v(x*), w = x - x*, and what expected smoothness says of the second moment."""

from sympy import Symbol

from samtheory.theorems.symbols import Lcal, mu, sigma2

from ..kernel.facts import Fact, Step, assume, square, step
from ..kernel.lemmas import mean, mean_of
from ..kernel.setting import PL, unbiased
from ..kernel.symbols import SIGNS, G, M, delta, g, grad
from ..kernel.vectors import dot, vector
from ..text.printing import text
from .bounds import not_constant

w, g_star = vector("x-x*"), vector("g*", random=True)
noise = assume("ES", "E ‖g*‖² ≤ σ*²", mean_of(g_star.norm2), "<=", sigma2)
stationary, stationary_grad = (
    assume("minimiser", "E g* = ∇f(x*) = 0", mean_of(dot(g_star, fixed)), "=", 0) for fixed in (w, grad)
)  # fmt: skip
smoothness = assume("ES", "E ‖g - g*‖² ≤ 2ℒδ", mean_of((g - g_star).norm2), "<=", 2 * Lcal * delta)


def around(smoothness: Fact, Lcal: Symbol) -> tuple[Step, Step]:
    """From E||g - g*||^2 <= 2 Lcal delta: the second moment of g, and mu <= Lcal, as f is no steeper than that says."""
    second = step(
        "second moment", M, "<=", 4 * Lcal * delta + 2 * sigma2,
        {smoothness: 2, noise: 2, mean(square(g - 2 * g_star)): 1},
    )  # fmt: skip
    steep = step(
        f"f is {text(Lcal)}-smooth", G, "<=", 2 * Lcal * delta,
        {smoothness: 1, mean(square(g - g_star - grad)): 1, unbiased: -2, stationary_grad: 2},
    )  # fmt: skip
    below = {PL: 1 / (2 * delta), steep: 1 / (2 * delta)}
    return second, step(f"μ ≤ {text(Lcal)}", mu, "<=", Lcal, below, not_constant)


second, mu_Lcal = around(smoothness, Lcal)
Lcal_positive = step("ℒ > 0", 0, "<", Lcal, {mu_Lcal: 1, SIGNS[mu]: 1})
