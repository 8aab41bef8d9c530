"""The curve of a cell as inline SVG: measured and bound over t, both axes logarithmic."""

from __future__ import annotations

import math
from itertools import pairwise

from samtheory.io.html import Html, fill

from .tables import digits

#: (t, measured, bound), None where a number is missing.
Curve = tuple[tuple[float | None, ...], ...]
#: The size of the picture; paths are in whole units, so that they are short.
WIDTH, HEIGHT, MARGIN = 320, 80, 3
#: The length of the dash that draws a single point.
DASH = 12
#: Smaller values, relative to the largest, are drawn at the bottom.
DEEPEST = 1e-18
#: A measured value this much above the bound, relatively, crosses it: less is rounding.
CROSSED = 1e-9
#: A point this near the line through its neighbours is left out.
TOLERANCE = 0.75


def picture(curve: Curve) -> Html:
    """Both curves, the bound first, with the limits of both axes for the script that draws ticks."""
    bound, measured = path(curve, curve[2]), path(curve, curve[1])
    return fill(
        '<svg viewBox="0 0 $width $height" data-t="$t" data-y="$y">'
        '<path d="$bound"/><path d="$measured"/>$crossing</svg>',
        width=WIDTH, height=HEIGHT, bound=bound, measured=measured, crossing=crossing(curve),
        t=" ".join(f"{max(value or 0.0, 0.5):.4g}" for value in (curve[0][0], curve[0][-1])),
        y=" ".join(f"{value:.4g}" for value in limits(curve)),
    )  # fmt: skip


def crossing(curve: Curve) -> Html:
    """A circle where the measured value first exceeds the bound; nothing where it never does."""
    for t, measured, bound in zip(*curve, strict=True):
        if t is not None and measured is not None and bound is not None and measured > bound * (1 + CROSSED):
            x, y = place(curve, t, measured)
            return fill('<circle cx="$x" cy="$y" r="4"/>', x=round(x), y=round(y))
    return Html()


def words(curve: Curve) -> str:
    """The range of the picture, and the last values of both curves."""
    low, high = map(digits, limits(curve))
    (measured, t), (bound, until) = (end(curve[0], column) for column in curve[1:])
    then = f" at t = {digits(until)}" if until not in (None, t) else ""
    return f"{low} to {high}; at t = {digits(t)} measured {digits(measured)}, bound {digits(bound)}{then}"


def end(t: tuple[float | None, ...], values: tuple[float | None, ...]) -> tuple[float | None, float | None]:
    """The last number of a curve and its time; (None, None) for an empty curve."""
    known = [(value, time) for value, time in zip(values, t, strict=True) if value is not None]
    return known[-1] if known else (None, None)


def limits(curve: Curve) -> tuple[float, float]:
    """The smallest and the largest number that is drawn."""
    numbers = [value for column in curve[1:] for value in column if value is not None and value > 0]
    if not numbers:
        return 1.0, 1.0
    high = max(numbers)
    return max(min(numbers), DEEPEST * high), high


def place(curve: Curve, t: float, y: float) -> tuple[float, float]:
    """A point of the curve in units of the picture."""
    now, first, last = (math.log(max(value or 0.0, 0.5)) for value in (t, curve[0][0], curve[0][-1]))
    low, high = (math.log(value) for value in limits(curve))
    across, down = (WIDTH / (last - first) if last > first else 0.0), (HEIGHT - 2 * MARGIN) / (high - low or 1.0)
    return across * (now - first), MARGIN + down * (high - max(math.log(y) if y > 0 else low, low))


def path(curve: Curve, values: tuple[float | None, ...], tolerance: float = TOLERANCE) -> str:
    """The path data of one curve, broken at missing numbers; points within the tolerance are left out."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for t, y in zip(curve[0], values, strict=True):
        if y is None:
            pieces.append([])
        else:
            pieces[-1].append(place(curve, t or 0.0, y))
    return "".join(drawn(thinned(piece, tolerance)) for piece in pieces if piece)


def drawn(piece: list[tuple[float, float]]) -> str:
    """A line through points in whole units, relative to the previous point; a dash for a single point."""
    points = [(round(x), round(y)) for x, y in piece]
    (x, y), steps = points[0], " ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(points))
    return f"M{x} {y}l{steps}" if steps else f"M{x} {y}h{DASH if 2 * x < WIDTH else -DASH}"


def thinned(points: list[tuple[float, float]], tolerance: float) -> list[tuple[float, float]]:
    """Simplify a line (Ramer, Douglas and Peucker): drop points within `tolerance` of the line through the others."""
    if len(points) < 3:
        return points
    (x0, y0), (x1, y1) = points[0], points[-1]
    rise = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    off = [abs(y - y0 - rise * (x - x0)) for x, y in points]
    worst = max(range(1, len(points) - 1), key=off.__getitem__)
    if off[worst] <= tolerance:
        return [points[0], points[-1]]
    return thinned(points[: worst + 1], tolerance)[:-1] + thinned(points[worst:], tolerance)
