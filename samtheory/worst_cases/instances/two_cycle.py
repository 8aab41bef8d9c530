"""PL and not convex, in the plane, on which SAM circles at a height proportional to kappa L rho^2.

In units of L = rho = 1, with x_s = c/mu and theta = p (x - x_s),

    f(x, z) = (mu/2) x^2 + (b/2) z^2 + A eta(x) sin(theta) (1 - cos(q z)),

where eta is 1 on [x_s + 4, x_s + 9] and 0 beyond a taper of length W on either side. SAM prefers the small curvature
in z where the ripple is negative, so that the ripple holds it against the slope c: from (x_s + xi, zeta) a step goes
to (x_s + xi, -zeta) and back. The constants are L = 1 and mu for every kappa >= 1000: `tests/worst_cases` proves them
in ball arithmetic. That there is such a cycle is proved here, by intervals: the step with z mirrored maps a box into
itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np

from samtheory.falsification.instances.arithmetic import FLOAT, INTERVAL, INTERVALS, Number, NumberType, decimal
from samtheory.falsification.instances.base import CertifiedConstants, InfeasibleInstance, Instance, Point, Triple
from samtheory.falsification.instances.finite_law import FiniteLaw
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.instances import Hard


class Shape(NamedTuple):
    """The numbers of f: c = slope - shift mu at x_s; a point near the cycle, relative to x_s."""

    slope: str
    shift: str
    b: str
    A: str
    p: str
    q: str
    near: tuple[float, float]


#: By gamma L.
SHAPES = {
    Fraction(1): Shape("0.31285", "6", "0.74255", "0.071564", "2.5946", "1.7577", (5.53, 0.489)),
    Fraction(1, 2): Shape("0.15984", "5.6", "0.73567", "0.0689", "2.4889", "1.8296", (5.53, 0.154)),
}
#: Where the constants are proved.
LEAST_KAPPA = 1000
#: The taper; where it ends and begins.
W, FROM, TO = 40, 4, 9
#: Steps of the float iteration, and half the side of the box.
STEPS, RADIUS = 2000, Fraction(1, 10**6)


@dataclass(frozen=True)
class TwoCycle(Instance):
    """The function.

    Attributes
    ----------
    mu, rho : of the class and the method, L = 1
    c, b, A, p, q : see above
    """

    mu: Number
    rho: Number
    c: Number
    b: Number
    A: Number
    p: Number
    q: Number

    family = "a parabola with a ripple in the plane"
    n, d = 1, 2

    @classmethod
    def of(cls, cell: Cell) -> TwoCycle:
        """The function of a cell."""
        shape, mu = SHAPES[cell.gamma], 1 / cell.kappa
        b, A, p, q = map(Fraction, (shape.b, shape.A, shape.p, shape.q))
        return cls(cell.sampling, None, mu, cell.rho, Fraction(shape.slope) - Fraction(shape.shift) * mu, b, A, p, q)

    def ripple(self, x: Number, z: Number, kind: NumberType) -> tuple[Number, ...]:
        """sin(theta), cos(theta), sin(q z), cos(q z), eta and eta' at a point in units of rho."""
        quarter = INTERVALS.pi / 2 if kind is INTERVAL else math.pi / 2
        theta, phi, xi = self.p * (x - self.c / self.mu), self.q * z, x - self.c / self.mu
        (rise, up), (fall, down) = step((xi - FROM + W) / W), step((TO + W - xi) / W)
        waves = (kind.sin(theta), kind.sin(theta + quarter), kind.sin(phi), kind.sin(phi + quarter))
        return *waves, rise * fall, (up * fall - rise * down) / W

    def gradients(self, x: Point, kind: NumberType) -> list[Point]:
        u, z = x[0] / self.rho, x[1] / self.rho
        s, c, sq, cq, eta, slope = self.ripple(u, z, kind)
        along = self.mu * u + self.A * (slope * s + eta * self.p * c) * (1 - cq)
        return [(self.rho * along, self.rho * (self.b * z + self.A * eta * s * self.q * sq))]

    def value(self, x: Point, kind: NumberType) -> Number:
        u, z = x[0] / self.rho, x[1] / self.rho
        s, _, _, cq, eta, _ = self.ripple(u, z, kind)
        return self.rho**2 * ((self.mu * u**2 + self.b * z**2) / 2 + self.A * eta * s * (1 - cq))

    def values(self, x: Point, kind: NumberType) -> list[Number]:
        return [self.value(x, kind)]

    def constants(self, kind: NumberType) -> CertifiedConstants:
        zero, one = 0 * self.mu, 1 + 0 * self.mu
        words = {"convex": False, "convex-components": False, "strongly-convex": False, "interpolation": True}
        return CertifiedConstants([one], one, self.mu, zero, [zero], words)

    def sharp(self, law: FiniteLaw, share: Number, slack: Number) -> Triple:
        raise InfeasibleInstance  # one component has no expected residual to sharpen

    def source(self) -> str:
        names = ("mu", "rho", "c", "b", "A", "p", "q")
        numbers = ", ".join(repr(float(getattr(self, name))) for name in names)
        return f'''MU, RHO, C, B, A, P, Q = {numbers}


def step(u):
    """A polynomial from 0 to 1, and its derivative."""
    u = min(max(u, 0.0), 1.0)
    return u**3 * (10 - 15 * u + 6 * u**2), 30 * u**2 * (1 - u) ** 2


def parts(x):
    u, z = x / RHO
    xi = u - C / MU
    (rise, up), (fall, down) = step((xi - {FROM} + {W}) / {W}), step(({TO} + {W} - xi) / {W})
    return u, z, P * xi, rise * fall, (up * fall - rise * down) / {W}


def value(i, x):
    u, z, theta, eta, _ = parts(x)
    return RHO**2 * (MU * u**2 / 2 + B * z**2 / 2 + A * eta * np.sin(theta) * (1 - np.cos(Q * z)))


def gradient(i, x):
    u, z, theta, eta, slope = parts(x)
    along = MU * u + A * (slope * np.sin(theta) + eta * P * np.cos(theta)) * (1 - np.cos(Q * z))
    return [RHO * along, RHO * (B * z + A * eta * np.sin(theta) * Q * np.sin(Q * z))]


f = UserSum(value, gradient, n=1, d=2)'''

    def hessian(self, w: Point) -> tuple[Number, Number, Number]:
        """f_xx, f_xz, f_zz where eta = 1, for rho = 1, in intervals."""
        s, c, sq, cq, eta, slope = self.ripple(w[0], w[1], INTERVAL)
        if not (eta == 1 and slope == 0):
            raise InfeasibleInstance
        wave = self.A * self.p * c * self.q * sq
        return self.mu - self.A * self.p**2 * s * (1 - cq), wave, self.b + self.A * s * self.q**2 * cq


