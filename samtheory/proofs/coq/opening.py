"""Which names have to be written out for an identity to be one."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import count, islice
from typing import Any

import sympy as sp

from ..kernel.algebra import fraction
from ..language.terms import MEANING
from ..mutation.arithmetic import POINTS, P, Point, Residues, Undecided

#: A number for each name.
NUMBERS: defaultdict[sp.Expr, int] = defaultdict(count().__next__)


class Closed(Point):
    """The values of expressions in which no name is written out."""

    def found(self, x: Any) -> Any:
        """The value, from those of the parts; several names have the same letter."""
        return self.field.atom(f"name {NUMBERS[x]}", self.seed) if x in MEANING else super().found(x)


def opened(left: sp.Expr) -> frozenset[sp.Expr]:
    """The names that have to be written out, outer ones first, for an expression to be 0; all if it is not."""
    found: frozenset[sp.Expr] = frozenset()
    while not vanishes(left):
        names = left.free_symbols & MEANING.keys()
        if not names:
            break
        outer = {name for name in names if height(name) == max(map(height, names))}
        found |= outer
        left = left.xreplace({name: MEANING[name] for name in outer})
    return found


def vanishes(left: sp.Expr) -> bool:
    """Whether an expression is 0: by its values modulo a prime where these show it, which is quicker."""
    values = list(islice(residues(left), 2))
    if any(values) and not left.has(sp.exp, sp.log):  # e^(u + v) and e^u e^v have no common value there
        return False
    return bool(values and not any(values)) or sp.expand(left) == 0 or fraction(left)[0] == 0


def residues(left: sp.Expr) -> Any:
    """Values modulo a prime, at points where there are some."""
    for seed in range(POINTS):
        try:
            yield Closed(Residues(), seed).value(left) % P
        except (Undecided, ZeroDivisionError, ValueError):
            continue


@cache
def height(name: sp.Expr) -> int:
    """How many names deep a name is written out."""
    return 1 + max(map(height, MEANING[name].free_symbols & MEANING.keys()), default=0)
