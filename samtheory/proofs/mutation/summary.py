"""All changes of one site of a proof, judged and counted."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..kernel.algebra import multiple, same
from ..language.terms import MEANING, spelt_out
from ..proof import Proof, arguments
from ..text.printing import text
from .mutants import Mutant, Site, mutants
from .outcome import REJECTED, SAME, judge


@dataclass(frozen=True)
class Judged:
    """What became of the changes of one site of a proof.

    Attributes
    ----------
    theorem, where : the site
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


def judged(proof: Proof, site: Site) -> Judged:
    """Every change of one site, judged.

    A hypothesis or premise that is dropped or turned round has to be missed, and a change with which all is as it was
    has to be one of the wording only.  The sign of a symbol is no change of a proof that does not need it.
    """
    rejected = same = 0
    weaker, missed = [], []
    for mutant in mutants(site):
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
    return Judged(proof.theorem.key, title(site), rejected, same, tuple(weaker), tuple(missed))


def title(site: Site) -> str:
    """The name of a site."""
    return text(site) if isinstance(site, sp.Symbol) else site.name


def differs(mutant: Mutant) -> bool:
    """Whether what is changed says something else: (-x)^2 is x^2, and 0 <= 2 x is 0 <= x."""
    if mutant.name is not None:
        return not same(sp.sympify(mutant.meaning), MEANING[mutant.name])
    fact, new = mutant.fact, mutant.arguments
    assert fact is not None
    if "root" in new:
        return not same(new["root"] ** 2, arguments(fact)["root"] ** 2)
    old = arguments(fact)
    pairs = [(sp.sympify(m), sp.sympify(new[part].get(each, 0))) for part in ("by", "base") if part in new
             for each, m in (old[part] or {}).items()]  # fmt: skip
    gap = sp.sympify(new.get("rhs", fact.rhs)) - sp.sympify(new.get("lhs", fact.lhs))
    stated = same(fact.gap, gap) or multiple(spelt_out(gap), spelt_out(fact.gap))
    return not (stated and all(same(before, after) for before, after in pairs))


def words(mutant: Mutant) -> str:
    """A change in words."""
    return mutant.what if isinstance(mutant.what, str) else " → ".join(map(text, mutant.what))