def step(u: Number) -> tuple[Number, Number]:
    """A polynomial from 0 at 0 to 1 at 1, constant beyond, and its derivative."""
    if u >= 1:
        return 1 + 0 * u, 0 * u
    if u <= 0:
        return 0 * u, 0 * u
    if not (0 < u < 1):
        raise InfeasibleInstance  # an interval around an end
    return u**3 * (10 - 15 * u + 6 * u**2), 30 * u**2 * (1 - u) ** 2


def mirrored(f: TwoCycle, w: Point, gamma: Number, kind: NumberType) -> Point:
    """The step of SAM with rho = lam = 1 and z mirrored."""
    (g,) = f.gradients(w, kind)
    length = kind.sqrt(g[0] ** 2 + g[1] ** 2)
    (h,) = f.gradients((w[0] + g[0] / length, w[1] + g[1] / length), kind)
    return w[0] - gamma * h[0], gamma * h[1] - w[1]


def jacobian(f: TwoCycle, w: Point, gamma: Number) -> list[list[Number]]:
    """That of `mirrored`, in intervals: of w - gamma grad f(w + e), e = g/||g||, with its second row negated."""
    (g,) = f.gradients(w, INTERVAL)
    length = INTERVAL.sqrt(g[0] ** 2 + g[1] ** 2)
    e = (g[0] / length, g[1] / length)
    a, o, d = f.hessian(w)
    # (I - e e^T) H/||g||: what the direction of the ascent changes by.
    t0, t1 = (-e[1] * a + e[0] * o) / length, (-e[1] * o + e[0] * d) / length
    turn = [[1 - e[1] * t0, -e[1] * t1], [e[0] * t0, 1 + e[0] * t1]]
    a, o, d = f.hessian((w[0] + e[0], w[1] + e[1]))
    first = [a * turn[0][k] + o * turn[1][k] for k in (0, 1)]
    second = [o * turn[0][k] + d * turn[1][k] for k in (0, 1)]
    return [[1 - gamma * first[0], -gamma * first[1]], [gamma * second[0], gamma * second[1] - 1]]


@cache
def cycle(cell: Cell) -> tuple[Point, Fraction] | None:
    """A point at the cycle and a lower bound on f from there on, rho = 1; None where no box maps into itself."""
    exact = TwoCycle.of(Cell(cell.kind, cell.kappa, cell.gamma, Fraction(1), cell.lam))
    f, w = exact.in_arithmetic(FLOAT), SHAPES[cell.gamma].near
    w = (w[0] + f.c / f.mu, w[1])
    for _ in range(STEPS):
        w = mirrored(f, w, float(cell.gamma), FLOAT)
    balls, gamma = exact.in_arithmetic(INTERVAL), INTERVAL.number(cell.gamma)
    centre = tuple(INTERVAL.number(part) for part in w)
    r = INTERVALS.mpf([-float(RADIUS), float(RADIUS)])
    rough = [[float(each.mid) for each in row] for row in jacobian(balls, centre, gamma)]
    V = [[INTERVAL.number(float(part)) for part in row] for row in np.linalg.eig(np.array(rough))[1].real]
    det = V[0][0] * V[1][1] - V[0][1] * V[1][0]
    inverse = [[V[1][1] / det, -V[0][1] / det], [-V[1][0] / det, V[0][0] / det]]
    box = tuple(centre[k] + V[k][0] * r + V[k][1] * r for k in (0, 1))
    J, moved = jacobian(balls, box, gamma), mirrored(balls, centre, gamma, INTERVAL)
    for k in (0, 1):  # in the coordinates u of the eigenvectors, |u_k| <= RADIUS
        shift = sum(inverse[k][i] * (moved[i] - centre[i]) for i in (0, 1))
        row = [sum(inverse[k][i] * J[i][j] * V[j][m] for i in (0, 1) for j in (0, 1)) for m in (0, 1)]
        if not abs(shift) + (abs(row[0]) + abs(row[1])) * abs(r) < float(RADIUS):
            return None
    return w, decimal(float(balls.value(box, INTERVAL).a)) * (1 - Fraction(1, 10**15))


def hard(cell: Cell) -> Iterator[Hard]:
    """The function at its cycle, where its constants are proved."""
    covered = cell.kind == "pl" and cell.n == 1 and cell.lam == 1 and cell.gamma in SHAPES
    if covered and cell.rho and cell.kappa >= LEAST_KAPPA and (found := cycle(cell)) is not None:
        w, level = found
        x = tuple(cell.rho * decimal(part) for part in w)
        yield Hard("parabola with a ripple, a cycle", TwoCycle.of(cell), x, level=level)
