"""Unified SAM with Polyak's step size; at lam = 0 USAM-PS (full batch) and USAM-SPS.

With the ascent point y = x + e of Unified SAM and h = g_v(y), the step is x+ = x - gamma_t h,

    gamma_t = min{[N_t]_+/||h||^2, gamma},    N_t = f_v(y) - l_v - <h, e>,    l_v <= inf f_v,

and x+ = x where h = 0. The lower bound l_v is f_inf under the full batch, else (1/n) sum v_i f_i_inf; gamma is a cap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from samtheory._typing import Array
from samtheory.constants import ComponentConstants
from samtheory.errors import InputError

from .unified_sam import ascent

SOURCE = "Oikonomou & Loizou 2026, arXiv 2606.01827"
GRADIENTS = "2"


class Valued(Protocol):
    """The part of a problem that the step uses: f - f_inf, the f_i and their lower bounds."""

    def suboptimality(self, X: Array) -> Array:
        """f(x) - f_inf for each row of X."""

    @property
    def objective(self) -> Any:
        """The finite sum."""

    @property
    def f_i_inf(self) -> ComponentConstants | None:
        """Lower bounds of the f_i."""


@dataclass(frozen=True)
class Polyak:
    """The step on one problem, with the arguments of `unified_sam.step`.

    Raises
    ------
    InputError
        When the step is called with a draw and the problem claims no f_i_inf.
    """

    problem: Valued

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: Any, rho: Any, lam: Any
    ) -> Array:
        e = rho * ascent(gradient(x, draw), lam)
        y = x + e
        h = gradient(y, draw)
        N = self.above(y, draw) - np.sum(h * e, axis=-1, keepdims=True)
        square = np.sum(h * h, axis=-1, keepdims=True)
        polyak = np.maximum(N, 0) / np.where(square > 0, square, 1)
        return np.asarray(x - np.minimum(polyak, gamma) * h)

    def above(self, y: Array, draw: Any) -> Array:
        """f_v(y) - l_v, shape (rows, 1)."""
        if draw is None:
            return self.problem.suboptimality(y)[:, None]
        if self.problem.f_i_inf is None:
            raise InputError("f_i_inf is not claimed: the Polyak step of a drawn f_v needs lower bounds")
        over = self.problem.objective.values(y) - self.problem.f_i_inf.values
        drawn = draw.weights * np.take_along_axis(over, draw.indices, axis=-1)
        return np.asarray(np.sum(drawn, axis=-1, keepdims=True) / over.shape[-1])


#: Build the step for a problem.
step_for = Polyak
