"""rho = 0: E delta+ <= delta - gamma G + (L gamma^2/2) M, from smoothness alone."""

from ..theorems.symbols import L, gamma
from .facts import step
from .lemmas import mean
from .setting import unbiased
from .smoothness import descends
from .symbols import G, M, delta, delta_new, g, new

one_step = step(
    "SGD", delta_new, "<=", delta - gamma * G + L * gamma**2 / 2 * M,
    {mean(descends(new - delta, -gamma * g)): 1, unbiased: -gamma},
)  # fmt: skip
