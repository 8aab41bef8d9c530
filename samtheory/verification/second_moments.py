"""Exact second moments of USAM (lam = 0) on quadratics: E f(x_t) - f* without a single draw.

With x = x* + z the stochastic gradient is g_v = H_v z + xi_v and a step is z+ = z - gamma (I + rho H_v)(H_v z + xi_v).
In the coordinates (z, 1) it is linear,

    (z, 1)+ = T_v (z, 1),    T_v = I - gamma (G_v + rho G_v^2),    G_v = [[H_v, xi_v], [0, 0]],

so M = E (z, 1)(z, 1)^T obeys M+ = E[T_v M T_v^T] for every schedule, and E f(x_t) - f* = tr(H S)/2 without
cancellation, where S = E z z^T is a block of M.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.errors import NotApplicable, reject
from samtheory.objectives.linear import LinearModel
from samtheory.problem.problem import Problem
from samtheory.problem.quadratic import EPS, Affine, Centre, affine, centre, homogeneous
from samtheory.sampling.law import Law
from samtheory.sampling.single import SingleLaw
from samtheory.schedules import Schedule
from samtheory.theorems.plan import Plan

from .evidence import Evidence, skipped
from .exact_curves import Expected, against
from .rounding import of_gap, of_grad2

KIND, NAME = "moments", "E over all samples"
#: Multiplications a recursion may take, over all steps.
WORK = 2e9

#: (M, gamma, rho) -> M+ = E[T_v M T_v^T].
Advance = Callable[[Array, float, float], Array]


def second_moments(
    problem: Problem, law: Law, schedule: Schedule, times: Sequence[int] | npt.NDArray[np.intp], work: float = WORK
) -> Expected:
    """The expectations at increasing `times`, for any schedule with lam = 0.

    The distance is that from the nearest minimiser, where every f_i is convex.

    Raises
    ------
    NotApplicable
        If the objective is not a quadratic, lam is not 0 throughout, or it takes more than `work` multiplications.
    InputError
        If the times do not increase from at least 0.
    """
    t = np.asarray(times, dtype=np.intp)
    if t.ndim != 1 or len(t) == 0 or t[0] < 0 or (np.diff(t) <= 0).any():
        raise reject("times", times, "increasing times, at least 0")
    gamma, rho, lam = schedule.arrays(0, int(t[-1]))
    if lam.any():
        raise NotApplicable("exact moments need lam = 0: the normalised step is not affine")
    c, cost, advance = recursion(problem, law)
    if cost * len(gamma) > work:
        raise NotApplicable(f"{len(gamma)} steps of {cost:.2g} multiplications: more than {work:.0e}")
    state = np.append(c.inward(problem.x0), 1.0)
    M = np.outer(state, state)
    H, H2 = c.hessian, c.hessian @ c.hessian
    found = np.empty((len(t), 3))
    with np.errstate(over="ignore", invalid="ignore"):
        for slot, (begin, end) in enumerate(pairwise([0, *t])):
            for s in range(begin, end):
                M = advance(M, gamma[s], rho[s])
            S = M[:-1, :-1]
            found[slot] = 0.5 * np.sum(H * S), np.sum(H2 * S), np.trace(S)
        return measured(problem, c, t, found)


def measured(problem: Problem, c: Centre, t: npt.NDArray[np.intp], found: Array) -> Expected:
    """Expectations from tr(H S)/2, tr(H^2 S) and tr S, the columns of `found`, shape (K, 3)."""
    gap, grad2, distance2 = found.T
    # What is lost at a point as far from x* as z is in root mean square, and in M, which mixes all directions.
    away = c.x_star + np.sqrt(np.abs(distance2))[:, None] * np.eye(problem.d)[0]
    L = float(np.linalg.norm(c.hessian, 2))
    mixed = 64 * EPS * (len(c.hessian) + 1) * L * distance2
    offset = problem.objective.reference - float(problem.f_inf)
    return Expected(
        t,
        gap + offset,
        grad2,
        distance2,
        lambda: of_gap(problem, away) + mixed,
        lambda: of_grad2(problem, away, grad2) + L * mixed,
    )


def recursion(problem: Problem, law: Law) -> tuple[Centre, float, Advance]:
    """The coordinates z, the multiplications a step takes, and the map M -> E[T_v M T_v^T]."""
    f = problem.objective.as_linear_model()
    if f is not None and isinstance(law, SingleLaw):
        c = centre(f)
        r = c.U.shape[1]
        # In one dimension the expanded square of `row_by_row` could cancel, and there is nothing to gain.
        if r > 1:
            return c, 4.0 * law.count * (r + 1) ** 2, row_by_row(f, law, c)
    every = affine(problem, law)
    return every.centre, 4.0 * len(every.p) * (every.H.shape[1] + 1) ** 3, over_all(every)


def over_all(every: Affine) -> Advance:
    """sum_v p_v T_v M T_v^T over all outcomes."""
    G = homogeneous(every)
    G2 = G @ G
    one = np.eye(G.shape[1])

    @lru_cache(maxsize=1)
    def maps(gamma: float, rho: float) -> tuple[Array, Array]:
        T = one - gamma * (G + rho * G2)
        return every.p[:, None, None] * T, T.transpose(0, 2, 1)

    def advance(M: Array, gamma: float, rho: float) -> Array:
        weighted, transposed = maps(gamma, rho)
        return np.asarray((weighted @ M @ transposed).sum(axis=0))

    return advance


def row_by_row(f: LinearModel, law: SingleLaw, c: Centre) -> Advance:
    """The same for f_i = (a_i.x - b_i)^2/2 + (reg/2)||x||^2 drawn one at a time, in n r^2 instead of n r^3.

    With J (z, 1) = (z + x*, 0), e_i = a_i.x* - b_i and h_i = v_i/n,

        G_i = h_i ((a_i, 0)(a_i, e_i)^T + reg J),   J^2 = J,   T_i = I - k_i J - (a_i, 0) q_i^T,
        k_i = gamma h_i reg (1 + rho h_i reg),
        q_i = gamma h_i (1 + rho h_i (||a_i||^2 + reg)) (a_i, e_i) + gamma rho h_i^2 reg (a_i, a_i.x*).
    """
    i = law.possible
    p, h, a, reg = law.p[i], law.weight[i] / f.n, f.A[i] @ c.U, f.reg
    fitted = f.A[i] @ c.x_star
    a0, ae, ax = (np.column_stack([a, last]) for last in (np.zeros(len(i)), fitted - f.b[i], fitted))
    x_star = c.U.T @ c.x_star

    def J(columns: Array) -> Array:
        return np.vstack([columns[:-1] + np.outer(x_star, columns[-1]), np.zeros(columns.shape[1])])

    @lru_cache(maxsize=1)
    def rows(gamma: float, rho: float) -> tuple[Array, Array]:
        k = gamma * h * reg * (1 + rho * h * reg)
        q = (gamma * h * (1 + rho * h * (f.norms2[i] + reg)))[:, None] * ae + (gamma * rho * h**2 * reg)[:, None] * ax
        return k, q

    def advance(M: Array, gamma: float, rho: float) -> Array:
        k, q = rows(gamma, rho)
        qM, JM = q @ M, J(M)
        curved = a0.T @ (p[:, None] * (qM - k[:, None] * J(qM.T).T))
        shrunk = M - (p @ k) * (JM + JM.T) + (p @ k**2) * J(JM.T)
        return np.asarray(shrunk - curved - curved.T + a0.T @ ((p * np.sum(qM * q, axis=1))[:, None] * a0))

    return advance


def moments(
    problem: Problem,
    law: Law,
    plan: Plan,
    times: Sequence[int] | npt.NDArray[np.intp],
    schedule: Schedule | None = None,
) -> Evidence:
    """The plan's bound against the exact expectation at every recorded time (at all, for a mean over time).

    Parameters
    ----------
    schedule : what is run, if not the plan's
    """
    pointwise = plan.theorem.measure in ("gap", "distance2")
    times = np.union1d([0], times) if pointwise else np.arange(np.max(times) + 1)
    try:
        found = _kept(problem, law, plan.schedule if schedule is None else schedule, tuple(times.tolist()))
    except NotApplicable as reason:
        return skipped(KIND, NAME, str(reason))
    return against(problem, plan, found, KIND, NAME)


#: The moments of the next theorem that takes the same steps.
_kept = lru_cache(maxsize=64)(second_moments)
