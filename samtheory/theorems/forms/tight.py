"""Bounds that are followed step after step, with the best member of a family at each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import sympy as sp

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, is_constant

from .. import unified_sam_3_2 as paper
from ..base import Theorem
from ..numbers import evaluate, settled, unrolled, unrolled_once
from ..plan import Plan
from ..rollout import OneStep
from ..symbols import A, B, C, L, b1, b2, b3, mu
from .family import Grounds, Kappas, Young, fixed_point, member, shrinkage, tightest
from .followed import Followed, Parameters

#: The best member is looked for at every step up to this, and then each time t has grown by 1/EVERY of itself.
EVERY = 256
#: More blocks than this are not followed where the parameters are constant: t is above 1e30 then.
BLOCKS = 20_000
#: The constants and free numbers of a member, as symbols.
SYMBOLS = Grounds(A, B, C, mu, L)
YOUNG = tuple(str(b) for b in (b1, b2, b3))


class Recursion:
    """A family at work on a problem: its kappas and members along a schedule."""

    def __init__(
        self, kappas: tuple[sp.Expr, ...], others: tuple[Young, ...], constants: Constants, schedule: Schedule
    ) -> None:
        self.kappas, self.others = kappas, others
        self.values, self.grounds, self.schedule = constants.values(), Grounds.of(constants), schedule

    def along(self, start: int, stop: int) -> tuple[Array, list[Array]]:
        """The kappas, shape (6, stop - start), and the other members, (3, stop - start) each."""
        return self.where(*self.schedule.arrays(start, stop))

    def where(self, gamma: Array, rho: Array, lam: Array) -> tuple[Array, list[Array]]:
        """As `along`, for any parameters."""
        now = {**self.values, "gamma": gamma, "rho": rho, "lam": lam, "sign": self.sign(gamma)}

        def table(expressions: tuple[Any, ...]) -> Array:
            with np.errstate(all="ignore"):
                return np.array([np.broadcast_to(evaluate(each, now), gamma.shape) for each in expressions])

        kappas, others = table(self.kappas), [table(b) for b in self.others]
        if not np.isfinite(kappas).all():
            raise InputError("rho, gamma: too large for this problem: the one-step bound overflows")
        # Where the term of an entry vanishes it may be 0/0 or infinite: any number will do there.
        return kappas, [np.where((b > 0) & np.isfinite(b), b, 1.0) for b in others]

    def sign(self, gamma: Array) -> Array:
        """The `sign` of the full batch."""
        return np.where(self.values["L"] * gamma <= 1, -1.0, 1.0)

    def at(self, parameters: Parameters) -> tuple[Kappas, list[Young]]:
        """The kappas and the other members with these (gamma, rho, lam), as floats."""
        kappas, others = self.where(*(np.array([each]) for each in parameters))
        return tuple(kappas[:, 0].tolist()), [tuple(b[:, 0].tolist()) for b in others]

    @cached_property
    def steady(self) -> tuple[Kappas, list[Young]]:
        """Those of constant steps."""
        return self.at(self.schedule.at(0))

    def free(self, best: Array, begin: int, stop: int) -> Mapping[str, Array]:
        """The free symbols of all members at t = begin, ..., stop - 1; `best` of shape (3, stop - begin)."""
        _, others = self.along(begin, stop)
        sign = self.sign(self.schedule.arrays(begin, stop)[0])
        return {"sign": sign, **dict(zip(YOUNG, np.stack([best, *others], axis=1), strict=True))}


class ConstantCurve:
    """D_0 >= E delta_0, D_1, ... at constant steps, in blocks within which the members stay."""

    def __init__(self, recursion: Recursion, start: float) -> None:
        self.recursion = recursion
        self.starts, self.D = [0], [start]
        self.best: list[Young] = []
        self.rates: list[list[tuple[float, float]]] = []

    def extend(self) -> None:
        """One block more."""
        t, D, grounds = self.starts[-1], self.D[-1], self.recursion.grounds
        kappa, others = self.recursion.steady
        self.best.append(tightest(kappa, grounds, D))
        rates, n = [shrinkage(kappa, grounds, b) for b in (self.best[-1], *others)], 1 + t // EVERY
        self.rates.append(rates)
        self.starts.append(t + n)
        self.D.append(D if D == math.inf else min(unrolled_once(x, r, n, D) for x, r in rates))

    def block(self, times: Any) -> Any:
        """The block of each time."""
        while self.starts[-1] <= times.max():
            self.extend()
        return np.searchsorted(self.starts, times, side="right") - 1

    def free(self, begin: int, stop: int) -> Mapping[str, Array]:
        """The free symbols of the members in use."""
        block = self.block(np.arange(begin, stop))
        return self.recursion.free(np.array(self.best)[block].T, begin, stop)

    def within(self, block: int, times: Any) -> Any:
        """The bound at times of a block."""
        n, D = times - self.starts[block], self.D[block]
        if D == math.inf:
            return D
        return np.min([unrolled(x, r, n, D) for x, r in self.rates[block]], axis=0)

    def at(self, times: Any) -> Array:
        """The bound at `times`, of any shape."""
        times = np.asarray(times, dtype=np.float64)
        block = self.block(times)
        found = np.asarray(np.array(self.D)[block])
        for k in np.unique(block[times > np.array(self.starts)[block]]):
            found[block == k] = self.within(int(k), times[block == k])
        return found

    def settled(self, target: float) -> int | None:
        """The steps after which the bound, which rises or falls to its limit, is and stays at most the target."""
        _, limit = fixed_point(self.recursion.steady[0], self.recursion.grounds)
        if limit > target or limit == target < self.D[0]:
            return None
        while self.D[-1] > target:
            if len(self.rates) >= BLOCKS:
                return None
            self.extend()
        block = next(k for k, D in enumerate(self.D) if D <= target)
        return 0 if block == 0 else settled(lambda t: self.within(block - 1, t), target, (self.starts[block - 1],))

    def reached(self, target: float) -> int | None:
        """The first time that the bound is at most the target."""
        return 0 if self.D[0] <= target else self.settled(target)


class VaryingCurve(Followed):
    """The bound along a schedule."""

    def __init__(self, recursion: Recursion, start: float) -> None:
        super().__init__(recursion.schedule, start)
        self.recursion = recursion
        self.renewals, self.best = [0], [tightest(recursion.at(recursion.schedule.at(0))[0], recursion.grounds, start)]

    def after(self, parameters: Parameters, D: float) -> float:
        kappa, others = self.recursion.at(parameters)
        members = tightest(kappa, self.recursion.grounds, D), *others
        return float(min((1 - x) * D + r for x, r in (shrinkage(kappa, self.recursion.grounds, b) for b in members)))

    def extend(self, stop: int) -> None:
        """One step at a time, with the members of its block."""
        grounds, begin = self.recursion.grounds, len(self.D) - 1
        kappas, others = self.recursion.along(begin, stop)
        t = begin
        while t < stop:
            renewal = self.renewals[-1] + 1 + self.renewals[-1] // EVERY
            if t == renewal:
                self.renewals.append(t)
                self.best.append(tightest(tuple(kappas[:, t - begin].tolist()), grounds, self.D[t]))
                continue
            end = min(renewal, stop)
            block = slice(t - begin, end - begin)
            members = [self.best[-1], *(b[:, block] for b in others)]
            rates = [shrinkage(kappas[:, block], grounds, b, np.minimum) for b in members]
            factors, noises = (np.array(part).T.tolist() for part in zip(*rates, strict=True))
            for x, r in zip(factors, noises, strict=True):
                D = self.D[-1]
                self.D.append(min([(1 - x_j) * D + r_j for x_j, r_j in zip(x, r, strict=True)]))
            t = end

    def free(self, begin: int, stop: int) -> Mapping[str, Array]:
        """The free symbols of the members in use."""
        self.at(stop)
        block = np.searchsorted(self.renewals, np.arange(begin, stop), side="right") - 1
        return self.recursion.free(np.array(self.best)[block].T, begin, stop)


@cache
def any_member(kappas: tuple[sp.Expr, ...]) -> tuple[OneStep, ...]:
    """The member of a master inequality for any b1, b2, b3 > 0."""
    return (OneStep(*member(kappas, SYMBOLS, (b1, b2, b3))),)


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

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        """A member, for any b1, b2, b3 > 0."""
        return any_member(self.kappas)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        schedule = default_steps(self.default_steps, constants, request)
        recursion = Recursion(self.kappas, self.others, constants, schedule)

        @cache
        def curve(start: float) -> ConstantCurve | VaryingCurve:
            return (ConstantCurve if schedule.constant else VaryingCurve)(recursion, start)

        rate: tuple[float, float] | tuple[None, None] = (None, None)
        if schedule.constant:
            x, limit = fixed_point(recursion.steady[0], recursion.grounds)
            rate = (1 - x, limit) if x > 0 else rate
        gamma0, rho0, _ = schedule.at(0)
        return Plan(
            theorem=self,
            constants=constants,
            schedule=schedule,
            bound=lambda t, start: curve(start).at(t),
            iterations=lambda epsilon, start: curve(start).settled(epsilon),
            reached=lambda epsilon, start: curve(start).reached(epsilon),
            rho=rho0,
            gamma=gamma0,
            rho_max=math.inf,
            gamma_max=math.inf,
            contraction=rate[0],
            neighbourhood=rate[1],
            free=lambda start, begin, stop: curve(start).free(begin, stop),
            delta0=1.0 if delta0 is None else delta0,
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
