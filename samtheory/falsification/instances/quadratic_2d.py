"""Two dimensions, quadratic: f_i(x) = tilt_i.x + x^T H_i x/2 with H_i positive semidefinite, sum tilt_i = 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple, Self

from .arithmetic import Number, NumberType
from .base import CertifiedConstants, InfeasibleInstance, Instance, Point, Triple, moved, squared
from .finite_law import FiniteLaw


class Symmetric(NamedTuple):
    """[[a, b], [b, c]]."""

    a: Number
    b: Number
    c: Number

    def times(self, x: Point) -> Point:
        """The product with a vector."""
        return self.a * x[0] + self.b * x[1], self.b * x[0] + self.c * x[1]

    def square(self) -> Symmetric:
        """The product with itself."""
        return Symmetric(self.a**2 + self.b**2, self.b * (self.a + self.c), self.b**2 + self.c**2)

    def plus(self, other: Symmetric, times: Number) -> Symmetric:
        """The sum with a multiple of another."""
        return Symmetric(*(here + times * there for here, there in zip(self, other, strict=True)))

    def determinant(self) -> Number:
        """a c - b^2."""
        return self.a * self.c - self.b**2

    def largest(self, kind: NumberType) -> Number:
        """The largest eigenvalue, or slightly more."""
        return (self.a + self.c + kind.sqrt_upper((self.a - self.c) ** 2 + 4 * self.b**2)) / 2

    def smallest(self, kind: NumberType) -> Number:
        """The smallest eigenvalue, or slightly less."""
        return (self.a + self.c - kind.sqrt_upper((self.a - self.c) ** 2 + 4 * self.b**2)) / 2

    def inverse_form(self, x: Point) -> Number:
        """x^T S^-1 x.

        Raises
        ------
        InfeasibleInstance
            If S is not positive definite.
        """
        if not (self.a > 0 and self.determinant() > 0):
            raise InfeasibleInstance
        return (self.c * x[0] ** 2 - 2 * self.b * x[0] * x[1] + self.a * x[1] ** 2) / self.determinant()


@dataclass(frozen=True)
class Planar(Instance):
    """Quadratics in the plane.

    Attributes
    ----------
    matrices : (n, 3), the H_i as [[a, b], [b, c]]
    tilts : (n - 1, 2), grad f_i(0) of all i but the last, which makes their sum 0
    """

    matrices: tuple[tuple[Number, Number, Number], ...]
    tilts: tuple[Point, ...]

    family = "quadratics in the plane"
    d = 2

    @property
    def n(self) -> int:
        return len(self.matrices)

    @property
    def H(self) -> list[Symmetric]:
        """The H_i."""
        return [Symmetric(*entries) for entries in self.matrices]

    @property
    def mean(self) -> Symmetric:
        """The Hessian of f."""
        return Symmetric(*(sum(parts) / self.n for parts in zip(*self.matrices, strict=True)))

    @property
    def all_tilts(self) -> list[Point]:
        """grad f_i(0) for every i."""
        last = tuple(-sum(parts) for parts in zip(*self.tilts, strict=True)) if self.tilts else (0, 0)
        return [*self.tilts, last]

    def gradients(self, x: Point, kind: NumberType) -> list[Point]:
        curved = (H.times(x) for H in self.H)
        return [(u + s, v + t) for (u, v), (s, t) in zip(curved, self.all_tilts, strict=True)]

    def value(self, x: Point, kind: NumberType) -> Number:
        u, v = self.mean.times(x)
        return (u * x[0] + v * x[1]) / 2

    def values(self, x: Point, kind: NumberType) -> list[Number]:
        pairs = zip(self.H, self.all_tilts, strict=True)
        return [dot(H.times(x), x) / 2 + dot(tilt, x) for H, tilt in pairs]

    def nonnegative(self, q: Callable[[Point], Number]) -> bool | None:
        """The matrix of the quadratic form in (x, 1) is positive semidefinite."""
        c = q((0, 0))
        plus, minus = [q((1, 0)), q((0, 1))], [q((-1, 0)), q((0, -1))]
        b = [(high - low) / Fraction(2) for high, low in zip(plus, minus, strict=True)]
        a = [(high + low) / Fraction(2) - c for high, low in zip(plus, minus, strict=True)]
        mixed = q((1, 1)) - sum(a) - sum(b) - c
        for u, v in ((2, 3), (-1, 5)):
            if q((u, v)) != a[0] * u * u + mixed * u * v + a[1] * v * v + b[0] * u + b[1] * v + c:
                return None
        form = [[a[0], mixed / 2, b[0] / 2], [mixed / 2, a[1], b[1] / 2], [b[0] / 2, b[1] / 2, c]]
        minors = (each for size in (1, 2, 3) for each in combinations(range(3), size))
        return all(determinant([[form[i][j] for j in each] for i in each]) >= 0 for each in minors)

    def constants(self, kind: NumberType) -> CertifiedConstants:
        H, mean, zero = self.H, self.mean, 0 * self.matrices[0][0]
        if not all(each.a >= 0 and each.c >= 0 and each.determinant() >= 0 for each in H):
            raise InfeasibleInstance
        tilted = any(any(tilt) for tilt in self.tilts)
        f_i_inf = [zero] * self.n
        if tilted:
            f_i_inf = [-each.inverse_form(tilt) / 2 for each, tilt in zip(H, self.all_tilts, strict=True)]
        mu = mean.smallest(kind)
        return CertifiedConstants(
            [each.largest(kind) for each in H],
            mean.largest(kind),
            mu if mu > 0 else None,
            zero,
            f_i_inf,
            {"convex": True, "convex-components": True, "strongly-convex": bool(mu > 0), "interpolation": not tilted},
        )

    def sharp(self, law: FiniteLaw, share: Number, slack: Number) -> Triple:
        """R = A H + B H^2 - E H_v^2 must be positive definite, and C = E||xi||^2 + b^T R^-1 b."""
        mean, zero = self.mean, law.kind.number(0)
        second, pull, noise = Symmetric(zero, zero, zero), (zero, zero), zero
        for p, chosen in law.outcomes:
            H = Symmetric(*(law.average(chosen, entries) for entries in zip(*self.matrices, strict=True)))
            xi = tuple(law.average(chosen, parts) for parts in zip(*self.all_tilts, strict=True))
            second = second.plus(H.square(), p)
            pull = moved(pull, p, H.times(xi))
            noise += p * squared(xi)
        B = share * largest_ratio(second, mean.square(), law.kind)
        A = (1 + slack) * max(zero, largest_ratio(second.plus(mean.square(), -B), mean, law.kind))
        gap = Symmetric(zero, zero, zero).plus(mean, A).plus(mean.square(), B).plus(second, -1)
        return A, B, noise + gap.inverse_form(pull)

    def simpler(self) -> list[Self]:
        fewer = [replace(self, matrices=tuple((a, 0 * b, c) for a, b, c in self.matrices))]
        if any(any(tilt) for tilt in self.tilts):
            fewer.append(replace(self, tilts=tuple((0 * u, 0 * v) for u, v in self.tilts)))
        return fewer if any(b for _, b, _ in self.matrices) else fewer[1:]

    def source(self) -> str:
        matrices = ", ".join(repr([[float(a), float(b)], [float(b), float(c)]]) for a, b, c in self.matrices)
        tilts = ", ".join(repr([float(u), float(v)]) for u, v in self.all_tilts)
        if not any(any(tilt) for tilt in self.tilts):
            return f"f = Quadratics(np.array([{matrices}]), np.zeros(({self.n}, 2)))"
        return f"""H, TILTS = np.array([{matrices}]), np.array([{tilts}])


