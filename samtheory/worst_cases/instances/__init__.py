"""Functions on which Unified SAM is slow, one file for each kind, found by presence: members of a class, in fractions.

A module has a function `hard(cell)` that yields `Hard` instances whose constants are proved to be those of the cell.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from samtheory.falsification.instances.base import Instance, Point

if TYPE_CHECKING:
    from samtheory.worst_cases.cell import Cell


@dataclass(frozen=True)
class Hard:
    """An instance and a start, in units of L = 1.

    Attributes
    ----------
    name : in words
    period : the steps after which the method is back at the start; None where nobody says so
    level : a lower bound on f - f* at every later step from near x, in L rho^2, where it is proved otherwise
    """

    name: str
    instance: Instance
    x: Point
    period: int | None = None
    level: Fraction | None = None


def hard(cell: Cell) -> Iterator[Hard]:
    """Every instance that is known for the cell."""
    for found in pkgutil.iter_modules(__path__):
        yield from importlib.import_module(f"{__name__}.{found.name}").hard(cell)
