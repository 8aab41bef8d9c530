"""E V+ of one step between two numbers, for a large linear model with one index a step, without its n points x+.

x+_i = x + d_i with d_i = (p_i - 1) x + q_i a_i, and p_i, q_i follow from a_i.x, a_i.grad f(x), ||a_i||^2 and ||x||^2.

* V = ||x - x*||^2: exactly, as ||x+_i - x*||^2 = ||p_i x - x*||^2 + 2 q_i a_i.(p_i x - x*) + q_i^2 ||a_i||^2.
* V = delta: with M = A^T A/n and k = sup|phi''|/2, f(x+_i) is at most f(x) + <grad f(x), d_i> + (reg/2)||d_i||^2 +
  k lambda_max(M) ||d_i||^2, and at least the same with -k, or with 0 for a convex phi, in the place of k. The squared
  loss adds d_i^T M d_i/2 exactly, where the a_i^T M a_i are computed.
* Where the bound is between the two, f is evaluated at some x+_i, drawn with probabilities in proportion to the width
  of their bounds: a mean of numbers in [0, 1], with Hoeffding's inequality.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import NotApplicable
from samtheory.objectives.eigenvalues import CHOLESKY, ROWS
from samtheory.objectives.linear import LinearModel
from samtheory.objectives.losses import Squared
from samtheory.objectives.rows import dense
from samtheory.problem.distance import why_set_unknown
from samtheory.problem.evaluation import BLOCK
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.sampling.single import SingleLaw
from samtheory.schedules import Schedule

from .states import States

#: Outcomes drawn at a state, and the probability that a statement about any state of a cell fails.
DRAWS, FAILURE = 200, 1e-10
#: Rounding of a sum over components, as a part of its terms.
RELATIVE = 1e-12


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of all outcomes from one state.

    Attributes
    ----------
    x : (d,) the state
    p, q : (n,), x+_i = p_i x + q_i a_i
    z : (n,), a_i.x
    """

    f: LinearModel
    law: SingleLaw
    x: Array
    p: Array
    q: Array
    z: Array

    @property
    def length2(self) -> Array:
        """||d_i||^2, (n,)."""
        r = self.p - 1
        square = r * r * (self.x @ self.x) + 2 * r * self.q * self.z + self.q**2 * self.f.norms2
        return np.asarray(np.maximum(square, 0.0))

    def curvature(self, of_rows: Array) -> Array:
        """d_i^T M d_i from a_i^T M a_i, (n,)."""
        r, Ax = self.p - 1, self.z
        mixed = self.f.A @ (self.f.A.T @ Ax) / self.f.n
        return np.asarray(r * r * np.mean(Ax**2) + 2 * r * self.q * mixed + self.q**2 * of_rows)

    def points(self, some: Indices) -> Array:
        """x+_i of some outcomes, (k, d)."""
        return np.asarray(self.p[some, None] * self.x + self.q[some, None] * dense(self.f.A[some]))


def row_curvature(f: LinearModel) -> Array | None:
    """a_i^T M a_i, M = A^T A/n, (n,), for the squared loss and a dimension that allows M; None for others."""
    if f.loss is not Squared or f.d > CHOLESKY:
        return None
    M = dense(f.A.T @ f.A) / f.n
    parts = (dense(f.A[k : k + ROWS]) for k in range(0, f.n, ROWS))
    return np.concatenate([np.einsum("nd,nd->n", rows @ M, rows) for rows in parts])


def steps_from(f: LinearModel, law: SingleLaw, x: Array, gamma: float, rho: float, lam: float) -> Steps:
    """The steps of Unified SAM from x; see `engine.span` for the formulas."""
    z, v = f.A @ x, law.weight / f.n
    c, r = v * f.loss.slope(z, f.b), v * f.reg
    ag = c * f.norms2 + r * z
    norm = v * f.gradient_norms(x[None])[0]
    s = rho * (1 - lam) + rho * lam * np.divide(1.0, norm, out=np.zeros_like(norm), where=norm > 0)
    p = 1 - gamma * r * (1 + r * s)
    q = -gamma * (v * f.loss.slope(z + s * ag, f.b) + r * s * c)
    return Steps(f, law, x, p, q, z)


@dataclass(frozen=True, eq=False)
class Bracket:
    """low <= E V+ <= high at every state, each of shape (S,), up to `rounding`."""

    low: Array
    high: Array
    rounding: Array


