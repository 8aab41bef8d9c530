"""Diagnosis: which variant is this run?

A variant is named only where it explains the run: its simulation is within `CLOSE` of the run, or a thousandth of the
distance of the reference. Two variants at once are tried where no single one explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from samtheory._typing import Array

from .context import CONTEXTS, Context
from .run import Run, distance, lacks, simulate
from .variants import variants
from .variants.base import Variant
from .variants.single import Everything32, Gradients32, Length32, Perturbation32

#: Relative distance up to which two trajectories are equal.
CLOSE = 1e-11
#: Simulations that are closer than this to each other cannot be told apart.
SAME = 1e-9
#: Relative distance up to which a difference may be the rounding of float32.
SINGLE = 1e-5
#: Steps from which on a run can be explained by two mistakes.
ENOUGH = 6
#: Relative error of one calculation in float32.
ROUNDED = 1e-6

Mistakes = tuple[type[Variant], ...]


@dataclass(frozen=True)
class Diagnosis:
    """Mistakes that explain a run, and the distance that is left; words without a claim where there are none."""

    mistakes: Mistakes
    left: float
    words: str


class Explanations:
    """Search for the mistakes of one adapter.

    Parameters
    ----------
    supports : the capabilities of the adapter
    known : mistakes that are known already
    observe : runs the adapter in another context, to tell candidates apart
    pairs : whether two mistakes at once are searched for
    """

    def __init__(
        self, supports: frozenset[str], known: Mistakes, observe: Callable[[Context], Run], pairs: bool = True
    ) -> None:
        self.supports, self.known, self.observe, self.pairs = supports, known, observe, pairs

    def of(self, run: Run) -> Diagnosis:
        """The diagnosis of a run that is not the expected one."""
        off = distance(run.points, simulate(self.known, run.context).points)
        limit = max(CLOSE, 1e-3 * off) if np.isfinite(off) else CLOSE
        candidates = [fit for each in self.candidates() if (fit := each.fit(run)) is not None]
        singles = self.within(run, ((each,) for each in candidates), limit)
        if not singles and (rounding := self.precision(run, off)) is not None:
            return rounding
        if not singles:
            pairs = self.within(run, combinations(filter(whole, candidates), 2), limit) if self.separable(run) else []
            if not pairs:
                return self.unknown(run, candidates)
            pair, left = min(pairs, key=lambda pair: pair[1])
            return Diagnosis(pair, left, " + ".join(each.name for each in pair))
        least = min(gap for _, gap in singles)
        equal = [mistakes[0] for mistakes, gap in singles if gap <= max(2 * least, CLOSE)]
        chosen = self.told_apart(run, equal)
        named = Diagnosis((chosen[0],), least, " = ".join(dict.fromkeys(each.name for each in chosen)))
        return self.with_rest(run, named)

    def candidates(self) -> list[type[Variant]]:
        """Variants that the adapter can show and that are not known already."""
        return [
            each
            for each in variants()
            if set(each.needs.split()) <= self.supports and not any(issubclass(one, each) for one in self.known)
        ]

    def separable(self, run: Run) -> bool:
        """Whether a run tells pairs of mistakes apart: they show from the first steps on, in enough of them."""
        context = run.context
        late = context.saved is not None or context.changes or context.absent
        return self.pairs and not late and len(run.points) > ENOUGH and bool(np.isfinite(run.points).all())

    def within(self, run: Run, choices: Iterable[Mistakes], limit: float) -> list[tuple[Mistakes, float]]:
        """Choices within the limit of a run, with their distances; most are ruled out by the first two steps."""
        draws = run.context.draws
        found = []
        for mistakes in choices:
            # A state that is saved later than these steps would never be loaded.
            for early in (1, 2) if run.context.saved is None else ():
                short = simulate(self.known + mistakes, run.context.but(draws=draws[:early])).points
                if not distance(run.points[: len(short)], short) <= limit:
                    break
            else:
                if (gap := self.gap(run, mistakes)) <= limit:
                    found.append((mistakes, gap))
        return found

    def gap(self, run: Run, mistakes: Mistakes) -> float:
        """The distance of a run from the simulation with further mistakes."""
        return distance(run.points, simulate(self.known + mistakes, run.context).points)

    def told_apart(self, run: Run, equal: list[type[Variant]]) -> list[type[Variant]]:
        """Of variants with equal iterates, those whose calls and whose runs in other contexts are equal, too."""
        kept = self.best(equal, run)
        for context in CONTEXTS:
            if len(kept) == 1:
                break
            if not lacks(context, self.supports):
                kept = self.best(kept, self.observe(context))
        # A variant without a fitted parameter says more than one with it.
        plain = [each for each in kept if each.fit.__func__ is Variant.fit.__func__]  # type: ignore[attr-defined]
        return plain or kept

    def best(self, equal: list[type[Variant]], run: Run) -> list[type[Variant]]:
        """Those nearest to a run in iterates, then in the points of the calls."""
        for measure in (points_apart, calls_apart):
            if len(equal) > 1 and run.error is None:
                gaps = [measure(run, simulate((*self.known, each), run.context)) for each in equal]
                least = min(gaps)
                equal = [each for each, gap in zip(equal, gaps, strict=True) if gap <= max(2 * least, SAME)]
        return equal

    def with_rest(self, run: Run, named: Diagnosis) -> Diagnosis:
        """The diagnosis with the rounding to float32 that explains what is left, if it does."""
        if named.left <= CLOSE:
            return named
        rest = Explanations(self.supports, (*self.known, *named.mistakes), self.observe).precision(run, named.left)
        if rest is None:
            return named
        return Diagnosis(named.mistakes + rest.mistakes, rest.left, f"{named.words} + {rest.words}")

    def precision(self, run: Run, off: float) -> Diagnosis | None:
        """The single-precision rounding that a small distance is, whose digits depend on the order of summation."""
        half = "float16" in run.dtypes | {kind for call in run.log.calls for kind in call.dtypes}
        if not off <= (1e-1 if half else SINGLE):
            return None
        expected = simulate(self.known, run.context)
        one = classified(run, expected)
        return None if one is None or one in self.known else Diagnosis((one,), off, one.name)

    def unknown(self, run: Run, candidates: Iterable[type[Variant]]) -> Diagnosis:
        """No claim, with the nearest variant."""
        near, name = min((self.gap(run, (each,)), each.name) for each in candidates)
        return Diagnosis((), float("inf"), f"unknown; nearest {name} at {near:.1e}")


def whole(variant: type[Variant]) -> bool:
    """Whether a variant is more than a rounding, which explains what another mistake leaves."""
    return variant.__module__ != Everything32.__module__


def classified(run: Run, expected: Run) -> type[Variant] | None:
    """The place of a rounding to float32: the parameters, the perturbation, its length, or the gradients."""
    if any(kind != "float64" for kind in run.dtypes):
        return Everything32
    # The parameters may be float64 again, with the digits of float32.
    after = run.points[1]
    if np.array_equal(after, after.astype(np.float32)):
        return Everything32
    for step, right in zip(run.steps, expected.steps, strict=False):
        e, due = step.y - step.x, right.y - right.x
        if np.abs(e - due).max() > CLOSE * max(1.0, float(np.abs(step.x).max())) / 100:
            return of_perturbation(e, due, of_single(e) or of_single(e / run.context.rho) or of_single(step.y))
        moved, same = step.after - step.x, right.after - right.x
        if distance(step.after, right.after) > CLOSE / 100:
            near = np.abs(moved - same).max() <= ROUNDED * np.abs(same).max()
            return Gradients32 if near and of_single(moved) else None
    return None


def of_single(x: Array) -> bool:
    """Whether numbers are those of float32, up to the rounding of a difference of float64."""
    return bool(np.abs(x - x.astype(np.float32)).max() <= 1e-14)


def of_perturbation(e: Array, due: Array, single: bool) -> type[Variant] | None:
    """The place of a rounding in the perturbation e, which ought to be `due`; `single`: its digits are of float32."""
    length, right = float(np.linalg.norm(e)), float(np.linalg.norm(due))
    if not length or not np.abs(e - due).max() <= ROUNDED * right:
        return None
    if np.abs(e / length - due / right).max() <= CLOSE:
        return Length32
    return Perturbation32 if single else None


def points_apart(run: Run, other: Run) -> float:
    """The distance of the iterates."""
    return distance(run.points, other.points)


def calls_apart(run: Run, other: Run) -> float:
    """The largest distance of a call from the nearest call of the other run in the same step."""
    gap = 0.0
    for t in range(len(run.context.draws)):
        mine, theirs = ([call.point for call in each.log.calls if call.step == t] for each in (run, other))
        for some, others in ((mine, theirs), (theirs, mine)):
            gaps = [min((distance(x, y) for y in others), default=np.inf) for x in some]
            gap = max([gap, *gaps])
    return gap
