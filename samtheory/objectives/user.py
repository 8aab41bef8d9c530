"""A finite sum given by callables, for people's own problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import InputError, whole
from samtheory.execution.time_limit import keep_time

from .base import FiniteSum, capability


class UserSum(FiniteSum):
    """f_i and grad f_i as functions of one point.

    Parameters
    ----------
    value : (i, x of shape (d,)) -> float, f_i(x)
    gradient : (i, x of shape (d,)) -> (d,), grad f_i(x)
    n, d : number of components, dimension
    batched : if true, the callables take index arrays (m,) and points (m, d) and return (m,) and (m, d)
    reference : a value to measure `gap` from, best the minimum

    Raises
    ------
    InputError
        If n or d is not a whole number above 0; later, if a callable raises or returns something of another size.
    """

    def __init__(
        self,
        value: Callable[..., float | Array],
        gradient: Callable[..., Array],
        n: int,
        d: int,
        *,
        batched: bool = False,
        reference: float = 0.0,
    ) -> None:
        self._value, self._gradient = value, gradient
        self.n, self.d = whole("n", n, 1), whole("d", d, 1)
        self.batched, self.reference = batched, float(reference)

    def values(self, X: Array) -> Array:
        return self._evaluated("value", self._value, X, self._all(X), ())

    def own_values(self, X: Array, which: Indices) -> Array:
        return self._evaluated("value", self._value, X, which[:, None], ())[:, 0]

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        return self._evaluated("gradient", self._gradient, X, self._all(X) if indices is None else indices, (self.d,))

    @capability
    def batched_gradient(self) -> Callable[[Indices, Array], Array] | None:
        return self._gradient if self.batched else None

    def _all(self, X: Array) -> Indices:
        return np.broadcast_to(np.arange(self.n), (len(X), self.n))

    def _evaluated(
        self, name: str, function: Callable[..., Any], X: Array, indices: Indices, each: tuple[int, ...]
    ) -> Array:
        """`function` at every (index, row) pair, each result of shape `each`; errors become one line."""
        shape = (*indices.shape, *each)
        flat, points = indices.ravel(), np.repeat(X, indices.shape[1], axis=0)
        try:
            if self.batched:
                found = timely(function, flat, points)
            else:
                found = [timely(function, i, x) for i, x in zip(flat.tolist(), points, strict=True)]
            array = np.array(found, dtype=np.float64)  # a copy: the function may write its own again
        except Exception as error:
            raise InputError(f"{name}: {type(error).__name__}: {' '.join(str(error).split())}") from error
        rows = (len(flat), *each)
        if array.size != np.prod(shape):
            raise InputError(f"{name}: returned {array.size} numbers: must be {np.prod(shape)}")
        if array.ndim > 1 and array.shape[0] != len(flat):
            raise InputError(f"{name}: returned numbers of shape {array.shape}: must be of shape {rows}")
        return array.reshape(shape)


def timely(function: Callable[..., Any], *arguments: Any) -> Any:
    """function(*arguments), unless a time limit has passed."""
    keep_time()
    return function(*arguments)