class OneStepBracket:
    """The brackets of the expectation of one step at some states.

    Parameters
    ----------
    of : "gap" or "distance2"

    Raises
    ------
    NotApplicable
        If the problem is no linear model, the sampling draws more than one index, or a distance is not known.
    """

    def __init__(self, problem: Problem, law: Law, schedule: Schedule, states: States, of: str) -> None:
        f = problem.objective.as_linear_model()
        if f is None or not isinstance(law, SingleLaw) or law.count < f.n:
            raise NotApplicable("no bounds of E V+ without its points: not a linear model with one index a step")
        if of == "distance2" and (f.strong_convexity() is None or why_set_unknown(problem)):
            raise NotApplicable("no bounds of E||x+ - x*||^2 without its points: f is not known to be strongly convex")
        self.problem, self.f, self.law, self.states, self.of = problem, f, law, states, of
        self.rules = states.over_time(schedule.at)
        self.curvature = row_curvature(f)
        self.gradients = np.concatenate([part.at.gradient for part in states.parts])

    def steps(self, k: int) -> Steps:
        """The steps of all outcomes from a state."""
        return steps_from(self.f, self.law, self.states.X[k], *(float(rule[k]) for rule in self.rules))

    def bracket(self) -> Bracket:
        """The bracket at every state."""
        each = [
            self._distance(self.steps(k)) if self.of == "distance2" else self._gap(k) for k in range(len(self.states))
        ]
        return Bracket(*np.array(each).T)

    def _distance(self, steps: Steps) -> tuple[float, float, float]:
        x, x_star, f = steps.x, self.problem.x_star, self.f
        assert x_star is not None
        p, q, towards = steps.p, steps.q, f.A @ x_star
        away = p * p * (x @ x) - 2 * p * (x @ x_star) + x_star @ x_star
        terms = away, 2 * q * (p * steps.z - towards), q * q * f.norms2
        value = float(self.law.p @ sum(terms))
        size = float(self.law.p @ (p * p * (x @ x) + x_star @ x_star + sum(map(np.abs, terms[1:]))))
        return value, value, 8 * RELATIVE * size

    def _gap(self, k: int) -> tuple[float, float, float]:
        low, high, rounding = self._bounds(k)
        return float(self.law.p @ low), float(self.law.p @ high), rounding

    def _bounds(self, k: int) -> tuple[Array, Array, float]:
        """Bounds on delta at x+_i, (n,) each, and their rounding."""
        steps, f, g = self.steps(k), self.f, self.gradients[k]
        slope = (steps.p - 1) * (g @ steps.x) + steps.q * (f.A @ g)
        length2 = steps.length2
        bend = 0.5 * float(f.loss.smoothness) * float(f.largest_eigenvalue)
        first = float(self.states.gap[k]) + slope + 0.5 * f.reg * length2
        size = float(self.law.p @ (np.abs(first) + np.abs(slope) + bend * length2)) + float(self.states.gap[k])
        if self.curvature is not None:
            exact = first + 0.5 * steps.curvature(self.curvature)
            return exact, exact, 8 * RELATIVE * size
        return first - (0.0 if f.loss.convex else bend) * length2, first + bend * length2, 8 * RELATIVE * size

    def sampled(self, k: int, rng: np.random.Generator) -> tuple[float, float]:
        """Bounds on E delta+ at a state that fail with probability at most FAILURE/S, from `DRAWS` outcomes."""
        low, high, _ = self._bounds(k)
        steps, width = self.steps(k), self.law.p * (high - low)
        total = float(width.sum())
        if total <= 0:
            return float(self.law.p @ low), float(self.law.p @ high)
        some = rng.choice(len(width), DRAWS, p=width / total)
        size = max(1, BLOCK // self.f.d)
        parts = [self.problem.suboptimality(steps.points(some[j : j + size])) for j in range(0, DRAWS, size)]
        values = np.concatenate(parts)
        mean = float(np.clip((values - low[some]) / (high[some] - low[some]), 0, 1).mean())
        off = math.sqrt(math.log(2 * len(self.states) / FAILURE) / (2 * DRAWS))
        base = float(self.law.p @ low)
        return base + total * max(mean - off, 0.0), base + total * min(mean + off, 1.0)
