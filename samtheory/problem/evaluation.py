"""The rounding model: what a problem's values and gradients are worth, from the size of the terms they consist of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.objectives.lengths import length

from .problem import Problem

EPS, TINY = float(np.finfo(float).eps), float(np.finfo(float).tiny)
#: Squares of lengths below this lose digits to underflow; those of lengths above may overflow.
SHORT, LONG = 1e-140, 1e150
#: Numbers held at once while gradients of many components at many points are computed.
BLOCK = 4_000_000
#: Relative displacements that reveal the precision of a function, and how often each is tried, over all components.
NUDGES, NUDGED = (1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 3e-8), 30
#: Noise grows by less from one displacement to the next; a smooth function, however steep, with the displacement.
NOISE_GROWS = 2.0
#: Answers that tell the format of numbers.
DISTINCT = 6
#: Step of a difference quotient of gradients, relative to the size of the point.
DIFFERENCE = 1e-5


def cost(problem: Problem) -> int:
    """Multiplications that one point takes; a call of a function that takes one point counts as a thousand."""
    batched = getattr(problem.objective, "batched", True)
    return problem.objective.work if batched else problem.n * 1000


def in_blocks(evaluate: Callable[[Array], Array], X: Array, width: int) -> Array:
    """evaluate(X), some rows at a time, where a row needs `width` numbers."""
    rows = max(1, BLOCK // max(width, 1))
    return np.concatenate([evaluate(X[k : k + rows]) for k in range(0, max(len(X), 1), rows)])


def held(problem: Problem, X: Array) -> npt.NDArray[np.bool_]:
    """Whether ||x||^2 and (max L_i ||x||)^2, thus values and squared gradients, are numbers of float64, (R,)."""
    size = length(X)
    with np.errstate(over="ignore"):
        return np.asarray(np.maximum(size, size * float(problem.L_i.values.max())) <= LONG)


def curvature(gradient: Callable[[Array], Array], X: Array, U: Array, size: float) -> Array:
    """The Hessian at each row of X times that row of U, by central differences of gradients."""
    norm = length(U)[:, None]
    unit = np.divide(U, norm, out=np.zeros_like(U), where=norm > 0)
    h = DIFFERENCE * (size + length(X)[:, None])
    return (gradient(X + h * unit) - gradient(X - h * unit)) * (norm / (2 * h))


@dataclass(frozen=True, eq=False)
class EvaluationContext:
    """A problem with bounds on the rounding errors of its values and gradients.

    Parameters
    ----------
    problem : the problem
    size : a typical distance between points of interest
    """

    problem: Problem
    size: float

    @property
    def relative(self) -> float:
        """The relative rounding error of a gradient's terms."""
        return (64 + self.problem.objective.terms) * self.precision

    @cached_property
    def precision(self) -> float:
        """The machine precision of the functions: float64's, or what they show (float32, inner solvers).

        Where points move by `NUDGES` of their size, f_i and grad f_i change as smoothness allows; the rest is noise,
        unless it grows with the displacement: then the smoothness is wrong.
        """
        grows = np.concatenate([[False], self._grows, [False]])
        return max(self._format, float(self._noise[~(grows[:-1] | grows[1:])].max(initial=0.0)))

    @cached_property
    def roughness(self) -> float:
        """The size of what is noise for certain, relatively: it is seen at two displacements, and does not grow."""
        lasting = self._noise[1:][(self._noise[:-1] > 0) & ~self._grows]
        return max(self._format, float(lasting.max(initial=0.0)))

    @property
    def _grows(self) -> npt.NDArray[np.bool_]:
        """Whether the noise grows from each of the displacements to the next."""
        small, large = self._noise[:-1], self._noise[1:]
        return np.asarray((small > 0) & (large > NOISE_GROWS * small))

    @cached_property
    def _format(self) -> float:
        """The precision of the format of numbers."""
        with np.errstate(all="ignore"):
            asked = (in_blocks(each, self._away[:3], self.problem.n) for each in (self._values, self._some_gradients))
            return max(map(format_of, asked))

    @property
    def _away(self) -> Array:
        """Points of ordinary size that are no round numbers, which are exact in every format: a start of ones."""
        X = self.ordinary[1:]
        return np.asarray(X + 1e-3 * self.size * np.random.default_rng(2).standard_normal(X.shape))

    @cached_property
    def _noise(self) -> Array:
        """What is left of changes of f_i and grad f_i, relatively, for each of the displacements, (K,).

        A displacement s changes grad f_i by at most L_i ||s||; f_i(x + s) - 2 f_i(x) + f_i(x - s) is at most
        L_i ||s||^2.
        """
        f, L_i, rounding = self.problem.objective, self.problem.L_i.values, (64 + self.problem.objective.terms) * EPS
        nudges = np.repeat(NUDGES, np.clip(NUDGED // f.n, 1, 6))
        left = np.zeros(len(nudges))
        for x in self._away[:2]:
            signs = np.sign(np.random.default_rng(1).standard_normal((len(nudges), self.problem.d)))
            step = (nudges * (self.size + length(x)))[:, None]
            Y, Z = x + step * signs, x - step * signs
            with np.errstate(all="ignore"):
                moved = np.maximum(length(Y - x), length(Z - x))[:, None]
                changes, _ = f.changes_from(x)
                terms = L_i * length(x) + self.gradient_size
                turned = (in_blocks(changes, Y, f.numbers_held) - 2 * L_i * moved) / terms
                bent = np.abs(self._values(Y) - 2 * self._values(x[None]) + self._values(Z)) - 2 * L_i * moved**2
                bent = (bent - rounding * length(x) * terms) / (2 * self.value_size)
            seen = np.stack([turned, bent]) - rounding
            left = np.maximum(left, np.where(np.isfinite(seen), seen, 0.0).max(axis=(0, 2)))
        return np.asarray(left.reshape(len(NUDGES), -1).max(axis=1))

    def _values(self, X: Array) -> Array:
        """f_i(x) of all components, (R, n)."""
        return in_blocks(self.problem.objective.values, X, self.problem.n)

    def _some_gradients(self, X: Array) -> Array:
        """grad f_i(x) of all components, or of the first where all have more than `BLOCK` numbers, (R, m, d)."""
        f = self.problem.objective
        if len(X) * f.n * f.d <= BLOCK:
            return f.gradients(X)
        few = max(BLOCK // (len(X) * f.d), 1)
        return f.gradients(X, np.tile(np.arange(min(few, f.n)), (len(X), 1)))

    @cached_property
    def ordinary(self) -> Array:
        """A few points of ordinary size, (8, d): the terms that cancel in f_i or grad f_i are as large as these."""
        d, x0 = self.problem.d, self.problem.x0
        away = np.random.default_rng(0).standard_normal((6, d))
        return np.concatenate([[np.zeros(d), x0], x0 + self.size * away / length(away)[:, None]])

    @cached_property
    def gradient_size(self) -> Array:
        """The largest ||grad f_i|| at ordinary points, (n,)."""
        f = self.problem.objective
        return _largest(in_blocks(f.gradient_norms, self.ordinary, f.numbers_held))

    @cached_property
    def value_size(self) -> Array:
        """The largest |f_i| at ordinary points, (n,)."""
        return _largest(np.abs(self.problem.objective.values(self.ordinary)))

    @cached_property
    def gap_resolution(self) -> float:
        """The resolution of f - f_inf: the rounding error that its size at ordinary points entails."""
        return 64 * self.precision * float(_largest(np.abs(self.problem.suboptimality(self.ordinary))))

    def gradient_rounding(self, X: Array) -> Array:
        """A bound on the rounding error of each computed grad f_i(x), shape (R, n)."""
        terms = self.problem.L_i.values * length(X)[:, None] + self.gradient_size
        return np.asarray(self.relative * terms + SHORT)

    def mean_gradient_rounding(self, X: Array) -> Array:
        """The mean over i of `gradient_rounding`, shape (R,)."""
        terms = self.problem.L_i.values.mean() * length(X) + self.gradient_size.mean()
        return np.asarray(self.relative * terms + SHORT)

    def value_rounding(self, X: Array) -> Array:
        """A bound on the rounding error of f(x) that comes from rounding its arguments (a_i . x), shape (R,)."""
        return np.asarray(length(X) * self.mean_gradient_rounding(X))


def format_of(answers: Array) -> float:
    """The machine precision of the narrowest format that holds all of several answers: float16, float32 or float64."""
    finite = np.unique(answers[np.isfinite(answers)])
    if len(finite) < DISTINCT:
        return EPS
    with np.errstate(all="ignore"):
        held = (np.finfo(kind).eps for kind in (np.float16, np.float32) if (finite.astype(kind) == finite).all())
    return float(next(held, EPS))


def _largest(values: Array) -> Array:
    return np.asarray(np.max(np.where(np.isfinite(values), values, 0.0), axis=0))


@lru_cache(maxsize=16)
def context_of(problem: Problem) -> EvaluationContext:
    """The context of a problem whose size is the distance of the start from x*, or from 0 where none is known."""
    centre = np.zeros(problem.d) if problem.x_star is None else problem.x_star
    return EvaluationContext(problem, float(length(problem.x0 - centre)) or 1.0)
