"""Objectives whose gradient acts on every coordinate by itself, in some rotated coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array
from samtheory.objectives import FiniteSum, LinearModel, Quadratics, SineSum, Tilted
from samtheory.objectives.losses import Squared


@dataclass(frozen=True)
class Rotation:
    """grad f(x) = V (linear z + sine sin 2z), entry by entry, at z = V^T (x - centre).

    Attributes
    ----------
    V : (d, d), orthogonal
    centre : (d,), where f is least
    linear, sine : (d,)
    """

    V: Array
    centre: Array
    linear: Array
    sine: Array

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


def rotates(f: FiniteSum) -> bool:
    """Whether f, not its components, has such coordinates."""
    if type(f) is Tilted:
        return rotates(f.base)
    return type(f) in (SineSum, Quadratics) or (type(f) is LinearModel and f.loss is Squared)


def rotation(f: FiniteSum) -> Rotation:
    """The coordinates of an f that `rotates`."""
    if isinstance(f, Tilted):
        return rotation(f.base)
    if isinstance(f, SineSum):
        return Rotation(f.Q.T, np.zeros(f.d), 2 * f.w, f.w * f.a)
    if isinstance(f, Quadratics):
        return _of_hessian(f.mean_hessian, f.minimiser)
    assert isinstance(f, LinearModel)
    assert f.minimiser is not None
    return _of_hessian(f.A.T @ f.A / f.n + f.reg * np.eye(f.d), f.minimiser)


def _of_hessian(H: Array, minimiser: Array) -> Rotation:
    eigenvalues, V = np.linalg.eigh(H)
    return Rotation(V, minimiser, eigenvalues, np.zeros(len(V)))
