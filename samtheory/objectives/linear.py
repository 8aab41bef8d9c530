"""Linear models f_i(x) = phi(a_i . x, b_i) + (reg/2)||x||^2."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.constants import Constant, numerical
from samtheory.errors import InputError, nonnegative, reject
from samtheory.execution.time_limit import apart

from . import eigenvalues, rows
from .base import FiniteSum, capability
from .hessians import RankOneHessians
from .lengths import length
from .losses import LOSSES, ScalarLoss, Squared
from .newton import gradient_error, newton, newton_cg
from .written import altered

EPS, TINY = float(np.finfo(float).eps), float(np.finfo(float).tiny)
#: Halvings of an interval that leave less than float64 resolves.
BISECTIONS = 64
#: Rows of at most so many numbers, zeros included, are factorised as a whole: singular values, least squares, Newton.
SMALL = 4_000_000
#: The numbers in the gradients of all f_i at once are at most so many.
TOO_MANY = 1_000_000_000
#: A square below this part of the squared sum of its terms has lost too many digits.
CANCELLED = 1e-4


class LinearModel(FiniteSum):
    """f_i(x) = phi(a_i . x, b_i) + (reg/2)||x||^2.

    Parameters
    ----------
    A : (n, d) rows a_i, dense or a `scipy.sparse` matrix, which stays sparse
    b : (n,) targets, or labels -1, +1
    loss : a key of `LOSSES`, or a ScalarLoss class
    reg : l2 regularisation, >= 0

    Raises
    ------
    InputError
        If shapes disagree, a number is not finite, or there is no such loss.
    """

    def __init__(self, A: rows.Rows, b: Array, loss: str | type[ScalarLoss], reg: float = 0.0) -> None:
        self.A = rows.as_rows(A)
        self.b = np.ascontiguousarray(b, dtype=np.float64)
        if self.A.ndim != 2 or 0 in self.A.shape or self.b.shape != self.A.shape[:1]:
            raise InputError(f"A, b: shapes {self.A.shape} and {self.b.shape}: must be (n, d) and (n,), not empty")
        if not (np.isfinite(rows.stored(self.A)).all() and np.isfinite(self.b).all()):
            raise InputError("A, b: every entry must be finite")
        self.reg = nonnegative("reg", reg)
        if isinstance(loss, str) and loss not in LOSSES:
            raise reject("loss", loss, "one of " + ", ".join(LOSSES))
        self.loss = LOSSES[loss] if isinstance(loss, str) else loss
        self.n, self.d = self.A.shape
        self.norms2 = rows.norms2(self.A)

    def values(self, X: Array) -> Array:
        return self._values(X, slice(None))

    def _values(self, X: Array, block: slice) -> Array:
        """f_i(x) of the rows in a block, shape (R, rows)."""
        penalty = 0.5 * self.reg * np.sum(X * X, axis=-1, keepdims=True)
        return np.asarray(self.loss.value(X @ rows.part(self.A, block).T, self.b[block]) + penalty)

    def value(self, X: Array) -> Array:
        parts = (self._values(X, block).sum(axis=-1) for block in rows.blocks(self.n, len(X)))
        return np.asarray(sum(parts, np.zeros(())) / self.n)

    def own_values(self, X: Array, which: Indices) -> Array:
        along = rows.products(self.A, which[:, None], X)[:, 0]
        return np.asarray(self.loss.value(along, self.b[which]) + 0.5 * self.reg * np.sum(X * X, axis=-1))

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        if indices is None:
            if len(X) * self.n * self.d > TOO_MANY:
                raise InputError(f"A: {self.n} x {self.d}: too many numbers for the gradients of all f_i at once")
            slopes = self.loss.slope(X @ self.A.T, self.b)
            return slopes[..., None] * rows.dense(self.A) + self.reg * X[:, None, :]
        slopes = self.loss.slope(rows.products(self.A, indices, X), self.b[indices])
        return slopes[..., None] * rows.taken(self.A, indices) + self.reg * X[:, None, :]

    def gradient(self, X: Array) -> Array:
        total = np.zeros(())
        for block in rows.blocks(self.n, len(X)):
            A = rows.part(self.A, block)
            total = total + self.loss.slope(X @ A.T, self.b[block]) @ A
        return np.asarray(total / self.n + self.reg * X)

    def gradient_norms(self, X: Array, Y: Array | None = None) -> Array:
        """Of c a_i + reg u with c = phi'(a_i.x), u = x, or their differences, from the numbers a_i.u and ||a_i||^2.

        Where the two terms cancel, or a square overflows or underflows, the gradients themselves are computed.
        """
        if altered(self) is not None:
            return super().gradient_norms(X, Y)
        z, u = X @ self.A.T, X
        c = self.loss.slope(z, self.b)
        if Y is not None:
            at_y = Y @ self.A.T
            c, z, u = c - self.loss.slope(at_y, self.b), z - at_y, X - Y
        of_loss = np.abs(c) * np.sqrt(self.norms2)
        if not self.reg:
            return np.asarray(of_loss)
        penalty = self.reg * length(u)[..., None]
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            squares = of_loss * of_loss + (2 * self.reg) * c * z + penalty * penalty
            terms = (of_loss + penalty) ** 2
            norms = np.sqrt(squares)
            kept = (squares >= CANCELLED * terms) & (terms >= TINY / EPS) & np.isfinite(terms)
        lost, size = np.nonzero(~kept), max(1, rows.BLOCK // self.d)
        for k in range(0, len(lost[0]), size):
            r, i = (part[k : k + size] for part in lost)
            change = self.gradients(X[r], i[:, None])[:, 0]
            if Y is not None:
                change = change - self.gradients(np.broadcast_to(Y, X.shape)[r], i[:, None])[:, 0]
            norms[r, i] = length(change)
        return np.asarray(norms)

    def changes_from(self, y: Array) -> tuple[Callable[[Array], Array], Array]:
        if altered(self) is not None:
            return super().changes_from(y)
        return lambda X: self.gradient_norms(X, y[None]), self.gradient_norms(y[None])[0]

    @cached_property
    def work(self) -> int:
        """The stored numbers of A, and a few for each loss."""
        return int(rows.entries(self.A).sum()) + (8 * self.n if rows.is_sparse(self.A) else 0)

    @property
    def numbers_held(self) -> int:
        return 8 * self.n if altered(self) is None else super().numbers_held

    def stochastic_gradient(self, X: Array, indices: Indices, weights: Array) -> Array:
        slopes = self.loss.slope(rows.products(self.A, indices, X), self.b[indices])
        pull = self.reg * weights.sum(axis=-1, keepdims=True) * X
        return np.asarray((rows.combined(self.A, indices, weights * slopes) + pull) / self.n)

    @capability
    def as_linear_model(self) -> LinearModel | None:
        return self

    @capability
    def hessians(self) -> RankOneHessians | None:
        unwieldy = rows.is_sparse(self.A) and not self.small
        if self.loss is not Squared or unwieldy or self.minimiser is None:
            return None
        return RankOneHessians(self.minimiser, rows.dense(self.A), self.reg)

    @capability
    def strong_convexity(self) -> float | None:
        return self._strong_convexity

    @cached_property
    def _strong_convexity(self) -> float | None:
        """reg for a convex loss; with lambda_min(A^T A/n) for the squared loss of a large A, where it is certified."""
        m = self.reg + (float(self.least_eigenvalue) if self.loss is Squared and not self.small else 0.0)
        return m if self.loss.convex and m > 0 else None

    @property
    def small(self) -> bool:
        """Whether A is factorised as a whole."""
        return self.n * self.d <= SMALL

    @cached_property
    def terms(self) -> int:
        """The most terms in a product a_i.x."""
        return int(rows.entries(self.A).max())

    @cached_property
    def spectrum(self) -> Array:
        """The eigenvalues of A^T A/n, ascending, shape (d,): squares of singular values, exactly 0 beyond the rank.

        Raises
        ------
        InputError
            If A has more than `SMALL` numbers.
        """
        if not self.small:
            raise InputError(f"A: {self.n} x {self.d} numbers: must be at most {SMALL} for all of its singular values")
        A = rows.dense(self.A)
        singular = apart(lambda: np.linalg.svd(A, compute_uv=False))
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
    def least_eigenvalue(self) -> Constant:
        """lambda_min(A^T A/n), or a lower bound on it."""
        return Constant(self.spectrum[0], "exact") if self.small else eigenvalues.smallest(self.A)

    @cached_property
    def largest_eigenvalue(self) -> Constant:
        """lambda_max(A^T A/n), or an upper bound on it."""
        return Constant(self.spectrum[-1], "exact") if self.small else eigenvalues.largest(self.A)

    @cached_property
    def component_smoothness(self) -> Array:
        """L_i = sup|phi''| ||a_i||^2 + reg, shape (n,)."""
        return np.asarray(self.loss.smoothness * self.norms2 + self.reg)

    @cached_property
    def smoothness(self) -> Constant:
        """sup|phi''| lambda_max(A^T A)/n + reg, an upper bound on the smoothness of f (attained for squared loss)."""
        top = self.largest_eigenvalue
        return Constant(self.loss.smoothness * top + self.reg, top.provenance, top.source)

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
        """The minimiser of f, of least norm, for the squared loss or a convex one with reg > 0; shape (d,).

        None for a large A where f is not known to be strongly convex.
        """
        if not self.small or (self.reg and self.d > eigenvalues.CHOLESKY):
            return None if self._strong_convexity is None else newton_cg(self, self._strong_convexity)
        if self.loss is Squared:
            A = rows.dense(self.A)
            stacked = np.vstack([A, np.sqrt(self.n * self.reg) * np.eye(self.d)]) if self.reg else A
            targets = np.concatenate([self.b, np.zeros(self.d)]) if self.reg else self.b
            try:
                return np.asarray(apart(np.linalg.lstsq, stacked, targets, rcond=None)[0])
            except np.linalg.LinAlgError:  # numbers that were changed afterwards and are not finite
                return None
        return newton(self) if self.loss.convex and self.reg else None

    @cached_property
    def reference(self) -> float:  # type: ignore[override]
        """f at the minimiser, or inf phi where there is none to compute (then reg = 0 or the loss is not convex)."""
        return self.loss.least_value if self.minimiser is None else float(self.value(self.minimiser[None])[0])

    def stationarity(self, x: Array) -> float:
        """||grad f(x)||, added up over the components; of a large A, with a bound on its rounding error."""
        if self.small:
            return super().stationarity(x)
        return float(np.linalg.norm(self.gradient(x[None]))) + gradient_error(self, x)

    def infimum(self, x: Array, mu: float, how: str) -> Constant:
        found = super().infimum(x, mu, how)
        if self.small:
            return found
        lowered = float(found) - float(self._value_rounding(x[None])[0])
        return numerical(lowered, f"{found.source}, lowered by its rounding error")

    def gap(self, X: Array) -> Array:
        if self.loss is not Squared or self.minimiser is None:
            return super().gap(X)
        Z = X - self.minimiser
        parts = (np.sum((Z @ rows.part(self.A, block).T) ** 2, axis=-1) for block in rows.blocks(self.n, len(X)))
        moved = sum(parts, np.zeros(())) / self.n + self.reg * np.sum(Z * Z, axis=-1)
        return np.asarray(0.5 * moved)

    def gap_rounding(self, X: Array) -> Array:
        if self.minimiser is None:
            return self._value_rounding(X)
        if self.loss is not Squared:
            return self._value_rounding(X) + self._value_rounding(self.minimiser[None])
        away, x_star = np.linalg.norm(X - self.minimiser, axis=-1), np.linalg.norm(self.minimiser)
        lost = 8 * self.terms * EPS * (self.smoothness * (away + x_star) + np.sqrt(self.smoothness * self.reference))
        if self.small:
            return np.asarray(away * lost + lost**2 / (self.reg or self.least_nonzero))
        lost = lost + self.stationarity(self.minimiser)
        return np.asarray(away * lost + lost**2 / (self._strong_convexity or np.inf))

    def _value_rounding(self, X: Array) -> Array:
        """A bound on the rounding error of `value`, from that of the arguments a_i . x - b_i, shape (R,).

        phi'^2 <= 2 sup|phi''| (phi - inf phi) and Cauchy-Schwarz over i bound what the slopes make of it.
        """
        rms = np.sqrt(self.norms2.mean()) * np.linalg.norm(X, axis=-1) + np.sqrt(np.mean(self.b**2))
        lost, value = (self.terms + 4) * EPS * rms, self.value(X)
        slopes = np.sqrt(2 * self.loss.smoothness * np.maximum(value - self.loss.least_value, 0))
        return np.asarray((slopes + self.loss.smoothness * lost) * lost + 16 * EPS * np.abs(value))
