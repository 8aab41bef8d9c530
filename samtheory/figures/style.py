"""How the figures of the paper look: as wide as a column of text, colours that colour-blind readers tell apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from samtheory.io import drawing, output
from samtheory.io.drawing import (
    BLUE,
    DASHED,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RC,
    RED,
    SKY,
    at_end,
    band,
    spread,
)

from .base import KINDS

__all__ = ["BLUE", "DASHED", "GREEN", "GREY", "ORANGE", "PURPLE", "RC", "RED", "SKY", "at_end", "spread"]

#: Inches.
WIDTH = 5.5
#: The colour and mark of each lam.
LAMS = {"0": (BLUE, "o"), "0.5": (GREEN, "s"), "1": (RED, "^"), "1/t": (PURPLE, "D"), "1-1/t": (ORANGE, "v")}

GAP = "(f(x$_t$) − f*) / (f(x$_0$) − f*)"


def new(rows: int, columns: int, height: float, **options: Any) -> tuple[Figure, Any]:
    """A figure of `WIDTH` with its axes, always as a (rows, columns) array."""
    return drawing.new(WIDTH, height, rows, columns, **options)


def save(figure: Figure, place: Path) -> None:
    """`place` with each ending of `KINDS`."""
    for kind in KINDS:
        output.replace(place.with_suffix(f".{kind}"), drawing.content(figure, kind))


def curve(axes: Any, table: Any, colour: str, label: str = "", **line: Any) -> None:
    """The mean with its band, and dashed the bound."""
    limits = (table["low"], table["high"]) if "low" in table.columns else None
    bound = table["bound"] if "bound" in table.columns else None
    band(axes, table["t"], table["mean"], limits, bound, color=colour, label=label, **line)


def sequence(count: int) -> list[Any]:
    """Colours of an ordered family, dark to light."""
    from matplotlib import colormaps

    return [colormaps["viridis"](value) for value in np.linspace(0, 0.85, count)]
