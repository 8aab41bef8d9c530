"""Evidence: one comparison of a bound with what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.status import Status

#: Columns of points to draw, None for a number that is not finite; at most this many points.
Curve = tuple[tuple[float | None, ...], ...]
DRAWN = 32


@dataclass(frozen=True)
class Evidence:
    """One check of a cell.

    Attributes
    ----------
    kind : "hypothesis", "one-step", "trajectory", ...
    name : the inequality, such as "PL"
    verdict : holds, violated, undecided or skipped
    basis : "exact" (enumerated, compared with a rounding tolerance) or "statistical"
    bound_ratio : the smallest bound ratio (bound / measured), None where nothing was measured
    location : the location of the smallest bound ratio; the reason of a skipped comparison
    cases : the number of comparisons
    detail : further words for a report
    curve : (t, measured, bound) at some times, to draw; empty where nothing depends on t
    """

    kind: str
    name: str
    verdict: Status
    basis: str
    bound_ratio: float | None
    location: str
    cases: int
    detail: str = ""
    curve: Curve = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        finite = self.bound_ratio is not None and math.isfinite(self.bound_ratio)
        return {
            "kind": self.kind,
            "name": self.name,
            "verdict": self.verdict,
            "basis": self.basis,
            "slack": self.bound_ratio if finite else None,
            "where": self.location,
            "detail": self.detail,
            "cases": self.cases,
        }


def skipped(kind: str, name: str, reason: str) -> Evidence:
    """Evidence of a comparison that does not apply, with the reason."""
    return Evidence(kind, name, Status.SKIPPED, "exact", None, reason, 0)


def drawn(t: npt.NDArray[np.intp], measured: Array, bound: Array) -> Curve:
    """(t, measured, bound), all of shape (K,), at about `DRAWN` times spaced evenly in log(t)."""
    kept = np.unique(np.searchsorted(t, np.geomspace(max(t[0], 1), max(t[-1], 1), DRAWN)).clip(0, len(t) - 1))
    return tuple(tuple(float(f"{v:.5g}") if math.isfinite(v) else None for v in column[kept].tolist())
                 for column in (t, measured, bound))  # fmt: skip


#: What a comparison that fails is evidence of, by its kind; of the others, a violated theorem.
AGAINST = {"hypothesis": Status.ASSUMPTION_FAILS, "reference": Status.DIFFERS}


def compare(
    kind: str,
    name: str,
    bound: Array,
    measured: Array,
    rounding: Array | float,
    where: Callable[[int], str],
    basis: str = "exact",
    more: Callable[[], Array | float] | None = None,
) -> Evidence:
    """Evidence for measured <= bound + rounding, entry by entry, with the smallest bound / measured.

    An entry that is not a number, or an infinite `measured`, is a violation.  Where there are violations, the worst of
    them is reported: the smallest bound / measured, of equal ones the largest excess.

    Parameters
    ----------
    kind, name, basis : as in `Evidence`
    bound, measured : arrays of equal shape
    rounding : bound on the absolute rounding error, of the same shape or a number
    where : words for the place of an entry, from its flat index
    more : further rounding, expensive, and so computed only where the comparison fails without it
    """
    if more is not None:
        found = compare(kind, name, bound, measured, rounding, where, basis)
        if found.verdict == Status.HOLDS:
            return found
        rounding = np.ravel(rounding) + np.ravel(more())
    bound, measured = np.ravel(bound), np.ravel(measured)
    if len(measured) == 0:
        return skipped(kind, name, "nothing to compare")
    rounding = np.broadcast_to(np.ravel(np.asarray(rounding, dtype=np.float64)), measured.shape)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        excess = measured - bound - rounding
        ratio = np.where(measured > np.maximum(rounding, 0.0), bound / measured, np.inf)
        above = measured > bound
    holds = bool((excess <= 0).all())
    if holds:
        # Rounding alone is above the bound.
        ratio = np.where(above, 1.0, ratio)
        worst = int(np.argmin(ratio))
    else:
        broken = ~(excess <= 0)
        ratio = np.where(above & ~broken, 1.0, ratio)
        ratio = np.where(broken & ~np.isfinite(ratio), 0.0, ratio)
        worst = worst_violation(ratio, excess, broken)
    least, verdict = float(ratio[worst]), Status.HOLDS if holds else AGAINST.get(kind, Status.VIOLATED)
    return Evidence(kind, name, verdict, basis, least if math.isfinite(least) else None, where(worst), len(measured))


def together(found: Sequence[Evidence]) -> Evidence:
    """Several comparisons of one inequality as one: the worst, with the number of cases of all."""
    measured = [piece for piece in found if piece.verdict != Status.SKIPPED] or found

    def badness(piece: Evidence) -> tuple[int, float]:
        return piece.verdict.rank, math.inf if piece.bound_ratio is None else piece.bound_ratio

    return replace(min(measured, key=badness), cases=sum(piece.cases for piece in measured))


def worst_violation(ratio: Array, excess: Array, broken: npt.NDArray[np.bool_]) -> int:
    """Index of the violation with the smallest bound / measured, of equal ones that with the largest excess."""
    candidates = np.flatnonzero(broken)
    least = np.maximum(ratio[candidates], 0.0)  # a negative bound is as broken as one of 0
    beyond = np.nan_to_num(excess[candidates], nan=np.inf)
    return int(candidates[np.lexsort((-beyond, least))[0]])
