"""Bounds by certificates: E delta+ <= the largest of q_j delta + zeta_j, from multipliers that are searched.

The lengths of grad f(x) are cut into intervals, each with its own certificate (`certificate`), which is valid at every
gap: those for the gap D are the ones with the smallest q D + zeta.  The bound follows the certificates for the gaps
N, 8N, 64N, ..., where N is the limit of the first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, parameter

from ..base import Theorem
from ..numbers import number, settled, unrolled
from ..plan import Plan
from ..rollout import OneStep
from . import certificate
from .barrier import Programs, feasible, minimised

#: Where r = ||grad f(x)|| is cut, in units of sqrt(2 mu D): the worst r is above 1.
CUTS = (0.98, 1.1, 1.2, 1.35)
INTERVALS = len(CUTS) + 1
#: The ratio of the gaps that have certificates of their own, their number, and the last gap in units of the first.
RATIO, LEVELS, VAST = 8.0, 6, 1e20
#: A level is left before the bound is this close to its limit.
ABOVE = 1.05
#: Relative accuracy of q D + zeta, that on the way to the limit, and that of the limit; the most gaps on the way.
ACCURACY, ROUGH, SETTLED, TURNS = 1e-7, 1e-4, 1e-3, 40
#: The first gap of the search of the limit, in units of kappa.
FAR = 1.0
#: Blocks of a bound at most.
BLOCKS = 1000
#: The multipliers of pairs that are searched, at most: larger ones lose digits.
MOST = 1e4
#: From where the search of multipliers starts.
START = [*[0.01] * 7, 1.0, 100.0]

_multipliers = certificate.Multipliers.of("")
_interval = certificate.Interval(*sp.symbols("low high keep", nonnegative=True))
_numbers = sp.symbols("t nu m omega", positive=True)


def names(j: int) -> certificate.Multipliers:
    """The multipliers of the j-th interval, as symbols."""
    return certificate.Multipliers.of(f"_{j}")


#: Where the intervals meet, as symbols.
cuts = sp.symbols([f"c_{j}" for j in range(1, INTERVALS)], nonnegative=True)


@cache
def formulas() -> tuple[Any, Array, Array]:
    """F_0, ..., F_n of (t, nu, m, omega, low, high, keep); A and b of what has to be positive."""
    M = certificate.matrix(_multipliers, _interval, *_numbers)
    nothing = dict.fromkeys(_multipliers, 0)
    parts = [M.subs(nothing), *(M.diff(each) for each in _multipliers)]
    signs = [_multipliers.l_yz, _multipliers.l_xn, 1 - _multipliers.falls, *_multipliers]
    signs += [MOST - each for each in _multipliers[:3]]
    A = [[float(sp.diff(sign, each)) for each in _multipliers] for sign in signs]
    b = [float(sp.sympify(sign).subs(nothing)) for sign in signs]
    return sp.lambdify((*_numbers, *_interval), [part.tolist() for part in parts], "math"), np.array(A), np.array(b)


class Certificates(NamedTuple):
    """Those of the intervals, in units of L = 1.

    Attributes
    ----------
    multipliers : (intervals, multipliers), in units of omega for e
    cuts : (intervals - 1,), in units of omega
    omega : see `certificate`
    """

    multipliers: Array
    cuts: Array
    omega: float

    @property
    def q(self) -> Array:
        """q_j."""
        return np.asarray(1 - certificate.Multipliers(*self.multipliers.T).falls)

    @property
    def zeta(self) -> Array:
        """zeta_j, in units of (lam rho)^2."""
        return np.asarray(self.multipliers[:, -1] * self.omega**2)

    @property
    def limits(self) -> Array:
        """Of each interval."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.q < 1, self.zeta / (1 - self.q), np.inf)

    @property
    def limit(self) -> float:
        """The limit of the bound; inf if there is none."""
        return float(self.limits.max())

    def falls(self, D: float) -> bool:
        """Whether the bound is at most D after D, without the first interval."""
        return bool((self.q * D + self.zeta)[1:].max() <= D)

    def next(self, D: float) -> float:
        """The limit of the worst interval at D but the first, whose certificate is PL at x for every D."""
        return float(self.limits[1:][np.argmax((self.q * D + self.zeta)[1:])])


