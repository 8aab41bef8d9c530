"""A finite sum given by callables, for people's own problems."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..constants import Array
from ..errors import InputError, whole
from .base import FiniteSum, Indices


class UserSum(FiniteSum):
    """f_i and grad f_i as functions of one point.

    Parameters
    ----------
    value : (i, x of shape (d,)) -> float, f_i(x)
    gradient : (i, x of shape (d,)) -> (d,), grad f_i(x)
    n, d : number of components, dimension
    batched : if true, the callables take index arrays (m,) and points (m, d) and return (m,) and (m, d)
    reference : a value to measure `gap` from, best the minimum
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
        flat_i, flat_x = self._pairs(X, self._all(X))
        found = self._value(flat_i, flat_x) if self.batched else [self._value(i, x) for i, x in zip(flat_i, flat_x)]
        return self._shaped("value", found, (len(X), self.n))

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        chosen = self._all(X) if indices is None else indices
        flat_i, flat_x = self._pairs(X, chosen)
        if self.batched:
            found = self._gradient(flat_i, flat_x)
        else:
            found = np.array([self._gradient(i, x) for i, x in zip(flat_i, flat_x)])
        return self._shaped("gradient", found, (*chosen.shape, self.d))

    def _all(self, X: Array) -> Indices:
        return np.broadcast_to(np.arange(self.n), (len(X), self.n))

    @staticmethod
    def _pairs(X: Array, indices: Indices) -> tuple[Indices, Array]:
        return indices.ravel(), np.repeat(X, indices.shape[1], axis=0)

    @staticmethod
    def _shaped(name: str, found: object, shape: tuple[int, ...]) -> Array:
        array = np.asarray(found, dtype=np.float64)
        if array.size != int(np.prod(shape)):
            raise InputError(f"{name}: returned {array.size} numbers: must be {int(np.prod(shape))}, of shape {shape}")
        return array.reshape(shape)
