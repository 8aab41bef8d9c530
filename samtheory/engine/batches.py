"""The compiled steps of batches, of quadratics and of objectives in rotated coordinates; see `kernels` for the rows.

Draws have shape (trials, T, m), or (1, 1, m) where every step is the same, and come as index and weight over n.
"""

from __future__ import annotations

import math

import numpy as np

from samtheory._typing import Array, Indices

from .base import TINY
from .jit import inlined, kernel
from .kernels import dot, length, note, slope
from .span import CANCELLED


@inlined
def drawn(weight: Array, trial: int, t: int) -> tuple[int, float]:
    """The number of indices in a draw and the sum of their weights; what follows is padding of weight 0."""
    batch, total = 0, 0.0
    while batch < weight.shape[2] and weight[trial, t, batch] != 0:
        total += weight[trial, t, batch]
        batch += 1
    return batch, total


@inlined
def add_rows(A: Array, index: Indices, trial: int, t: int, batch: int, c: Array, p: float, X: Array, j: int) -> None:
    """x = p x + sum of c_m a_m at the row x = X[j], four rows at a time: x is read and written a quarter as often."""
    for m in range(0, batch, 4):
        i0, c0 = index[trial, t, m], c[m]
        i1, c1 = (index[trial, t, m + 1], c[m + 1]) if m + 1 < batch else (i0, 0.0)
        i2, c2 = (index[trial, t, m + 2], c[m + 2]) if m + 2 < batch else (i0, 0.0)
        i3, c3 = (index[trial, t, m + 3], c[m + 3]) if m + 3 < batch else (i0, 0.0)
        for k in range(A.shape[1]):
            X[j, k] = p * X[j, k] + c0 * A[i0, k] + c1 * A[i1, k] + c2 * A[i2, k] + c3 * A[i3, k]
        p = 1.0


@inlined
def at_row(A: Array, i: int, X: Array, j: int) -> float:
    """a_i.x at the row x = X[j]."""
    total = 0.0
    for k in range(A.shape[1]):
        total += A[i, k] * X[j, k]
    return total


@inlined
def ascent(rho: float, lam: float, g: Array) -> float:
    """rho (1 - lam + lam/||g||)."""
    s = rho * (1 - lam)
    if rho * lam > 0:
        g2 = dot(g, g)
        norm = math.sqrt(g2) if g2 > TINY or g2 != g2 else length(1.0, g, 0.0, g)
        if norm > 0:
            s += rho * lam / norm
    return s


@inlined
def gradient(
    A: Array, b: Array, loss: int, reg: float, H: Array,
    index: Indices, weight: Array, trial: int, t: int, X: Array, j: int, c: Array, G: Array,
) -> None:  # fmt: skip
    """G[0] = sum of weight times phi'(a_i.x) a_i + reg x, or with matrices H times H_i (x - a_i), at x = X[j]."""
    d = X.shape[1]
    batch, total = drawn(weight, trial, t)
    for k in range(d):
        G[0, k] = total * reg * X[j, k]
    if len(H):
        for m in range(batch):
            i, v = index[trial, t, m], weight[trial, t, m]
            for row in range(d):
                away = v * (X[j, row] - A[i, row])
                for k in range(d):
                    G[0, k] += away * H[i, row, k]
    else:
        for m in range(batch):
            i = index[trial, t, m]
            c[m] = weight[trial, t, m] * slope(loss, at_row(A, i, X, j), b[i])
        add_rows(A, index, trial, t, batch, c, 1.0, G, 0)


@kernel
def gram(
    stamp: Array, A: Array, products: Array, b: Array, loss: int, reg: float,
    index: Indices, weight: Array, gamma: Array, rho: Array, lam: Array, marks: Indices, X: Array, records: Array,
) -> None:  # fmt: skip
    """Linear model, a batch a step, x+ = p x + sum of q_m a_m: `span` with sums, the products a_m.a_l looked up.

    Parameters
    ----------
    stamp : see `jit.stamp`
    A, products, b, loss, reg : (n, d), A A^T, (n,), the place of the loss, the regulariser
    index, weight : the draws
    gamma, rho, lam : (schedules, T)
    X : (rows, d)
    records : (marks, rows, d)
    """
    rows, d = X.shape
    schedules, steps = gamma.shape
    most = index.shape[2]
    z, c, ag, q, G = np.empty(most), np.empty(most), np.empty(most), np.empty(most), np.empty((1, d))
    slot = 0
    for t in range(steps + 1):
        if slot < len(marks) and marks[slot] == t:
            note(X, records, slot)
            slot += 1
        if t == steps:
            break
        for j in range(rows):
            schedule = j % schedules
            trial = j // schedules if len(index) > 1 else 0
            at = t if index.shape[1] > 1 else 0
            batch, total = drawn(weight, trial, at)
            r, size = total * reg, 0.0
            for m in range(batch):
                i = index[trial, at, m]
                z[m] = at_row(A, i, X, j)
                c[m] = weight[trial, at, m] * slope(loss, z[m], b[i])
                size += abs(c[m]) * math.sqrt(products[i, i])
            rx2 = r * r * dot(X[j], X[j]) if r > 0 else 0.0
            g2 = rx2
            for m in range(batch):
                i, ag[m] = index[trial, at, m], r * z[m]
                for other in range(batch):
                    ag[m] += c[other] * products[i, index[trial, at, other]]
                g2 += c[m] * (ag[m] + r * z[m])
            lam_t, rho_t, gamma_t = lam[schedule, t], rho[schedule, t], gamma[schedule, t]
            s = rho_t * (1 - lam_t)
            if rho_t * lam_t > 0:
                if g2 > CANCELLED * (rx2 + size * size) + TINY or g2 != g2:
                    s += rho_t * lam_t / math.sqrt(g2)
                else:
                    for k in range(d):
                        G[0, k] = r * X[j, k]
                    add_rows(A, index, trial, at, batch, c, 1.0, G, 0)
                    s = ascent(rho_t, lam_t, G[0])
            for m in range(batch):
                ahead = weight[trial, at, m] * slope(loss, z[m] + s * ag[m], b[index[trial, at, m]])
                q[m] = -gamma_t * (ahead + r * s * c[m])
            p = 1 - gamma_t * r * (1 + r * s)
            add_rows(A, index, trial, at, batch, q, p, X, j)


