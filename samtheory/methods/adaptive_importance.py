"""Unified SAM with adaptive probabilities: p_t = eta p^L + (1 - eta) q_t, g = grad f_i/(n p_t,i) with i drawn from p_t.

p^L is in proportion to L_i and q_t to the norm of grad f_i where i was drawn last, at x_0 before. p_t depends on the
past alone, so that E[g | past] = grad f. The floor p_t,i >= eta L_i/sum L_j gives A = Lam = L_avg/eta, B = 0 and
C = 2 A (f_inf - mean f_i_inf) at every state: a theorem with these constants covers the method. With the norms at x in
place of the last ones, A is L_avg for every eta. The method draws i itself, whatever the sampling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError

from .base import halves
from .unified_sam import ascent

SOURCE = "adaptive importance sampling with a floor; constants re-derived"
GRADIENTS = "2"

Memory = tuple[Array]


@dataclass(frozen=True, eq=False)
class AdaptiveImportance:
    """The step with the floor eta in (0, 1]; the memory holds the last norm of each grad f_i.

    Attributes
    ----------
    gradient_norms : (rows, d) -> (rows, n), the norm of every grad f_i, at x_0
    L_i : (n,) smoothness of the components
    """

    gradient_norms: Callable[[Array], Array]
    L_i: Array
    eta: float = 0.5
    second: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        if not 0 < self.eta <= 1:
            raise InputError(f"eta={self.eta!r}: must be above 0 and at most 1")
        if not self.L_i.any():
            raise InputError("L_i: all 0: adaptive importance sampling needs one above 0")

    def memory(self, x: Array) -> Memory:
        """The norms at x_0, shape (rows, n)."""
        return (self.gradient_norms(x),)

    def probabilities(self, norms: Array) -> Array:
        """p_t for norms of shape (rows, n); p^L where all are 0."""
        floor, total = self.L_i / self.L_i.sum(), norms.sum(axis=-1, keepdims=True)
        mixed = self.eta * floor + (1 - self.eta) * norms / np.where(total > 0, total, 1)
        return np.asarray(np.where(total > 0, mixed, floor))

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: Memory,
    ) -> tuple[Array, Memory]:  # fmt: skip
        (norms,) = memory
        p = self.probabilities(norms)
        up_to = p.cumsum(axis=-1)
        u = halves(draw)[1].weights[:, :1]
        i = np.argmax(up_to > u * up_to[:, -1:], axis=-1, keepdims=True)
        weight = 1 / np.take_along_axis(p, i, axis=-1)
        chosen = type(draw)(i, weight)
        g = gradient(x, chosen)
        norms = norms.copy()
        np.put_along_axis(norms, i, len(self.L_i) * np.linalg.norm(g, axis=-1, keepdims=True) / weight, axis=-1)
        return x - gamma * gradient(x + rho * ascent(g, lam), chosen), (norms,)


def step_for(problem: Any) -> AdaptiveImportance:
    """The step on a problem."""
    return AdaptiveImportance(problem.objective.gradient_norms, problem.L_i.values)
