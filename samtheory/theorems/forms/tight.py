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
from ..master import sign
from ..numbers import evaluate, settled, unrolled, unrolled_once
from ..plan import Plan
from ..rollout import OneStep
from ..symbols import A, B, C, L, b1, b2, b3, bonus, mu, share
from .family import (
    AGAIN,
    Best,
    Grounds,
    Mixtures,
    Young,
    best,
    fixed_point,
    floored,
    member,
    mixed,
    shrinkage,
    tightest,
    with_bonus,
)
from .followed import Followed, Parameters

#: The best member is looked for at every step up to this, and then each time t has grown by 1/EVERY of itself.
EVERY = 256
#: More blocks than this are not followed where the parameters are constant: t is above 1e30 then.
BLOCKS = 20_000
#: The constants and free numbers of a member, as symbols.
SYMBOLS = Grounds(A, B, C, mu, L)
YOUNG = tuple(str(b) for b in (b1, b2, b3))
FREE = (*YOUNG, str(bonus), str(share))


class Recursion:
    """A family at work on a problem: its kappas and members along a schedule."""

    def __init__(
        self, kappas: tuple[sp.Expr, ...], others: tuple[Young, ...], constants: Constants, schedule: Schedule
    ) -> None:
        self.kappas, self.others = kappas, others
        self.values, self.grounds, self.schedule = constants.values(), Grounds.of(constants), schedule

    def along(self, start: int, stop: int) -> tuple[list[Array], list[Array]]:
        """The kappas at the ends of the shares of PL at y, and the other members, (3, stop - start) each."""
        return self.where(*self.schedule.arrays(start, stop))

    def where(self, gamma: Array, rho: Array, lam: Array) -> tuple[list[Array], list[Array]]:
        """As `along`, for any parameters."""
        now = {**self.values, "gamma": gamma, "rho": rho, "lam": lam, "sign": self.sign(gamma)}

        def table(expressions: tuple[Any, ...], part: float) -> Array:
            with np.errstate(all="ignore"):
                found = [evaluate(each, {**now, "share": np.array(part)}) for each in expressions]
                return np.array([np.broadcast_to(each, gamma.shape) for each in found])

        mixtures = [table(self.kappas, part) for part in self.shares]
        if not all(np.isfinite(kappas).all() for kappas in mixtures):
            raise InputError("rho, gamma: too large for this problem: the one-step bound overflows")
        # Where the term of an entry vanishes it may be 0/0 or infinite: any number will do there.
        others = [table(b, 0.0) for b in self.others]
        return mixtures, [np.where((b > 0) & np.isfinite(b), b, 1.0) for b in others]

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """The ends of the shares of PL at y."""
        return (0.0, 1.0) if any(sp.sympify(each).has(share) for each in self.kappas) else (0.0,)

    def sign(self, gamma: Array) -> Array:
        """The `sign` of the full batch."""
        return np.where(self.values["L"] * gamma <= 1, -1.0, 1.0)

    def at(self, parameters: Parameters) -> tuple[Mixtures, list[Young]]:
        """The kappas and the other members with these (gamma, rho, lam), as floats."""
        mixtures, others = self.where(*(np.array([each]) for each in parameters))
        return numbers_at(mixtures, 0), [tuple(b[:, 0].tolist()) for b in others]

    @cached_property
    def steady(self) -> tuple[Mixtures, list[Young]]:
        """Those of constant steps."""
        return self.at(self.schedule.at(0))

    @cached_property
    def limit(self) -> tuple[float, float, Best]:
        """(x, D, member) of `fixed_point` at constant steps."""
        return fixed_point(self.steady[0], self.grounds)

    def best(self, mixtures: Mixtures, D: float, near: Best | None, last: float) -> tuple[Best, float]:
        """The best member at D, and the D of the last search of sigma: once the bound has moved on there is another."""
        search = near is None or not last / AGAIN < D < last * AGAIN
        return best(mixtures, self.grounds, D, near, search), D if search else last

    def free(self, found: list[Best], begin: int, stop: int) -> Mapping[str, Array]:
        """The free symbols of all members at t = begin, ..., stop - 1; the best of each t, and the others."""
        _, others = self.along(begin, stop)
        sign = self.sign(self.schedule.arrays(begin, stop)[0])
        chosen = np.array([(*one.b, one.sigma, one.share) for one in found]).reshape(-1, stop - begin, len(FREE))
        rest = [np.concatenate([b, np.zeros((2, stop - begin))]) for b in others]
        return {"sign": sign, **dict(zip(FREE, np.stack([*np.moveaxis(chosen, 2, 1), *rest], axis=1), strict=True))}


def numbers_at(mixtures: list[Array], k: int) -> Mixtures:
    """The kappas of one time, as floats."""
    return tuple(tuple(kappas[:, k].tolist()) for kappas in mixtures)


