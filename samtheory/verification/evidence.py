"""The outcome of one check."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.status import Status

#: Columns of points to draw, None in place of what is not finite; at most this many points.
Curve = tuple[tuple[float | None, ...], ...]
DRAWN = 32


@dataclass(frozen=True)
class Evidence:
    """One check of a cell.

    Attributes
    ----------
    kind : "hypothesis", "one-step", "trajectory", ...
    name : what was checked, e.g. "PL"
    verdict : holds, violated, undecided or skipped
    basis : "exact" (enumerated, compared with a rounding tolerance) or "statistical"
    slack : smallest bound / measured that was seen, None where there was nothing to divide
    where : the place of the smallest slack, or the reason of "skipped"
    cases : the number of comparisons
    detail : more for people to read
    curve : (t, measured, bound) at some times, to draw; empty where nothing moves with t
    """

    kind: str
    name: str
    verdict: Status
    basis: str
    slack: float | None
    where: str
    cases: int
    detail: str = ""
    curve: Curve = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        finite = self.slack is not None and math.isfinite(self.slack)
        return {
            "basis": self.basis,
            "cases": self.cases,
            "detail": self.detail,
            "kind": self.kind,
            "name": self.name,
            "slack": self.slack if finite else None,
            "verdict": self.verdict,
            "where": self.where,
        }


def skipped(kind: str, name: str, reason: str) -> Evidence:
    """Evidence that could not be had, with the reason."""
    return Evidence(kind, name, Status.SKIPPED, "exact", None, reason, 0)


def drawn(t: npt.NDArray[np.intp], measured: Array, bound: Array) -> Curve:
    """(t, measured, bound), all of shape (K,), at about `DRAWN` times spaced evenly in log(t)."""
    places = np.unique(np.searchsorted(t, np.geomspace(max(t[0], 1), max(t[-1], 1), DRAWN)).clip(0, len(t) - 1))
    return tuple(tuple(float(f"{v:.5g}") if math.isfinite(v) else None for v in column[places].tolist())
                 for column in (t, measured, bound))  # fmt: skip


def compare(
    kind: str,
    name: str,
    bound: Array,
    measured: Array,
    rounding: Array | float,
    where: Any,
    basis: str = "exact",
    more: Callable[[], Array | float] | None = None,
) -> Evidence:
    """measured <= bound + rounding for every entry of equally shaped arrays; `where` maps a flat index to words.

    An entry that is not a number, or an infinite `measured`, is a violation.  `more` gives further rounding, which is
    dear and so found only where the comparison fails without it.
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
    excess = measured - bound - rounding
    broken = ~(excess <= 0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(np.abs(measured) > rounding, bound / measured, np.inf)
    ratio = np.where(measured <= 0, np.inf, ratio)
    ratio = np.where(~broken & (measured > bound), 1.0, ratio)  # above by rounding alone
    ratio = np.where(broken & ~np.isfinite(ratio), 0.0, ratio)
    worst = int(np.argmin(np.where(broken, ratio - 1e300, ratio))) if broken.any() else int(np.argmin(ratio))
    slack = float(ratio[worst])
    verdict = Status.VIOLATED if broken.any() else Status.HOLDS
    return Evidence(kind, name, verdict, basis, slack if math.isfinite(slack) else None, where(worst), len(measured))
