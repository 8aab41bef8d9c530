"""Quantities at pairs of points for every component of a linear model at once, from the numbers a_i.x alone.

The functions are h_i = w_i f_i, f_i(x) = phi(a_i.x) + (reg/2)||x||^2. Their gradients are w_i (c a_i + reg x) with
c = phi'(a_i.x), so that lengths and products need z = a_i.x, N = ||a_i||^2 and ||x||^2 only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array
from samtheory.objectives.linear import CANCELLED, LinearModel

from .at_pairs import PairQuantities
from .at_points import RELATIVE
from .evaluation import EPS, SHORT, EvaluationContext
from .quantity import Quantity


@dataclass(frozen=True, eq=False)
class InSpan:
    """The functions h_i = w_i f_i of a linear model.

    Attributes
    ----------
    context : the problem with its rounding errors
    f : its objective
    w : (n,)
    """

    context: EvaluationContext
    f: LinearModel
    w: Array

    def slopes(self, x: Array) -> tuple[Array, Array]:
        """z = a_i.x and c = phi'(z), each of shape (n,)."""
        z = self.f.A @ x
        return z, self.f.loss.slope(z, self.f.b)

    def gradient_length(self, x: Array) -> Array:
        """||grad h_i(x)||, (n,)."""
        return np.asarray(self.w * self.f.gradient_norms(x[None])[0])

    def between(self, x: Array, y: Array) -> PairQuantities:
        """At one pair x, y that all components share."""
        (z, c), (z_y, c_y) = self.slopes(x), self.slopes(y)
        u = x - y
        distance2 = float(u @ u)
        change = self.w * self.f.gradient_norms(x[None], y[None])[0]
        rise = self.w * ((c - c_y) * (z - z_y) + self.f.reg * distance2)
        lengths = float(np.sqrt(x @ x)), float(np.sqrt(y @ y))
        return self._quantities(np.full(self.f.n, np.sqrt(distance2)), change, rise, np.zeros(self.f.n), lengths)

    def along(self, x: Array, p: Array | float, q: Array) -> PairQuantities:
        """At the pairs x, x + p x + q_i a_i; p a number or (n,), q of shape (n,)."""
        f, N = self.f, self.f.norms2
        z, c = self.slopes(x)
        x2 = float(x @ x)
        c_y = f.loss.slope((1 + p) * z + q * N, f.b)
        turn, pull = c_y - c + f.reg * q, f.reg * p
        distance, _ = self._length(q, p, z, x2)
        change, lost = self._length(turn, pull, z, x2)
        rise = turn * p * z + turn * q * N + pull * (p * x2 + q * z)
        length_y, _ = self._length(q, 1 + p, z, x2)
        return self._quantities(distance, self.w * change, self.w * rise, self.w * lost, (np.sqrt(x2), length_y))

    def _length(self, a: Array, b: Array | float, z: Array, x2: float) -> tuple[Array, Array]:
        """||a a_i + b x|| for every i, and what rounding may add to it where the terms cancel."""
        square = a * a * self.f.norms2 + 2 * a * b * z + b * b * x2
        terms = (np.abs(a) * np.sqrt(self.f.norms2) + np.abs(b) * np.sqrt(x2)) ** 2
        lost = np.where(square < CANCELLED * terms, np.sqrt(16 * EPS * terms), 0.0)
        return np.sqrt(np.maximum(square, 0.0)), lost

    def _quantities(
        self, distance: Array, change: Array, rise: Array, lost: Array, lengths: tuple[float, float | Array]
    ) -> PairQuantities:
        """Quantities with the rounding errors of the gradients at both ends; `lost` is what cancels besides."""
        context, L_i = self.context, self.context.problem.L_i.values
        terms = self.w * (L_i * (lengths[0] + lengths[1]) + 2 * context.gradient_size)
        error = (context.relative + 8 * EPS) * terms + 2 * SHORT + RELATIVE * change + lost
        quantities = Quantity(distance), Quantity(change, error), Quantity(rise, distance * error)
        return PairQuantities(*quantities, self.w * L_i, np.arange(self.f.n))