class ConstantCurve:
    """D_0 >= E delta_0, D_1, ... at constant steps, in blocks within which the members stay."""

    def __init__(self, recursion: Recursion, start: float) -> None:
        self.recursion = recursion
        self.starts, self.D = [0], [start]
        self.best: list[Best] = []
        self.rates: list[list[tuple[float, float]]] = []
        self.searched = start

    @cached_property
    def always(self) -> list[tuple[float, float]]:
        """(x, r) of the members that are in use in every block."""
        (mixtures, others), last = self.recursion.steady, self.recursion.limit[2]
        return [*(shrinkage(mixtures[0], self.recursion.grounds, b) for b in others), (last.x, last.r)]

    def extend(self) -> None:
        """One block more."""
        t, D, recursion = self.starts[-1], self.D[-1], self.recursion
        one, self.searched = recursion.best(recursion.steady[0], D, self.best[-1] if self.best else None, self.searched)
        self.best.append(one)
        rates, n = [*self.always, (one.x, one.r)], 1 + t // EVERY
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
        chosen = [self.best[k] for k in block]
        return self.recursion.free([*chosen, *[self.recursion.limit[2]] * len(block)], begin, stop)

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
        _, limit, _ = self.recursion.limit
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
        mixtures, _ = recursion.at(recursion.schedule.at(0))
        self.renewals, self.best, self.searched = [0], [best(mixtures, recursion.grounds, start)], start

    def after(self, parameters: Parameters, D: float) -> float:
        """Without the bonus, for which a step is not convex in the parameters."""
        mixtures, others = self.recursion.at(parameters)
        kappa, grounds = mixtures[0], self.recursion.grounds
        members = tightest(kappa, grounds, D), *others
        return float(min((1 - x) * D + r for x, r in (shrinkage(kappa, grounds, b) for b in members)))

    def least(self, parameters: Parameters, D: float) -> float:
        mixtures, _ = self.recursion.at(parameters)
        return min(self.after(parameters, D), best(mixtures, self.recursion.grounds, D).after(D))

    def extend(self, stop: int) -> None:
        """One step at a time, with the members of its block."""
        recursion, begin = self.recursion, len(self.D) - 1
        mixtures, others = recursion.along(begin, stop)
        always = [shrinkage(mixtures[0], recursion.grounds, b, np.minimum) for b in others]
        t = begin
        while t < stop:
            renewal = self.renewals[-1] + 1 + self.renewals[-1] // EVERY
            if t == renewal:
                now = numbers_at(mixtures, t - begin)
                one, self.searched = recursion.best(now, self.D[t], self.best[-1], self.searched)
                self.renewals.append(t)
                self.best.append(one)
                continue
            end = min(renewal, stop)
            block, one = slice(t - begin, end - begin), self.best[-1]
            rates = [(x[block], r[block]) for x, r in always]
            if t == self.renewals[-1] and end == t + 1:
                rates.append((np.array([one.x]), np.array([one.r])))
            else:
                kappas = mixed(tuple(each[:, block] for each in mixtures), recursion.grounds, one.sigma, one.share)
                rates.append(shrinkage(kappas, recursion.grounds, one.b, np.minimum))
            factors, noises = (np.array(part).T for part in zip(*rates, strict=True))
            D, append = self.D[-1], self.D.append
            for kept, r in zip((1 - factors).tolist(), noises.tolist(), strict=True):
                D = min([kept_j * D + r_j for kept_j, r_j in zip(kept, r)])  # noqa: B905 - the innermost loop
                append(D)
            t = end

    def free(self, begin: int, stop: int) -> Mapping[str, Array]:
        """The free symbols of the members in use."""
        self.at(stop)
        block = np.searchsorted(self.renewals, np.arange(begin, stop), side="right") - 1
        return self.recursion.free([self.best[k] for k in block], begin, stop)


@cache
def any_member(kappas: tuple[sp.Expr, ...]) -> tuple[OneStep, ...]:
    """The member of a master inequality for any b1, b2, b3 > 0."""
    return (OneStep(*member(kappas, SYMBOLS, (b1, b2, b3))),)


@cache
def any_member_with_bonus(kappas: tuple[sp.Expr, ...]) -> tuple[OneStep, ...]:
    """As `any_member`, under PL with the bonus for any sigma >= 0, and any share of PL at y."""
    kappas = floored(kappas) if kappas[2].has(sign) else kappas
    return any_member(with_bonus(kappas, SYMBOLS, bonus))


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
        """A member, for any b1, b2, b3 > 0 and any sigma >= 0."""
        return any_member_with_bonus(self.kappas)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        schedule = default_steps(self.default_steps, constants, request)
        recursion = Recursion(self.kappas, self.others, constants, schedule)

        @cache
        def curve(start: float) -> ConstantCurve | VaryingCurve:
            return (ConstantCurve if schedule.constant else VaryingCurve)(recursion, start)

        rate: tuple[float, float] | tuple[None, None] = (None, None)
        if schedule.constant:
            x, limit, _ = recursion.limit
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
