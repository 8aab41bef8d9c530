"""Drawing on matplotlib axes: the style of every picture, and curves with bands, bounds and labels at their ends."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context, rcParamsDefault
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from samtheory._typing import Array

#: Okabe and Ito's colours, the dark ones first.
BLUE, RED, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
PURPLE, SKY, GREY = "#CC79A7", "#56B4E9", "#595959"
#: The colours of an unordered family, each with a mark of its own for readers without colour.
COLOURS, MARKS = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY, GREY), ("o", "^", "s", "D", "v", "P", "X")

DASHED = (0, (4, 2))
#: Inches: a column of two, a page, and the text of one column.
WIDTHS = {"one": 3.25, "two": 6.75}
#: Settings of the process, not of a figure.
UNTOUCHED = (
    "backend",
    "interactive",
    "toolbar",
    "webagg",
    "timezone",
    "date",
    "tk.",
    "figure.max_open",
    "savefig.directory",
)

#: Nothing of a matplotlibrc of the user's has a part in a figure.
RC: Any = {
    **{name: value for name, value in rcParamsDefault.items() if not name.startswith(UNTOUCHED)},
    "axes.grid": True,
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "font.size": 9,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "lines.linewidth": 1.3,
    "path.simplify_threshold": 0.2,
    "pdf.fonttype": 42,
    "savefig.dpi": 220,
    "svg.hashsalt": "samtheory",
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
}

#: What the files say of how they were made: nothing that changes from run to run.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "samtheory"},
    "png": {"Software": "samtheory"},
    "pdf": {"CreationDate": None, "Creator": "samtheory", "Producer": None},
}


def new(width: float, height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """A figure of this size in inches, unknown to pyplot, with its axes as a (rows, columns) array."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def axes_or_new(ax: Any) -> Any:
    """The axes, or those of a new figure of pyplot, which a notebook shows."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(layout="constrained")[1]


def content(figure: Figure, kind: str) -> bytes:
    """The figure as the content of a file of this kind, a key of `METADATA`: the same bytes for the same drawing."""
    buffer = io.BytesIO()
    with rc_context(RC):
        figure.savefig(buffer, format=kind, metadata=METADATA[kind])
    return buffer.getvalue()


def band(axes: Any, t: Any, mean: Array, limits: tuple[Array, Array] | None, bound: Array | None, **line: Any) -> None:
    """The mean over t with its band, and dashed the bound, all in one colour."""
    t = np.maximum(t, 0.5)  # t = 0 has no place on a logarithmic axis
    (drawn,) = axes.plot(t, mean, **line)
    if limits is not None:
        axes.fill_between(t, *limits, color=drawn.get_color(), alpha=0.2, linewidth=0)
    if bound is not None:
        axes.plot(t, bound, color=drawn.get_color(), linestyle=DASHED, linewidth=1)


def symbols(text: str) -> str:
    """A formula in letters that every terminal has, as matplotlib shows it.

    Examples
    --------
    >>> symbols("E||grad f(x_t)||^2 <= 1")
    'E‖∇f(x$_t$)‖² ≤ 1'
    """
    for plain, shown in (("||", "‖"), ("grad ", "∇"), ("^2", "²"), (" - ", " − "), ("<=", "≤")):
        text = text.replace(plain, shown)
    return re.sub(r"_(\w)", r"$_\1$", text)


def legend_below(axes: Any, points: float = 34, **options: Any) -> None:
    """A legend below the label of the x axis, `points` below the axes, where it covers no curve."""
    below = axes.transAxes + ScaledTranslation(0, -points / 72, axes.figure.dpi_scale_trans)
    axes.legend(loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below, borderaxespad=0, **options)


def at_end(axes: Any, ends: Sequence[tuple[float, str, Any]], gap: float = 0.055, size: float = 8.5) -> None:
    """(y, text, colour) at the right margin, moved apart where they would overlap; y in data, `gap` of the height."""
    to_axes = axes.transData + axes.transAxes.inverted()
    heights = np.array([to_axes.transform((1, y))[1] for y, _, _ in ends])
    for (_, text, colour), height in zip(ends, spread(np.clip(heights, 0, 1), gap), strict=True):
        axes.text(1.02, height, text, transform=axes.transAxes, color=colour, va="center", fontsize=size)


def spread(heights: Array, gap: float) -> Array:
    """The heights, moved as little as it takes to have them `gap` apart, and none above 1."""
    order = np.argsort(heights, kind="stable")
    blocks: list[tuple[float, int]] = []  # (mean of what they would like, less their offsets; how many)
    for wish in heights[order]:
        blocks.append((float(wish), 1))
        while len(blocks) > 1 and blocks[-2][0] + gap * blocks[-2][1] > blocks[-1][0]:
            (low, m), (high, k) = blocks[-2:]
            blocks[-2:] = [((m * low + k * (high - m * gap)) / (m + k), m + k)]
    placed = np.concatenate([start + gap * np.arange(count) for start, count in blocks])
    placed = np.minimum(placed, 1 - gap * np.arange(len(placed))[::-1])
    found = np.empty(len(heights))
    found[order] = placed
    return found


def ratios(axes: Any, rows: Sequence[tuple[str, float | None, float | None]], most: float) -> None:
    """(name, promised, measured) as two points on a line, the first row on top; None is beyond `most`, a triangle."""
    names = [name for name, *_ in rows]
    for level, (_, promised, measured) in enumerate(rows):
        ends = [most if value is None else max(value, 1) for value in (measured, promised)]
        axes.plot(ends, [level, level], color=SKY, linewidth=1, zorder=1)
        for value, end, colour, fill in ((measured, ends[0], RED, RED), (promised, ends[1], BLUE, "white")):
            mark = "o" if value is not None else ">"
            axes.plot(end, level, mark, color=colour, markerfacecolor=fill, markersize=4)
    axes.plot([], [], "o", color=BLUE, markerfacecolor="white", markersize=4, label="guaranteed")
    axes.plot([], [], "o", color=RED, markersize=4, label="measured")
    axes.plot([], [], ">", color=GREY, markersize=4, label="not reached")
    axes.set(xscale="log", ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), names)
