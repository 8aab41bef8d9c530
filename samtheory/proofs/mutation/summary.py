"""All changes of one place of a proof, judged and counted."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..kernel.checker import multiple, numerator, spelt_out
from ..kernel.facts import MEANING
from ..kernel.proof import Proof
from ..text.printing import text
from .mutants import Mutant, Place, mutants
from .outcome import REJECTED, SAME, judge


@dataclass(frozen=True)
class Bitten:
    """What became of the changes of one place of a proof.

    Attributes
    ----------
    theorem, where : the place
    rejected, same : how many changes some step refuses, and how many say the same in other words
    weaker : the changes with which less is claimed, each with what its steps have left, which is not negative
    missed : the changes that should have been rejected
    """

    theorem: str
    where: str
    rejected: int
    same: int
    weaker: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]

    @property
    def total(self) -> int:
        """The number of changes."""
        return self.rejected + self.same + len(self.weaker) + len(self.missed)


def bite(proof: Proof, place: Place) -> Bitten:
    """Every change of one place, judged.

    A hypothesis or premise that is dropped or turned round has to be missed, and a change with which all is as it was
    has to be one of the wording only.  The sign of a symbol is no change of a proof that does not need it.
    """
    rejected = same = 0
    weaker, missed = [], []
    for mutant in mutants(place):
        outcome = judge(proof, mutant)
        if outcome.verdict == REJECTED:
            rejected += 1
        elif mutant.sign is not None:
            continue
        elif isinstance(mutant.what, str) or (outcome.verdict == SAME and differs(mutant)):
            missed.append(words(mutant))
        elif outcome.verdict == SAME:
            same += 1
        else:
            weaker.append((words(mutant), outcome.why))
    return Bitten(proof.theorem.key, title(place), rejected, same, tuple(weaker), tuple(missed))


def title(place: Place) -> str:
    """The name of a place."""
    return text(place) if isinstance(place, sp.Symbol) else place.name


def differs(mutant: Mutant) -> bool:
    """Whether what is changed says something else: (-x)^2 is x^2, and 0 <= 2 x is 0 <= x."""
    if mutant.name is not None:
        return not equal(mutant.meaning, MEANING[mutant.name])
    old, new = mutant.fact, mutant.new
    assert old is not None
    assert new is not None
    pairs = [
        (multiplier, getattr(new, part)[fact])
        for part in ("by", "base")
        for fact, multiplier in getattr(old, part, {}).items()
    ]
    stated = equal(old.gap, new.gap) or multiple(spelt_out(new.gap), spelt_out(old.gap))
    return not (stated and all(equal(before, after) for before, after in pairs))


def equal(x: sp.Expr, y: sp.Expr) -> bool:
    """Whether two expressions have the same value."""
    return bool(x == y or numerator(spelt_out(x - y)) == 0)


def words(mutant: Mutant) -> str:
    """A change in words."""
    return mutant.what if isinstance(mutant.what, str) else " → ".join(map(text, mutant.what))