class Search:
    """The certificates of constant steps."""

    def __init__(self, t: float, nu: float, m: float) -> None:
        self.numbers, self.m = (t, nu, m), m
        self.found: dict[int, Certificates] = {}

    def at(self, D: float, low: float, accuracy: float = ACCURACY) -> Certificates:
        """Those with the smallest bound between D and `low`, where they are in use; NaN where none is found.

        With omega^2 = D the numbers of the search are of one size.
        """
        build, A, b = formulas()
        cuts, omega = np.sqrt(2 * self.m * low / D) * np.array(CUTS), math.sqrt(D)
        intervals = zip([0.0, *cuts], [*cuts, 1.0], [*[1.0] * len(cuts), 0.0], strict=True)
        F = np.array([build(*self.numbers, omega, *interval) for interval in intervals])
        middle = math.sqrt(low / D)
        c = np.tile([0, 0, 0, -middle, -middle, -middle, -middle, 0, 1], (INTERVALS, 1))
        programs = Programs(c, A, b, F[:, 0], F[:, 1:])
        found = feasible(programs, np.tile(START, (INTERVALS, 1)))
        found = minimised(programs, found, accuracy) if np.isfinite(found).all() else found
        return Certificates(found, cuts, omega)

    @cached_property
    def first(self) -> Certificates:
        """Those with the smallest limit, by Newton's method between gaps from which the bound rises and falls."""
        D, low, high = FAR / self.m, 0.0, math.inf
        for _ in range(TURNS):
            found = self.at(D, D, ROUGH)
            low, high = (low, D) if found.falls(D) else (D, high)
            after = found.next(D) * (1 + SETTLED / 2)
            if low * (1 + SETTLED) < high < math.inf and not low < after < high:
                after = math.sqrt(max(low, high / RATIO**2) * high)
            if after > high * (1 - SETTLED / 4) or high <= low * (1 + SETTLED):
                break
            D = min(max(after, D / RATIO), D * RATIO)
        return self.at(min(high, D), min(high, D))

    def level(self, k: int) -> Certificates:
        """Those for the gap N RATIO^k, k = ..., -1, 0, 1, ..., and the last for a far larger one, as if lam = 0."""
        if k not in self.found:
            D = self.first.limit * (RATIO**k if k < LEVELS - 1 else VAST)
            found = self.at(D, D / RATIO) if k else self.first
            self.found[k] = found if found.limit < (D if k > 0 else math.inf) else self.first
        return self.found[k]

    def of(self, D: float) -> int:
        """The level in use at the gap D, in units of the smallest limit: the last one with a limit well below D."""
        if D == 0:
            return -LEVELS
        k = max(-LEVELS, math.ceil(math.log(D, RATIO))) if D < RATIO ** (LEVELS - 1) else LEVELS - 1
        while k > 0 and D <= self.end(k):
            k -= 1
        return k

    def end(self, k: int) -> float:
        """The gap at which a level is left, in units of the smallest limit: from above if k > 0, else from below."""
        if k <= 0:
            return float(RATIO**k)
        return max(float(RATIO ** (k - 1)), ABOVE * self.level(k).limit / self.first.limit)


class Block(NamedTuple):
    """From time t and gap D on, certificates of a level with one interval that is the worst: D+ = q D + zeta."""

    t: int
    D: float
    level: int
    q: float
    zeta: float

    @property
    def limit(self) -> float:
        """The limit of the bound, if the block never ends."""
        return self.zeta / (1 - self.q)

    def at(self, times: Any) -> Array:
        """The bound at times t, t + 1, ..."""
        return unrolled(1 - self.q, self.zeta, times - self.t, self.D)

    def steps_to(self, end: float) -> float:
        """The steps until the bound has reached `end` or is beyond it; inf if it never does."""
        left = (end - self.limit) / (self.D - self.limit) if self.D != self.limit else 1.0
        if not 0 <= left < 1 or (left == 0 and self.q > 0):
            return math.inf
        return max(1, math.ceil(math.log(left) / math.log(self.q))) if left and self.q > 0 else 1


