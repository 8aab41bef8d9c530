"""The first questions to the functions of a problem: do they answer, always, and the same question twice the same?

Every claim is searched with the answers of these functions, so a function that gives none comes before all claims.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array, Indices
from samtheory.execution.time_limit import deadline, keep_time, share
from samtheory.objectives.lengths import length
from samtheory.problem.evaluation import held
from samtheory.problem.problem import Problem
from samtheory.status import Status

from .search import Finding
from .tolerant import Failure

#: Distances of the points from the start, in units of the distance between start, origin and minimiser.
SCALES = (1e-6, 1e-3, 1e-2, 1.0, 3.0, 10.0, 1e2, 1e3, 1e6)
#: Directions at each distance; the rows and the numbers of one large batch.
DIRECTIONS, ROWS, NUMBERS = 3, 4096, 2_000_000
#: `Defect.asked` where the searches met it.
SEARCHED = 0
#: Answers to equal questions may differ by these multiples of the precision: asked again, and in another batch.
AGAIN, BATCHED = 64.0, 1e5
#: So many times a point is asked about, about.
ASKED = 8
#: A point costs at most so many numbers, or the questions are asked at fewer points.
WORK = 4_000_000
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Defect:
    """What is wrong with the answers of a function.

    Attributes
    ----------
    what : "raises", "not finite" or "differs"
    function : "value" or "gradient"
    x : the first point where it is seen, (d,)
    component : number of the f_i, None where all are asked at once
    count, asked : how many points show it, of how many; of all that were searched where that is 0
    message : the first message, or the two answers
    """

    what: str
    function: str
    x: Array
    component: int | None
    count: int
    asked: int
    message: str

    def witness(self) -> dict[str, Any]:
        """The defect as a witness: what is counted is to be 0."""
        component = {} if self.component is None else {"component": self.component}
        return {
            "inequality": f"points at which the {self.function} {_SAYS[self.what]} <= 0",
            "x": self.x.tolist(),
            **component,
            "message": self.message,
            "left": float(self.count),
            "right": 0.0,
            "ratio": float("inf"),
        }

    def __str__(self) -> str:
        place = f"x = {np.array2string(self.x, precision=4, threshold=4, separator=', ')}"
        which = "" if self.component is None else f" of f_{self.component}"
        among = f"{self.count} of {self.asked}" if self.asked else f"{self.count} searched"
        seen = f"at {among} points, first at {place}"
        hint = "" if self.what == "differs" else " (claims that hold on a region only: give region=)"
        return f"the {self.function}{which} {_SAYS[self.what]} {seen}: {self.message}{hint}"


_SAYS = {"raises": "raises", "not finite": "is not finite", "differs": "answers one question in two ways"}


@dataclass(frozen=True)
class Question:
    """A function of the problem, asked for all components at every row of X.

    Attributes
    ----------
    name : "value" or "gradient"
    function : X of shape (R, d) -> (R, *shape)
    """

    name: str
    function: Callable[[Array], Array]
    shape: tuple[int, ...]

    def ask(self, X: Array, whole: bool = False) -> tuple[Array, dict[int, str]]:
        """The answers, not a number in the rows where it raises, and the messages by row; one message if `whole`."""
        keep_time()
        try:
            with np.errstate(all="ignore"):
                return np.array(self.function(X.copy()), dtype=np.float64), {}
        except Exception as error:  # noqa: BLE001 - a user's function may raise anything
            message = f"{type(error).__name__}: {' '.join(str(error).split())}"
        if whole or len(X) == 1:
            return np.full((len(X), *self.shape), np.nan), {0: message}
        return self.one_by_one(X)

    def one_by_one(self, X: Array) -> tuple[Array, dict[int, str]]:
        """The answers to as many questions as there are rows."""
        asked = [self.ask(x[None]) for x in X]
        raised = {k: messages[0] for k, (_, messages) in enumerate(asked) if messages}
        return np.concatenate([answers for answers, _ in asked]), raised


@dataclass
class Oracle:
    """The functions of a problem, asked before everything else.

    Attributes
    ----------
    defect : the worst that was seen, None where the functions answer
    deterministic : whether equal questions had equal answers
    """

    problem: Problem
    entropy: list[int]
    defect: Defect | None = None
    first: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.X = points(self.problem, np.random.default_rng([*self.entropy, 7]))
        with share(0.1):
            self._thin_out()
            self.defect = next(self._defects(), None)

    def _thin_out(self) -> None:
        """As few points as all questions to slow functions have the time for, but one."""
        left, now = deadline() - time.monotonic(), time.monotonic()
        if math.isfinite(left):
            for question in self._questions():
                question.ask(self.X[:1])
            most = int(max(left / (ASKED * max(time.monotonic() - now, 1e-9)), 1))
            self.X = self.X[:: -(-len(self.X) // most)]

    @property
    def deterministic(self) -> bool:
        """Whether equal questions had equal answers."""
        return self.defect is None or self.defect.what != "differs"

    def again(self) -> Defect | None:
        """The defect, or what differs from the first answers now that everything else has been asked."""
        with share(0.2):
            for question in self._questions() if self.defect is None else ():
                if question.name in self.first:
                    now = question.ask(self.X)[0]
                    self.defect = self.defect or self._difference(question.name, self.first[question.name], now, AGAIN)
        return self.defect

    def among(self, failures: Sequence[Failure]) -> Defect | None:
        """What the searches met where these points reach: a function that raises, else one that is not finite."""
        reach = float(length(self.X - self.problem.x0).max())
        near = [each for each in failures if length(each.x - self.problem.x0) <= reach and held(self.problem, each.x)]
        raised = [each for each in near if each.message is not None]
        if not near:
            return None
        kind, same = ("raises", raised) if raised else ("not finite", near)
        (name, x, message), same = same[0], [each for each in same if each.function == same[0].function]
        return Defect(kind, name, x, None, len(same), SEARCHED, message or "inf or nan")

    def report(self, findings: list[Finding], failures: Sequence[Failure] = ()) -> list[Finding]:
        """The findings with the defect before them; nothing is decided where answers differ."""
        defect = self.again() or self.among(failures)
        if defect is None:
            return findings
        said = replace(findings[0], verdict=Status.FALSIFIED, method=str(defect), witness=defect.witness())
        rest = findings[1:]
        if not self.deterministic:
            rest = [each if each.verdict == Status.NOT_CLAIMED else self._undecided(each, defect) for each in rest]
        return [said, *rest]

    @staticmethod
    def _undecided(finding: Finding, defect: Defect) -> Finding:
        method = f"the {defect.function} {_SAYS[defect.what]}"
        return replace(finding, verdict=Status.UNDECIDED, best_known=None, witness=None, method=method)

    def _questions(self) -> list[Question]:
        f, n, d = self.problem.objective, self.problem.n, self.problem.d
        return [Question("value", f.values, (n,)), Question("gradient", f.gradients, (n, d))]

    def _defects(self) -> Iterator[Defect]:
        """Whatever is wrong, answers that differ first."""
        found: list[Defect] = []
        for question in self._questions():
            answers, raised = question.ask(self.X)
            self.first[question.name] = answers
            found += [_raises(question.name, self.X, raised)] if raised else []
            bad = np.array(~np.isfinite(answers).reshape(len(self.X), self.problem.n, -1).all(axis=2))
            bad[list(raised)] = False
            bad[1:] &= held(self.problem, self.X[1:])[:, None]
            if bad.any():
                found.append(_not_finite(question.name, self.X, bad, answers))
            yield from self._differences(question, answers, found)
        yield from found
        yield from self._large_batch()

    def _differences(self, question: Question, first: Array, found: list[Defect]) -> Iterator[Defect]:
        """The same questions again: all at once twice, from the last to the first, one by one, one component each."""
        backwards, back = self.X[::-1], slice(None, None, -1)
        one_by_one, raised = question.one_by_one(self.X)
        if raised and not found:
            found.append(_raises(question.name, self.X, raised))
        once_more = question.one_by_one(backwards)[0][back]
        every = np.arange(self.problem.n)
        tried = [
            (first, question.ask(self.X)[0], AGAIN, every),
            (first, question.ask(backwards)[0][back], BATCHED, every),
            (first, one_by_one, BATCHED, every),
            (one_by_one, once_more, AGAIN, every),
        ]
        if question.name == "gradient":
            some, shape = every[::-1][:8], (1, self.problem.d)
            alone = [Question("gradient", partial(self._of_component, i), shape).ask(self.X)[0] for i in some]
            tried.append((first[:, some], np.concatenate(alone, axis=1), BATCHED, some))
        for one, other, allowed, members in tried:
            if (defect := self._difference(question.name, one, other, allowed, members)) is not None:
                yield defect

    def _of_component(self, i: int, X: Array) -> Array:
        """grad f_i alone, (R, 1, d)."""
        return self.problem.objective.gradients(X, np.full((len(X), 1), i))

    def _difference(
        self, name: str, first: Array, second: Array, allowed: float, members: Indices | None = None
    ) -> Defect | None:
        """Where two answers, of all components or of some members, differ by more than rounding.

        Rounding is `allowed` roundings of the largest answer as far from the start, and that of x in another batch.
        """
        rows = (len(self.X), first.shape[1], -1)
        a, b = first.reshape(rows), second.reshape(rows)
        with np.errstate(all="ignore"):
            apart = np.abs(a - b).max(axis=2)
            size = np.nan_to_num(np.abs(a), nan=0.0, posinf=0.0, neginf=0.0).max(axis=2)
        reach = length(self.X - self.problem.x0)
        largest = np.array([size[reach <= 4 * radius].max(axis=0) for radius in reach])
        unit = precision_of(a)
        roundings = allowed * largest
        if allowed == BATCHED:
            roundings = roundings + self._argument_rounding(name)[:, slice(None) if members is None else members]
        off = np.isfinite(apart) & (apart > unit * roundings)
        if not off.any():
            return None
        k, i = np.unravel_index(int(np.argmax(np.where(off, apart / np.maximum(largest, 1e-300), 0.0))), off.shape)
        j = int(np.argmax(np.abs(a[k, i] - b[k, i])))
        message = f"{a[k, i, j]!r} and {b[k, i, j]!r}"
        return Defect("differs", name, self.X[k], int(i), int(off.any(axis=1).sum()), len(self.X), message)

    def _argument_rounding(self, name: str) -> Array:
        """What the rounding of x makes of an answer where the terms of a_i.x are added up in another order, (R, n).

        A move of x by e moves grad f_i by at most L_i e, and f_i by sqrt(2 L_i h) e + L_i e^2 with h = f_i - inf f_i,
        which is at most k h + L_i e^2/k for any k < 1: what remains beside a fraction k of the answer.
        """
        L_i, size = self.problem.L_i.values, length(self.X)[:, None]
        if name == "gradient":
            return np.asarray(AGAIN * L_i * size)
        return np.asarray(AGAIN**2 / BATCHED * L_i * size**2)

    def _large_batch(self) -> Iterator[Defect]:
        """One batch of thousands of rows."""
        n, d = self.problem.n, self.problem.d
        rows = min(max(len(self.X), -(-ROWS // n)), max(NUMBERS // (n * d), 1))
        if not getattr(self.problem.objective, "batched", True) or rows <= len(self.X):
            return
        X = np.resize(self.X[: self._near], (rows, d))
        for question in self._questions():
            name = question.name
            answers, raised = question.ask(X, whole=True)
            if raised:
                yield _raises(name, X, raised)
            elif np.isfinite(self.first[name][: self._near]).all():
                expected = np.resize(self.first[name][: self._near], answers.shape)
                size = np.abs(expected).max()
                if np.abs(answers - expected).max() > BATCHED * precision_of(expected) * size:
                    k = int(np.argmax(np.abs(answers - expected).reshape(rows, -1).max(axis=1)))
                    message = f"in a batch of {rows} points another answer than in one of {len(self.X)}"
                    yield Defect("differs", name, X[k], None, rows, rows, message)

    @property
    def _near(self) -> int:
        """The number of points that are not far out; they come first."""
        return 1 + DIRECTIONS * sum(scale <= 10 for scale in SCALES) if len(self.X) > 1 + DIRECTIONS else 1


def points(problem: Problem, rng: np.random.Generator) -> Array:
    """The start, and points around it at all scales; the start alone where the constants hold on a region only."""
    if problem.region:
        return problem.x0[None]
    anchors = [np.zeros(problem.d)] + ([] if problem.x_star is None else [problem.x_star])
    reach = max(float(length(problem.x0 - anchor)) for anchor in anchors) or 1.0
    scales = np.repeat(SCALES, DIRECTIONS)[:, None]
    U = rng.standard_normal((len(scales), problem.d))
    X = problem.x0 + reach * scales * U / np.linalg.norm(U, axis=1, keepdims=True)
    each = problem.n * (problem.d if getattr(problem.objective, "batched", True) else 1000)
    X = X if each * len(X) <= WORK else X[:: max(1, min(len(X) // 4, each * len(X) // WORK))]
    return np.concatenate([problem.x0[None], X, anchors[1:]] if len(anchors) > 1 else [problem.x0[None], X])


def precision_of(answers: Array) -> float:
    """The unit roundoff of the narrowest format that holds all the answers: half, single or double precision."""
    finite = answers[np.isfinite(answers)]
    with np.errstate(all="ignore"):
        for kind in (np.float16, np.float32):
            if finite.any() and (finite.astype(kind) == finite).all():
                return float(np.finfo(kind).eps)
    return EPS


def _raises(name: str, X: Array, raised: dict[int, str]) -> Defect:
    k = min(raised)
    return Defect("raises", name, X[k], None, len(raised), len(X), raised[k])


def _not_finite(name: str, X: Array, bad: npt.NDArray[np.bool_], answers: Array) -> Defect:
    k = int(np.argmax(bad.any(axis=1)))
    i = int(np.argmax(bad[k]))
    entries = np.ravel(answers.reshape(len(X), bad.shape[1], -1)[k, i])
    message = f"{entries[~np.isfinite(entries)][0]}"
    return Defect("not finite", name, X[k], i, int(bad.any(axis=1).sum()), len(X), message)
