"""Probabilities of single draws that are best for one constant, or for one constant under a limit on another.

With v = e_i/p_i, the constants of Oikonomou & Loizou (ICLR 2025, Section 3) depend on p as follows. Each row is minimal
at the p of its last column; a_i = ||grad f_i(x*)||.

    A, C = 2A (f_inf - mean f_i_inf), Lambda    max L_i/(n p_i)                 in_proportion(L_i)
    Lambda2^2                                   (1/n^2) sum L_i^2/p_i           in_proportion(L_i)
    Lambda1                                     mean L_i                        any p
    sigma*^2, the least C of a quadratic        (1/n^2) sum a_i^2/p_i           in_proportion(a_i)

The first follows from sum p_i L_i/(n p_i) = mean L_i, the others from (sum a_i)^2 <= (sum a_i^2/p_i)(sum p_i).
"""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, finite, reject

#: Halvings of the water level, and what a share of a mixture may be.
HALVINGS, SHARE = 200, "a number in [0, 1]"


def in_proportion(weights: Array) -> Array:
    """p_i = weights_i/sum weights.

    Parameters
    ----------
    weights : (n,) numbers, at least 0, not all 0

    Raises
    ------
    InputError
        If a number is not allowed.

    Examples
    --------
    >>> in_proportion(np.array([1.0, 3.0]))
    array([0.25, 0.75])
    """
    found = np.asarray(weights, dtype=np.float64)
    if found.ndim != 1 or not np.isfinite(found).all() or (found < 0).any() or not found.any():
        raise InputError("weights: must be finite, at least 0, and not all 0")
    return np.asarray(found / found.sum())


def mixture(p: Array, q: Array, eta: float) -> Array:
    """eta p + (1 - eta) q: max L_i/(n p_i) at most 1/eta, the noise at most 1/(1 - eta) times those of p and q.

    Parameters
    ----------
    p, q : (n,) probabilities
    eta : in [0, 1]

    Raises
    ------
    InputError
        If eta is not in [0, 1].
    """
    share = finite("eta", eta, SHARE)
    if not 0 <= share <= 1:
        raise reject("eta", eta, SHARE)
    return np.asarray(share * np.asarray(p) + (1 - share) * np.asarray(q))


def least_noise(L_i: Array, norms: Array, A: float) -> Array:
    """The p with the smallest sum norms_i^2/p_i among those with max L_i/(n p_i) <= A, by water-filling.

    p_i = max{L_i/(n A), tau norms_i} with the tau of sum p = 1, by the conditions of Karush, Kuhn and Tucker.

    Parameters
    ----------
    L_i, norms : (n,) smoothness, and ||grad f_i(x*)||
    A : the limit, at least mean L_i

    Returns
    -------
    (n,) probabilities; in proportion to L_i where every norm is 0.

    Raises
    ------
    InputError
        If A is below mean L_i, which no p reaches.

    Examples
    --------
    >>> least_noise(np.array([1.0, 1.0]), np.array([0.0, 2.0]), A=2.0)
    array([0.25, 0.75])
    """
    L, a = np.asarray(L_i, dtype=np.float64), np.asarray(norms, dtype=np.float64)
    mean = float(L.mean())
    if not A >= mean * (1 - 1e-12):
        raise reject("A", f"{A:.6g}", f"at least mean L_i = {mean:.6g}")
    if not a.any():
        return in_proportion(L)
    floor = L / (L.size * max(A, mean))
    low, high = 0.0, 1.0 / a.sum()
    for _ in range(HALVINGS):
        tau = (low + high) / 2
        low, high = (tau, high) if np.maximum(floor, tau * a).sum() < 1 else (low, tau)
    return in_proportion(np.maximum(floor, high * a))
