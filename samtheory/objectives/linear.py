"""Linear models f_i(x) = phi(a_i . x, b_i) + (reg/2)||x||^2."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.optimize import minimize_scalar

from ..constants import Array
from ..errors import InputError, nonnegative
from .base import FiniteSum, Indices
from .losses import LOSSES, ScalarLoss, Squared


class LinearModel(FiniteSum):
    """f_i(x) = phi(a_i . x, b_i) + (reg/2)||x||^2.

    Parameters
    ----------
    A : (n, d) rows a_i
    b : (n,) targets, or labels -1, +1
    loss : a key of `LOSSES`, or a ScalarLoss class
    reg : l2 regularisation, >= 0

    Raises
    ------
    InputError
        If shapes disagree or a number is not finite.
    """

    def __init__(self, A: Array, b: Array, loss: str | type[ScalarLoss], reg: float = 0.0) -> None:
        self.A = np.ascontiguousarray(A, dtype=np.float64)
        self.b = np.ascontiguousarray(b, dtype=np.float64)
        if self.A.ndim != 2 or self.A.size == 0 or self.b.shape != self.A.shape[:1]:
            raise InputError(f"A, b: shapes {self.A.shape} and {self.b.shape}: must be (n, d) and (n,), not empty")
        if not (np.isfinite(self.A).all() and np.isfinite(self.b).all()):
            raise InputError("A, b: every entry must be finite")
        self.reg = nonnegative("reg", reg)
        self.loss = LOSSES[loss] if isinstance(loss, str) else loss
        self.n, self.d = self.A.shape
        self.norms2 = np.einsum("nd,nd->n", self.A, self.A)

    def values(self, X: Array) -> Array:
        return self.loss.value(X @ self.A.T, self.b) + 0.5 * self.reg * np.sum(X * X, axis=-1, keepdims=True)

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        if indices is None:
            slopes = self.loss.slope(X @ self.A.T, self.b)
            return slopes[..., None] * self.A + self.reg * X[:, None, :]
        rows = self.A[indices]
        slopes = self.loss.slope(np.einsum("rmd,rd->rm", rows, X), self.b[indices])
        return slopes[..., None] * rows + self.reg * X[:, None, :]

    def gradient(self, X: Array) -> Array:
        return self.loss.slope(X @ self.A.T, self.b) @ self.A / self.n + self.reg * X

    def stochastic_gradient(self, X: Array, indices: Indices, weights: Array) -> Array:
        rows = self.A[indices]
        slopes = self.loss.slope(np.einsum("rmd,rd->rm", rows, X), self.b[indices])
        pull = self.reg * weights.sum(axis=-1, keepdims=True) * X
        result: Array = (np.einsum("rm,rmd->rd", weights * slopes, rows) + pull) / self.n
        return result

    @cached_property
    def gram(self) -> Array:
        """A^T A / n, shape (d, d)."""
        return self.A.T @ self.A / self.n

    @cached_property
    def component_smoothness(self) -> Array:
        """L_i = sup|phi''| ||a_i||^2 + reg, shape (n,)."""
        return self.loss.smoothness * self.norms2 + self.reg

    @cached_property
    def smoothness(self) -> float:
        """sup|phi''| lambda_max(A^T A)/n + reg, an upper bound on the smoothness of f (attained for squared loss)."""
        return float(self.loss.smoothness * np.linalg.eigvalsh(self.gram)[-1] + self.reg)

    @cached_property
    def component_infima(self) -> Array:
        """inf f_i (shape (n,)): closed for the squared loss or reg = 0, a 1-D minimisation along a_i otherwise.

        For a non-convex loss with reg > 0 the lower bound inf phi is given, which is valid.
        """
        if self.loss is Squared:
            return 0.5 * self.b**2 * (self.reg / (self.norms2 + self.reg) if self.reg else (self.norms2 == 0.0))
        lowest = np.full(self.n, self.loss.least_value)
        still = self.norms2 == 0
        lowest[still] = self.loss.value(np.zeros(int(still.sum())), self.b[still])
        if self.loss.convex and self.reg:
            for i in np.flatnonzero(~still):
                lowest[i] = self._infimum_along_row(float(self.b[i]), float(self.norms2[i]))
        return lowest

    def _infimum_along_row(self, b: float, norm2: float) -> float:
        """min over t of phi(t, b) + reg t^2/(2 norm2): the minimiser of f_i is a multiple of a_i."""
        target = np.array(b)

        def along(t: float) -> float:
            return float(self.loss.value(np.array(t), target)) + 0.5 * self.reg * t * t / norm2

        reach = abs(float(self.loss.slope(np.array(0.0), target))) * norm2 / self.reg
        return float(minimize_scalar(along, bounds=(-reach, reach), method="bounded", options={"xatol": 1e-10}).fun)

    @cached_property
    def minimiser(self) -> Array | None:
        """A minimiser of f where it is unique or closed (squared loss, or convex with reg > 0), shape (d,)."""
        if self.loss is Squared:
            root = np.sqrt(self.n * self.reg)
            rows = np.vstack([self.A, root * np.eye(self.d)]) if self.reg else self.A
            targets = np.concatenate([self.b, np.zeros(self.d)]) if self.reg else self.b
            return np.asarray(np.linalg.lstsq(rows, targets, rcond=None)[0])
        if self.loss.convex and self.reg:
            return self._newton()
        return None

    def _newton(self, steps: int = 100) -> Array:
        """Damped Newton on a strongly convex f, to the last digit that float64 has."""
        x = np.zeros(self.d)
        for _ in range(steps):
            g = self.gradient(x[None])[0]
            curvatures = self.loss.curvature(self.A @ x, self.b)
            hessian = (self.A.T * curvatures) @ self.A / self.n + self.reg * np.eye(self.d)
            move = np.linalg.solve(hessian, g)
            size = 1.0
            while size > 1e-12 and self._value1(x - size * move) > self._value1(x) - 0.25 * size * float(g @ move):
                size /= 2
            if size <= 1e-12 or np.linalg.norm(move) <= 1e-16 * (1 + np.linalg.norm(x)):
                break
            x = x - size * move
        return x

    def _value1(self, x: Array) -> float:
        return float(self.value(x[None])[0])

    @cached_property
    def reference(self) -> float:  # type: ignore[override]
        """f at the minimiser, or inf phi where there is none to compute (then reg = 0 or the loss is not convex)."""
        return self.loss.least_value if self.minimiser is None else self._value1(self.minimiser)

    def gap(self, X: Array) -> Array:
        if self.loss is Squared and self.minimiser is not None:
            Z = X - self.minimiser
            return 0.5 * np.sum((Z @ self.A.T) ** 2, axis=-1) / self.n + 0.5 * self.reg * np.sum(Z * Z, axis=-1)
        return super().gap(X)

    def gap_rounding(self, X: Array) -> Array:
        if self.loss is Squared and self.minimiser is not None:
            scale = np.sum(X * X, axis=-1) + self.minimiser @ self.minimiser
            eps = np.finfo(float).eps
            return 64 * eps * (self.gap(X) + eps * self.smoothness * scale)
        return super().gap_rounding(X)
