"""Functional-SAM: y = x + rho g/||g||, h = (1/n) sum v_i J_i(y)^T l_i'(F_i(x)), for f_i(x) = l_i(F_i(x)).

J_i is the Jacobian of the model F_i: the slope of the loss is that at x, the Jacobian that at y. On linear models J is
constant, and with the regulariser's gradient at x the method is SGD. For squared losses and quadratic F_i with Hessian
Q_i, h_i - g_i = r_i Q_i e with the residual r_i. The linear models of the catalogue are built in; another model is an
argument of `FunctionalSam`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import InputError

from .base import Deviation
from .unified_sam import unit

SOURCE = "Singh et al. 2025, arXiv 2502.02407"
GRADIENTS = "2"


class Model(Protocol):
    """Models F_i of one output or several, their losses, and what is added to each f_i beside l_i(F_i)."""

    @property
    def n(self) -> int:
        """Number of components."""

    def slopes(self, X: Array, indices: Indices) -> Array:
        """l_i'(F_i(x)) for the indices of each row, shape (rows, m), or (rows, m, outputs)."""

    def pulled_back(self, Y: Array, indices: Indices, slopes: Array) -> Array:
        """Vector-Jacobian product: the sum over j of J_{i_j}(y)^T slopes[:, j], shape (rows, d)."""

    def rest(self, X: Array) -> Array:
        """Gradient of what is added to each f_i, shape (rows, d)."""


@dataclass(frozen=True, eq=False)
class LinearOutputs:
    """F_i(x) = a_i.x with the losses and the regulariser of a linear model."""

    model: Any

    @property
    def n(self) -> int:
        """Number of components."""
        return len(self.model.b)

    def slopes(self, X: Array, indices: Indices) -> Array:
        """l_i'(a_i.x)."""
        outputs = np.take_along_axis(X @ self.model.A.T, indices, axis=1)
        return np.asarray(self.model.loss.slope(outputs, self.model.b[indices]))

    def pulled_back(self, Y: Array, indices: Indices, slopes: Array) -> Array:
        """The sum of slopes times a_i, wherever y is."""
        return np.asarray(np.einsum("rm,rmd->rd", slopes, self.model.A[indices]))

    def rest(self, X: Array) -> Array:
        """reg x."""
        return np.asarray(self.model.reg * X)


@dataclass(frozen=True, eq=False)
class FunctionalSam:
    """The step on a model; `deviation` is known for linear models, where h = g."""

    model: Model
    deviation: Deviation | None = None

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        n = self.model.n
        every = np.tile(np.arange(n), (len(x), 1))
        indices, weights = (every, np.ones(every.shape)) if draw is None else draw
        slopes = (weights.T * self.model.slopes(x, indices).T).T / n
        y = x + rho * unit(gradient(x, draw))
        total = weights.sum(axis=-1, keepdims=True) / n
        h = self.model.pulled_back(y, indices, slopes) + total * self.model.rest(x)
        return np.asarray(x - gamma * h)


def step_for(problem: Any) -> FunctionalSam:
    """The step on a problem whose f is a linear model.

    Raises
    ------
    InputError
        If it is none: the model is then an argument of `FunctionalSam`.
    """
    linear = problem.objective.as_linear_model()
    if linear is None:
        raise InputError("method=functional-sam: needs the model F_i: this problem has no linear model")
    return FunctionalSam(LinearOutputs(linear), Deviation(alpha=0.0, beta=0.0))
