"""Bounds that are followed step after step, with the best member of a family at each."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import sympy as sp

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError, reject
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, is_constant

from .. import unified_sam_3_2 as paper
from ..base import Plan, Step, Theorem
from ..numbers import evaluate, first_at_most, unrolled, unrolled_once
from .family import LARGEST, Grounds, Kappas, Young, fixed_point, member, shrinkage, tightest

#: Parameters that change with t are followed for this many steps.
LONGEST = 10**6
#: The best member is looked for at every step up to this, and then each time t has grown by 1/EVERY of itself.
EVERY = 256
#: More blocks than this are not followed where the parameters are constant: t is above 1e30 then.
BLOCKS = 20_000


class Recursion:
    """A family at work on a problem: its kappas and members along a schedule."""

    def __init__(
        self, kappas: tuple[sp.Expr, ...], others: tuple[Young, ...], constants: Constants, schedule: Schedule
    ) -> None:
        self.kappas, self.others = kappas, others
        self.values, self.grounds, self.schedule = constants.values(), Grounds.of(constants), schedule

    def along(self, start: int, stop: int) -> tuple[Array, list[Array]]:
        """The kappas, shape (6, stop - start), and the other members, (3, stop - start) each."""
        gamma, rho, lam = self.schedule.arrays(start, stop)
        sign = np.where(self.values["L"] * gamma <= 1, -1.0, 1.0)
        now = {**self.values, "gamma": gamma, "rho": rho, "lam": lam, "sign": sign}

        def table(expressions: tuple[Any, ...]) -> Array:
            with np.errstate(all="ignore"):
                return np.array([np.broadcast_to(evaluate(each, now), gamma.shape) for each in expressions])

        kappas, others = table(self.kappas), [table(b) for b in self.others]
        if not np.isfinite(kappas).all():
            raise InputError("rho, gamma: too large for this problem: the one-step bound overflows")
        # Where the term of an entry vanishes it may be 0/0 or infinite: any number will do there.
        return kappas, [np.where((b > 0) & np.isfinite(b), b, 1.0) for b in others]

    def at(self, t: int) -> tuple[Kappas, list[Young]]:
        """The kappas and the other members at t, as floats."""
        kappas, others = self.along(t, t + 1)
        return tuple(kappas[:, 0].tolist()), [tuple(b[:, 0].tolist()) for b in others]

    @cached_property
    def steady(self) -> tuple[Kappas, list[Young]]:
        """Those of constant steps."""
        return self.at(0)

    def best(self, t: int, D: float) -> Step:
        """(p, q, r) of the member that is best at time t and E delta_t <= D."""
        kappa, _ = self.at(t)
        growth, q, r = member(kappa, self.grounds, tightest(kappa, self.grounds, D))
        return 1 + growth, q, r


class ConstantCurve:
    """D_0 >= E delta_0, D_1, ... at constant steps, in blocks within which the members stay."""

    def __init__(self, recursion: Recursion, start: float) -> None:
        self.recursion = recursion
        self.starts, self.D = [0], [start]
        self.rates: list[list[tuple[float, float]]] = []

    def extend(self) -> None:
        """One block more."""
        t, D, grounds = self.starts[-1], self.D[-1], self.recursion.grounds
        kappa, others = self.recursion.steady
        rates, n = [shrinkage(kappa, grounds, b) for b in (tightest(kappa, grounds, D), *others)], 1 + t // EVERY
        self.rates.append(rates)
        self.starts.append(t + n)
        self.D.append(D if D == math.inf else min(unrolled_once(x, r, n, D) for x, r in rates))

    def within(self, block: int, times: Any) -> Any:
        """The bound at times of a block."""
        n, D = times - self.starts[block], self.D[block]
        if D == math.inf:
            return D
        return np.min([unrolled(x, r, n, D) for x, r in self.rates[block]], axis=0)

    def at(self, times: Any) -> Array:
        """The bound at `times`, of any shape."""
        times = np.asarray(times, dtype=np.float64)
        while self.starts[-1] < times.max():
            self.extend()
        block = np.searchsorted(self.starts, times, side="right") - 1
        found = np.asarray(np.array(self.D)[block])
        for k in np.unique(block[times > np.array(self.starts)[block]]):
            found[block == k] = self.within(int(k), times[block == k])
        return found

    def iterations(self, epsilon: float) -> int | None:
        """The steps after which the bound, which rises or falls to its limit, is and stays at most epsilon."""
        _, limit = fixed_point(self.recursion.steady[0], self.recursion.grounds)
        if limit > epsilon or limit == epsilon < self.D[0]:
            return None
        while self.D[-1] > epsilon:
            if len(self.rates) >= BLOCKS:
                return None
            self.extend()
        block = next(k for k, D in enumerate(self.D) if D <= epsilon)
        return 0 if block == 0 else first_at_most(lambda t: self.within(block - 1, t), epsilon, self.starts[block - 1])


class Followed(ABC):
    """D_0 >= E delta_0, D_1, ..., one after another, as far as is asked for."""

    def __init__(self, start: float) -> None:
        self.D = [start]

    @abstractmethod
    def extend(self, stop: int) -> None:
        """Append to D up to D[stop]; no parameter of t >= stop may be looked at."""

    def hopeless(self, epsilon: float) -> bool:
        """Whether it shows that the bound will not be at most epsilon within `LONGEST`."""
        return False

    def at(self, times: Any) -> Array:
        """The bound at `times`, of any shape."""
        times = np.asarray(times)
        if times.max() > LONGEST:
            raise reject("t", times.max(), f"at most {LONGEST} where the bound is followed step by step")
        if times.max() >= len(self.D):
            self.extend(int(times.max()))
        return np.asarray(np.array(self.D)[times.astype(np.intp)])

    def iterations(self, epsilon: float) -> int | None:
        """The first t that the bound is at most epsilon, within `LONGEST`."""
        for length in (1000, 10_000, 100_000, LONGEST):
            reached = np.flatnonzero(self.at(np.arange(length + 1)) <= epsilon)
            if len(reached):
                return int(reached[0])
            if self.hopeless(epsilon):
                break
        return None


class VaryingCurve(Followed):
    """The bound along a schedule."""

    def __init__(self, recursion: Recursion, start: float) -> None:
        super().__init__(start)
        self.recursion = recursion
        self.b: Young = (1.0, 1.0, 1.0)
        self.renewal = 0

    def hopeless(self, epsilon: float) -> bool:
        """By the parameters of the last step: a limit above epsilon, or too slow a rate even far from it."""
        kappa, _ = self.recursion.at(LONGEST)
        grounds = self.recursion.grounds
        rate, _ = shrinkage(kappa, grounds, tightest(kappa, grounds, LARGEST))
        slow = rate < 1 and math.log(self.D[-1] / epsilon) + LONGEST * math.log1p(-rate) > 0.1
        return slow or fixed_point(kappa, grounds)[1] > epsilon

    def extend(self, stop: int) -> None:
        """One step at a time, with the members of its block."""
        grounds, begin = self.recursion.grounds, len(self.D) - 1
        kappas, others = self.recursion.along(begin, stop)
        t = begin
        while t < stop:
            if t == self.renewal:
                self.b = tightest(tuple(kappas[:, t - begin].tolist()), grounds, self.D[t])
                self.renewal += 1 + t // EVERY
            end = min(self.renewal, stop)
            block = slice(t - begin, end - begin)
            members = [self.b, *(b[:, block] for b in others)]
            rates = [shrinkage(kappas[:, block], grounds, b, np.minimum) for b in members]
            factors, noises = (np.array(part).T.tolist() for part in zip(*rates, strict=True))
            for x, r in zip(factors, noises, strict=True):
                D = self.D[-1]
                self.D.append(min([(1 - x_j) * D + r_j for x_j, r_j in zip(x, r, strict=True)]))
            t = end


@dataclass(frozen=True, kw_only=True)
class TightRollout(Theorem):
    """E delta_{t+1} <= the best member of a family at E delta_t <= D_t, for any rho, gamma and lam_t.

    Attributes
    ----------
    kappas : of the master inequality, SymPy expressions in the symbols of `symbols` (and `sign` of `master`)
    others : members, as (b1, b2, b3), that are tried beside the best one, so that no bound is above theirs
    default_steps : the theorem whose default rho and gamma are used
    """

    varying_lam: bool = True
    default_steps: Theorem = field(default=paper.theorem, repr=False)
    kappas: tuple[sp.Expr, ...] = field(repr=False)
    others: tuple[Young, ...] = field(default=(), repr=False)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return math.inf, lambda rho: math.inf

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        schedule = default_steps(self.default_steps, constants, request)
        recursion = Recursion(self.kappas, self.others, constants, schedule)
        curves: dict[float, ConstantCurve | VaryingCurve] = {}

        def curve(start: float) -> ConstantCurve | VaryingCurve:
            if start not in curves:
                curves[start] = (ConstantCurve if schedule.constant else VaryingCurve)(recursion, start)
            return curves[start]

        rate: tuple[float, float] | tuple[None, None] = (None, None)
        if schedule.constant:
            x, limit = fixed_point(recursion.steady[0], recursion.grounds)
            rate = (1 - x, limit) if x > 0 else rate
        # Any member is valid at every x; this one is best along the bound from delta0.
        start = 1.0 if delta0 is None else delta0
        gamma0, rho0, _ = schedule.at(0)
        return Plan(
            self,
            schedule,
            bound=lambda t, start: curve(start).at(t),
            iterations=lambda epsilon, start: curve(start).iterations(epsilon),
            step=cache(lambda t: recursion.best(t, float(curve(start).at(t)))),
            rho=rho0,
            gamma=gamma0,
            rho_max=math.inf,
            gamma_max=math.inf,
            contraction=rate[0],
            neighbourhood=rate[1],
        )


def default_steps(theorem: Theorem, constants: Constants, request: Request) -> Schedule:
    """rho and gamma where given, else rho_max/2 and gamma_max(rho) of `theorem`; those at lam = 0 suit every lam_t."""
    limit, largest = theorem.limits(constants, request.lam)
    rho, gamma = limit / 2 if request.rho is None else request.rho, request.gamma
    if gamma is None:
        fixed = float(rho) if is_constant(rho) else limit / 2  # type: ignore[arg-type]
        gamma = largest(fixed)
        if not 0 < gamma < math.inf:
            raise InputError(f"gamma={gamma:g}: must be given: no default at rho={fixed:.6g}")
    return Schedule(gamma, rho, request.lam)
