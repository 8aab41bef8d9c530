"""Plans: a theorem with concrete parameters, its bound, and its one-step inequality as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.request import Request
from samtheory.schedules import Schedule

from .numbers import evaluate, reached, settled, unrolled
from .rollout import OneStep, shrinkage, wedge

if TYPE_CHECKING:
    from .base import Theorem

#: E V+ <= p V + q W + r: for most theorems V = delta and W = ||grad f||^2, see `base.LYAPUNOV`.
Step = tuple[float, float, float]


class Chosen(NamedTuple):
    """Constant steps and their limits, gamma_max at that rho."""

    rho: float
    gamma: float
    rho_max: float
    gamma_max: float


def nothing_free(start: float, begin: int, stop: int) -> Mapping[str, Array]:
    """No free symbols in the one-step inequality."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A theorem with concrete parameters: its schedule and its guarantee.

    Attributes
    ----------
    constants : what the plan is made of
    schedule : gamma_t, rho_t, lam_t to run
    bound : (t, V0) -> the guarantee on the theorem's measure after t steps (t scalar or array); V0 = delta0, or
        ||x0 - x*||^2 where the theorem's `lyapunov` is the distance
    iterations : (epsilon, V0) -> the steps after which the guarantee is and stays at most epsilon (epsilon^2 where
        the measure is a squared gradient norm), None if never, or if it is not certain; a theorem that names such a
        number gives its own, else the least
    reached : (epsilon, V0) -> the least number of steps after which the guarantee is at most epsilon, whatever it is
        later; None if never
    rho, gamma : the values in force (their caps, where the theorem lets them decrease)
    rho_max, gamma_max : the largest admissible, the second at the rho in force; inf where unbounded
    contraction, neighbourhood : of the linear rate; None where the theorem has none
    start : the first t at which `bound` is a statement
    horizon : the only t at which `bound` says something, None if it does at every t >= start
    free : (V0, begin, stop) -> values of the symbols of `Theorem.inequality` that are no constants or parameters, by
        name, each of shape (members, stop - begin), in use on the bound from V0
    delta0 : the V0 of `step`, where the inequality depends on it
    made_from : (constants, request, delta0) of `Theorem.plan_for`, by which a plan pickles
    """

    theorem: Theorem
    constants: Constants
    schedule: Schedule
    bound: Callable[[Any, float], Array]
    iterations: Callable[[float, float], int | None]
    reached: Callable[[float, float], int | None]
    rho: float
    gamma: float
    rho_max: float
    gamma_max: float
    contraction: float | None = None
    neighbourhood: float | None = None
    start: int = 0
    horizon: int | None = None
    free: Callable[[float, int, int], Mapping[str, Array]] = nothing_free
    delta0: float = 1.0
    made_from: tuple[Constants, Request, float | None] | None = field(default=None, repr=False, compare=False)

    def __reduce__(self) -> str | tuple[Any, ...]:
        if self.made_from is None:
            return super().__reduce__()
        from .base import Theorem  # here, as it makes plans

        return Theorem.plan_for, (self.theorem, *self.made_from)

    def inequality(self, start: float, begin: int, stop: int) -> OneStep:
        """The theorem's one-step inequality at t = begin, ..., stop - 1, on the bound from V0 = start.

        Returns
        -------
        Arrays that broadcast to (cases, members, stop - begin), see `rollout`.

        Raises
        ------
        NotApplicable
            If the statement has no inequality of one step.
        InputError
            If the numbers overflow.
        """
        names = dict(zip(("gamma", "rho", "lam"), self.schedule.arrays(begin, stop), strict=True))
        return self.inequality_at({**names, **self.free(start, begin, stop)})

    def inequality_at(self, values: Mapping[str, Any]) -> OneStep:
        """The theorem's one-step inequality where the parameters and free symbols have these values, see `inequality`.

        A factor 1 + growth below 0 counts as 0.

        Raises
        ------
        NotApplicable, InputError
            As `inequality`.
        """
        if not self.theorem.inequality:
            raise NotApplicable("the statement has no inequality of one step")
        now = {name: np.atleast_1d(value) for name, value in {**self.constants.values(), **values}.items()}
        with np.errstate(all="ignore"):
            cases = [np.broadcast_arrays(*(evaluate(part, now) for part in case)) for case in self.theorem.inequality]
            parts = [np.array([np.atleast_2d(each) for each in part]) for part in zip(*cases, strict=True)]
        if not all(np.isfinite(part).all() for part in parts):
            raise InputError("rho, gamma: too large for this problem: the one-step bound overflows")
        growth, *rest = parts
        return OneStep(np.maximum(growth, -1.0), *rest)

    def step(self, t: int) -> Step:
        """(p, q, r), meaning E V_{t+1} <= p V_t + q W_t + r at every x_t, see `base.LYAPUNOV`.

        Raises
        ------
        NotApplicable, InputError
            As `inequality`; and if the inequality is not linear.
        """
        return self._step(t)

    @cached_property
    def _step(self) -> Callable[[int], Step]:
        return cache(lambda t: self.step_at(*self.schedule.at(t), t=t))

    def step_at(self, gamma: float, rho: float, lam: float, t: int = 0) -> Step:
        """`step` with these parameters and the free symbols of time t."""
        free = self.free(self.delta0, t, t + 1)
        one = self.inequality_at({"gamma": gamma, "rho": rho, "lam": lam, **free})
        growth, q, r, h = (part[:, 0, 0].tolist() for part in one)
        if len(growth) > 1 or any(h):
            raise NotApplicable("the inequality of one step is not linear in V and W")
        return 1 + growth[0], q[0], r[0]


def closed_plan(
    theorem: Theorem,
    constants: Constants,
    schedule: Schedule,
    chosen: Chosen,
    bound: Callable[[Any, float], Array],
    turns: Callable[[float], Sequence[int]],
    **more: Any,
) -> Plan:
    """The plan of a bound in closed form that tends to 0.

    Parameters
    ----------
    turns : V0 -> times between which the bound is monotone, as it is after the last; the first is the plan's start
    more : further fields of `Plan`
    """

    def at(start: float) -> Callable[[int], Array]:
        return lambda t: bound(t, start)

    return Plan(
        theorem=theorem, constants=constants, schedule=schedule, bound=bound,
        iterations=lambda epsilon, start: settled(at(start), theorem.goal(epsilon), turns(start)),
        reached=lambda epsilon, start: reached(at(start), theorem.goal(epsilon), turns(start)),
        **chosen._asdict(), **more,
    )  # fmt: skip


def linear_plan(
    theorem: Theorem, constants: Constants, schedule: Schedule, chosen: Chosen, free: Mapping[str, float] | None = None
) -> Plan:
    """The plan of E V_{t+1} <= (1 - x) E V_t + noise, constant in t, from an inequality with one member.

    1 - x counts as 0 if negative.

    Parameters
    ----------
    free : values of the free symbols of the inequality
    """

    def bound(t: Any, delta0: float) -> Array:
        return unrolled(x, noise, t, delta0)

    def iterations(epsilon: float, delta0: float) -> int | None:
        # The bound moves from delta0 to its limit and never turns.
        return settled(lambda t: bound(t, delta0), epsilon, (0,), limit)

    plan = Plan(
        theorem=theorem, constants=constants, schedule=schedule, bound=bound, iterations=iterations,
        reached=lambda epsilon, delta0: 0 if delta0 <= epsilon else iterations(epsilon, delta0), **chosen._asdict(),
        free=lambda start, begin, stop: {name: np.full((1, 1), value) for name, value in (free or {}).items()},
    )  # fmt: skip
    growth, q, r, _ = (float(part[0, 0, 0]) for part in plan.inequality(1.0, 0, 1))
    x, noise = float(shrinkage(growth, q, wedge(plan))), r
    limit = noise / x if x > 0 else math.inf
    return replace(plan, contraction=1 - x, neighbourhood=limit) if x > 0 else plan
