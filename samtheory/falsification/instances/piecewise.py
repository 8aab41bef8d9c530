"""One dimension, piecewise quadratic: f_i' is continuous and piecewise linear, so that every constant is exact.

f_i(x) = tilt_i x + slope_i x^2/2 + sum_k change_ki (x - t_k)^2/2 over the knots t_k between 0 and x, sum tilt_i = 0.
Without knots they are parabolas; with slopes of both signs f can be PL without being convex.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from .arithmetic import Number, NumberType
from .base import CertifiedConstants, InfeasibleInstance, Instance, Point, Triple
from .finite_law import FiniteLaw


class Parabola(NamedTuple):
    """a x^2/2 + b x + c."""

    a: Number
    b: Number
    c: Number

    def at(self, x: Number) -> Number:
        """Its value at x."""
        return (self.a * x / 2 + self.b) * x + self.c

    def plus(self, other: Parabola, times: Number) -> Parabola:
        """The sum with a multiple of another."""
        return Parabola(*(here + times * there for here, there in zip(self, other, strict=True)))

    def slope_squared(self) -> Parabola:
        """(a x + b)^2."""
        return Parabola(2 * self.a**2, 2 * self.a * self.b, self.b**2)


class Piece(NamedTuple):
    """Between two knots: f_1, ..., f_n and f = their mean, in which the tilts cancel."""

    low: Number
    high: Number
    parts: list[Parabola]
    mean: Parabola

    def ends(self) -> Iterator[Number]:
        """Its ends that are not at infinity."""
        return (x for x in (self.low, self.high) if abs(x) != math.inf)

    def highest(self, q: Parabola, tolerance: Number = 0) -> Number:
        """sup of a parabola on the piece, inf where there is none; `tolerance` bounds the rounding of q.a and q.b."""
        for end, outward in ((self.low, -1), (self.high, 1)):
            if abs(end) == math.inf and (q.a > tolerance or (abs(q.a) <= tolerance and outward * q.b > tolerance)):
                return math.inf
        found = [q.at(x) for x in self.ends()]
        if q.a < 0 and self.low <= -q.b / q.a <= self.high:
            found.append(q.at(-q.b / q.a))
        return max(found, default=q.c)


@dataclass(frozen=True)
class Piecewise(Instance):
    """Piecewise quadratics on a line.

    Attributes
    ----------
    slopes : (n) f_i'' at 0
    tilts : f_i'(0) of all i but the last, which makes their sum 0
    knots : (m) the t_k, none of them 0
    changes : (m, n) how much f_i'' grows when t_k is passed on the way from 0
    """

    slopes: tuple[Number, ...]
    tilts: tuple[Number, ...]
    knots: tuple[Number, ...] = ()
    changes: tuple[tuple[Number, ...], ...] = ()

    family = "piecewise quadratics in one dimension"
    d = 1

    @property
    def n(self) -> int:
        return len(self.slopes)

    @property
    def all_tilts(self) -> tuple[Number, ...]:
        """f_i'(0) for every i."""
        return (*self.tilts, -sum(self.tilts))

    def gradients(self, x: Point, kind: NumberType) -> list[Point]:
        (u,) = x
        found = [tilt + slope * u for tilt, slope in zip(self.all_tilts, self.slopes, strict=True)]
        for t, change in self._passed(u):
            found = [each + by * (u - t) for each, by in zip(found, change, strict=True)]
        return [(each,) for each in found]

    def value(self, x: Point, kind: NumberType) -> Number:
        (u,) = x
        passed = sum(sum(change) * (u - t) ** 2 for t, change in self._passed(u))
        return (sum(self.slopes) * u**2 + passed) / (2 * self.n)

    def values(self, x: Point, kind: NumberType) -> list[Number]:
        (u,) = x
        found = [tilt * u + slope * u**2 / 2 for tilt, slope in zip(self.all_tilts, self.slopes, strict=True)]
        for t, change in self._passed(u):
            found = [each + by * (u - t) ** 2 / 2 for each, by in zip(found, change, strict=True)]
        return found

    def landmarks(self) -> tuple[Number, ...]:
        return self.knots

    def _passed(self, x: Number) -> Iterator[tuple[Number, tuple[Number, ...]]]:
        """The knots between 0 and x, with their changes."""
        for t, change in zip(self.knots, self.changes, strict=True):
            if (0 < t < x) or (x < t < 0):
                yield t, change

    def pieces(self) -> list[Piece]:
        """From left to right."""
        ends = [-math.inf, *sorted(self.knots), math.inf]
        zero = 0 * self.slopes[0]
        found = []
        for low, high in itertools.pairwise(ends):
            inside = high - 1 if low == -math.inf else low + 1 if high == math.inf else (low + high) / 2
            inside = zero if low < 0 < high else inside
            parts = [Parabola(slope, zero, zero) for slope in self.slopes]
            for t, change in self._passed(inside):
                bent = [Parabola(by, -by * t, by * t * t / 2) for by in change]
                parts = [part.plus(more, 1) for part, more in zip(parts, bent, strict=True)]
            mean = Parabola(*(sum(each) / self.n for each in zip(*parts, strict=True)))
            lines = [Parabola(zero, tilt, zero) for tilt in self.all_tilts]
            tilted = [part.plus(line, 1) for part, line in zip(parts, lines, strict=True)]
            found.append(Piece(low, high, tilted, mean))
        return found

    def constants(self, kind: NumberType) -> CertifiedConstants:
        pieces = self.pieces()
        f_inf = lowest(pieces, lambda piece: piece.mean)
        if f_inf < 0:
            raise InfeasibleInstance  # 0 is not a minimiser
        f_i_inf = [lowest(pieces, lambda piece: piece.parts[i]) for i in range(self.n)]  # noqa: B023
        bounded = min(f_i_inf) > -math.inf
        least, mu = min(piece.mean.a for piece in pieces), self.pl(pieces)
        words = {
            "convex": least >= 0,
            "convex-components": min(part.a for piece in pieces for part in piece.parts) >= 0,
            "interpolation": bounded and not any(f_i_inf),
            "strongly-convex": mu is not None and mu <= least,
        }
        return CertifiedConstants(
            [max(abs(piece.parts[i].a) for piece in pieces) for i in range(self.n)],
            max(abs(piece.mean.a) for piece in pieces),
            mu,
            f_inf,
            f_i_inf if bounded else None,
            words,
        )

    def pl(self, pieces: list[Piece]) -> Number | None:
        """inf f'^2/(2f): monotone on each side of a stationary point, so at knots, at infinity and around 0."""
        found = []
        for piece in pieces:
            q, around = piece.mean, piece.low < 0 < piece.high
            if not around and q.a and piece.low <= -q.b / q.a <= piece.high:
                return None  # stationary, and not at 0
            if around or math.inf in (-piece.low, piece.high):
                found.append(q.a)
            found += [(q.a * x + q.b) ** 2 / (2 * q.at(x)) for x in piece.ends() if q.at(x) > 0]
        least = min(found)
        return least if least > 0 else None

    def sharp(self, law: FiniteLaw, share: Number, slack: Number) -> Triple:
        pieces, zero = self.pieces(), law.kind.number(0)
        second = [expected_square(piece.parts, law) for piece in pieces]
        curved = [(piece.mean.a, M.a / 2) for piece, M in zip(pieces, second, strict=True) if piece.mean.a > 0]
        B = share * max(Q / a**2 for a, Q in curved)
        least = [(Q - B * a**2) / a for a, Q in curved]
        for piece, M in zip(pieces, second, strict=True):
            q = piece.mean
            least += [(M.at(x) - B * (q.a * x + q.b) ** 2) / (2 * q.at(x)) for x in piece.ends() if q.at(x) > 0]
        A = (1 + slack) * max(zero, *least)
        C = zero
        for piece, M in zip(pieces, second, strict=True):
            rest = M.plus(piece.mean.slope_squared(), -B).plus(piece.mean, -2 * A)
            C = max(C, piece.highest(rest, law.kind.tolerance * M.a))
        if C == math.inf:
            raise InfeasibleInstance
        return A, B, C

    def nonnegative(self, q: Callable[[Point], Number]) -> bool | None:
        for piece in self.pieces():
            low = min(piece.high, self.slopes[0] * 0) - 1 if piece.low == -math.inf else piece.low
            high = max(low, self.slopes[0] * 0) + 1 if piece.high == math.inf else piece.high
            x0, x1, x2, x3 = (low + (high - low) * k / 5 for k in range(1, 5))
            parabola = through([(x, q((x,))) for x in (x0, x1, x2)])
            if parabola.at(x3) != q((x3,)):
                return None
            if piece.highest(Parabola(*(-part for part in parabola))) > 0:
                return False
        return True

    def simpler(self) -> list[Self]:
        fewer = [
            replace(self, knots=drop(self.knots, k), changes=drop(self.changes, k)) for k in range(len(self.knots))
        ]
        if any(self.tilts):
            fewer.append(replace(self, tilts=tuple(0 * tilt for tilt in self.tilts)))
        return fewer

    def source(self) -> str:
        if not self.knots and not any(self.tilts):
            slopes = ", ".join(f"[[{float(slope)!r}]]" for slope in self.slopes)
            return f"f = Quadratics(np.array([{slopes}]), np.zeros(({self.n}, 1)))"
        lines = f"TILTS, SLOPES = np.array({numbers(self.all_tilts)}), np.array({numbers(self.slopes)})"
        if not self.knots:
            return f"""{lines}


def value(i, x):
    return TILTS[i] * x[0] + SLOPES[i] * x[0] ** 2 / 2


def gradient(i, x):
    return [TILTS[i] + SLOPES[i] * x[0]]


f = UserSum(value, gradient, n={self.n}, d=1)"""
        return f'''{lines}
KNOTS, CHANGES = {numbers(self.knots)}, np.array([{", ".join(map(numbers, self.changes))}])


def beyond(x):
    """How far x is beyond each knot, on the way from 0."""
    return np.array([max(x - t, 0.0) if t > 0 else min(x - t, 0.0) for t in KNOTS])


def value(i, x):
    return TILTS[i] * x[0] + (SLOPES[i] * x[0] ** 2 + CHANGES[:, i] @ beyond(x[0]) ** 2) / 2


def gradient(i, x):
    return [TILTS[i] + SLOPES[i] * x[0] + CHANGES[:, i] @ beyond(x[0])]


f = UserSum(value, gradient, n={self.n}, d=1)'''


