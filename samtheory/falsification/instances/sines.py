"""One dimension, sines: f_i(x) = u_i F(x) + tilt_i x with F(x) = x^2 + a sin^2 x, mean u = 1, sum tilt_i = 0.

F is not convex and PL (Karimi, Nutini, Schmidt 2016 for a = 3): F'' = 2 + 2a cos 2x.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from .arithmetic import Number, NumberType
from .base import CertifiedConstants, InfeasibleInstance, Instance, Point, Triple
from .finite_law import FiniteLaw

#: inf F'^2/(2F) for some a, rounded down; certified by interval branch and bound in `certify.scalar`.
PL = {1: 1.0742267530, 2: 0.50515889287, 3: 0.17553098587, 4: 0.023033661875}


@dataclass(frozen=True)
class Sines(Instance):
    """Multiples of one PL function, tilted.

    Attributes
    ----------
    a : 1, 2, 3 or 4
    shares : the u_i of all i but the last, which makes their mean 1
    tilts : the tilt_i of all i but the last, which makes their sum 0
    """

    a: Number
    shares: tuple[Number, ...]
    tilts: tuple[Number, ...]

    family = "sums of sines"
    d = 1

    @property
    def n(self) -> int:
        return len(self.shares) + 1

    @property
    def u(self) -> tuple[Number, ...]:
        """Every u_i."""
        return (*self.shares, self.n - sum(self.shares))

    @property
    def all_tilts(self) -> tuple[Number, ...]:
        """Every tilt_i."""
        return (*self.tilts, -sum(self.tilts))

    def gradients(self, x: Point, kind: NumberType) -> list[Point]:
        slope = 2 * x[0] + self.a * kind.sin(2 * x[0])
        return [(u * slope + tilt,) for u, tilt in zip(self.u, self.all_tilts, strict=True)]

    def value(self, x: Point, kind: NumberType) -> Number:
        return x[0] ** 2 + self.a * kind.sin(x[0]) ** 2

    def values(self, x: Point, kind: NumberType) -> list[Number]:
        whole = self.value(x, kind)
        return [u * whole + tilt * x[0] for u, tilt in zip(self.u, self.all_tilts, strict=True)]

    def constants(self, kind: NumberType) -> CertifiedConstants:
        if min(self.u) < 0:
            raise InfeasibleInstance
        tilted = any(self.tilts)
        L = 2 + 2 * self.a
        mu = kind.number(PL[int(self.a)])
        words = {"convex": False, "convex-components": False, "strongly-convex": False, "interpolation": not tilted}
        words = words if self.a > 1 else {**words, "convex": True, "convex-components": True}
        return CertifiedConstants([u * L for u in self.u], L, mu, 0 * L, None if tilted else [0 * L] * self.n, words)

    def sharp(self, law: FiniteLaw, share: Number, slack: Number) -> Triple:
        """E||g||^2 = E u_v^2 G + 2 E[u_v c_v] F' + E c_v^2, and 2 u F' c <= s (u F')^2 + c^2/s."""
        of_u = law.expectation(lambda chosen: law.average(chosen, self.u) ** 2)
        of_c = law.expectation(lambda chosen: law.average(chosen, self.all_tilts) ** 2)
        mixed = law.expectation(lambda chosen: law.average(chosen, self.u) * law.average(chosen, self.all_tilts))
        if mixed:
            of_u, of_c = (1 + slack) * of_u, of_c + mixed**2 / (slack * of_u)
        return 0 * of_u, of_u, of_c

    def simpler(self) -> list[Self]:
        return [replace(self, tilts=tuple(0 * tilt for tilt in self.tilts))] if any(self.tilts) else []

    def source(self) -> str:
        shares, tilts = ([float(each) for each in values] for values in (self.u, self.all_tilts))
        return f"""A, SHARES, TILTS = {float(self.a)!r}, {shares!r}, {tilts!r}


def value(i, x):
    return SHARES[i] * (x[0] ** 2 + A * np.sin(x[0]) ** 2) + TILTS[i] * x[0]


def gradient(i, x):
    return [SHARES[i] * (2 * x[0] + A * np.sin(2 * x[0])) + TILTS[i]]


f = UserSum(value, gradient, n={self.n}, d=1)"""