def value(i, x):
    return TILTS[i] @ x + x @ H[i] @ x / 2


def gradient(i, x):
    return TILTS[i] + H[i] @ x


f = UserSum(value, gradient, n={self.n}, d=2)"""


def dot(x: Point, y: Point) -> Number:
    """<x, y>."""
    return x[0] * y[0] + x[1] * y[1]


def determinant(rows: Sequence[Sequence[Number]]) -> Number:
    """The determinant of a small matrix, by its first row."""
    if len(rows) == 1:
        return rows[0][0]
    rest = [[[*row[:k], *row[k + 1 :]] for row in rows[1:]] for k in range(len(rows))]
    return sum((-1) ** k * rows[0][k] * determinant(each) for k, each in enumerate(rest))


def largest_ratio(top: Symmetric, bottom: Symmetric, kind: NumberType) -> Number:
    """sup x^T top x / x^T bottom x, or slightly more: the larger root of det(top - r bottom) = 0.

    Raises
    ------
    InfeasibleInstance
        If `bottom` is not positive definite.
    """
    det = bottom.determinant()
    if not det > 0:
        raise InfeasibleInstance
    half = (top.a * bottom.c + top.c * bottom.a - 2 * top.b * bottom.b) / 2
    return (half + kind.sqrt_upper(max(half**2 - det * top.determinant(), 0 * det))) / det