class Curve:
    """The bound over time, in blocks."""

    def __init__(self, search: Search, unit: float, start: float) -> None:
        self.search, self.unit, self.start = search, unit, start
        self.limit = search.first.limit * unit
        self.blocks: list[Block] = []
        self.coming: tuple[int, float] | None = (0, start)

    def extend(self) -> None:
        """One block more."""
        assert self.coming is not None
        block = self.block(*self.coming)
        steps = min(block.steps_to(end) for end in self.ends(block))
        self.coming = None
        if steps < math.inf and len(self.blocks) < BLOCKS:
            self.coming = block.t + int(steps), float(block.at(block.t + int(steps)))
        self.blocks.append(block)

    def level(self, D: float) -> int:
        """The level of the gap D."""
        return self.search.of(D / self.limit) if self.limit else LEVELS - 1

    def block(self, t: int, D: float) -> Block:
        """The block that starts here."""
        level = self.level(D)
        now = self.search.level(level)
        j = int(np.argmax(now.q * D + now.zeta * self.unit))
        return Block(t, D, level, float(now.q[j]), float(now.zeta[j]) * self.unit)

    def ends(self, block: Block) -> list[float]:
        """The gaps at which another interval is the worst one, or another level begins."""
        now, falls = self.search.level(block.level), block.q * block.D + block.zeta < block.D
        with np.errstate(divide="ignore", invalid="ignore"):
            turns = (now.zeta * self.unit - block.zeta) / (block.q - now.q)
        ahead = turns[(turns < block.D) & (now.q < block.q) if falls else (turns > block.D) & (now.q > block.q)]
        level = [self.limit * self.search.end(block.level)] if self.limit and falls == (block.level > 0) else []
        return [*ahead.tolist(), *level, block.limit]

    def of(self, times: Any) -> Any:
        """The block of each time."""
        while self.coming is not None and self.coming[0] <= np.max(times):
            self.extend()
        return np.searchsorted([block.t for block in self.blocks], times, side="right") - 1

    def at(self, times: Any) -> Array:
        """The bound at `times`, of any shape."""
        times = np.asarray(times)
        where = self.of(times)
        found = np.empty(times.shape)
        for k in np.unique(where):
            found[where == k] = self.blocks[k].at(times[where == k])
        return found

    def settled(self, target: float) -> int | None:
        """The steps after which the bound, which rises or falls to its limit, is and stays at most the target."""
        if self.limit > target or (self.limit == target < self.start):
            return None
        if self.start <= target:
            return 0
        while self.coming is not None and self.coming[1] > target:
            self.extend()
        block = next(each for each in reversed(self.blocks) if each.D > target)
        return settled(block.at, target, (block.t,), block.limit)

    def reached(self, target: float) -> int | None:
        """The first time that the bound is at most the target."""
        return 0 if self.start <= target else self.settled(target)

    def free(self, begin: int, stop: int) -> Mapping[str, Array]:
        """The multipliers and cuts of t = begin, ..., stop - 1."""
        levels = [self.blocks[int(k)].level for k in self.of(np.arange(begin, stop))]
        used = {k: self.search.level(k) for k in set(levels)}
        found: dict[str, Array] = {}
        for j in range(INTERVALS):
            values = np.array([used[k].multipliers[j] for k in levels])
            found |= {str(symbol): each[None] for symbol, each in zip(names(j + 1), values.T, strict=True)}
        found[str(certificate.omega)] = np.array([[used[k].omega for k in levels]])
        for j, cut in enumerate(cuts):
            found[str(cut)] = np.array([[used[k].cuts[j] for k in levels]])
        return found


@dataclass(frozen=True, kw_only=True)
class Certified(Theorem):
    """Constant steps, with the certificates that are found."""

    rho_max: sp.Expr = field(repr=False)
    gamma_max: sp.Expr = field(repr=False)
    rho_usual: sp.Expr = field(repr=False)

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return one_step()

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Any]:
        values = constants.values(lam=parameter("lam", lam))
        return number(self.rho_max, values), lambda rho: number(self.gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        lam = parameter("lam", request.lam)
        values = constants.values(lam=lam)
        if request.rho is None:
            request = request.but(rho=number(self.rho_usual, values))
        chosen = self.choose(constants, request)
        values |= {"rho": chosen.rho, "gamma": chosen.gamma}
        t, nu, m = (number(each, values) for each in (certificate.t, certificate.nu, certificate.m))
        search, unit = searched(t, nu, min(m, 1.0)), number(certificate.noise, values, omega=1.0)
        if not search.first.limit < math.inf:
            raise NotApplicable(
                f"{self.key}: no certificate is found for rho={chosen.rho:.6g}, gamma={chosen.gamma:.6g}"
            )

        @cache
        def curve(start: float) -> Curve:
            return Curve(search, unit, start)

        return Plan(
            theorem=self, constants=constants, schedule=Schedule(chosen.gamma, chosen.rho, request.lam),
            bound=lambda t, start: curve(start).at(t),
            iterations=lambda epsilon, start: curve(start).settled(epsilon),
            reached=lambda epsilon, start: curve(start).reached(epsilon),
            contraction=float(search.level(0 if unit else LEVELS - 1).q.max()),
            neighbourhood=search.first.limit * unit, **chosen._asdict(),
            free=lambda start, begin, stop: curve(start).free(begin, stop),
            delta0=1.0 if delta0 is None else delta0,
        )  # fmt: skip


@cache
def searched(t: float, nu: float, m: float) -> Search:
    """The search of these steps, once."""
    return Search(t, nu, m)


@cache
def one_step() -> tuple[OneStep, ...]:
    """Of each interval."""
    return tuple(
        OneStep(-each.falls, sp.Integer(0), each.zeta * certificate.noise)
        for each in map(names, range(1, INTERVALS + 1))
    )
