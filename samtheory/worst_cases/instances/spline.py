"""Strongly convex, in the plane, on which USAM is slower than on any quadratic where rho (L - mu) > 1.

f interpolates gradients and values at x = (1, 0), at y = x + rho grad f(x) and at x* = 0 (Taylor et al. 2017):
f(x) = (mu/2) ||x||^2 + max over convex combinations s = sum alpha_i s_i of sum alpha_i c_i + <s, x> - ||s||^2/(2 M),
with M = 1 - mu, s_i = g_i - mu x_i and c_i = f_i - (mu/2) ||x_i||^2 - <s_i, x_i> + ||s_i||^2/(2 M). Any such f is
1-smooth and mu-strongly convex. At gamma = 2/(mu' + L') the step attains the worst case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from samtheory.falsification.instances.arithmetic import Number, NumberType
from samtheory.falsification.instances.base import CertifiedConstants, InfeasibleInstance, Instance, Point, Triple
from samtheory.falsification.instances.finite_law import FiniteLaw
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.instances import Hard


@dataclass(frozen=True)
class Spline(Instance):
    """The interpolating function.

    Attributes
    ----------
    mu, rho : of the class and the method, L = 1
    """

    mu: Number
    rho: Number

    family = "an interpolating function in the plane"
    n, d = 1, 2

    def pieces(self) -> list[tuple[Point, Number]]:
        """(s_i, c_i) at x and at y; both are 0 at x*."""
        mu, rho = self.mu, self.rho
        g, h = ((1 + mu) / 2, (1 - mu) / 2), (1 + mu * rho, (1 - mu) / 2 + rho * (1 - mu**2) / 2)
        at_y = rho**2 * (1 + mu + mu**2 + mu**3) + 2 * rho * (2 + mu + mu**2) + 3 + mu
        data = [((1 + 0 * mu, 0 * mu), g, (1 + mu) / 4), ((1 + rho * g[0], rho * g[1]), h, at_y / 8)]
        found = []
        for x, gradient, value in data:
            s = (gradient[0] - mu * x[0], gradient[1] - mu * x[1])
            found.append((s, value - mu * dot(x, x) / 2 - dot(s, x) + dot(s, s) / (2 * (1 - mu))))
        return found

    def best(self, x: Point) -> tuple[Number, Point]:
        """The largest value of the second part of f, and its s: a concave quadratic on a triangle."""
        (s, c), (t, d) = self.pieces()
        M, b = 1 - self.mu, (c + dot(s, x), d + dot(t, x))
        ss, st, tt = dot(s, s), dot(s, t), dot(t, t)
        det, zero = ss * tt - st**2, 0 * ss
        edge = clipped((M * (b[0] - b[1]) + tt - st) / (ss - 2 * st + tt))
        choices = [(clipped(M * b[0] / ss), zero), (zero, clipped(M * b[1] / tt)), (edge, 1 - edge)]
        inside = (M * (tt * b[0] - st * b[1]) / det, M * (ss * b[1] - st * b[0]) / det)
        if min(inside) >= 0 and sum(inside) <= 1:
            choices.append(inside)

        def value(u: Number, v: Number) -> Number:
            return u * b[0] + v * b[1] - (u**2 * ss + 2 * u * v * st + v**2 * tt) / (2 * M)

        u, v = max(choices, key=lambda each: value(*each))
        return value(u, v), (u * s[0] + v * t[0], u * s[1] + v * t[1])

    def gradients(self, x: Point, kind: NumberType) -> list[Point]:
        _, s = self.best(x)
        return [(self.mu * x[0] + s[0], self.mu * x[1] + s[1])]

    def value(self, x: Point, kind: NumberType) -> Number:
        return self.mu * dot(x, x) / 2 + self.best(x)[0]

    def values(self, x: Point, kind: NumberType) -> list[Number]:
        return [self.value(x, kind)]

    def constants(self, kind: NumberType) -> CertifiedConstants:
        zero, one = 0 * self.mu, 1 + 0 * self.mu
        if any(part != 0 for part in self.gradients((zero, zero), kind)[0]):
            raise InfeasibleInstance  # 0 is not the minimiser
        words = dict.fromkeys(("convex", "convex-components", "strongly-convex", "interpolation"), True)
        return CertifiedConstants([one], one, self.mu, zero, [zero], words)

    def sharp(self, law: FiniteLaw, share: Number, slack: Number) -> Triple:
        raise InfeasibleInstance  # one component has no expected residual to sharpen

    def source(self) -> str:
        (s, c), (t, d) = self.pieces()
        numbers = [[float(part) for part in each] for each in (s, t, (c, d))]
        return f'''MU, S, C = {float(self.mu)!r}, np.array({numbers[:2]}), np.array({numbers[2]})


def best(x):
    """The largest value of sum a_i (c_i + <s_i, x>) - ||sum a_i s_i||^2/(2 (1 - mu)), a_i >= 0, sum a_i <= 1."""
    b, G, M = C + S @ x, S @ S.T, 1 - MU
    edge = np.clip((M * (b[0] - b[1]) + G[1, 1] - G[0, 1]) / (G[0, 0] - 2 * G[0, 1] + G[1, 1]), 0, 1)
    choices = [[np.clip(M * b[0] / G[0, 0], 0, 1), 0], [0, np.clip(M * b[1] / G[1, 1], 0, 1)], [edge, 1 - edge]]
    inside = M * np.linalg.solve(G, b)
    choices += [inside] if inside.min() >= 0 and inside.sum() <= 1 else []
    return max(((a @ b - a @ G @ a / (2 * M), a @ S) for a in map(np.array, choices)), key=lambda pair: pair[0])


def value(i, x):
    return MU * (x @ x) / 2 + best(x)[0]


def gradient(i, x):
    return MU * x + best(x)[1]


f = UserSum(value, gradient, n=1, d=2)'''


def dot(u: Point, v: Point) -> Number:
    """<u, v>."""
    return u[0] * v[0] + u[1] * v[1]


def clipped(value: Number) -> Number:
    """The nearest number in [0, 1]."""
    return min(max(value, 0 * value), 1 + 0 * value)


def hard(cell: Cell) -> Iterator[Hard]:
    """The function, where rho (L - mu) > 1 and lam = 0."""
    mu = 1 / cell.kappa
    if cell.n == 1 and cell.has_mu and not cell.normalised and cell.rho * (1 - mu) > 1:
        yield Hard(
            "interpolating function in the plane", Spline(cell.sampling, None, mu, cell.rho), (Fraction(1), Fraction(0))
        )
