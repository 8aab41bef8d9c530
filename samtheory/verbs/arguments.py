"""Arguments of the verbs: a name, a path or an object becomes the object; anything else is one line of InputError."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.calculator.classes import Reading, reading_of
from samtheory.catalogue import load_method, load_problem, load_theorem
from samtheory.errors import InputError, NotApplicable, reject
from samtheory.methods import Method
from samtheory.methods.base import Remembering
from samtheory.methods.unified_sam import step as reference
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling, parse_sampling
from samtheory.sampling.full import Full
from samtheory.sampling.uniform import Uniform
from samtheory.schedules import LAM, Rule, Schedule
from samtheory.theorems.base import Theorem
from samtheory.theorems.unified_sam_3_2 import theorem as paper

#: A problem, theorem or sampling as the verbs accept it.
ProblemLike = str | Path | Problem
TheoremLike = str | Path | Theorem
SamplingLike = str | Sampling


def as_problem(problem: Any, params: Any = None, data: Any = None) -> Problem:
    """The problem of a name, a path or an object; `params` and `data` go with a name or a path."""
    given = as_params(params)
    if isinstance(problem, Problem):
        for name, value in (("params", params), ("data", data)):
            if value is not None:
                raise reject(name, value, "left out beside a Problem: they belong to a name or a path")
        return problem
    if not isinstance(problem, (str, Path)):
        raise reject("problem", problem, "a name, a path ending in .py or a samtheory.Problem")
    return load_problem(str(problem), rows=data, **given)


def as_params(params: Any) -> dict[str, Any]:
    """Parameters of a problem by name."""
    if params is None:
        return {}
    if not isinstance(params, Mapping) or not all(isinstance(name, str) for name in params):
        raise reject("params", params, "a mapping from names to values")
    return dict(params)


def as_sampling(sampling: Any, problem: Problem) -> Sampling:
    """The sampling of a text or an object; where None is given, uniform, or the full batch of a single component."""
    if sampling is None:
        return Uniform() if problem.n > 1 else Full()
    if isinstance(sampling, Sampling):
        return sampling
    if not isinstance(sampling, str):
        raise reject("sampling", sampling, "a text such as uniform or nice:3, or a samtheory sampling")
    return parse_sampling(sampling)


def as_samplings(samplings: Any, problem: Problem) -> list[Sampling]:
    """One sampling or several; none where None is given."""
    return [as_sampling(each, problem) for each in several(samplings)]


def as_theorem(theorem: Any) -> Theorem:
    """The theorem of a key, a path or an object."""
    if isinstance(theorem, Theorem):
        return theorem
    if theorem is None:
        raise InputError("theorem is missing: a key, a path ending in .py or a Theorem")
    if not isinstance(theorem, (str, Path)):
        raise reject("theorem", theorem, "a key, a path ending in .py or a samtheory Theorem")
    return load_theorem(str(theorem))


def as_theorems(theorems: Any) -> list[Theorem]:
    """One theorem or several; none where None is given."""
    return [as_theorem(each) for each in several(theorems)]


def several(value: Any) -> list[Any]:
    """The members of a list or tuple; a value alone; nothing of None."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def as_schedule(schedule: Any, gamma: Any, rho: Any, lam: Any) -> Schedule:
    """A schedule, that of a plan, or one made of gamma, rho and lam."""
    found = getattr(schedule, "schedule", schedule)
    if isinstance(found, Schedule):
        for name, value in (("gamma", gamma), ("rho", rho), ("lam", lam)):
            if value is not None:
                raise reject(name, value, "left out beside a schedule")
        return found
    if schedule is not None:
        raise reject("schedule", schedule, "a samtheory.Schedule, or a plan")
    if gamma is None:
        raise InputError("gamma is missing: needed where no schedule is given")
    return Schedule(gamma, 0.0 if rho is None else rho, LAM if lam is None else lam)


def as_step(method: Any, problem: Problem) -> Method:
    """The step of a name, a path or a function; a function of the caller's is guarded."""
    if not callable(method) and not isinstance(method, (str, Path)):
        raise reject("method", method, "a name, FILE.py, FILE.py:NAME, or a step")
    step = load_method(method if callable(method) else str(method), problem)
    if isinstance(step, Remembering):
        return GuardedRows(step) if callable(method) else step
    return guarded(step) if callable(method) and method is not reference else step


def method_name(method: Any) -> str | None:
    """How a person names a method; None where none is given."""
    return None if method is None else getattr(method, "__qualname__", None) or str(method)


def as_reading(
    method: Any, problem: Problem, theorems: Sequence[Theorem], lam: Rule | None, tested: bool = False
) -> tuple[Method | None, Reading, Rule]:
    """The step of a method, None where none is given; how theorems cover it; and the lam at which they are read.

    `tested` is that of `reading_of`.
    """
    step = None if method is None else as_step(method, problem)
    reading = reading_of(step, method_name(method), tested)
    reading.covered(theorems)
    return step, reading, reading.lam(theorems[0] if len(theorems) == 1 else paper, lam)


def guarded(step: Method, name: str | None = None) -> Method:
    """A step whose exceptions and wrong shapes become InputErrors that name it."""
    name = name or getattr(step, "__qualname__", type(step).__qualname__)

    def guard(x: Array, *arguments: Any, **named: Any) -> Array:
        try:
            found = np.asarray(step(x, *arguments, **named), dtype=np.float64)
        except (InputError, NotApplicable):
            raise
        except Exception as error:
            raise reject("method", name, f"a step, which raised {error!r}") from error
        if found.shape != x.shape:
            raise reject("method", name, f"a step that returns shape {x.shape}, not {found.shape}")
        return found

    vars(guard).update({name: getattr(step, name) for name in ("deviation", "bias", "second") if hasattr(step, name)})
    return guard


class GuardedRows(Remembering):
    """A step with a memory whose exceptions and wrong shapes become InputErrors that name it."""

    def __init__(self, of: Remembering) -> None:
        super().__init__(of.step, of.d)
        self.guard = guarded(super().__call__, type(of.step).__qualname__)

    def __call__(self, rows: Array, *arguments: Any, **named: Any) -> Array:
        return self.guard(rows, *arguments, **named)
