"""One dimension, a parabola of the largest, the least or a middle curvature where the method runs.

Far from the iterates the curvature is another, so that the constants of f are those of the class. SAM with constant
steps has a cycle on c x^2/2: x+ = -x where gamma c (x (1 + (1 - lam) rho c) + rho lam) = 2 x. From just beside the
minimiser it jumps to a distance of gamma c rho lam.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from samtheory.falsification.instances.piecewise import Piecewise
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.instances import Hard

#: The start beside the minimiser, in units of rho.
BESIDE = Fraction(1, 10**6)


def hard(cell: Cell) -> Iterator[Hard]:
    """The parabolas; with lam > 0, from their cycles and from beside the minimiser."""
    least = 1 / cell.kappa if cell.has_mu else Fraction(0)
    # A smallest gradient over T steps of a smooth f: the best curvature is about 1/(2 gamma T).
    middle = min(1 / (cell.gamma * (2 * cell.steps - 1)), Fraction(1))
    for curvature in sorted({Fraction(1), least or middle, max(least, middle)}):
        name = f"parabola of curvature {float(curvature):.4g} L"
        if not cell.normalised:
            yield Hard(name, parabola(cell, curvature, least, Fraction(1)), (Fraction(1),))
            continue
        beside = BESIDE * cell.rho
        yield Hard(f"{name}, beside x*", parabola(cell, curvature, least, beside), (beside,))
        left = 2 - cell.gamma * curvature * (1 + (1 - cell.lam) * cell.rho * curvature)
        if left > 0:
            x = cell.gamma * curvature * cell.rho * cell.lam / left
            yield Hard(f"{name}, a cycle", parabola(cell, curvature, least, x), (x,), period=2)


def parabola(cell: Cell, curvature: Fraction, least: Fraction, x: Fraction) -> Piecewise:
    """The function, with another curvature where no step from x gets."""
    far = 4 * (x + cell.rho) * ((1 + cell.rho) * (1 + cell.gamma)) ** (2 * cell.steps)
    other = least if curvature == 1 else Fraction(1)
    bends = ((other - curvature,) * cell.n,) * 2 if other else ()
    knots = (-far, far) if other else ()
    return Piecewise(cell.sampling, None, (curvature,) * cell.n, (Fraction(0),) * (cell.n - 1), knots, bends)
