"""rho = 0: E delta+ <= delta - gamma G + (L gamma^2/2) M, from smoothness alone."""

from samtheory.theorems.symbols import L, gamma

from ..kernel.facts import step
from ..kernel.lemmas import mean
from ..kernel.setting import unbiased
from ..kernel.symbols import G, M, delta, delta_new, g, new
from .smoothness import descends

one_step = step(
    "SGD", delta_new, "<=", delta - gamma * G + L * gamma**2 / 2 * M,
    {mean(descends(new - delta, -gamma * g)): 1, unbiased: -gamma},
)  # fmt: skip
