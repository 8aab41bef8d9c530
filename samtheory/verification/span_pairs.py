"""Pairs of points for every component or outcome of a large linear model, in numbers a_i.x: no n x d array.

They are those of `pairs`: between points, the ascent steps of the method, small gradient steps, and steep directions,
which for a linear model are the rows a_i themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np

from samtheory._typing import Array
from samtheory.problem.at_pairs import CLOSE
from samtheory.problem.at_span import InSpan
from samtheory.problem.evaluation import context_of
from samtheory.problem.families import components
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.sampling.single import SingleLaw
from samtheory.schedules import Schedule

from .enumeration import affordable_points
from .pairs import RADIUS, STEP, EvaluatedPairs, Members
from .states import Points, States

#: Points, or pairs of points, at which all functions are evaluated.
FEW = 6


class SpanPairs:
    """The pairs of the functions of one kind.

    Parameters
    ----------
    inside : the functions h_i
    members : the same for reports, without gradients
    """

    def __init__(self, inside: InSpan, members: Members) -> None:
        self.inside, self.members = inside, members

    def met(self, states: States, schedule: Schedule) -> Iterator[EvaluatedPairs]:
        """Pairs at the states that runs have met: between them, and the ascent steps of the method."""
        points = states.met
        yield from self._between(points)
        if self.members.kind == "outcome":
            _, rho, lam = states.over_time(schedule.at)
            for k in points.some(FEW):
                radius = rho[k] if rho[k] > 0 else RADIUS
                length = self.inside.gradient_length(points.X[k])
                normed = np.divide(lam[k], length, out=np.zeros_like(length), where=length > 0)
                yield self._along(points, k, radius * (1 - lam[k] + normed), "ascent step")

    def around(self, points: Points) -> Iterator[EvaluatedPairs]:
        """Pairs at the points around the centre: between them, small gradient steps, and along the rows."""
        yield from self._between(points)
        f, L = self.inside.f, self.inside.w * self.inside.context.problem.L_i.values
        rows = np.sqrt(f.norms2)
        for k in points.some(FEW):
            yield self._along(points, k, -STEP / np.where(L > 0, L, 1.0), "gradient step")
            h = CLOSE * (self.inside.context.size + float(np.linalg.norm(points.X[k])))
            q = np.divide(h, rows, out=np.zeros(f.n), where=rows > 0)
            yield self._evaluated(points, k, 0.0, q, "steepest direction")

    def _between(self, points: Points) -> Iterator[EvaluatedPairs]:
        """Successive points, and the minimiser with some of them."""
        x_star, some = points.problem.x_star, points.some(FEW)
        pairs = [(points.X[k], points.X[j], f"{points.names[k]} and {points.names[j]}") for j, k in pairwise(some)]
        if x_star is not None:
            pairs += [(points.X[k], x_star, f"{points.names[k]} and x*") for k in some]
        for x, y, name in pairs:
            yield EvaluatedPairs(self.members, self.inside.between(x, y), [name])

    def _along(self, points: Points, k: int, t: Array, word: str) -> EvaluatedPairs:
        """x + t_i grad h_i(x) at one of the points, t of shape (n,)."""
        x, w, reg = points.X[k], self.inside.w, self.inside.f.reg
        _, c = self.inside.slopes(x)
        return self._evaluated(points, k, t * w * reg, t * w * c, word)

    def _evaluated(self, points: Points, k: int, p: Array | float, q: Array, word: str) -> EvaluatedPairs:
        return EvaluatedPairs(self.members, self.inside.along(points.X[k], p, q), [f"{points.names[k]}, {word}"])


@lru_cache(maxsize=32)
def span_pairs(problem: Problem, law: Law, kind: str) -> SpanPairs | None:
    """The pairs of the components, or of the outcomes of one index; None where all of them may be written out."""
    f = problem.objective.as_linear_model()
    if f is None or not kind or affordable_points(problem, problem.n, 1) >= 2:
        return None
    context, n = context_of(problem), problem.n
    w, probability = np.ones(n), np.full(n, 1 / n)
    if kind == "outcome":
        if not isinstance(law, SingleLaw) or law.count < n:
            return None
        w, probability = law.weight / n, law.p
    return SpanPairs(InSpan(context, f, w), Members(components(context), probability, kind, FEW))
