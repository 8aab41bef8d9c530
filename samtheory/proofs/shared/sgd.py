"""rho = 0: E delta+ <= delta - gamma G + (L gamma^2/2) M, from smoothness alone."""

from samtheory.theorems.symbols import L, gamma

from ..kernel.rules import mean, step
from ..language.terms import E, G, M, delta, g, grad, new
from ..setting import f, here, sgd_step, smooth, unbiased

one_step = step(
    "SGD", E(new), "<=", delta - gamma * G + L * gamma**2 / 2 * M,
    {mean(smooth(f, here, -gamma * g)): 1, mean(sgd_step): 1, unbiased(grad): -gamma},
)  # fmt: skip
