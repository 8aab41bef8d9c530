"""Gradients against function values, and the objective's operations against each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions.claim import Sides
from samtheory.execution.time_limit import OutOfTime, in_time, share
from samtheory.objectives.base import FiniteSum
from samtheory.objectives.lengths import length
from samtheory.problem.evaluation import EvaluationContext, cost, in_blocks

from .ascent import Found
from .inequality import Inequality
from .lines import suspects
from .point_pool import CandidatePoints

#: Central differences of order six: sum of c_k (phi(kh) - phi(-kh)) / h.
ORDER_SIX = np.array([3 / 4, -3 / 20, 1 / 60])
#: Decades of step lengths below the problem's size, and more where gradients change on a shorter length; the best step
#: by its own error estimate is used.
STEPS, FINER = 8, 10
#: So many shorter steps speak against a step even by what may be their rounding: a function may be flat, or even, on
#: the scale of a step and of the next, and have its slope on a smaller one.
SHORTER = 4
#: A derivative must be off by this many times its estimated error, and by this much relative to ||grad f_i||.
DOUBT, FLOOR = 20.0, 1e-7
#: Points looked at, at level 1, and their price; and where points are cheap, far out too.
POINTS, WORK = 12, 1_000_000
CHEAP_POINTS, CHEAP_WORK = 200, 100_000


class Derivative(Inequality):
    """|<grad f_i(x), u> - d/dt f_i(x + t u)| <= error of the difference quotient; a place is (x, u)."""

    text = "|<grad f_i(x), u> - difference quotient of f_i along u| <= its error"

    def __init__(self, context: EvaluationContext, component: int | None = None) -> None:
        self.context, self.f, self.component = context, context.problem.objective, component

    @property
    def steps(self) -> Array:
        """Step lengths from the problem's size downwards, far below the length on which gradients change."""
        usual, L_i = self.context.gradient_size, self.context.problem.L_i.values
        lengths = (usual / np.where(L_i > 0, L_i, np.inf))[(usual > 0) & (L_i > 0)]
        finer = np.log10(self.context.size / np.median(lengths)) if len(lengths) else 0.0
        return np.asarray(self.context.size * 10.0 ** -np.arange(STEPS + int(np.clip(finer, 0, FINER))))

    def quotients(self, Z: Array) -> tuple[Array, Array, Array]:
        """The difference quotient of every f_i, its error, and the step used, each (R, n)."""
        x, u = Z[:, 0], Z[:, 1]
        h = self.steps
        k = np.concatenate([np.arange(1, 4), -np.arange(1, 4)])
        points = x[:, None, None] + (h[:, None] * k)[..., None] * u[:, None, None]
        n = self.context.problem.n
        flat = points.reshape(-1, x.shape[1])
        raw = in_blocks(self.f.values, flat, n)
        values, of_values = (part.reshape(*points.shape[:3], n) for part in (raw, self._value_slip(flat, raw)))
        quotient = np.einsum("k,rskn->rsn", ORDER_SIX, values[:, :, :3] - values[:, :, 3:]) / h[:, None]
        rounding = 2 * of_values.max(axis=2) / h[:, None]
        # A step is as wrong as shorter ones show it to be, the much shorter ones beyond what rounding can do to them.
        errors = []
        for s in range(len(h)):
            apart = np.abs(quotient[:, s:] - quotient[:, s : s + 1])
            apart[:, SHORTER + 1 :] -= rounding[:, s + SHORTER + 1 :]
            errors.append(apart.max(axis=1).clip(0.0))
        error = np.stack(errors, axis=1) + rounding
        best = np.nan_to_num(error, nan=np.inf).argmin(axis=1)[:, None]
        chosen = (np.take_along_axis(part, best, axis=1)[:, 0] for part in (quotient, error))
        return *chosen, h[best[:, 0]]

    def _value_slip(self, X: Array, values: Array) -> Array:
        size = np.abs(values) + self.context.value_size
        return self.context.gradient_rounding(X) * length(X)[:, None] + 8 * self.context.precision * size

    def deviations(self, Z: Array) -> tuple[Array, Array]:
        """The deviation and its allowance for every f_i, each (R, n)."""
        quotient, error, _ = self.quotients(Z)
        a = self.f.gradients(Z[:, 0])
        slopes = np.einsum("rnd,rd->rn", a, Z[:, 1])
        off = np.abs(slopes - quotient)
        return off, DOUBT * error + FLOOR * length(a) + self.context.gradient_rounding(Z[:, 0])

    def worst_component(self, Z: Array) -> tuple[Derivative, Array]:
        """The inequality of the component that is worst at any of the points, and its merit there."""
        with np.errstate(all="ignore"):
            off, allowed = self.deviations(Z)
            merit = np.nan_to_num(off / np.maximum(allowed, np.finfo(float).tiny), nan=-np.inf)
        worst = int(np.argmax(merit.max(axis=0)))
        return Derivative(self.context, worst), merit[:, worst]

    def sides(self, Z: Array) -> Sides:
        off, allowed = (part[:, self.component] for part in self.deviations(Z))
        return Sides(off, allowed, np.zeros(len(Z)))

    def hidden(self, z: Array) -> bool:
        """Whether grad f_i changes by as much far below the step: a quotient of that step tells nothing."""
        quotient, _, h = self.quotients(z[None])
        i = self.component or 0
        t = h[0, i] * 10.0 ** -np.arange(SHORTER + 1.0, STEPS + FINER)
        along = self.f.gradients(z[0] + np.concatenate([[0.0], t, -t])[:, None] * z[1])[:, i] @ z[1]
        return bool((np.abs(along[1:] - along[0]) > 0.5 * abs(along[0] - quotient[0, i])).any())

    def location(self, z: Array) -> dict[str, Any]:
        _, _, h = self.quotients(z[None])
        return {
            "x": z[0].tolist(),
            "direction": z[1].tolist(),
            "component": self.component,
            "step": float(h[0, self.component or 0]),
        }


