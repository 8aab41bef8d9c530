"""Certificates of one step: multipliers of inequalities between the values and gradients at a few points.

Points x, y = x + rho (a r + lam) e with r = ||grad f(x)||, grad f(x) = r e, x+ = x - gamma grad f(y), and the middle z
of (y, x+).  With L = 1, and in units of omega lam L rho for gradients, where omega > 0 is any number,

    B(i, j) = <g_i + g_j, x_j - x_i>/2 - ||g_i - g_j||^2/4 + ||x_i - x_j||^2/4 >= f(x_j) - f(x_i)

for every smooth f, which is the descent lemma with its bonus (`bonus`), and ||g_i||^2/(2m) >= f(x_i) - f* under PL,
m = mu/L.  Multipliers l_ij, p_i >= 0 under which the values at y, z and x+ cancel give

    f(x+) - f* <= (1 - p_x - p_y - p_z - p_n) (f(x) - f*) + zeta - <U, M U>

with U = (grad f(y), grad f(x+), grad f(z), r e, e), where low <= r, and r <= high if keep = 1: the interval has a
multiplier eta.  A positive semidefinite M is a certificate.  On an interval of r it can use that y - x is along grad f.
"""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp

from ..symbols import L, a, gamma, lam, mu, rho


class Multipliers(NamedTuple):
    """The multipliers of a certificate on one interval of r."""

    l_xy: sp.Expr
    l_yx: sp.Expr
    l_nx: sp.Expr
    p_y: sp.Expr
    p_z: sp.Expr
    p_n: sp.Expr
    p_x: sp.Expr
    eta: sp.Expr
    zeta: sp.Expr

    @classmethod
    def of(cls, interval: str) -> Multipliers:
        """Symbols."""
        return cls(*sp.symbols([f"{name}{interval}" for name in cls._fields], nonnegative=True))

    @property
    def l_yz(self) -> sp.Expr:
        """So that the value at y cancels."""
        return self.l_xy - self.l_yx + self.p_y

    @property
    def l_zn(self) -> sp.Expr:
        """So that the value at z cancels."""
        return self.l_yz + self.p_z

    @property
    def l_xn(self) -> sp.Expr:
        """So that the value at x+ has the factor 1."""
        return 1 + self.l_nx - self.l_zn - self.p_n

    @property
    def falls(self) -> sp.Expr:
        """1 - q."""
        return self.p_x + self.p_y + self.p_z + self.p_n

    @property
    def pairs(self) -> dict[str, sp.Expr]:
        """The multiplier of B(i, j)."""
        return {"xy": self.l_xy, "yx": self.l_yx, "nx": self.l_nx, "yz": self.l_yz, "zn": self.l_zn, "xn": self.l_xn}

    @property
    def slopes(self) -> dict[str, sp.Expr]:
        """The multiplier of PL at each point."""
        return {"x": self.p_x, "y": self.p_y, "z": self.p_z, "n": self.p_n}


class Interval(NamedTuple):
    """low <= r, and r <= high if keep = 1; keep = 0 and high = 1 for no end."""

    low: sp.Expr
    high: sp.Expr
    keep: sp.Expr


#: L gamma, a L rho and mu/L.
t, nu, m = L * gamma, a * L * rho, mu / L
#: The unit of gradients, and of zeta.
omega = sp.Symbol("omega", positive=True)
unit = omega * lam * L * rho
noise = unit**2 / L


def inner(u: sp.Matrix, v: sp.Matrix) -> sp.Matrix:
    """The matrix of <u, v>."""
    return (u * v.T + v * u.T) / 2


def matrix(of: Multipliers, r: Interval, t: sp.Expr, nu: sp.Expr, m: sp.Expr, omega: sp.Expr) -> sp.Matrix:
    """M."""
    h, g_n, g_z, g, e = (sp.Matrix(5, 1, lambda i, _, k=k: int(i == k)) for k in range(5))
    y, n = nu * g + e / omega, -t * h
    points = {"x": (0 * e, g), "y": (y, h), "n": (n, g_n), "z": ((y + n) / 2 - (h - g_n) / 2, g_z)}

    def between(i: str, j: str) -> sp.Matrix:
        (x, u), (w, v) = points[i], points[j]
        return inner(u + v, w - x) / 2 - inner(v - u, v - u) / 4 + inner(w - x, w - x) / 4

    found = of.zeta * inner(e, e) - of.eta * inner(g - r.low * e, r.high * e - r.keep * g)
    for pair, factor in of.pairs.items():
        found -= factor * between(*pair)
    for point, factor in of.slopes.items():
        found -= factor / (2 * m) * inner(points[point][1], points[point][1])
    return found
