"""The paper's one-step inequality, from smoothness alone: for every x, rho >= 0, gamma > 0 and lam in [0, 1].

E delta+ <= delta - gamma (1 - Lambda rho/2) G + c2 M + c0.
"""

from samtheory.theorems import chain
from samtheory.theorems.symbols import L, Lambda, gamma, lam, rho

from ..kernel.analysis import cauchy_schwarz
from ..kernel.rules import mean, square, step
from ..language.terms import E, G, M, a, define, delta, dot, e, g, grad, h, new, norm
from ..setting import f, here, smooth, unbiased, x_plus
from .smoothness import length, within

c2, c0 = define("c₂", chain.c2), define("c₀", chain.c0)

longest = a * norm(g) + lam
young = step(
    "Young's inequality", -dot(grad, e), "<=", Lambda * rho * (G / 2 + a**2 * norm(g) ** 2 + lam**2),
    {
        cauchy_schwarz(-grad, e): 1,
        within: norm(grad),
        square(norm(grad) - longest): Lambda * rho / 2,
        square(a * norm(g) - lam): Lambda * rho / 2,
    },
)  # fmt: skip
moved = step(
    "perturbation, squared", norm(e) ** 2, "<=", 2 * (Lambda * rho) ** 2 * (a**2 * norm(g) ** 2 + lam**2),
    {within: norm(e) + Lambda * length, square(a * norm(g) - lam): (Lambda * rho) ** 2},
)  # fmt: skip
size = step(
    "the step, squared", h.norm2, "<=",
    2 * norm(g) ** 2 + 4 * (Lambda * rho) ** 2 * (a**2 * norm(g) ** 2 + lam**2),
    {square(g - e): 1, moved: 2},
)  # fmt: skip
pathwise = step(
    "the descent lemma for the draw", new, "<=",
    delta - gamma * dot(grad, g) + gamma * Lambda * rho * G / 2 + c2 * norm(g) ** 2 + c0,
    {smooth(f, here, x_plus): 1, young: gamma, size: L * gamma**2 / 2},
)  # fmt: skip
one_step = step(
    "one step", E(new), "<=", delta - gamma * (1 - Lambda * rho / 2) * G + c2 * M + c0,
    {mean(pathwise): 1, unbiased(grad): -gamma},
)  # fmt: skip