def through(points: Sequence[tuple[Number, Number]]) -> Parabola:
    """The parabola through three points (x, q(x))."""
    (x0, q0), (x1, q1), (x2, q2) = points
    slope = (q1 - q0) / (x1 - x0)
    a = ((q2 - q0) / (x2 - x0) - slope) / (x2 - x1)
    b = slope - a * (x0 + x1)
    return Parabola(2 * a, b, q0 - (a * x0 + b) * x0)


def expected_square(parts: list[Parabola], law: FiniteLaw) -> Parabola:
    """E||g_v||^2 on a piece."""
    zero = law.kind.number(0)
    total = Parabola(zero, zero, zero)
    for probability, chosen in law.outcomes:
        sampled = Parabola(*(law.average(chosen, numbers) for numbers in zip(*parts, strict=True)))
        total = total.plus(sampled.slope_squared(), probability)
    return total


def lowest(pieces: list[Piece], of: Callable[[Piece], Parabola]) -> Number:
    """inf over the line of a piecewise parabola."""
    return -max(piece.highest(Parabola(*(-part for part in of(piece)))) for piece in pieces)


def drop(items: tuple[Number, ...], k: int) -> tuple[Number, ...]:
    """All items but the k-th."""
    return items[:k] + items[k + 1 :]


def numbers(values: Sequence[Number]) -> str:
    """A list of floats, as in a Python file."""
    return repr([float(value) for value in values])
