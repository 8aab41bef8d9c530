"""<grad f, E h> >= G - rho Lambda2 sqrt(G V), V = E||g - grad f||^2, by way of the gradients at x + rho grad f."""

import sympy as sp

from samtheory.theorems import ours_usam_convex_noise as noisy
from samtheory.theorems.symbols import C, L, Lambda, Lambda2, gamma, k, lam, mu, rho, theta

from .kernel.analysis import cauchy_schwarz, cauchy_schwarz_mean, one_of, root
from .kernel.rules import ONE, along, cases, hypothesis, instance, mean, square, step
from .language.terms import E, G, a, define, delta, dot, grad, mean_of, new, norm
from .proof import Proof
from .setting import PL, L_v, ahead, apart, beside, d_usam, f, here, off, off_size, smooth, square_L, unbiased, x_plus
from .shared.bounds import D, D_positive, mu_D, mu_L
from .shared.convexity import cocoercive
from .shared.master import root_G, root_M, size_mean
from .shared.recursion import unrolled
from .unified_sam_3_2 import few

loss, noise = define("loss", noisy.loss), define("noise", noisy.noise)
excess = define("k₁", noisy.excess)
root_excess, root_C = define("√k₁", sp.sqrt(noisy.excess)), sp.sqrt(C)
stretch = 1 + Lambda * rho

# <grad f, grad f(x + rho grad f) - grad f> >= 0.
inner = dot(grad, d_usam)
close = cocoercive(f, here, rho * grad)
some, none = hypothesis("ρ > 0", "case", 0, "<", rho), hypothesis("ρ = 0", "case", 0, "=", rho)
rests = step("squared", norm(d_usam) ** 2, "<=", 0, {close: 1, none: -L * inner})
still = root("no change", norm(d_usam), sp.Integer(0), rests)
forwards = cases(
    "convexity, along ∇f",
    (step("where ρ > 0", 0, "<=", inner, {close: 1 / (L * rho), square(norm(d_usam)): 1 / (L * rho)}, some), some),
    (step("where ρ = 0", 0, "<=", inner, {cauchy_schwarz(-grad, d_usam): 1, still: root_G}), none),
)  # fmt: skip

# How far the gradient at x + rho g is from that at x + rho grad f, in the mean.
root_V = define("√V", sp.sqrt(E(norm(off) ** 2)))
together = cauchy_schwarz_mean(L_v, norm(off), Lambda2, root_V, square_L)
length = step(
    "the distance in the mean", E(norm(apart)), "<=", rho * Lambda2 * root_V, {mean(beside): 1, together: rho}
)  # fmt: skip
size = instance("the step in the mean, λ = 0", size_mean, {a: 1, lam: 0})
one_step = step(
    "the descent lemma", E(new), "<=",
    delta - gamma * G + gamma * rho * Lambda2 * root_G * root_V + L * gamma**2 / 2 * (stretch * root_M) ** 2,
    {
        mean(smooth(f, here, x_plus)): 1, unbiased(grad): -gamma, ahead(grad): -gamma, forwards: gamma,
        mean(cauchy_schwarz(-grad, apart)): gamma, length: gamma * root_G, size: L * gamma**2 / 2,
    },
)  # fmt: skip

# The noise under PL.
spread = step(
    "the noise", mean_of(norm(off) ** 2), "<=", excess * G + C,
    {mean(off_size): 1, unbiased(grad): -2, few: 1, one_of(excess, k - 1): G},
)  # fmt: skip
squared = step(
    "the noise, squared", root_V**2, "<=", (root_excess * root_G + root_C) ** 2,
    {spread: 1, ONE: 2 * root_excess * root_G * root_C},
)  # fmt: skip
roots = root("the noise in roots", root_V, root_excess * root_G + root_C, squared)
split = step(
    "split by θ", E(new), "<=", delta - gamma * (1 - loss) * G + gamma * noise,
    {
        one_step: 1, roots: gamma * rho * Lambda2 * root_G, few: L * gamma**2 / 2 * stretch**2,
        square(theta * root_G - rho * Lambda2 * root_C): gamma / (2 * theta),
    },
)  # fmt: skip

small_loss = hypothesis("θ leaves loss < 1", "steps", loss, "<", 1)
contraction, N = define("1 - x", 1 - 2 * gamma * mu * (1 - loss)), define("N", noise / (2 * mu * (1 - loss)))
one = step(
    "one step", E(new), "<=", contraction * delta + gamma * noise, {split: 1, PL: gamma * (1 - loss)}, small_loss
)
bend = Lambda * rho
contracts = step(
    "1 - x ≥ 0", 0, "<=", contraction,
    {
        square(1 - gamma * mu): 1, mu_L: gamma**2 * D, mu_D: gamma**2 * mu,
        ONE: 2 * gamma * mu * (rho * Lambda2 * root_excess + theta / 2) + L * D * gamma**2 * bend * (2 + bend),
    },
)  # fmt: skip
shrinks = step("1 - x < 1", 0, "<", 1 - contraction, {small_loss: 2 * gamma * mu})
bound, limit, iterations = unrolled(along(one), contraction, N, contracts, shrinks, small_loss)

# Without the theta that it takes where C > 0, half of the descent is left at the largest step.
rho_max, gamma_max = define("ρ_max", noisy.rho_max), define("γ_max", noisy.gamma_max)
small_gamma = hypothesis("γ ≤ γ_max", "steps", gamma, "<=", gamma_max)
half_left = step(
    "half of 1 - t is left", define("loss₀", noisy.lost + noisy.curved * k), "<=", (1 + define("t", noisy.lost)) / 2,
    {small_gamma: L * stretch**2 * k / 2}, D_positive,
)  # fmt: skip

proof = Proof(noisy.theorem, (split,), (bound,), (limit, iterations, half_left))
