"""Corollary 3.4: Theorem 3.2 for the full gradient, where E||g||^2 = ||grad f||^2."""

from samtheory.theorems.symbols import A, B, C, L, Lambda
from samtheory.theorems.unified_sam_3_4 import theorem

from . import unified_sam_3_2 as stochastic
from .kernel.rules import step
from .language.terms import G, M
from .setting import ER, L_v, bounded, whole, whole_L
from .shared.constant_steps import Formulas, specialised

stated = Formulas(theorem)

full_batch = {A: 0, B: 1, C: 0, Lambda: L}
given = {
    ER: step("the expected residual of ∇f", M, "<=", G, {whole: 1}),
    bounded: step("the smoothness of f", L_v, "<=", L, {whole_L: 1}),
    stochastic.stated.small_gamma: stated.small_gamma,
    stochastic.stated.small_rho: stated.small_rho,
}
general = stochastic.one, stochastic.nonnegative, stochastic.shrinks
proof = specialised(stated, "Theorem 3.2 at A = C = 0, B = 1, Λ = L", general, full_batch, given)