@kernel
def explicit(
    stamp: Array, A: Array, b: Array, loss: int, reg: float, H: Array,
    index: Indices, weight: Array, gamma: Array, rho: Array, lam: Array, marks: Indices, X: Array, records: Array,
) -> None:  # fmt: skip
    """The method as it is written, a row at a time, with two gradients a step.

    Parameters
    ----------
    stamp : see `jit.stamp`
    A, b, loss, reg, H : see `gradient`; H may have length 0
    index, weight : the draws
    gamma, rho, lam : (schedules, T)
    X : (rows, d)
    records : (marks, rows, d)
    """
    rows, d = X.shape
    schedules, steps = gamma.shape
    G, Y, c = np.empty((1, d)), np.empty((1, d)), np.empty(index.shape[2])
    g = G[0]
    slot = 0
    for t in range(steps + 1):
        if slot < len(marks) and marks[slot] == t:
            note(X, records, slot)
            slot += 1
        if t == steps:
            break
        for j in range(rows):
            schedule = j % schedules
            trial = j // schedules if len(index) > 1 else 0
            at = t if index.shape[1] > 1 else 0
            gradient(A, b, loss, reg, H, index, weight, trial, at, X, j, c, G)
            s = ascent(rho[schedule, t], lam[schedule, t], g)
            for k in range(d):
                Y[0, k] = X[j, k] + s * g[k]
            gradient(A, b, loss, reg, H, index, weight, trial, at, Y, 0, c, G)
            for k in range(d):
                X[j, k] -= gamma[schedule, t] * g[k]


@kernel
def rotated(
    stamp: Array, linear: Array, sine: Array, tilts: Array,
    index: Indices, weight: Array, gamma: Array, rho: Array, lam: Array, marks: Indices, X: Array, records: Array,
) -> None:  # fmt: skip
    """The gradient sum of weight times linear x + sine sin 2x + tilt_i, entry by entry.

    Parameters
    ----------
    stamp : see `jit.stamp`
    linear, sine : (d,); sine may be empty
    tilts : (n, d), or (0, d)
    index, weight : the draws
    gamma, rho, lam : (schedules, T)
    X : (rows, d)
    records : (marks, rows, d)
    """
    rows, d = X.shape
    schedules, steps = gamma.shape
    g, tilt = np.empty(d), np.zeros(d)
    slot = 0
    for t in range(steps + 1):
        if slot < len(marks) and marks[slot] == t:
            note(X, records, slot)
            slot += 1
        if t == steps:
            break
        for j in range(rows):
            schedule = j % schedules
            trial = j // schedules if len(index) > 1 else 0
            at = t if index.shape[1] > 1 else 0
            total = weight[trial, at].sum()
            if len(tilts):
                for k in range(d):
                    tilt[k] = 0.0
                for m in range(index.shape[2]):
                    i, v = index[trial, at, m], weight[trial, at, m]
                    for k in range(d):
                        tilt[k] += v * tilts[i, k]
            for k in range(d):
                g[k] = total * linear[k] * X[j, k] + tilt[k]
            if len(sine):
                for k in range(d):
                    g[k] += total * sine[k] * math.sin(2 * X[j, k])
            s = ascent(rho[schedule, t], lam[schedule, t], g)
            gamma_t = gamma[schedule, t]
            if len(sine):
                for k in range(d):
                    y = X[j, k] + s * g[k]
                    X[j, k] -= gamma_t * (total * (linear[k] * y + sine[k] * math.sin(2 * y)) + tilt[k])
            else:
                s *= total
                for k in range(d):
                    X[j, k] -= gamma_t * (g[k] + s * linear[k] * g[k])
