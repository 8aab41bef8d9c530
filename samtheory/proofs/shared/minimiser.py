"""Around a minimiser x*: what expected smoothness says of the second moment."""

from sympy import Symbol

from samtheory.theorems.symbols import Lcal, mu, sigma2

from ..kernel.facts import Fact
from ..kernel.rules import mean, sign, somewhere, square, step
from ..language.terms import G, M, delta, g, grad
from ..setting import PL, expected_smoothness, g_star, noise, stationary, unbiased
from ..text.printing import text
from .bounds import positive


def around(smoothness: Fact, Lcal: Symbol) -> tuple[Fact, Fact]:
    """From E||g - g*||^2 <= 2 Lcal delta: the second moment of g, and mu <= Lcal, as f is no steeper than that says."""
    second = step(
        "second moment", M, "<=", 4 * Lcal * delta + 2 * sigma2,
        {smoothness: 2, noise: 2, mean(square(g - 2 * g_star)): 1},
    )  # fmt: skip
    steep = step(
        f"f is {text(Lcal)}-smooth", G, "<=", 2 * Lcal * delta,
        {smoothness: 1, mean(square(g - g_star - grad)): 1, unbiased(grad): -2, stationary(grad): 2},
    )  # fmt: skip
    by = {PL: 1 / (2 * delta), steep: 1 / (2 * delta)}
    below = step("where δ > 0", mu, "<=", Lcal, by, positive)
    return second, somewhere(f"μ ≤ {text(Lcal)}", below, positive)


second, mu_Lcal = around(expected_smoothness, Lcal)
Lcal_positive = step("ℒ > 0", 0, "<", Lcal, {mu_Lcal: 1, sign(mu): 1})
