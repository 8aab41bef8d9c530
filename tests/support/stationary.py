"""Where USAM (lam = 0) ends on quadratics with constant steps: mean-square stability, stationary moments and bias.

With P_v = (I + rho H_v) H_v a step is z+ = (I - gamma P_v) z - gamma (I + rho H_v) xi_v.  The map on second moments,
S -> E[(I - gamma P_v) S (I - gamma P_v)], is positive and, as H_v is symmetric, self-adjoint: its largest eigenvalue is
its spectral radius, and where that is below 1 the moments converge, from everywhere.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh

from samtheory._typing import Array
from samtheory.errors import NotApplicable, nonnegative, positive
from samtheory.problem.problem import Problem
from samtheory.problem.quadratic import Affine, affine, homogeneous
from samtheory.sampling.law import Law

#: The map on matrices is itself a matrix of at most this size.
SIDE = 1000


def radius(problem: Problem, law: Law, gamma: float, rho: float) -> float:
    """The spectral radius of S -> E[T_v S T_v], T_v = I - gamma (I + rho H_v) H_v: mean-square stable iff below 1.

    Raises
    ------
    NotApplicable
        If the objective is not a quadratic, or too large.
    """
    every = curved(problem, law)
    T = np.eye(every.H.shape[1]) - positive("gamma", gamma) * ascended(every, rho)
    return float(np.linalg.eigvalsh(mean_product(every.p, T))[-1])


def largest_gamma(problem: Problem, law: Law, rho: float) -> float:
    """The gamma below which USAM is mean-square stable, and above which it is not, for convex f_i.

    tr(S E[T_v S T_v]) < tr(S S) for all S says gamma tr(S E[P_v S P_v]) < tr(S (E P_v S + S E P_v)): gamma is below
    2 over the largest eigenvalue of E[P_v (x) P_v] relative to (E P_v (x) I + I (x) E P_v)/2.

    Raises
    ------
    NotApplicable
        If the objective is not a quadratic, some f_i is not convex, or it is too large.
    """
    every = curved(problem, law)
    if np.linalg.eigvalsh(every.H).min() < -1e-12 * np.abs(every.H).max():
        raise NotApplicable("some f_i is not convex: no single gamma separates stable from unstable")
    P, one = ascended(every, rho), np.eye(every.H.shape[1])
    mean = np.einsum("k,kab->ab", every.p, P)
    both_sides = (np.kron(mean, one) + np.kron(one, mean)) / 2
    return float(2 / eigh(mean_product(every.p, P), both_sides, eigvals_only=True)[-1])


def stationary(problem: Problem, law: Law, gamma: float, rho: float) -> tuple[Array, Array]:
    """(m, S): the limits of E x_t and E (x_t - x*)(x_t - x*)^T in the curved directions, shapes (d,) and (d, d).

    Raises
    ------
    NotApplicable
        If the objective is not a quadratic, it is too large, or the steps are not mean-square stable.
    """
    if (largest := radius(problem, law, gamma, rho)) >= 1:
        raise NotApplicable(f"gamma={gamma:g}, rho={rho:g}: spectral radius {largest:.6g}: no stationary moments")
    every = affine(problem, law)
    G = homogeneous(every)
    T = np.eye(G.shape[1]) - gamma * (G + rho * G @ G)
    moved = mean_product(every.p, T)
    # M = E (z, 1)(z, 1)^T is a fixed point whose last entry is 1.
    rest = np.linalg.solve(np.eye(len(moved) - 1) - moved[:-1, :-1], moved[:-1, -1])
    M = np.append(rest, 1.0).reshape(T.shape[1:])
    U = every.centre.U
    return every.centre.outward(M[:-1, -1]), U @ M[:-1, :-1] @ U.T


def bias(problem: Problem, law: Law, rho: float) -> tuple[Array, float]:
    """(x_rho, f(x_rho) - f*): the mean of x_t tends to x_rho, E (I + rho H_v) g_v(x_rho) = 0, whatever gamma.

    It is x* for rho = 0 and where every g_v(x*) = 0, and differs from it in general.

    Raises
    ------
    NotApplicable
        If the objective is not a quadratic, or its matrices are too many.
    """
    every = affine(problem, law)
    pull = every.xi + nonnegative("rho", rho) * np.einsum("kab,kb->ka", every.H, every.xi)
    m = -np.linalg.solve(np.einsum("k,kab->ab", every.p, ascended(every, rho)), every.p @ pull)
    return every.centre.outward(m), float(0.5 * m @ every.centre.hessian @ m)


def curved(problem: Problem, law: Law) -> Affine:
    """`affine`, if the map on matrices is small enough to be written down."""
    every = affine(problem, law)
    if every.H.shape[1] ** 2 > SIDE:
        raise NotApplicable(f"{every.H.shape[1]} curved directions: their square is more than {SIDE}")
    return every


def ascended(every: Affine, rho: float) -> Array:
    """P_v = (I + rho H_v) H_v, shape (K, r, r)."""
    return np.asarray(every.H + nonnegative("rho", rho) * every.H @ every.H)


def mean_product(p: Array, T: Array) -> Array:
    """E[T_v (x) T_v], the matrix of S -> E[T_v S T_v^T] on S read row by row, for T of shape (K, r, r)."""
    K, r = T.shape[:2]
    flat = (p[:, None] * T.reshape(K, -1)).T @ T.reshape(K, -1)
    return flat.reshape(r, r, r, r).transpose(0, 2, 1, 3).reshape(r * r, r * r)
