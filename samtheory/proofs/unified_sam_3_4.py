"""Corollary 3.4: Theorem 3.2 for the full gradient, where E||g||^2 = ||grad f||^2."""

from samtheory.theorems.symbols import A, B, C, L, Lambda
from samtheory.theorems.unified_sam_3_4 import theorem

from . import unified_sam_3_2 as stochastic
from .kernel.facts import assume, step
from .kernel.setting import ER, bounded
from .kernel.symbols import G, L_v, M
from .shared.constant_steps import Named, specialised

stated = Named(theorem)
whole = assume("full-batch", "g = ∇f", M, "=", G)
smooth = assume("full-batch", "f_v = f", L_v, "=", L)

full_batch = {A: 0, B: 1, C: 0, Lambda: L}
given = {
    ER: step("the expected residual of ∇f", M, "<=", G, {whole: 1}),
    bounded: step("the smoothness of f", L_v, "<=", L, {smooth: 1}),
    stochastic.stated.small_gamma: stated.small_gamma,
    stochastic.stated.small_rho: stated.small_rho,
}
general = stochastic.one, stochastic.nonnegative, stochastic.shrinks
proof = specialised(stated, "Theorem 3.2 at A = C = 0, B = 1, Λ = L", general, full_batch, given)
