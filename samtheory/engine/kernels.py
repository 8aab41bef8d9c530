"""The compiled steps. Rows are row = trial * schedules + schedule; the draws of a trial serve all its schedules.

Every kernel moves the rows of X or S through the T steps of a piece and copies them into `records` at the marks.  Steps
are the outer loop: the rows' chains of operations then overlap in the processor.
"""

# ruff: noqa: PLR0913

from __future__ import annotations

import math

import numpy as np

from ..objectives.losses import LOSSES
from .base import LEAST_LENGTH, TINY
from .jit import inlined, kernel, slopes
from .span import CANCELLED

#: The place of a loss in `slope`.
PLACE = {loss: k for k, loss in enumerate(LOSSES.values())}
slope = slopes(list(PLACE))

#: Scales are folded in before they leave this range, and ||x||^2 is added up anew when it has fallen this far.
SMALLEST, FALLEN = 1e-100, 1e-6


@inlined
def length(c, a, r, x):
    """||c a + r x|| without overflow, underflow or cancellation, but at least LEAST_LENGTH; 0 where it is 0."""
    largest = 0.0
    for k in range(len(a)):
        largest = max(largest, abs(c * a[k] + r * x[k]))
    if largest == 0 or not largest < np.inf:
        return largest
    largest = max(largest, LEAST_LENGTH)
    total = 0.0
    for k in range(len(a)):
        total += ((c * a[k] + r * x[k]) / largest) ** 2
    return max(largest * math.sqrt(total), LEAST_LENGTH)


@inlined
def dot(a, x):
    """a.x."""
    total = 0.0
    for k in range(len(a)):
        total += a[k] * x[k]
    return total


@inlined
def assemble(A, kappa, base, scale, u, x):
    """x = kappa base + scale A^T u."""
    for k in range(len(x)):
        x[k] = kappa * base[k]
    for i in range(len(u)):
        c = scale * u[i]
        if c != 0:
            for k in range(len(x)):
                x[k] += c * A[i, k]


@kernel
def span(
    stamp, A, M, b, norms2, loss, reg, dual, index, weight, gamma, rho, lam, marks, base, S, u, scalars, records
):  # fmt: skip
    """Linear model, one index a step (see `span.py`): S holds x and M is A, or with `dual` S holds A x and M is A A^T.

    With `dual`, x itself is kappa base + scale A^T u, and ||x||^2 is carried along; scalars has kappa, scale, ||x||^2
    and its largest value for each row.  A record is S, scale u, kappa and ||x||^2.

    Parameters
    ----------
    stamp : see `jit.stamp`
    index, weight : (trials, T), the weights over n
    gamma, rho, lam : (schedules, T)
    base : (rows, d)
    S : (rows, d), or (rows, n) with dual
    u : (rows, 0), or (rows, n) with dual
    scalars : (rows, 4)
    records : (marks, rows, width)
    """
    rows, width = S.shape
    schedules = len(gamma)
    x = np.empty(A.shape[1])
    slot = 0
    for t in range(index.shape[1] + 1):
        if slot < len(marks) and marks[slot] == t:
            for j in range(rows):
                for k in range(width):
                    records[slot, j, k] = S[j, k]
                if dual:
                    for k in range(width):
                        records[slot, j, width + k] = scalars[j, 1] * u[j, k]
                    records[slot, j, 2 * width] = scalars[j, 0]
                    records[slot, j, 2 * width + 1] = scalars[j, 2]
            slot += 1
        if t == index.shape[1]:
            break
        for j in range(rows):
            trial = j // schedules
            schedule = j - trial * schedules
            i, v = index[trial, t], weight[trial, t]
            r = v * reg
            z = S[j, i] if dual else dot(M[i], S[j])
            c = v * slope(loss, z, b[i])
            ag = c * norms2[i] + r * z
            lam_t, rho_t, gamma_t = lam[schedule, t], rho[schedule, t], gamma[schedule, t]
            s = rho_t * (1 - lam_t)
            if rho_t * lam_t > 0:
                rx2 = 0.0
                if r > 0:
                    rx2 = r * r * (scalars[j, 2] if dual else dot(S[j], S[j]))
                g2 = c * (ag + r * z) + rx2
                norm = 0.0
                if g2 > CANCELLED * rx2 + TINY or g2 != g2:
                    norm = math.sqrt(g2)
                elif dual and r > 0:
                    assemble(A, scalars[j, 0], base[j], scalars[j, 1], u[j], x)
                    norm = length(c, A[i], r, x)
                else:
                    norm = length(c, A[i], r, base[j] if dual else S[j])
                if norm > 0:
                    s += rho_t * lam_t / norm
            p = 1 - gamma_t * r * (1 + r * s)
            q = -gamma_t * (v * slope(loss, z + s * ag, b[i]) + r * s * c)
            for k in range(width):
                S[j, k] = p * S[j, k] + q * M[i, k]
            if dual:
                scalars[j, 0] *= p
                scalars[j, 1] *= p
                if not SMALLEST < abs(scalars[j, 1]) < 1 / SMALLEST:
                    for k in range(width):
                        u[j, k] *= scalars[j, 1]
                    scalars[j, 1] = 1.0
                u[j, i] += q / scalars[j, 1]
                if r > 0:
                    x2 = p * (p * scalars[j, 2] + 2 * q * z) + q * q * norms2[i]
                    if x2 < FALLEN * scalars[j, 3]:
                        assemble(A, scalars[j, 0], base[j], scalars[j, 1], u[j], x)
                        x2 = scalars[j, 3] = dot(x, x)
                        for k in range(width):
                            S[j, k] = dot(A[k], x)
                    scalars[j, 2] = x2
                    scalars[j, 3] = max(scalars[j, 3], x2)


