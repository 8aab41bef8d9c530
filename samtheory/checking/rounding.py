"""What the searches for one problem share: its gradients, their rounding errors, curvature, second moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law, Outcomes

EPS, TINY = float(np.finfo(float).eps), float(np.finfo(float).tiny)
#: Numbers held at once while gradients of many components at many points are computed.
BLOCK = 4_000_000
#: E[v v^T] is added up over at most this many outcomes times components.
ENUMERATED = 4_000_000
#: How far points are moved to see the precision of a function, relatively.
NUDGES = np.repeat([1e-10, 1e-9, 1e-8, 3e-8], 6)
#: Step of a difference quotient of gradients, relative to the size of the point.
DIFFERENCE = 1e-5


def price(problem: Problem) -> int:
    """What one point costs, in multiplications; a call of a function that takes one point costs about a thousand."""
    return problem.n * (problem.d if getattr(problem.objective, "batched", True) else 1000)


def in_blocks(evaluate: Callable[[Array], Array], X: Array, width: int) -> Array:
    """evaluate(X), some rows at a time, where a row needs `width` numbers."""
    rows = max(1, BLOCK // max(width, 1))
    return np.concatenate([evaluate(X[k : k + rows]) for k in range(0, max(len(X), 1), rows)])


def length(X: Array) -> Array:
    """Euclidean norms over the last axis, in the precision of X."""
    return np.asarray(np.sqrt(np.sum(X * X, axis=-1)))


def curvature(gradient: Callable[[Array], Array], X: Array, U: Array, size: float) -> Array:
    """The Hessian at each row of X times that row of U, by central differences of gradients."""
    norm = length(U)[:, None]
    unit = np.divide(U, norm, out=np.zeros_like(U), where=norm > 0)
    h = DIFFERENCE * (size + length(X)[:, None])
    return (gradient(X + h * unit) - gradient(X - h * unit)) * (norm / (2 * h))


@dataclass(frozen=True)
class Setting:
    """A problem with what its inequalities share: gradients, and how far rounding can move them.

    Parameters
    ----------
    problem : the problem
    size : a typical distance, for steps of difference quotients
    """

    problem: Problem
    size: float

    @property
    def unit(self) -> float:
        """The relative rounding error charged to a gradient."""
        return (64 + self.problem.d) * self.eps

    @cached_property
    def eps(self) -> float:
        """The precision of the functions: float64's, or what their values and gradients show (float32, inner solvers).

        Where points move by `NUDGES` of their size, f_i and grad f_i change as smoothness allows, but for noise.
        """
        f, L_i = self.problem.objective, self.problem.L_i.values
        worst = EPS
        for x in self.ordinary[1:3]:
            step = (NUDGES * (self.size + length(x)))[:, None]
            Y = x + step * np.sign(np.random.default_rng(1).standard_normal((len(NUDGES), self.problem.d)))
            step = step * np.sqrt(self.problem.d)
            with np.errstate(all="ignore"):
                a, value = f.gradients(x[None])[0], f.values(x[None])
                change = in_blocks(lambda Z, a=a: length(f.gradients(Z) - a), Y, f.n * f.d)  # type: ignore[misc]
                bent = (change - 2 * L_i * step) / (L_i * length(x) + self.usual_gradient)
                moved = np.abs(f.values(Y) - value) - 2 * step * (length(a) + L_i * step)
                noise = np.stack([bent, moved / self.usual_value])
            worst = max(worst, float(np.max(noise[np.isfinite(noise)], initial=0.0)))
        return worst

    @cached_property
    def ordinary(self) -> Array:
        """A few points of ordinary size, (8, d): what cancels in f_i or grad f_i is as large as these are here."""
        d, x0 = self.problem.d, self.problem.x0
        away = np.random.default_rng(0).standard_normal((6, d))
        return np.concatenate([[np.zeros(d), x0], x0 + self.size * away / length(away)[:, None]])

    @cached_property
    def usual_gradient(self) -> Array:
        """The largest ||grad f_i|| at ordinary points, (n,)."""
        f = self.problem.objective
        return self._largest(in_blocks(lambda X: length(f.gradients(X)), self.ordinary, f.n * f.d))

    @cached_property
    def usual_value(self) -> Array:
        """The largest |f_i| at ordinary points, (n,)."""
        return self._largest(np.abs(self.problem.objective.values(self.ordinary)))

    @staticmethod
    def _largest(values: Array) -> Array:
        return np.asarray(np.max(np.where(np.isfinite(values), values, 0.0), axis=0))

    def components(self, X: Array) -> Array:
        """grad f_i(x) for every i, shape (R, n, d)."""
        return self.problem.objective.gradients(X)

    def slip(self, X: Array) -> Array:
        """A bound on the rounding error of each computed grad f_i(x), shape (R, n)."""
        return self.unit * (self.problem.L_i.values * length(X)[:, None] + self.usual_gradient)

    def value_slip(self, X: Array) -> Array:
        """A bound on the rounding error of f(x) that comes from rounding a_i . x and the like, shape (R,)."""
        return np.asarray(length(X) * self.slip(X).mean(axis=1))

    @cached_property
    def floor(self) -> float:
        """Nobody knows f - f_inf better than to this."""
        return 64 * self.eps * float(self._largest(np.abs(self.problem.suboptimality(self.ordinary))))

    def gap(self, X: Array) -> tuple[Array, Array]:
        """f(x) - f_inf and a bound on its rounding error, each (R,)."""
        slip = self.problem.suboptimality_rounding(X) + self.value_slip(X) + self.floor
        return self.problem.suboptimality(X), slip

    def square(self, X: Array) -> tuple[Array, Array]:
        """||grad f(x)||^2 and a bound on its rounding error, each (R,)."""
        norm, slip = length(self.problem.objective.gradient(X)), self.slip(X).mean(axis=-1)
        return norm**2, (2 * norm + slip) * slip

    def hessian(self, x: Array, u: Array) -> Array:
        """The Hessian of f at x times u, (d,)."""
        return np.asarray(curvature(self.problem.objective.gradient, x[None], u[None], self.size)[0])


class SecondMoment:
    """E||g_v||^2 = (1/n^2) sum_ij P_ij <grad f_i, grad f_j>; P = E[v v^T], added up over the outcomes if few."""

    def __init__(self, law: Law) -> None:
        self.n, self.law = law.n, law
        self.P: Array | None = None
        if law.count * law.n <= ENUMERATED:
            V, probability = weights_of(law.outcomes(), law.n)
            P = (V * probability[:, None]).T @ V
            if not np.allclose(P, law.second_moment, rtol=1e-10, atol=1e-10):
                self.P = P

    @cached_property
    def spread(self) -> float:
        """(1/n^2) sum_ij P_ij: E of the squared total weight over n."""
        return float(np.sum(self.weigh(np.ones((1, self.n, 1)))))

    def weigh(self, a: Array) -> Array:
        """(1/n^2) sum_j P_ij a_j for gradients a of shape (R, n, d)."""
        if self.P is not None:
            return np.asarray(np.einsum("ij,rjd->rid", self.P, a) / self.n**2)
        spread = np.moveaxis(self.law.spread(np.moveaxis(a, 1, 0)), 0, 1)
        return np.asarray((self.law.B * a.sum(axis=1, keepdims=True) + spread) / self.n**2)


def weights_of(outcomes: Outcomes, n: int) -> tuple[Array, Array]:
    """v of every outcome as rows (K, n), and the probabilities (K,)."""
    V = np.zeros((len(outcomes.probability), n))
    np.add.at(V, (np.arange(len(V))[:, None], outcomes.draw.indices), outcomes.draw.weights)
    return V, outcomes.probability


def enumerable(law: Law, most: int) -> Outcomes | None:
    """The outcomes of a law where there are at most `most`."""
    try:
        return law.outcomes(most)
    except NotApplicable:
        return None
