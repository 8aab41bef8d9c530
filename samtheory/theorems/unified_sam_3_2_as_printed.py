"""Theorem 3.2 as printed, with L_max in the place of L and Lambda: false for a sampling with Lambda > L_max.

Oikonomou & Loizou (ICLR 2025), Theorem 3.2. The proof needs the smoothness of the sampled function, so the printed form
holds where Lambda <= L_max (uniform, tau-nice, importance, full batch) and is refused elsewhere.
"""

from dataclasses import dataclass

from samtheory.constants import ROUNDING, Constants

from . import unified_sam_3_2 as always
from .base import ConstantSteps
from .symbols import L, L_max, Lambda


@dataclass(frozen=True, kw_only=True)
class AsPrinted(ConstantSteps):
    """Constant steps with one smoothness constant, which must not be below that of the sampled function."""

    def failed_condition(self, constants: Constants) -> str | None:
        if constants.Lambda <= constants.L_max * (1 + ROUNDING):
            return None
        return (
            f"the sampled function has smoothness Lambda={constants.Lambda:.6g} above L_max={constants.L_max:.6g},"
            " where the printed form is false in general; use unified-sam/3.2"
        )


one_constant = {L: L_max, Lambda: L_max}

theorem = AsPrinted(
    key="unified-sam/3.2/as-printed",
    title="PL, constant steps, with L_max alone as printed",
    source=always.theorem.source,
    status="paper",
    assumptions=always.theorem.assumptions,
    measure="gap",
    sees="length",
    statement=always.theorem.statement + ", with L = Λ = L_max",
    rho_max=always.rho_max.subs(one_constant),
    gamma_max=always.gamma_max.subs(one_constant),
    contraction=always.contraction,
    noise=always.noise.subs(one_constant),
)
