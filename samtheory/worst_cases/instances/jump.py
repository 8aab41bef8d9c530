"""One dimension: SAM jumps away from beside the minimiser, and a step later it is back there.

From -eps the perturbed gradient is about -lam rho, so that the step ends at x_1, about gamma lam rho. f' is x up to x_1
and then less steep, such that the step from x_1 ends at -eps: a cycle, whose higher end is at
f(x_1) = x_1^2/2, about (gamma lam rho)^2/2. For gamma < 1/L that is more than on a parabola.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from samtheory.falsification.instances.piecewise import Piecewise
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.instances import Hard

#: eps in units of rho.
BESIDE = Fraction(1, 10**8)


def hard(cell: Cell) -> Iterator[Hard]:
    """The function, for one component and lam > 0."""
    if cell.n > 1 or not cell.normalised or cell.gamma >= 1:
        return
    least = 1 / cell.kappa if cell.has_mu else Fraction(0)
    a, eps = 1 - cell.lam, BESIDE * cell.rho
    x = cell.gamma * (eps + cell.rho * (a * eps + cell.lam)) - eps
    ascent = cell.rho * (a * x + cell.lam)
    # f' has to be (x + eps)/gamma at x + ascent.
    curvature = ((x + eps) / cell.gamma - x) / ascent
    if x > 0 and least <= curvature <= 1:
        bends = ((curvature - 1,), (least - curvature,))
        f = Piecewise(cell.sampling, None, (Fraction(1),), (), (x, x + ascent), bends)
        yield Hard("jumps from beside x*, a cycle", f, (x,), period=2)