@inlined
def gradient(A, b, loss, reg, H, index, weight, trial, t, X, j, c, g):
    """g = sum of weight times phi'(a_i.x) a_i + reg x, or with matrices H times H_i (x - a_i), at the row x = X[j]."""
    d, batch, total = len(g), 0, 0.0
    while batch < index.shape[2] and weight[trial, t, batch] != 0:  # what follows is padding
        total += weight[trial, t, batch]
        batch += 1
    for k in range(d):
        g[k] = total * reg * X[j, k]
    if len(H):
        for m in range(batch):
            i, v = index[trial, t, m], weight[trial, t, m]
            for l in range(d):
                step = v * (X[j, l] - A[i, l])
                for k in range(d):
                    g[k] += step * H[i, l, k]
        return
    for m in range(batch):
        i, z = index[trial, t, m], 0.0
        for k in range(d):
            z += A[i, k] * X[j, k]
        c[m] = weight[trial, t, m] * slope(loss, z, b[i])
    m = 0
    while m + 3 < batch:  # four rows at a time: g is read and written a quarter as often
        i0, i1, i2, i3 = index[trial, t, m], index[trial, t, m + 1], index[trial, t, m + 2], index[trial, t, m + 3]
        c0, c1, c2, c3 = c[m], c[m + 1], c[m + 2], c[m + 3]
        for k in range(d):
            g[k] += c0 * A[i0, k] + c1 * A[i1, k] + c2 * A[i2, k] + c3 * A[i3, k]
        m += 4
    while m < batch:
        i0, c0 = index[trial, t, m], c[m]
        for k in range(d):
            g[k] += c0 * A[i0, k]
        m += 1


@kernel
def explicit(stamp, A, b, loss, reg, H, index, weight, gamma, rho, lam, marks, X, records):
    """The method as it is written, a row at a time, with two gradients a step.

    Parameters
    ----------
    stamp : see `jit.stamp`
    A, b, loss, reg, H : see `gradient`; H may have length 0
    index, weight : (trials, T, m), or (1, 1, m) where every step is the same; the weights over n
    gamma, rho, lam : (schedules, T)
    X : (rows, d)
    records : (marks, rows, d)
    """
    rows, d = X.shape
    schedules, steps = gamma.shape
    g, Y, c = np.empty(d), np.empty((1, d)), np.empty(index.shape[2])
    slot = 0
    for t in range(steps + 1):
        if slot < len(marks) and marks[slot] == t:
            for j in range(rows):
                for k in range(d):
                    records[slot, j, k] = X[j, k]
            slot += 1
        if t == steps:
            break
        for j in range(rows):
            trial = j // schedules
            schedule = j - trial * schedules
            if len(index) == 1:
                trial = 0
            drawn = t if index.shape[1] > 1 else 0
            gradient(A, b, loss, reg, H, index, weight, trial, drawn, X, j, c, g)
            s = ascent(rho[schedule, t], lam[schedule, t], g)
            for k in range(d):
                Y[0, k] = X[j, k] + s * g[k]
            gradient(A, b, loss, reg, H, index, weight, trial, drawn, Y, 0, c, g)
            for k in range(d):
                X[j, k] -= gamma[schedule, t] * g[k]


@inlined
def ascent(rho, lam, g):
    """rho (1 - lam + lam/||g||)."""
    s = rho * (1 - lam)
    if rho * lam > 0:
        g2 = dot(g, g)
        norm = math.sqrt(g2) if g2 > TINY or g2 != g2 else length(1.0, g, 0.0, g)
        if norm > 0:
            s += rho * lam / norm
    return s


@kernel
def rotated(stamp, linear, sine, tilts, index, weight, gamma, rho, lam, marks, X, records):
    """The gradient sum of weight times linear x + sine sin 2x + tilt_i, entry by entry.

    Parameters
    ----------
    stamp : see `jit.stamp`
    linear, sine : (d,); sine may be empty
    tilts : (n, d), or (0, d)
    index, weight : (trials, T, m), or (1, 1, m) where every step is the same; the weights over n
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
            for j in range(rows):
                for k in range(d):
                    records[slot, j, k] = X[j, k]
            slot += 1
        if t == steps:
            break
        for j in range(rows):
            trial = j // schedules
            schedule = j - trial * schedules
            if len(index) == 1:
                trial = 0
            drawn = t if index.shape[1] > 1 else 0
            total = weight[trial, drawn].sum()
            if len(tilts):
                for k in range(d):
                    tilt[k] = 0.0
                for m in range(index.shape[2]):
                    i, v = index[trial, drawn, m], weight[trial, drawn, m]
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


@kernel
def look_up(u, cumulative, guide, possible, table, index, weight):
    """`SingleLaw.draw` from its uniform numbers, the search for each begun where `guide` says; all but guide flat."""
    top = len(cumulative) - 1
    for k in range(len(u)):
        slot = guide[int(u[k] * len(guide))]
        value = u[k] * cumulative[top]
        while slot > 0 and cumulative[slot - 1] > value:
            slot -= 1
        while slot < top and cumulative[slot] <= value:
            slot += 1
        index[k] = possible[slot]
        weight[k] = table[possible[slot]]
