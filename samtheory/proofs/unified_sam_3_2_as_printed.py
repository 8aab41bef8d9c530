"""Theorem 3.2 as printed: with L_max in the place of L and Lambda, which are smaller."""

from dataclasses import replace

from samtheory.theorems.symbols import L, L_max, Lambda
from samtheory.theorems.unified_sam_3_2_as_printed import theorem

from . import unified_sam_3_2 as always
from .kernel.facts import assume, step
from .kernel.setting import bounded
from .kernel.symbols import L_v
from .kernel.vectors import norm
from .shared.constant_steps import Named, specialised
from .shared.smoothness import s, smooth, turned, z

stated = Named(theorem)
average = assume("smooth", "L ≤ L_max", L, "<=", L_max)
covered = assume("sampling", "Λ ≤ L_max", Lambda, "<=", L_max)

given = {
    smooth: step("∇f is L_max-Lipschitz", norm(turned), "<=", L_max * s * norm(z), {smooth: 1, average: s * norm(z)}),
    bounded: step("L_v ≤ L_max for every draw", L_v, "<=", L_max, {bounded: 1, covered: 1}),
    always.stated.small_gamma: stated.small_gamma,
    always.stated.small_rho: stated.small_rho,
}
general = always.one, always.nonnegative, always.shrinks
proof = replace(
    specialised(stated, "Theorem 3.2 with L_max", general, {L: L_max, Lambda: L_max}, given),
    note="false in general where Λ > L_max; proved for Λ ≤ L_max (uniform, τ-nice, importance, full batch)",
)
