"""The protocol of a finite sum f = (1/n) sum f_i on R^d."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.constants import Constant, numerical


class FiniteSum(ABC):
    """f(x) = (1/n) sum_i f_i(x).

    A subclass gives `n`, `d`, `values` and `gradients`; everything else has a default that follows from them and may be
    overridden by something faster or more accurate.  `X` has shape (R, d), one row a run.
    """

    n: int
    d: int

    #: The value that `gap` is measured from: f(x) = reference + gap(x).
    reference: float = 0.0

    @abstractmethod
    def values(self, X: Array) -> Array:
        """f_i(x) for every i, shape (R, n)."""

    @abstractmethod
    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        """grad f_i(x) for the indices of each row (shape (R, m)), or all i; shape (R, m, d)."""

    def value(self, X: Array) -> Array:
        """f(x), shape (R,)."""
        return np.asarray(self.values(X).mean(axis=-1))

    def gradient(self, X: Array) -> Array:
        """grad f(x), shape (R, d)."""
        return np.asarray(self.gradients(X).mean(axis=1))

    def stochastic_gradient(self, X: Array, indices: Indices, weights: Array) -> Array:
        """g_v(x) = (1/n) sum_j weights[:, j] grad f_{indices[:, j]}(x), shape (R, d)."""
        return np.asarray(np.einsum("rm,rmd->rd", weights, self.gradients(X, indices)) / self.n)

    def stationarity(self, x: Array) -> float:
        """||grad f(x)|| at one x of shape (d,), added up over the components."""
        return float(np.linalg.norm(self.gradients(x[None]).mean(axis=1)))

    def infimum(self, x: Array, mu: float, how: str) -> Constant:
        """f(x) - ||grad f(x)||^2/(2 mu) <= inf f for a PL constant mu, at x of shape (d,), found by `how`."""
        rest = self.stationarity(x)
        source = f"{how}, ||grad f|| = {rest:.0e}: f - ||grad f||^2/(2 mu)"
        return numerical(float(self.value(x[None])[0]) - rest**2 / (2 * mu), source)

    def gap(self, X: Array) -> Array:
        """f(x) - reference without cancellation where the structure allows it, shape (R,)."""
        return self.value(X) - self.reference

    def gap_rounding(self, X: Array) -> Array:
        """A bound on the absolute rounding error of `gap`, shape (R,)."""
        return 64 * np.finfo(float).eps * (1 + np.abs(self.value(X)) + abs(self.reference))
