"""Two components in the plane, each a parabola along a line: f_i(x) = (a_i . x)^2/2 with ||a_i|| = 1.

The Hessian of f has the eigenvalues s^2 and c^2 for a_i = (c, s) and (c, -s); the start is on the first. Both f_i are
convex with f_i* = f*.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from samtheory.falsification.instances.quadratic_2d import Planar
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.instances import Hard

#: s is rational, and s^2 at least mu by this factor at most.
FINE = 10**9


def hard(cell: Cell) -> Iterator[Hard]:
    """The pair, for two components and lam = 0."""
    if cell.n != 2 or cell.normalised or cell.kappa < 2 or cell.kind == "strongly-convex":
        return
    # (2u/(1 + u^2), (1 - u^2)/(1 + u^2)) is on the unit circle.
    s = float(1 / cell.kappa) ** 0.5
    u = Fraction(s / (1 + (1 - s * s) ** 0.5)).limit_denominator(FINE) + Fraction(2, FINE)
    s, c = 2 * u / (1 + u * u), (1 - u * u) / (1 + u * u)
    f = Planar(cell.sampling, None, ((c * c, c * s, s * s), (c * c, -c * s, s * s)), ((Fraction(0), Fraction(0)),))
    yield Hard("pair of parabolas along two lines", f, (Fraction(0), Fraction(1)))
