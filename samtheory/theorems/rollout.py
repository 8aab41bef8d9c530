"""What a one-step inequality gives when it is followed step after step: no bound may promise less.

At every x, E V+ <= (1 + growth) V + q W + h sqrt(W) + r (`OneStep`), where low V <= W <= high V (`wedge`).  A theorem
has one such inequality, or several *members*, each of which holds, or several *cases*, of which the largest holds.
Cases, and h < 0, are for the full batch only: the right side is convex then, and the mean of a convex function is not
its value at the mean.  All numbers have the shape (cases, members, T): one row for t = 0, ..., T - 1.

* `values`: E V+ is at most the largest value of the right side on 0 <= V <= D, low V <= W <= high V, where E V <= D.
  At every step the largest case counts, each with its smallest member.
* `minima`: with s = -q, s+ = max {s, 0}, s- = max {-s, 0} and W <= high V, the right side is at most f V - s+ W + r
  with f = max {1 + growth, 1} + high s-.  The weights w_t = prod_{j <= t} 1/f_j (w_{-1} = 1) make it telescope:

      w_{t-1} E V_t + S_t m <= V_0 + R_t,   S_t = sum_{j<t} w_j s_j+,   R_t = sum_{j<t} w_j r_j,

  if m <= E W_j for every j < t.  So the smallest E W_j of j < T is at most (V_0 + R_t)/S_t for every t <= T, as
  E V_t >= 0, and at most (V_0 + R_t)/(S_t + w_{t-1}/high) for every t < T, as E V_t >= E W_t/high >= m/high.
* `means`: where every s_j > 0, the plain mean of E W_j over j < T is at most (V_0 + R_T)/(T min_j w_j s_j); nothing
  follows where one is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from samtheory._typing import Array

from .numbers import recursion

if TYPE_CHECKING:
    from .plan import Plan

#: (low, high): low V <= W <= high V.
Wedge = tuple[float, float]


class OneStep(NamedTuple):
    """E V+ <= (1 + growth) V + q W + h sqrt(W) + r at every x: SymPy expressions, numbers, or arrays."""

    growth: Any
    q: Any
    r: Any
    h: Any = 0


def wedge(plan: Plan) -> Wedge:
    """2 mu delta <= ||grad f||^2 <= 2 L delta, or (mu/2) dist^2 <= delta <= (L/2) dist^2; mu counts under PL only."""
    mu = float(plan.constants.mu or 0.0) if "PL" in plan.theorem.assumptions else 0.0
    L = float(plan.constants.L)
    return (2 * mu, 2 * L) if plan.theorem.lyapunov == "gap" else (mu / 2, L / 2)


def rollout(plan: Plan, start: float, stop: int) -> Array:
    """The roll-out of a plan's own inequality at t = 0, ..., stop, from V_0 = start.

    Raises
    ------
    NotApplicable
        If the statement has no inequality of one step.
    """
    one = plan.inequality(start, 0, stop)
    if plan.theorem.measure in ("gap", "distance2"):
        return values(one, wedge(plan), start)
    return minima(one, wedge(plan), start) if plan.theorem.measure == "min_grad2" else means(one, start)


def values(one: OneStep, wedge: Wedge, start: float) -> Array:
    """Bounds on E V_0 = start, E V_1, ..., E V_T."""
    growth, q, r, h = np.broadcast_arrays(*one)
    if growth.shape[:2] == (1, 1) and not h.any():
        return recursion(shrinkage(growth, q, wedge)[0, 0], r[0, 0], start)
    D = [start]
    for t in range(growth.shape[-1]):
        D.append(float(after(OneStep(growth[..., t], q[..., t], r[..., t], h[..., t]), wedge, D[-1])))
    return np.array(D)


def shrinkage(growth: Any, q: Any, wedge: Wedge) -> Any:
    """The x of E V+ <= (1 - x) D + r, from E V <= D and an inequality without a root; at most 1."""
    low, high = wedge
    return np.minimum(-np.maximum(growth + low * q, growth + high * q), 1.0)


def after(one: OneStep, wedge: Wedge, D: float) -> Any:
    """A bound on E V+ from E V <= D; `one` of shape (cases, members)."""
    growth, q, r, h = np.broadcast_arrays(*one)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if h.any():
            found = np.max(np.broadcast_arrays(0.0, *on_the_sides(growth, q, h, wedge, D)), axis=0)
            found = np.where(np.isnan(found), np.inf, found)  # inf - inf
        else:
            found = np.where(D, (1 - shrinkage(growth, q, wedge)) * D, 0.0)
    return (found + r).min(axis=1).max()


def on_the_sides(growth: Array, q: Array, h: Array, wedge: Wedge, D: float) -> list[Array]:
    """(1 + growth) V + q W + h sqrt(W) at the ends of the sides V = D, W = low V and W = high V, and between them.

    On a side it is a + b W + h sqrt(W): convex, or concave and largest at sqrt(W) = -h/(2b) if that is on it.
    """
    sides: list[tuple[Any, ...]] = [((1 + growth) * D, q, wedge[0] * D, wedge[1] * D)]
    sides += [(0.0, (1 + growth) / ratio + q, 0.0, ratio * D) for ratio in wedge if ratio]
    return [
        a + b * W + h * np.sqrt(W)
        for a, b, least, most in sides
        for W in (least, most, np.clip(np.nan_to_num((h / (2 * b)) ** 2), least, most))
    ]


def minima(one: OneStep, wedge: Wedge, start: float) -> Array:
    """Bounds on the smallest E W_j over j < t, for t = 0 (inf), 1, ..., T; one case."""
    growth, q, r = np.broadcast_arrays(*one[:3])
    return np.concatenate([[np.inf], smallest(growth[0], q[0], r[0], wedge[1], start).min(axis=0)])


def smallest(growth: Array, q: Array, r: Array, high: float, start: float) -> Array:
    """The bounds of `minima` at t = 1, ..., T for each member alone; all of shape (members, T)."""
    falls, rises = np.maximum(-q, 0.0), np.maximum(q, 0.0)
    # Weights that underflow to 0 do no harm: the terms before them are the larger ones.
    w = np.exp(-np.cumsum(np.log1p(np.maximum(growth, 0.0) + high * rises), axis=-1))
    S, R = np.cumsum(w * falls, axis=-1), np.cumsum(w * r, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        full = np.where(S > 0, (start + R) / S, np.inf)
        kept = (start + before(R, 0.0)) / (before(S, 0.0) + before(w, 1.0) / high)
    return np.asarray(np.minimum.accumulate(np.minimum(full, kept), axis=-1))


def before(sums: Array, first: float) -> Array:
    """The sums before each of their last terms, `first` before all."""
    return np.concatenate([np.full((*sums.shape[:-1], 1), first), sums[..., :-1]], axis=-1)


def means(one: OneStep, start: float) -> Array:
    """Bounds on the mean of E W_j over j < t, for t = 0 (inf), 1, ..., T; one case."""
    growth, q, r = (part[0] for part in np.broadcast_arrays(*one[:3]))
    w = np.exp(-np.cumsum(np.log1p(np.maximum(growth, 0.0)), axis=-1))
    least = np.minimum.accumulate(w * -q, axis=-1)
    T = np.arange(1, w.shape[-1] + 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = np.where(least > 0, (start + np.cumsum(w * r, axis=-1)) / (T * least), np.inf)
    return np.concatenate([[np.inf], found.min(axis=0)])
