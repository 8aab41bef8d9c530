"""How figures look: as wide as a column of text, colours that colour-blind readers tell apart, labels at the curves."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context, rcParamsDefault
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from samtheory._typing import Array
from samtheory.io import output

#: Inches.
WIDTH = 5.5
#: Okabe and Ito's colours, the dark ones first.
BLUE, RED, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
PURPLE, SKY, GREY = "#CC79A7", "#56B4E9", "#595959"
#: The colour and mark of each lam.
LAMS = {"0": (BLUE, "o"), "0.5": (GREEN, "s"), "1": (RED, "^"), "1/t": (PURPLE, "D"), "1-1/t": (ORANGE, "v")}

DASHED = (0, (4, 2))
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
GAP = "(f(x$_t$) − f*) / (f(x$_0$) − f*)"

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
    "savefig.dpi": 220,
    "svg.hashsalt": "samtheory",
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
}


def new(rows: int, columns: int, height: float, **options: Any) -> tuple[Figure, Any]:
    """A figure of `WIDTH` with its axes, always as a (rows, columns) array."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def images(figure: Figure) -> dict[str, bytes]:
    """The figure by file ending: the same bytes for the same drawing."""
    found = {}
    for kind, metadata in (("svg", {"Date": None, "Creator": "samtheory"}), ("png", {"Software": "samtheory"})):
        buffer = io.BytesIO()
        with rc_context(RC):
            figure.savefig(buffer, format=kind, metadata=metadata)
        found[kind] = buffer.getvalue()
    return found


def save(figure: Figure, place: Path) -> None:
    """`place`.svg and `place`.png."""
    for kind, content in images(figure).items():
        output.replace(place.with_suffix(f".{kind}"), content)


def curve(axes: Any, table: Any, colour: str, label: str = "") -> None:
    """The mean with its band, and dashed the bound."""
    t = np.maximum(table["t"], 0.5)  # t = 0 has no place on a logarithmic axis
    axes.plot(t, table["mean"], color=colour, label=label)
    if "low" in table.columns:
        axes.fill_between(t, table["low"], table["high"], color=colour, alpha=0.2, linewidth=0)
    if "bound" in table.columns:
        axes.plot(t, table["bound"], color=colour, linestyle=DASHED, linewidth=1)


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


def sequence(count: int) -> list[Any]:
    """Colours of an ordered family, dark to light."""
    from matplotlib import colormaps

    return [colormaps["viridis"](value) for value in np.linspace(0, 0.85, count)]
