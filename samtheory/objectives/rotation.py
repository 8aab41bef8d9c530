"""Rotated coordinates in which the gradient acts on every coordinate by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array


@dataclass(frozen=True, eq=False)
class Rotation:
    """grad f(x) = V (linear z + sine sin 2z), entry by entry, at z = V^T (x - centre).

    Attributes
    ----------
    V : (d, d), orthogonal
    centre : (d,), a minimiser of f
    linear, sine : (d,)
    """

    V: Array
    centre: Array
    linear: Array
    sine: Array

    @classmethod
    def of_hessian(cls, H: Array, centre: Array) -> Rotation:
        """The eigenvectors of the Hessian H of a quadratic."""
        eigenvalues, V = np.linalg.eigh(H)
        return cls(V, centre, eigenvalues, np.zeros(len(V)))

    def inside(self, X: Array) -> Array:
        """z of each x."""
        return np.asarray((X - self.centre) @ self.V)

    def outside(self, Z: Array) -> Array:
        """x of each z."""
        return np.asarray(self.centre + Z @ self.V.T)

    def gap(self, Z: Array) -> Array:
        """f(x) - f(centre)."""
        gap = 0.5 * (Z * Z) @ self.linear
        return np.asarray(gap + np.sin(Z) ** 2 @ self.sine if self.sine.any() else gap)

    def grad2(self, Z: Array) -> Array:
        """||grad f(x)||^2."""
        g = self.linear * Z
        if self.sine.any():
            g += self.sine * np.sin(2 * Z)
        return np.asarray(np.sum(g * g, axis=-1))