class Finite(Inequality):
    """No f_i and no grad f_i is infinite or not a number."""

    text = "number of f_i(x) and grad f_i(x) that are not finite <= 0"

    def __init__(self, context: EvaluationContext) -> None:
        self.f = context.problem.objective

    def sides(self, Z: Array) -> Sides:
        bad = (~np.isfinite(self.f.values(Z))).sum(axis=1) + (~np.isfinite(self.f.gradients(Z))).sum(axis=(1, 2))
        return Sides(bad.astype(np.float64), np.zeros(len(Z)), np.zeros(len(Z)))

    def location(self, z: Array) -> dict[str, Any]:
        return {"x": z.tolist()}


class Agreement(Inequality):
    """|left operation - right operation| <= rounding, for two ways to compute the same number."""

    def __init__(self, context: EvaluationContext, text: str) -> None:
        self.context, self.f, self.text = context, context.problem.objective, text

    def location(self, z: Array) -> dict[str, Any]:
        return {"x": z.tolist()}

    def sides(self, Z: Array) -> Sides:
        off, allowed = PAIRS_OF_OPERATIONS[self.text](self.f, Z)
        return Sides(off, 1e-9 * allowed, self.context.gradient_rounding(Z).mean(axis=1) * (1 + length(Z)))


def _value(f: FiniteSum, X: Array) -> tuple[Array, Array]:
    values = in_blocks(f.values, X, f.n)
    return np.abs(f.value(X) - values.mean(axis=1)), np.abs(values).mean(axis=1)


def _gradient(f: FiniteSum, X: Array) -> tuple[Array, Array]:
    def compare(Y: Array) -> Array:
        a = f.gradients(Y)
        return np.stack([length(f.gradient(Y) - a.mean(axis=1)), length(a).mean(axis=1)], axis=-1)

    off, size = in_blocks(compare, X, f.n * f.d).T
    return off, size


