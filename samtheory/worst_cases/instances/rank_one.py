"""Components in the plane, each a parabola along a line: f_i(x) = (a_i . x)^2/2 with ||a_i|| = 1.

Two of the a_i are (c, s) and (c, -s), a third is (1, 0): the Hessian of f has the eigenvalue 2 s^2/n = mu, on whose
eigenvector is the start. All f_i are convex with f_i* = f*.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from samtheory.falsification.instances.quadratic_2d import Planar
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.instances import Hard

#: s is rational, and s^2 slightly more than n mu/2, by about the inverse of this.
FINE = 10**9


def hard(cell: Cell) -> Iterator[Hard]:
    """The sum, for two or three components and lam = 0."""
    n, zero = cell.n, Fraction(0)
    if n not in (2, 3) or cell.normalised or cell.kappa < n or cell.kind == "strongly-convex":
        return
    # (2u/(1 + u^2), (1 - u^2)/(1 + u^2)) is on the unit circle.
    s = float(n / (2 * cell.kappa)) ** 0.5
    u = Fraction(s / (1 + (1 - s * s) ** 0.5)).limit_denominator(FINE) + Fraction(2, FINE)
    s, c = 2 * u / (1 + u * u), (1 - u * u) / (1 + u * u)
    lines = ((c * c, c * s, s * s), (c * c, -c * s, s * s), (Fraction(1), zero, zero))
    f = Planar(cell.sampling, None, lines[:n], ((zero, zero),) * (n - 1))
    yield Hard("parabolas along lines", f, (zero, Fraction(1)))
