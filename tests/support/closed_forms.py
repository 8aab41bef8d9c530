"""Closed formulas for where USAM and SAM go on quadratics: equalities, against which programs are checked.

Each is derived in its docstring.  H is symmetric (d, d), h > 0 a curvature in one dimension, gamma the step and rho the
radius.
"""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array


def usam_power(H: Array, z0: Array, gamma: float, rho: float, t: int) -> Array:
    """x_t - x* of deterministic USAM on (x - x*)^T H (x - x*)/2: (I - gamma H (I + rho H))^t z0, shape (d,).

    The gradient at z + rho H z is H (I + rho H) z.
    """
    h, Q = np.linalg.eigh(H)
    return np.asarray(Q @ (usam_multiplier(h, gamma, rho) ** t * (Q.T @ z0)))


def usam_multiplier(h: Array, gamma: float, rho: float) -> Array:
    """1 - gamma h (1 + rho h): what USAM multiplies an eigen-coordinate of curvature h by, of either sign.

    Repelled where its size is above 1, attracted below.  For h < 0, a saddle attracts exactly where
    rho|h| > 1 and gamma|h|(rho|h| - 1) < 2 (Kim et al., "Stability analysis of SAM": rho > 1/|h|).
    """
    return np.asarray(1 - gamma * h * (1 + rho * h))


def usam_bias(H: Array, centres: Array, rho: float) -> Array:
    """x_rho = (sum P_i)^{-1} sum P_i c_i, P_i = H_i (I + rho H_i), for f_i = (x - c_i)^T H_i (x - c_i)/2, shape (d,).

    H (n, d, d), centres (n, d).  The mean step of uniform USAM, -gamma (1/n) sum P_i (x - c_i), vanishes there.
    """
    P = H + rho * H @ H
    return np.asarray(np.linalg.solve(P.sum(axis=0), np.einsum("nij,nj->i", P, centres)))


def additive_noise_variance(h: Array, variance: Array, gamma: float, rho: float) -> Array:
    """Stationary E z^2 of USAM along an eigen-direction of curvature h, if g_v = H z + c_v with mean-zero c_v.

    z+ = (1 - gamma h (1 + rho h)) z - gamma (1 + rho h) c with E c^2 = `variance`, so V = (1 - q)^2 V + (q/h)^2 E c^2
    with q = gamma h (1 + rho h), V = gamma (1 + rho h) E c^2/(h (2 - q)).
    """
    q = gamma * h * (1 + rho * h)
    return np.asarray(gamma * (1 + rho * h) * variance / (h * (2 - q)))


def sam_cycle(H: Array, gamma: float, rho: float) -> Array:
    """The point z, z -> -z -> z, of the cycle of deterministic SAM on z^T H z/2: gamma rho h/(2 - gamma h) along v_1.

    h is the largest eigenvalue, v_1 its unit eigenvector; 0 < gamma h < 2.  With z = c v_1 a step is
    z+ = z - gamma h (c + rho) v_1 = -z  (Bartlett, Long, Bousquet 2023).
    """
    h, Q = np.linalg.eigh(H)
    return np.asarray(gamma * rho * h[-1] / (2 - gamma * h[-1]) * Q[:, -1])


def sam_bias(h: tuple[float, float], c: tuple[float, float], rho: float) -> tuple[float, float]:
    """(x, f(x) - f*) at which SAM's mean step vanishes on f_i = h_i (x - c_i)^2/2, i = 1, 2, if c_1 < x < c_2.

    Its ascent is rho sign(x - c_i), so h_1 (x - c_1 + rho) + h_2 (x - c_2 - rho) = 0 at
    x = x* - rho (h_1 - h_2)/(h_1 + h_2), and f(x) - f* = rho^2 (h_1 - h_2)^2/(4 (h_1 + h_2)): of order rho^2, however
    small the steps.
    """
    (h_1, h_2), (c_1, c_2) = h, c
    x = (h_1 * c_1 + h_2 * c_2 - rho * (h_1 - h_2)) / (h_1 + h_2)
    return x, rho**2 * (h_1 - h_2) ** 2 / (4 * (h_1 + h_2))


def edge_of_stability(gamma: float, rho: float, G: float) -> float:
    """The curvature h with gamma h (1 + rho h/G) = 2, at which SAM with ||grad f|| = G turns z into -z.

    h = (G/(2 rho)) (sqrt(1 + 8 rho/(gamma G)) - 1), written so that rho = 0 gives 2/gamma (Long and Bartlett 2024).
    """
    return float(4 / gamma / (1 + np.sqrt(1 + 8 * rho / (gamma * G))))


def interpolated_second_moment(h: Array, gamma: float, rho: float, t: int, x0: float = 1.0) -> float:
    """E x_t^2 of uniform USAM on f_i = h_i x^2/2, h of shape (n,): [mean (1 - gamma h_i (1 + rho h_i))^2]^t x0^2."""
    return float(np.mean(usam_multiplier(h, gamma, rho) ** 2) ** t * x0**2)
