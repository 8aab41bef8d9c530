"""E-values for "the mean exceeds the bound", valid for every law of X >= 0 and at every number of trials.

For independent X_k >= 0 with E X <= b, each factor 1 + eta (X_k/b - 1) with 0 <= eta <= 1 is non-negative with mean at
most 1, so their product is a test supermartingale in the number of trials and so is the mean of such products over a
fixed grid of eta.  By Ville's inequality it ever reaches 1/alpha with probability at most alpha.
"""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array

#: The grid of betting fractions eta = 2^-j, j = 0..12.
BETS = 2.0 ** -np.arange(13)


def log_e_value(X: Array, bound: Array) -> Array:
    """log of the e-value at each t, from X >= 0 of shape (trials, K) and bounds of shape (K,); shape (K,).

    A bound of 0 is exceeded by any X > 0 (log e = inf). An X that is infinite or not a number counts as infinite.
    """
    X = np.where(np.isnan(X), np.inf, np.maximum(X, 0.0))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(X > 0, X / bound, 0.0)
        terms = np.log1p(BETS[:, None, None] * (ratio - 1)).sum(axis=1)
        mixed = np.logaddexp.reduce(terms, axis=0) - np.log(len(BETS))
    return np.where(np.isinf(ratio).any(axis=0), np.inf, mixed)


def over_times(log_e: Array) -> float:
    """The mean of the e-values over t, as a log: an e-value for "the mean exceeds the bound at some t"."""
    return float(np.logaddexp.reduce(log_e) - np.log(len(log_e)))


def log_e_smallest(X: Array, bound: Array) -> float:
    """For claims min over s < T of E X_s <= bound_T, T = 1..K: the mean over T of the least e-value over s < T.

    Where every E X_s exceeds the bound, so does the one of the least e-value, so the least is an e-value itself.
    """
    # Those T matter most where the claim is closest to failing; with many, a spread of them is enough.
    K = X.shape[1]
    T = np.unique(np.linspace(1, K, min(K, 64)).astype(int))
    return over_times(np.array([log_e_value(X[:, :k], np.full(k, bound[k - 1])).min() for k in T]))


def log_e_average(X: Array, bound: Array) -> float:
    """For claims mean over s < T of E X_s <= bound_T, T = 1..K."""
    return over_times(log_e_value(np.cumsum(X, axis=1) / np.arange(1, X.shape[1] + 1), bound))
