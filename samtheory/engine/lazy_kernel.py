"""The compiled step of linear models with sparse rows and one index a step; see `lazy`."""

from __future__ import annotations

import math

import numpy as np

from samtheory._typing import Array, Indices

from .base import LEAST_LENGTH, TINY
from .jit import inlined, kernel
from .kernels import slope
from .lazy import FALLEN, REFRESH, SMALLEST
from .span import CANCELLED


@inlined
def length(c: float, data: Array, columns: Indices, low: int, high: int, scale: float, Z: Array, j: int) -> float:
    """||c a + scale z|| without overflow, underflow or cancellation, for a sparse row a; 0 where it is 0."""
    largest, m = 0.0, low
    for k in range(Z.shape[1]):
        g = scale * Z[j, k]
        if m < high and columns[m] == k:
            g += c * data[m]
            m += 1
        largest = max(largest, abs(g))
    if largest == 0 or not largest < np.inf:
        return largest
    largest, total, m = max(largest, LEAST_LENGTH), 0.0, low
    for k in range(Z.shape[1]):
        g = scale * Z[j, k]
        if m < high and columns[m] == k:
            g += c * data[m]
            m += 1
        total += (g / largest) ** 2
    return max(largest * math.sqrt(total), LEAST_LENGTH)


@kernel
def lazy(
    stamp: Array, data: Array, columns: Indices, indptr: Indices, b: Array, norms2: Array, loss: int, reg: float,
    index: Indices, weight: Array, gamma: Array, rho: Array, lam: Array, marks: Indices,
    Z: Array, scalars: Array, records: Array,
) -> None:  # fmt: skip
    """Move x = s z through the steps of a piece; the rows of Z are z, scalars has s, ||x||^2, its size and a count.

    Parameters
    ----------
    stamp : see `jit.stamp`
    data, columns, indptr : the rows of A, CSR
    index, weight : (trials, T), the weights over n
    gamma, rho, lam : (schedules, T)
    Z : (rows, d)
    scalars : (rows, 4)
    records : (marks, rows, d)
    """
    rows, d = Z.shape
    schedules = len(gamma)
    for j in range(rows):
        trial = j // schedules
        schedule = j - trial * schedules
        s, x2, size, entries = scalars[j, 0], scalars[j, 1], scalars[j, 2], scalars[j, 3]
        slot = 0
        for t in range(index.shape[1] + 1):
            if slot < len(marks) and marks[slot] == t:
                for k in range(d):
                    records[slot, j, k] = s * Z[j, k]
                slot += 1
            if t == index.shape[1]:
                break
            i, v = index[trial, t], weight[trial, t]
            low, high = indptr[i], indptr[i + 1]
            r = v * reg
            ax = 0.0
            for m in range(low, high):
                ax += data[m] * Z[j, columns[m]]
            ax *= s
            c = v * slope(loss, ax, b[i])
            ag = c * norms2[i] + r * ax
            lam_t, rho_t, gamma_t = lam[schedule, t], rho[schedule, t], gamma[schedule, t]
            up = rho_t * (1 - lam_t)
            if rho_t * lam_t > 0:
                g2 = c * (ag + r * ax) + r * r * x2
                norm = 0.0
                if g2 > CANCELLED * r * r * size + TINY or g2 != g2:
                    norm = math.sqrt(g2)
                else:
                    norm = length(c, data, columns, low, high, r * s, Z, j)
                if norm > 0:
                    up += rho_t * lam_t / norm
            p = 1 - gamma_t * r * (1 + r * up)
            q = -gamma_t * (v * slope(loss, ax + up * ag, b[i]) + r * up * c)
            s *= p
            if not SMALLEST < abs(s) < 1 / SMALLEST:
                for k in range(d):
                    Z[j, k] *= s
                s = 1.0
            for m in range(low, high):
                Z[j, columns[m]] += q / s * data[m]
            if reg > 0:
                size = max(p * p * size, p * p * x2 + q * q * norms2[i])
                x2 = p * (p * x2 + 2 * q * ax) + q * q * norms2[i]
                entries += high - low
                if x2 < FALLEN * size or entries > REFRESH * d:
                    x2 = 0.0
                    for k in range(d):
                        x2 += Z[j, k] * Z[j, k]
                    x2 *= s * s
                    size, entries = x2, 0.0
        scalars[j, 0], scalars[j, 1], scalars[j, 2], scalars[j, 3] = s, x2, size, entries