def _drawn(f: FiniteSum, X: Array) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    indices = rng.integers(f.n, size=(len(X), 3))
    weights = rng.random((len(X), 3))
    a = f.gradients(X, indices)
    expected = np.einsum("rm,rmd->rd", weights, a) / f.n
    return length(f.stochastic_gradient(X, indices, weights) - expected), length(a).mean(axis=1) / f.n


def _gap(f: FiniteSum, X: Array) -> tuple[Array, Array]:
    value = f.value(X)
    return np.abs(f.reference + f.gap(X) - value), np.abs(value) + abs(f.reference)


#: What must agree, by the words of the witness.
PAIRS_OF_OPERATIONS = {
    "f(x) = mean f_i(x)": _value,
    "grad f(x) = mean grad f_i(x)": _gradient,
    "g_v(x) = (1/n) sum v_i grad f_i(x)": _drawn,
    "f(x) = reference + gap(x)": _gap,
}


def disagreement(
    context: EvaluationContext, points: CandidatePoints, level: int, rng: np.random.Generator
) -> tuple[Inequality, Found]:
    """The worst disagreement of a gradient with values, or of two operations with each other."""
    count, last = 0, list[tuple[float, Inequality, Array]]()
    with share(0.8):
        for tried, Z in _tried(context, points, level, rng):
            inequality, merits = tried.worst_component(Z) if isinstance(tried, Derivative) else (tried, tried.merit(Z))
            count += len(Z) * (context.problem.n if isinstance(tried, Derivative) else 1)
            for k in np.argsort(-merits, kind="stable")[:3]:
                if merits[k] > 1 and _twice(inequality, Z[k]):
                    return inequality, Found(Z[k], float(merits[k]), True, count)
            last.append((float(merits.max()), inequality, Z[int(np.argmax(merits))]))
    if not last:
        raise OutOfTime
    merit, inequality, z = max(last, key=lambda each: each[0])
    return inequality, Found(z, merit, False, count)


def _tried(
    context: EvaluationContext, points: CandidatePoints, level: int, rng: np.random.Generator
) -> Iterator[tuple[Inequality, Array]]:
    """Inequalities with points to try them at."""
    many = int(min(CHEAP_WORK // cost(context.problem), CHEAP_POINTS))
    near = np.flatnonzero(points.unit[:, 0] <= (1e6 if many > POINTS else 1e3) * points.size)
    count = max(int(np.clip(WORK // cost(context.problem), 2, POINTS)), many) * max(level, 1)
    X = points.X[near[np.unique(np.linspace(0, len(near) - 1, count).astype(np.intp))]]
    d = X.shape[1]
    if not context.problem.region:
        seen = partial(suspects, context.problem, points.lowest, points.size, level, rng)
        X = np.concatenate([X, in_time(0.3, seen, np.zeros((0, d)))])
    yield Finite(context), X[np.linalg.norm(X - points.lowest, axis=1) <= 2 * points.size]
    for text in PAIRS_OF_OPERATIONS:
        yield Agreement(context, text), X
    with np.errstate(all="ignore"):
        slope = context.problem.objective.gradient(X)
    for U in (slope, X - points.lowest, np.eye(d)[rng.integers(d, size=len(X))], rng.standard_normal(X.shape)):
        norm = length(U)
        usable = np.isfinite(norm) & (norm > 0)
        if usable.any():
            yield Derivative(context), np.stack([X[usable], U[usable] / norm[usable, None]], axis=1)


def _twice(inequality: Inequality, z: Array) -> bool:
    """Whether the inequality fails at z and near it, where a lucky error estimate would not repeat."""
    if isinstance(inequality, Derivative) and inequality.hidden(z):
        return False
    near = z * (1 + 1e-3 * np.random.default_rng(0).standard_normal((4, *z.shape)))
    return bool(inequality.broken(np.concatenate([z[None], near])).all())
