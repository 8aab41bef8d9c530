"""The curve of a cell as inline SVG: measured and bound over t, both axes logarithmic."""

from __future__ import annotations

import math
from itertools import pairwise

from .tables import digits

#: (t, measured, bound), None where there is no number.
Curve = tuple[tuple[float | None, ...], ...]
#: The box, in whole units so that paths are short.
WIDTH, HEIGHT, MARGIN = 320, 80, 3
BOX = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
#: The length of a single point.
DASH = 12
#: What is this many times smaller than the largest number is drawn at the bottom.
DEEPEST = 1e-18
#: A point this near the line that is drawn without it is left out.
TOLERANCE = 0.75


def picture(curve: Curve) -> str:
    """Both curves without axes, the bound first."""
    return f'<svg {BOX}><path d="{path(curve, curve[2])}"/><path d="{path(curve, curve[1])}"/></svg>'


def words(curve: Curve) -> str:
    """The range of the picture, and where both curves end."""
    low, high = map(digits, limits(curve))
    (measured, t), (bound, until) = (end(curve[0], column) for column in curve[1:])
    then = f" at t = {digits(until)}" if until not in (None, t) else ""
    return f"{low} to {high}; at t = {digits(t)} measured {digits(measured)}, bound {digits(bound)}{then}"


def end(t: tuple[float | None, ...], values: tuple[float | None, ...]) -> tuple[float | None, float | None]:
    """The last number of a curve, and its time; None twice if there is none."""
    known = [(value, time) for value, time in zip(values, t, strict=True) if value is not None]
    return known[-1] if known else (None, None)


def limits(curve: Curve) -> tuple[float, float]:
    """The smallest and the largest number of both curves, as far as they are drawn."""
    numbers = [value for column in curve[1:] for value in column if value is not None and value > 0]
    if not numbers:
        return 1.0, 1.0
    high = max(numbers)
    return max(min(numbers), DEEPEST * high), high


def path(curve: Curve, values: tuple[float | None, ...], tolerance: float = TOLERANCE) -> str:
    """The d of one curve, broken where there is no number; points within the tolerance of it are left out."""
    t = [math.log(max(value or 0.0, 0.5)) for value in curve[0]]
    low, high = (math.log(value) for value in limits(curve))
    across, down = (WIDTH / (t[-1] - t[0]) if t[-1] > t[0] else 0.0), (HEIGHT - 2 * MARGIN) / (high - low or 1.0)
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(t, values, strict=True):
        if y is None:
            pieces.append([])
            continue
        height = MARGIN + down * (high - max(math.log(y) if y > 0 else low, low))
        pieces[-1].append((across * (x - t[0]), height))
    return "".join(drawn(thinned(piece, tolerance)) for piece in pieces if piece)


def drawn(piece: list[tuple[float, float]]) -> str:
    """A line through points in whole units, each relative to the one before; a dash if there is only one."""
    points = [(round(x), round(y)) for x, y in piece]
    (x, y), steps = points[0], " ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(points))
    return f"M{x} {y}l{steps}" if steps else f"M{x} {y}h{DASH if 2 * x < WIDTH else -DASH}"


def thinned(points: list[tuple[float, float]], tolerance: float) -> list[tuple[float, float]]:
    """The points, from left to right, without those that a line through the rest passes within `tolerance` of."""
    if len(points) < 3:
        return points
    (x0, y0), (x1, y1) = points[0], points[-1]
    rise = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    off = [abs(y - y0 - rise * (x - x0)) for x, y in points]
    worst = max(range(1, len(points) - 1), key=off.__getitem__)
    if off[worst] <= tolerance:
        return [points[0], points[-1]]
    return thinned(points[: worst + 1], tolerance)[:-1] + thinned(points[worst:], tolerance)
