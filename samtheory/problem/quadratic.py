"""A quadratic finite sum under a sampling, around its minimiser: g_v(x* + U z) = U (H_v z + xi_v).

U is an orthonormal basis of the directions in which some f_i is curved.  Outside them every H_v is 0, so that nothing
there ever enters f or a gradient, and they are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives.base import FiniteSum
from samtheory.objectives.hessians import Hessians
from samtheory.sampling.law import Law

from .problem import Problem

EPS = float(np.finfo(float).eps)
#: At most this many numbers in the matrices of all outcomes, before and after they are added up.
SIZE = 2_000_000


@dataclass(frozen=True)
class Affine:
    """Every value of the stochastic gradient of a quadratic, one row an outcome of the sampling.

    Attributes
    ----------
    p : (K,) probabilities
    H : (K, r, r), H_v
    xi : (K, r), g_v(x*)
    centre : what they are written in
    """

    p: Array
    H: Array
    xi: Array
    centre: Centre


@dataclass(frozen=True)
class Centre:
    """The coordinates z of x = x* + U z.

    Attributes
    ----------
    x_star : (d,) a minimiser
    U : (d, r) orthonormal columns
    hessian : (r, r), that of f in z
    """

    x_star: Array
    U: Array
    hessian: Array

    def inward(self, x: Array) -> Array:
        """z of a point x of shape (d,); what lies outside U is dropped."""
        return np.asarray(self.U.T @ (x - self.x_star))

    def outward(self, z: Array) -> Array:
        """x* + U z."""
        return np.asarray(self.x_star + self.U @ z)


def centre(f: FiniteSum) -> Centre:
    """The coordinates around the minimiser of a quadratic f.

    Raises
    ------
    NotApplicable
        If f is not known to be a quadratic.
    """
    return around(hessians_of(f))


def hessians_of(f: FiniteSum) -> Hessians:
    """The constant Hessians of a quadratic f.

    Raises
    ------
    NotApplicable
        If f is not known to be a quadratic.
    """
    found = f.hessians()
    if found is None:
        raise NotApplicable("exact moments need a quadratic f: squared loss, quadratics, or either with tilts")
    return found


def around(hessians: Hessians) -> Centre:
    """The coordinates around the minimiser that the Hessians come with."""
    U = hessians.basis()
    return Centre(hessians.minimiser, U, hessians.mean(U))


def affine(problem: Problem, law: Law) -> Affine:
    """Every outcome's H_v and xi_v = g_v(x*), enumerated.

    Raises
    ------
    NotApplicable
        If the objective is not a quadratic, or its matrices are too many.
    """
    f = problem.objective
    hessians = hessians_of(f)
    c = around(hessians)
    r = c.U.shape[1]
    if law.count * max(r**2, law.width * hessians.entries(r)) > SIZE:
        raise NotApplicable(f"the matrices of all outcomes have more than {SIZE} entries: they are not enumerated")
    draw, p = law.outcomes()
    at_minimum = f.stochastic_gradient(np.broadcast_to(c.x_star, (len(p), f.d)), *draw)
    return Affine(p, hessians.sampled(*draw, c.U), at_minimum @ c.U, c)


def homogeneous(every: Affine) -> Array:
    """G_v = [[H_v, xi_v], [0, 0]], shape (K, r + 1, r + 1)."""
    G = np.zeros((len(every.p), every.H.shape[1] + 1, every.H.shape[1] + 1))
    G[:, :-1, :-1], G[:, :-1, -1] = every.H, every.xi
    return G
