"""Computed numbers that carry a bound on their rounding error, and their derivative where a search asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array


@dataclass(frozen=True, eq=False)
class Quantity:
    """A number at each of R points or pairs of points.

    Sums, products and powers carry the errors and the derivatives on, to first order and beyond.

    Attributes
    ----------
    value : (R,)
    rounding : (R,), a bound on the absolute rounding error of `value`
    slope : (R, ...), the derivative with respect to the point or the pair; None where it was not asked for, or is 0
    """

    value: Array
    rounding: Array | float = 0.0
    slope: Array | None = None

    #: Arrays leave `array * quantity` to the quantity.
    __array_ufunc__: ClassVar[None] = None

    def __add__(self, other: Any) -> Quantity:
        other = as_quantity(other)
        return Quantity(self.value + other.value, self.rounding + other.rounding, _sum(self.slope, other.slope))

    __radd__ = __add__

    def __neg__(self) -> Quantity:
        return Quantity(-self.value, self.rounding, None if self.slope is None else -self.slope)

    def __sub__(self, other: Any) -> Quantity:
        return self + (-as_quantity(other))

    def __rsub__(self, other: Any) -> Quantity:
        return as_quantity(other) + (-self)

    def __mul__(self, other: Any) -> Quantity:
        a, b = self, as_quantity(other)
        rounding = np.abs(a.value) * b.rounding + np.abs(b.value) * a.rounding + a.rounding * b.rounding
        return Quantity(a.value * b.value, rounding, _sum(_scaled(a.value, b.slope), _scaled(b.value, a.slope)))

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Quantity:
        result = self
        for _ in range(exponent - 1):
            result = result * self
        return result


def as_quantity(number: Any) -> Quantity:
    """The quantity itself, or a plain number or array as one without error."""
    return number if isinstance(number, Quantity) else Quantity(np.asarray(number))


def _sum(a: Array | None, b: Array | None) -> Array | None:
    if a is None or b is None:
        return b if a is None else a
    return np.asarray(a + b)


def _scaled(factor: Array, slope: Array | None) -> Array | None:
    if slope is None:
        return None
    return np.asarray(np.reshape(factor, np.shape(factor) + (1,) * (slope.ndim - np.ndim(factor))) * slope)
