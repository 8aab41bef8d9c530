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
from samtheory.objectives.linear import LinearModel
from samtheory.objectives.losses import Squared
from samtheory.objectives.quadratic import Quadratics
from samtheory.objectives.tilted import Tilted
from samtheory.sampling.laws import Draw, Law

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
    base = f.base if isinstance(f, Tilted) else f
    if isinstance(base, LinearModel) and base.loss is Squared and base.minimiser is not None:
        rows = np.vstack([base.A, np.sqrt(base.reg) * np.eye(base.d)]) if base.reg else base.A
        U = row_space(rows)
        mean = (base.A @ U).T @ (base.A @ U) / base.n + base.reg * np.eye(U.shape[1])
        return Centre(base.minimiser, U, mean)
    if isinstance(base, Quadratics):
        # A tilted sum sees the mean of the H_i alone.
        U = row_space(base.mean_hessian if base is not f else base.H.reshape(-1, base.d))
        return Centre(base.minimiser, U, U.T @ base.mean_hessian @ U)
    raise NotApplicable("exact moments need a quadratic f: squared loss, quadratics, or either with tilts")


def row_space(rows: Array) -> Array:
    """An orthonormal basis, shape (d, r), of the span of the rows; the identity where they span everything."""
    _, singular, V = np.linalg.svd(rows, full_matrices=False)
    rank = int((singular > max(rows.shape) * EPS * singular[0]).sum())
    d = rows.shape[1]
    return np.eye(d) if rank == d else np.asarray(V[:rank].T)


def affine(problem: Problem, law: Law) -> Affine:
    """Every outcome's H_v and xi_v = g_v(x*), enumerated.

    Raises
    ------
    NotApplicable
        If the objective is not a quadratic, or its matrices are too many.
    """
    f = problem.objective
    c = centre(f)
    r = c.U.shape[1]
    gathered = r**2 if isinstance(f, Quadratics) else f.d
    if law.count * max(r**2, law.width * gathered) > SIZE:
        raise NotApplicable(f"the matrices of all outcomes have more than {SIZE} entries: they are not enumerated")
    draw, p = law.outcomes()
    at_minimum = f.stochastic_gradient(np.broadcast_to(c.x_star, (len(p), f.d)), *draw)
    return Affine(p, sampled_hessians(f, draw, c), at_minimum @ c.U, c)


def sampled_hessians(f: FiniteSum, draw: Draw, c: Centre) -> Array:
    """H_v = (1/n) sum v_i H_i of each draw in the coordinates z, shape (K, r, r)."""
    indices, weights = draw
    total = weights.sum(axis=1)[:, None, None] / f.n
    if isinstance(f, LinearModel):
        rows = (f.A @ c.U)[indices]
        outer = np.swapaxes(rows * weights[..., None], 1, 2) @ rows / f.n
        return np.asarray(outer + total * f.reg * np.eye(c.U.shape[1]))
    if isinstance(f, Quadratics):
        inside = np.einsum("ia,nij,jb->nab", c.U, f.H, c.U, optimize=True)
        return np.asarray(np.einsum("km,kmab->kab", weights, inside[indices]) / f.n)
    return np.asarray(total * c.hessian)


def homogeneous(every: Affine) -> Array:
    """G_v = [[H_v, xi_v], [0, 0]], shape (K, r + 1, r + 1)."""
    G = np.zeros((len(every.p), every.H.shape[1] + 1, every.H.shape[1] + 1))
    G[:, :-1, :-1], G[:, :-1, -1] = every.H, every.xi
    return G
