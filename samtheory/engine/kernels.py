"""The compiled step of linear models with one index a step, and the draws of one index.

In every kernel row = trial * schedules + schedule: the draws of a trial serve all its schedules.  A kernel moves the
rows of X or S through the T steps of a piece and copies them into `records` at the marks.  Steps are the outer loop, so
that the rows' chains of operations overlap in the processor.
"""

from __future__ import annotations

import math

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.objectives.losses import LOSSES

from .base import LEAST_LENGTH, TINY
from .jit import inlined, kernel, slopes
from .span import CANCELLED

#: The place of a loss in `slope`.
PLACE = {loss: k for k, loss in enumerate(LOSSES.values())}
slope = slopes(list(PLACE))

#: Scales are folded in before they leave this range.  ||x||^2 and A x are added up anew when ||x||^2 is below this part
#: of the size whose rounding it carries: the terms p^2 ||x||^2 + q^2 ||a||^2, times p^2 in each step that follows.
SMALLEST, FALLEN = 1e-100, 1e-2


@inlined
def length(c: float, a: Array, r: float, x: Array) -> float:
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
def dot(a: Array, x: Array) -> float:
    """a.x."""
    total = 0.0
    for k in range(len(a)):
        total += a[k] * x[k]
    return total


@inlined
def note(X: Array, records: Array, slot: int) -> None:
    """The rows of X become the first columns of a record."""
    for j in range(len(X)):
        for k in range(X.shape[1]):
            records[slot, j, k] = X[j, k]


@inlined
def assemble(A: Array, kappa: float, base: Array, scale: float, u: Array, x: Array) -> None:
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
    stamp: Array, A: Array, M: Array, b: Array, norms2: Array, loss: int, reg: float, dual: bool,
    index: Indices, weight: Array, gamma: Array, rho: Array, lam: Array, marks: Indices,
    base: Array, S: Array, u: Array, scalars: Array, records: Array,
) -> None:  # fmt: skip
    """Linear model, one index a step (see `span.py`): S holds x and M is A, or with `dual` S holds A x and M is A A^T.

    With `dual`, x itself is kappa base + scale A^T u, and ||x||^2 is carried along; scalars has kappa, scale, ||x||^2
    and the size whose rounding ||x||^2 carries for each row.  A record is S, scale u, kappa and ||x||^2.  The rows of
    M, S and u may be longer than n, with zeros behind.

    Parameters
    ----------
    stamp : see `jit.stamp`
    index, weight : (trials, T), the weights over n
    gamma, rho, lam : (schedules, T)
    base : (rows, d)
    S : (rows, d), or (rows, width) with dual, width >= n
    u : (rows, 0), or (rows, width) with dual
    scalars : (rows, 4)
    records : (marks, rows, width)
    """
    rows, width = S.shape
    schedules = len(gamma)
    x = np.empty(A.shape[1])
    slot = 0
    for t in range(index.shape[1] + 1):
        if slot < len(marks) and marks[slot] == t:
            note(S, records, slot)
            for j in range(rows if dual else 0):
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
                rx2 = largest = 0.0
                if r > 0:
                    rx2 = r * r * (scalars[j, 2] if dual else dot(S[j], S[j]))
                    largest = r * r * scalars[j, 3] if dual else rx2
                g2 = c * (ag + r * z) + rx2
                norm = 0.0
                if g2 > CANCELLED * largest + TINY or g2 != g2:
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
                    size = max(p * p * scalars[j, 3], p * p * scalars[j, 2] + q * q * norms2[i])
                    x2 = p * (p * scalars[j, 2] + 2 * q * z) + q * q * norms2[i]
                    if x2 < FALLEN * size:
                        assemble(A, scalars[j, 0], base[j], scalars[j, 1], u[j], x)
                        x2 = size = dot(x, x)
                        for k in range(len(A)):
                            S[j, k] = dot(A[k], x)
                    scalars[j, 2], scalars[j, 3] = x2, size


@kernel
def look_up(
    u: Array, cumulative: Array, guide: Indices, possible: Indices, table: Array, index: Indices, weight: Array
) -> None:
    """The draws of `SingleLaw` from its uniform numbers u, the search for each begun where `guide` says.

    Parameters
    ----------
    u : (K,)
    cumulative, possible : (count,), those of the law
    guide : (G,), for each of G equal parts of [0, 1) the slot in which it begins
    table : (n,), the weight of each index
    index, weight : (K,), what is drawn
    """
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
