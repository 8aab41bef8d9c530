"""The worst case over every length r of the first gradient, by branch and bound.

On an interval of r the program is a relaxation: its value is an upper bound, and tends to the worst case as the
interval shrinks. An interval is split as long as its bound is above the value at the best single r. A grid of r
would be no upper bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from .solver import Interval, Program, Solution, solve

#: Relative accuracy; programs that are solved at most, also for an excess that is 0 in the limit of large r.
TOLERANCE, MOST, FEW = 1e-3, 600, 100
#: Units of rho in which r is first split.
FIRST = Fraction(2)


@dataclass(frozen=True)
class Worst:
    """The largest value of a goal on a class.

    Attributes
    ----------
    upper : a bound, valid as far as the solver's floats are; of an excess, where lam > 0, by max {1, r^2}
    lower : the value of the relaxation at `r`: no bound below it follows from these inequalities
    r : where it is; None where lam = 0
    leaves : (interval of r, its bound), which together cover every r
    """

    upper: float
    lower: float
    r: Fraction | None
    leaves: tuple[tuple[Interval | None, float], ...]
    solution: Solution


def worst(program: Program, tolerance: float = TOLERANCE, enough: float = -math.inf) -> Worst | None:
    """The largest value of the goal; None where the solver has no answer.

    Parameters
    ----------
    tolerance : relative distance of the bound from the value at one r
    enough : a bound that is good enough, however far it is
    """
    if program.interval is None:
        found = solve(program)
        if found.value is None:
            return None
        return Worst(found.value, found.value, None, ((None, found.value),), found)
    return Search(program, tolerance, enough).run()


class Search:
    """Branch and bound over r."""

    def __init__(self, program: Program, tolerance: float, enough: float) -> None:
        self.program, self.tolerance, self.enough, self.solved = program, tolerance, enough, 0
        self.excess = "worst" in program.cell["goal"]
        # Where no V+ reaches V, the program at that r has no feasible point and tau no lower bound but for this.
        kappa = float(Fraction(program.cell["kappa"]))
        self.most = {"rise": 100 * kappa} if "rise" in program.names else {}
        self.best = Worst(math.inf, -math.inf, None, (), Solution(None, {}))

    def value(self, low: Fraction, high: Fraction | None) -> Solution:
        """The program on an interval."""
        self.solved += 1
        found = solve(self.program.within(low, high), self.most)
        if found.value is None or not self.excess:
            return found
        # An excess grows as r^2, and so does its rounding.
        end = low if found.value > 0 else high
        return replace(found, value=0.0 if end is None else found.value / max(1.0, float(end) ** 2))

    def bound(self, low: Fraction, high: Fraction | None) -> float:
        """An upper bound on the interval; inf where the solver has no answer."""
        found = self.value(low, high).value
        return math.inf if found is None else found

    def run(self) -> Worst:
        """Split the interval with the largest bound until it is within the tolerance of the best point."""
        whole: list[Interval] = [(Fraction(0), FIRST), (FIRST, None)]
        leaves = {each: self.bound(*each) for each in whole}
        while self.solved < (FEW if self.excess else MOST):
            (low, high), bound = max(leaves.items(), key=lambda each: each[1])
            if bound <= max(self.enough, self.best.lower + self.tolerance * abs(self.best.lower)):
                break
            middle = 2 * low if high is None else (low + high) / 2
            self.consider(middle)
            del leaves[low, high]
            parts: list[Interval] = [(low, middle), (middle, high)]
            # A part is no worse than the whole, whatever the solver says.
            leaves |= {part: min(bound, self.bound(*part)) for part in parts}
        ordered = tuple(sorted(leaves.items(), key=lambda each: each[0][0]))
        return Worst(max(leaves.values()), self.best.lower, self.best.r, ordered, self.best.solution)

    def consider(self, r: Fraction) -> None:
        """Keep the value at r if it is the largest so far."""
        found = self.value(r, r)
        if found.value is not None and found.value > self.best.lower:
            self.best = Worst(math.inf, found.value, r, (), found)
