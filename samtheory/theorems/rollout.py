"""What a one-step inequality gives when it is followed step after step: the least that a bound may promise.

At every x, E V+ <= p V + q W + r, where low V <= W <= high V (`wedge`).  A theorem has one such inequality, or several
*members*, each of which holds, or several *cases*, of which the largest holds (full batch only: the largest of several
expectations is not the expectation of the largest).  p, q and r have the shape (cases, members, T): one row of numbers
for t = 0, ..., T - 1.

* `values`: a linear function is largest at a corner of 0 <= E V <= D, low E V <= E W <= high E V, so E V+ is at most
  max {0, p + low q, p + high q} D + r.  At every step the largest case counts, each with its smallest member.
* `minima`: with s = -q, s+ = max {s, 0}, s- = max {-s, 0} and W <= high V, p E V - s E W is at most
  f E V - s+ E W with f = max {p, 1} + high s-.  The weights w_t = prod_{j <= t} 1/f_j (w_{-1} = 1) make it telescope:

      w_{t-1} E V_t + S_t m <= V_0 + R_t,   S_t = sum_{j<t} w_j s_j+,   R_t = sum_{j<t} w_j r_j,

  if m <= E W_j for every j < t.  So the smallest E W_j of j < T is at most (V_0 + R_t)/S_t for every t <= T, as
  E V_t >= 0, and at most (V_0 + R_t)/(S_t + w_{t-1}/high) for every t < T, as E V_t >= E W_t/high >= m/high.
* `means`: where every s_j > 0, the plain mean of E W_j over j < T is at most (V_0 + R_T)/(T min_j w_j s_j); nothing
  follows where one is not.
"""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array

#: (low, high): low V <= W <= high V.
Wedge = tuple[float, float]


def values(p: Array, q: Array, r: Array, wedge: Wedge, start: float) -> Array:
    """Bounds on E V_0 = start, E V_1, ..., E V_T; p, q, r of shape (cases, members, T)."""
    low, high = wedge
    factors = np.maximum(0.0, np.maximum(p + low * q, p + high * q))
    D = [start]
    for factor, noise in zip(np.moveaxis(factors, -1, 0), np.moveaxis(r, -1, 0), strict=True):
        # Nothing stays nothing where its factor is infinite.
        D.append(float(((factor * D[-1] if D[-1] else 0.0) + noise).min(axis=1).max()))
    return np.array(D)


def minima(p: Array, q: Array, r: Array, wedge: Wedge, start: float) -> Array:
    """Bounds on the smallest E W_j over j < t, for t = 0 (inf), 1, ..., T; p, q, r of shape (1, members, T)."""
    return np.concatenate([[np.inf], smallest(p[0], q[0], r[0], wedge[1], start).min(axis=0)])


def smallest(p: Array, q: Array, r: Array, high: float, start: float) -> Array:
    """The bounds of `minima` at t = 1, ..., T for each member alone; p, q, r and the result have shape (members, T)."""
    falls, rises = np.maximum(-q, 0.0), np.maximum(q, 0.0)
    growth = np.log(np.maximum(p, 1.0) + high * rises)
    # Weights that underflow to 0 do no harm: the terms before them are the larger ones.
    w = np.exp(-np.cumsum(growth, axis=-1))
    S, R = np.cumsum(w * falls, axis=-1), np.cumsum(w * r, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        full = np.where(S > 0, (start + R) / S, np.inf)
        kept = (start + before(R, 0.0)) / (before(S, 0.0) + before(w, 1.0) / high)
    return np.asarray(np.minimum.accumulate(np.minimum(full, kept), axis=-1))


def before(sums: Array, first: float) -> Array:
    """The sums before each of their last terms, `first` before all."""
    return np.concatenate([np.full((*sums.shape[:-1], 1), first), sums[..., :-1]], axis=-1)


def means(p: Array, q: Array, r: Array, start: float) -> Array:
    """Bounds on the mean of E W_j over j < t, for t = 0 (inf), 1, ..., T; p, q, r of shape (1, members, T)."""
    w = np.exp(-np.cumsum(np.log(np.maximum(p[0], 1.0)), axis=-1))
    least = np.minimum.accumulate(w * -q[0], axis=-1)
    T = np.arange(1, w.shape[-1] + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(least > 0, (start + np.cumsum(w * r[0], axis=-1)) / (T * least), np.inf)
    return np.concatenate([[np.inf], found.min(axis=0)])
