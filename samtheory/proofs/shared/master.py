"""The master inequality, from smoothness alone: for every x, rho >= 0, gamma > 0 and lam in [0, 1].

E delta+ <= delta - k0 G + k1 sqrt(G M) + k2 sqrt(G) + k3 M + k4 sqrt(M) + k5.
"""

import sympy as sp

from samtheory.theorems import master
from samtheory.theorems.symbols import L, Lambda1, Lambda2, gamma, lam, rho

from ..kernel.analysis import cauchy_schwarz, cauchy_schwarz_mean
from ..kernel.rules import mean, step
from ..language.terms import E, M, a, define, delta, dot, e, g, grad, h, mean_of, new, norm
from ..setting import L_v, bounded, f, here, mean_L, smooth, square_L, unbiased, x_plus
from .smoothness import length, pushed

kappas = tuple(define(f"κ{i}", each) for i, each in zip("₀₁₂₃₄₅", master.master, strict=True))
stretch = define("w", master.stretch)
root_G, root_M = norm(grad), define("√M", sp.sqrt(E(norm(g) ** 2)))

# (3.1) The length of e in the mean.
together = cauchy_schwarz_mean(L_v, norm(g), Lambda2, root_M, square_L)
length_e = step(
    "the perturbation in the mean", E(norm(e)), "<=", rho * (a * Lambda2 * root_M + lam * Lambda1),
    {mean(pushed): 1, together: rho * a, mean_L: rho * lam},
)  # fmt: skip
# (3.2) The size of h in the mean.
reach = stretch * norm(g) + lam * rho * L_v
size = step(
    "the step, squared", h.norm2, "<=", reach**2,
    {
        cauchy_schwarz(g, e): 2,
        pushed: 2 * norm(g) + norm(e) + L_v * length,
        bounded: rho * a * norm(g) * (reach + norm(g) + L_v * length),
    },
)  # fmt: skip
size_mean = step(
    "the step in the mean", mean_of(h.norm2), "<=", (stretch * root_M + lam * rho * Lambda2) ** 2,
    {mean(size): 1, together: 2 * stretch * lam * rho, square_L: (lam * rho) ** 2},
)  # fmt: skip
k0, k1, k2, k3, k4, k5 = kappas
#: The right side of the master inequality less delta, and the terms of the descent lemma that it bounds.
right = -k0 * root_G**2 + k1 * root_G * root_M + k2 * root_G + k3 * M + k4 * root_M + k5
terms = step(
    "the terms of the descent lemma", mean_of(-gamma * dot(grad, h) + L * gamma**2 / 2 * h.norm2), "<=", right,
    {
        unbiased(grad): -gamma, mean(cauchy_schwarz(-grad, e)): gamma, length_e: gamma * root_G,
        size_mean: L * gamma**2 / 2,
    },
)  # fmt: skip
one_step = step(
    "master inequality", E(new), "<=", delta + right, {mean(smooth(f, here, x_plus)): 1, terms: 1},
)  # fmt: skip
