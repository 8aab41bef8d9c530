"""An objective that keeps the time, and that can be asked anywhere: where it raises, it is not a number.

Every failure is kept, so that nothing is searched around in silence.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.execution.time_limit import deadline, keep_time
from samtheory.objectives.base import FiniteSum

#: Seconds that a call may take under a time limit, and how many times larger a call may be than the one before.
CALL, GROWTH = 0.3, 64.0
#: Failures that are kept.
KEPT = 10_000


class Failure(NamedTuple):
    """A point at which a function gave no number.

    Attributes
    ----------
    function : "value" or "gradient"
    x : (d,)
    message : what it raised, None where it answered with what is not finite
    """

    function: str
    x: Array
    message: str | None


class Tolerant(FiniteSum):
    """The same function; rows at which `objective` raises become nan."""

    def __init__(self, objective: FiniteSum) -> None:
        self.objective = objective
        self.n, self.d = objective.n, objective.d
        self.batched = getattr(objective, "batched", True)
        self._affordable: dict[str, float] = {}
        self.failures: list[Failure] = []

    @property
    def values_for_one(self) -> int:
        """How many f_i are computed for the value of one of them."""
        return self.n if type(self.objective).own_values is FiniteSum.own_values else 1

    @property
    def terms(self) -> int:
        """Those of the objective."""
        return self.objective.terms

    @property
    def work(self) -> int:
        """Those of the objective."""
        return self.objective.work

    @property
    def numbers_held(self) -> int:
        """Those of the objective."""
        return self.objective.numbers_held

    @property
    def reference(self) -> float:  # type: ignore[override]
        """That of the objective, which may have to compute it."""
        return self.objective.reference

    def values(self, X: Array) -> Array:
        return self._paced(self.objective.values, (X,), (self.n,))

    def own_values(self, X: Array, which: Indices) -> Array:
        return self._paced(self.objective.own_values, (X, which), (), self.values_for_one)

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        if indices is None:
            return self._paced(self.objective.gradients, (X,), (self.n, self.d))
        return self._paced(self.objective.gradients, (X, indices), (indices.shape[1], self.d), indices.shape[1])

    def gradient_norms(self, X: Array, Y: Array | None = None) -> Array:
        if Y is None:
            return self._paced(self.objective.gradient_norms, (X,), (self.n,))
        return self._paced(self.objective.gradient_norms, (X, np.broadcast_to(Y, X.shape)), (self.n,))

    def changes_from(self, y: Array) -> tuple[Callable[[Array], Array], Array]:
        if self.numbers_held >= self.n * self.d:
            return super().changes_from(y)
        return lambda X: self.gradient_norms(X, y[None]), self.gradient_norms(y[None])[0]

    def value(self, X: Array) -> Array:
        return self._paced(self.objective.value, (X,), ())

    def gradient(self, X: Array) -> Array:
        return self._paced(self.objective.gradient, (X,), (self.d,))

    def stochastic_gradient(self, X: Array, indices: Indices, weights: Array) -> Array:
        return self._paced(self.objective.stochastic_gradient, (X, indices, weights), (self.d,), indices.shape[1])

    def gap(self, X: Array) -> Array:
        return self._paced(self.objective.gap, (X,), ())

    def gap_rounding(self, X: Array) -> Array:
        return self._paced(self.objective.gap_rounding, (X,), ())

    def _paced(
        self, function: Callable[..., Array], rows: tuple[Array | Indices, ...], shape: tuple[int, ...], width: int = 0
    ) -> Array:
        """function(*rows), under a time limit so many rows at once as take about `CALL` seconds.

        A row asks `width` of the f_i, all of them by default.
        """
        if not len(rows[0]):
            return np.zeros((0, *shape))
        keep_time()
        if math.isinf(deadline()):
            return self._each(function, rows, shape)
        width, name, first = width or self.n, getattr(function, "__name__", ""), 0
        parts: list[Array] = []
        while first < len(rows[0]):
            keep_time()
            most = max(int(self._affordable.get(name, 0.0) / width), 1)
            some, begun = tuple(part[first : first + most] for part in rows), time.monotonic()
            parts.append(self._each(function, some, shape))
            self._affordable[name] = len(some[0]) * width * min(CALL / max(time.monotonic() - begun, 1e-9), GROWTH)
            first += most
        return np.concatenate(parts)

    def _each(self, function: Callable[..., Array], rows: tuple[Array | Indices, ...], shape: tuple[int, ...]) -> Array:
        """function(*rows), or row by row with nan in the place of what raises."""
        try:
            found = function(*rows)
        except (ArithmeticError, ValueError) as error:  # InputError is a ValueError: a user's error, in one line
            if len(rows[0]) == 1:
                self._keep(function, rows[0], f"{type(error).__name__}: {' '.join(str(error).split())}")
                return np.full((1, *shape), np.nan)
        else:
            if not np.isfinite(found).all():
                bad = ~np.isfinite(found).reshape(len(found), -1).all(axis=1)
                self._keep(function, rows[0][bad], None)
            return found
        half = len(rows[0]) // 2
        halves = (tuple(part[cut] for part in rows) for cut in (slice(half), slice(half, None)))
        return np.concatenate([self._each(function, part, shape) for part in halves])

    def _keep(self, function: Callable[..., Array], X: Array | Indices, message: str | None) -> None:
        name = "gradient" if "gradient" in getattr(function, "__name__", "") else "value"
        self.failures += [Failure(name, np.array(x), message) for x in X[: KEPT - len(self.failures)]]
