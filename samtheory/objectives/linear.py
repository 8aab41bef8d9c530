"""Linear models f_i(x) = phi(a_i . x, b_i) + (reg/2)||x||^2."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import InputError, nonnegative, reject
from samtheory.execution.time_limit import keep_time

from .base import FiniteSum, capability
from .hessians import RankOneHessians
from .losses import LOSSES, ScalarLoss, Squared

EPS = float(np.finfo(float).eps)
#: Halvings of an interval that leave less than float64 resolves.
BISECTIONS = 64
#: Newton steps, each tried at sizes from 1 down to 2^(1 - HALVINGS).
NEWTON_STEPS, HALVINGS = 200, 40


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
        If shapes disagree, a number is not finite, or there is no such loss.
    """

    def __init__(self, A: Array, b: Array, loss: str | type[ScalarLoss], reg: float = 0.0) -> None:
        self.A = np.ascontiguousarray(A, dtype=np.float64)
        self.b = np.ascontiguousarray(b, dtype=np.float64)
        if self.A.ndim != 2 or self.A.size == 0 or self.b.shape != self.A.shape[:1]:
            raise InputError(f"A, b: shapes {self.A.shape} and {self.b.shape}: must be (n, d) and (n,), not empty")
        if not (np.isfinite(self.A).all() and np.isfinite(self.b).all()):
            raise InputError("A, b: every entry must be finite")
        self.reg = nonnegative("reg", reg)
        if isinstance(loss, str) and loss not in LOSSES:
            raise reject("loss", loss, "one of " + ", ".join(LOSSES))
        self.loss = LOSSES[loss] if isinstance(loss, str) else loss
        self.n, self.d = self.A.shape
        self.norms2 = np.einsum("nd,nd->n", self.A, self.A)

    def values(self, X: Array) -> Array:
        penalty = 0.5 * self.reg * np.sum(X * X, axis=-1, keepdims=True)
        return np.asarray(self.loss.value(X @ self.A.T, self.b) + penalty)

    def own_values(self, X: Array, which: Indices) -> Array:
        along = np.sum(self.A[which] * X, axis=1)
        return np.asarray(self.loss.value(along, self.b[which]) + 0.5 * self.reg * np.sum(X * X, axis=-1))

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
        return np.asarray((np.einsum("rm,rmd->rd", weights * slopes, rows) + pull) / self.n)

    @capability
    def as_linear_model(self) -> LinearModel | None:
        return self

    @capability
    def hessians(self) -> RankOneHessians | None:
        if self.loss is not Squared or self.minimiser is None:
            return None
        return RankOneHessians(self.minimiser, self.A, self.reg)

    @capability
    def strong_convexity(self) -> float | None:
        return self.reg if self.loss.convex and self.reg > 0 else None

    @cached_property
    def spectrum(self) -> Array:
        """The eigenvalues of A^T A/n, ascending, shape (d,): squares of singular values, exactly 0 beyond the rank."""
        singular = np.linalg.svd(self.A, compute_uv=False)
        singular[singular <= max(self.n, self.d) * EPS * singular[0]] = 0.0
        return np.pad(singular[::-1] ** 2 / self.n, (self.d - len(singular), 0))

    @property
    def rank(self) -> int:
        """The rank of A."""
        return int(np.count_nonzero(self.spectrum))

    @property
    def least_nonzero(self) -> float:
        """The smallest eigenvalue of A^T A/n that is not 0; inf if there is none."""
        return float(min(self.spectrum[self.spectrum > 0], default=np.inf))

    @cached_property
    def component_smoothness(self) -> Array:
        """L_i = sup|phi''| ||a_i||^2 + reg, shape (n,)."""
        return np.asarray(self.loss.smoothness * self.norms2 + self.reg)

    @cached_property
    def smoothness(self) -> float:
        """sup|phi''| lambda_max(A^T A)/n + reg, an upper bound on the smoothness of f (attained for squared loss)."""
        return float(self.loss.smoothness * self.spectrum[-1] + self.reg)

    @cached_property
    def component_infima(self) -> Array:
        """inf f_i, shape (n,), or a lower bound on it.

        Squared loss: at x = t a_i with t = b_i/(||a_i||^2 + reg).  Convex loss with reg > 0: at x = t a_i where
        phi'(||a_i||^2 t) + reg t, which grows with t, changes sign.  Else inf phi, a lower bound where reg > 0.
        """
        if self.loss is Squared:
            left = self.reg / (self.norms2 + self.reg) if self.reg else self.norms2 == 0
            return np.asarray(0.5 * self.b**2 * left)
        if self.loss.convex and self.reg:
            return self._infima_along_rows()
        return np.where(self.norms2 > 0, self.loss.least_value, self.loss.value(np.zeros(self.n), self.b))

    def _infima_along_rows(self) -> Array:
        """F(t) - F'(t)^2/(2m) with F(t) = f_i(t a_i), m = reg ||a_i||^2: below min F wherever the bisection ends."""
        high = np.abs(self.loss.slope(np.zeros(self.n), self.b)) / self.reg
        low = -high
        for _ in range(BISECTIONS):
            t = (low + high) / 2
            rising = self.loss.slope(self.norms2 * t, self.b) + self.reg * t > 0
            low, high = np.where(rising, low, t), np.where(rising, t, high)
        error = self.loss.slope(self.norms2 * t, self.b) + self.reg * t
        value = self.loss.value(self.norms2 * t, self.b) + 0.5 * self.reg * self.norms2 * t**2
        return np.asarray(value - 0.5 * self.norms2 * error**2 / self.reg)

    @cached_property
    def minimiser(self) -> Array | None:
        """The minimiser of f, of least norm, for the squared loss or a convex one with reg > 0; shape (d,)."""
        if self.loss is Squared:
            rows = np.vstack([self.A, np.sqrt(self.n * self.reg) * np.eye(self.d)]) if self.reg else self.A
            targets = np.concatenate([self.b, np.zeros(self.d)]) if self.reg else self.b
            return np.asarray(np.linalg.lstsq(rows, targets, rcond=None)[0])
        if self.loss.convex and self.reg:
            return self._newton()
        return None

    def _newton(self) -> Array:
        """Newton's method, its steps halved until they lower f, and where rounding ends that, ||grad f||."""
        x = np.zeros((1, self.d))
        for height in (self.value, lambda x: np.linalg.norm(self.gradient(x), axis=-1)):
            for _ in range(NEWTON_STEPS):
                keep_time()
                step = self._newton_step(x[0])
                size = next((s for s in 0.5 ** np.arange(HALVINGS) if height(x - s * step) < height(x)), 0.0)
                if size == 0:
                    break
                x = x - size * step
        return np.asarray(x[0])

    def _newton_step(self, x: Array) -> Array:
        curvature = self.loss.curvature(self.A @ x, self.b)
        hessian = (self.A.T * curvature) @ self.A / self.n + self.reg * np.eye(self.d)
        return np.asarray(np.linalg.solve(hessian, self.gradient(x[None])[0]))

    @cached_property
    def reference(self) -> float:  # type: ignore[override]
        """f at the minimiser, or inf phi where there is none to compute (then reg = 0 or the loss is not convex)."""
        return self.loss.least_value if self.minimiser is None else float(self.value(self.minimiser[None])[0])

    def gap(self, X: Array) -> Array:
        if self.loss is not Squared or self.minimiser is None:
            return super().gap(X)
        Z = X - self.minimiser
        moved = np.sum((Z @ self.A.T) ** 2, axis=-1) / self.n + self.reg * np.sum(Z * Z, axis=-1)
        return np.asarray(0.5 * moved)

    def gap_rounding(self, X: Array) -> Array:
        if self.minimiser is None:
            return self._value_rounding(X)
        if self.loss is not Squared:
            return self._value_rounding(X) + self._value_rounding(self.minimiser[None])
        away, x_star = np.linalg.norm(X - self.minimiser, axis=-1), np.linalg.norm(self.minimiser)
        lost = 8 * self.d * EPS * (self.smoothness * (away + x_star) + np.sqrt(self.smoothness * self.reference))
        return np.asarray(away * lost + lost**2 / (self.reg or self.least_nonzero))

    def _value_rounding(self, X: Array) -> Array:
        """A bound on the rounding error of `value`, from that of the arguments a_i . x - b_i, shape (R,).

        phi'^2 <= 2 sup|phi''| (phi - inf phi) and Cauchy-Schwarz over i bound what the slopes make of it.
        """
        rms = np.sqrt(self.norms2.mean()) * np.linalg.norm(X, axis=-1) + np.sqrt(np.mean(self.b**2))
        lost, value = (self.d + 4) * EPS * rms, self.value(X)
        slopes = np.sqrt(2 * self.loss.smoothness * np.maximum(value - self.loss.least_value, 0))
        return np.asarray((slopes + self.loss.smoothness * lost) * lost + 16 * EPS * np.abs(value))
