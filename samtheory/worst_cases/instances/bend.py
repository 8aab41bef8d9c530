"""One dimension, smooth and not convex: a parabola that bends downwards from the start to the point of the ascent.

f' is x up to the start x_0, then falls with slope -1 up to y = x_0 + rho ((1 - lam) x_0 + lam), then rises again. The
descent step uses the small f'(y), and meets curvature 1 on its way down: the descent lemma is an equality there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from samtheory.falsification.instances.arithmetic import RATIONAL
from samtheory.falsification.instances.piecewise import Piecewise
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.instances import Hard

#: The start, in units of rho lam where lam > 0.
START = 2


def hard(cell: Cell) -> Iterator[Hard]:
    """The function, for one component of classes that are not convex."""
    x = START * cell.rho * cell.lam if cell.normalised else Fraction(1)
    ascent = cell.rho * ((1 - cell.lam) * x + cell.lam)
    if cell.kind not in ("smooth", "pl") or cell.n > 1 or not 0 < ascent < x:
        return
    bends = ((Fraction(-2),), (Fraction(2),))
    f = Piecewise(cell.sampling, None, (Fraction(1),), (), (x, x + ascent), bends)
    mu = f.constants(RATIONAL).mu
    if not cell.has_mu or (mu is not None and mu >= 1 / cell.kappa):
        yield Hard("parabola that bends at the start", f, (x,))
