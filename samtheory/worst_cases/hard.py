"""The lower end: the value of a quantity at a member of the class, exactly, and what it says of a theorem."""

from __future__ import annotations

from fractions import Fraction

from samtheory.falsification.candidate import Candidate
from samtheory.falsification.counterexample import Counterexample, confirmed
from samtheory.falsification.instances.arithmetic import FLOAT, RATIONAL
from samtheory.falsification.instances.finite_law import FiniteLaw
from samtheory.falsification.trajectory import Trajectory, trajectory
from samtheory.schedules import Schedule
from samtheory.theorems.base import Theorem

from .cell import Cell, Words
from .instances import Hard, hard
from .quantity import Quantity


def lower(cell: Cell, asked: Quantity) -> tuple[Fraction, Hard] | None:
    """The largest value over the hard instances, with the instance; None where none is known."""
    values = [(value(cell, asked, each), each) for each in hard(cell)]
    return max(((found, each) for found, each in values if found is not None), key=lambda each: each[0], default=None)


def value(cell: Cell, asked: Quantity, each: Hard) -> Fraction | None:
    """The value of the quantity at an instance; None where it has none."""
    if each.level is not None:
        return each.level if asked.kind == "level" and "gap 1" in asked.goal else None
    unit = cell.rho**2 if cell.normalised else Fraction(1)
    steps = max(cell.steps, each.period or 1)
    true = followed(cell, each, steps)
    if asked.kind == "level":
        V = next(iter(asked.goal)).split()[0]
        values: list[Fraction] = getattr(true, V)
        back = each.period is not None and values[each.period] == values[0]
        return max(values) / unit if back else None
    if asked.kind == "excess":
        rows = [words for name, words in asked.given.items() if name.startswith("case")]
        found = [
            sum((Fraction(k) * at(true, word, cell, each) for word, k in row.items()), Fraction(0)) for row in rows
        ]
        return min(found)
    V0 = at(true, next(word for word in asked.given["start"] if word != "1"), cell, each)
    if "worst" in asked.goal:
        words = [next(word for word in row if word != "worst") for name, row in asked.given.items() if name != "start"]
        return min(at(true, word, cell, each) for word in words) / V0
    return total(asked.goal, true, cell, each) / V0


def total(words: Words, true: Trajectory, cell: Cell, each: Hard) -> Fraction:
    """The sum that the words say."""
    return sum((Fraction(k) * at(true, word, cell, each) for word, k in words.items()), Fraction(0))


def at(true: Trajectory, word: str, cell: Cell, each: Hard) -> Fraction:
    """The value of a word of a certificate, see `checker`; of "worst", 0."""
    if word in ("1", "worst"):
        return Fraction(word == "1")
    length = cell.rho if cell.normalised else Fraction(1)
    if word == "r":
        (g,) = each.instance.gradients(each.x, RATIONAL)[0]
        return abs(Fraction(g)) / length
    kind, t = word.split()
    return Fraction(getattr(true, kind)[int(t)]) / length**2


def followed(cell: Cell, each: Hard, steps: int) -> Trajectory:
    """Gaps, gradients and distances at t = 0, ..., steps, in fractions."""
    law = FiniteLaw.of(each.instance.sampling, each.instance.constants(RATIONAL).L_i, RATIONAL)
    schedule = Schedule(float(cell.gamma), float(cell.rho), float(cell.lam))
    kinds = {
        kind: getattr(trajectory(each.instance, law, each.x, schedule, steps, measure), kind)
        for kind, measure in (("gap", "gap"), ("grad2", "min_grad2"), ("distance2", "distance2"))
    }
    return Trajectory(**kinds)


def refutation(theorem: Theorem, name: str, cell: Cell) -> Counterexample | None:
    """A hard instance at which the theorem fails, proved without rounding; None where it holds at all of them."""
    for each in hard(cell):
        candidate = Candidate(
            each.instance.in_arithmetic(FLOAT), tuple(map(float, each.x)), float(cell.lam), 0.0, 0.0,
            rho=float(cell.rho), gamma=float(cell.gamma), steps=max(cell.steps, each.period or 1),
        )  # fmt: skip
        if (found := confirmed(theorem, name, candidate)) is not None:
            return found
    return None
