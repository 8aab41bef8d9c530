"""The bounds of several theorems over time, drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from samtheory.engine.run import log_times
from samtheory.errors import NotApplicable
from samtheory.theorems.base import MEASURES

if TYPE_CHECKING:
    from .rates import RateTable, TheoremRate

#: Lines in one plot at most; the lowest at the end are drawn.
MOST = 7
#: The last time that is drawn: where a linear rate has fallen to FALLEN, between the two limits of STEPS.
FALLEN, STEPS = 1e-4, (100, 10**7)


def plot(table: RateTable, ax: Any) -> Any:
    """Draw the bounds on one quantity, at most `MOST` of them, with a legend below the axes."""
    from samtheory.io import drawing

    shown = _of_one_measure(table.rates)
    t = log_times(_last(shown))
    bounds = {rate.theorem.key: np.asarray(_bound(rate, t)) for rate in shown}
    lowest = sorted(bounds, key=lambda key: float(bounds[key][-1]))[:MOST]
    axes = drawing.axes_or_new(ax)
    axes.set(
        xscale="log", yscale="log", xlabel="t", ylabel=f"bound on {drawing.symbols(MEASURES[shown[0].theorem.measure])}"
    )
    for k, key in enumerate(key for key in bounds if key in lowest):
        line = {"color": drawing.COLOURS[k], "marker": drawing.MARKS[k], "markersize": 3.5, "markevery": (4 * k, 40)}
        axes.plot(np.maximum(t, 0.5), bounds[key], label=key, **line)
    axes.set_title(", ".join(filter(None, [table.problem, table.sampling])) or "bounds")
    drawing.legend_below(axes)
    return axes


def _of_one_measure(rates: Sequence[TheoremRate]) -> list[TheoremRate]:
    """The rates with a known start that bound f(x_t) - f*, or those on the most frequent other quantity."""
    known = [rate for rate in rates if rate.start is not None]
    if not known:
        raise NotApplicable("no bound to plot: delta0 = f(x0) - f_inf is not known")
    measures = [rate.theorem.measure for rate in known]
    measure = max(dict.fromkeys(measures), key=lambda each: (each == "gap", measures.count(each)))
    return [rate for rate in known if rate.theorem.measure == measure]


def _bound(rate: TheoremRate, t: npt.NDArray[np.intp]) -> Any:
    """The bound, not-a-number before its first t."""
    later = t >= rate.plan.start
    return np.where(later, rate.plan.bound(np.maximum(t, rate.plan.start), rate.start or 0.0), np.nan)


def _last(rates: Sequence[TheoremRate]) -> int:
    """The last time: half as long again as the longest promise, or the time that the linear rates need."""
    if any(rate.iterations for rate in rates):
        wanted = 1.5 * max(rate.iterations or 0 for rate in rates)
    else:
        slowest = max((rate.plan.contraction or 0.0 for rate in rates), default=0.0)
        wanted = math.log(FALLEN) / math.log(slowest) if 0 < slowest < 1 else STEPS[0] ** 2
    return int(min(max(wanted, STEPS[0]), STEPS[1]))
