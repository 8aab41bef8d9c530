"""The curve of a cell as inline SVG: measured and bound over t, both axes logarithmic."""

from __future__ import annotations

import math
from html import escape

from .tables import digits

#: (t, measured, bound), None where there is no number.
Curve = tuple[tuple[float | None, ...], ...]
#: The box, in whole units so that paths are short.
WIDTH, HEIGHT, MARGIN = 600, 150, 6
BOX = f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"'
#: What is this many times smaller than the largest number is drawn at the bottom.
DEEPEST = 1e-18


def small(name: str, curve: Curve) -> str:
    """A picture without axes, under the id `name`."""
    if not curve:
        return "–"
    _, measured, bound = curve
    paths = f'<path class="bound" d="{path(curve, bound)}"/><path d="{path(curve, measured)}"/>'
    return f'<svg {BOX} aria-hidden="true"><g id="{name}">{paths}</g></svg>'


def large(name: str, curve: Curve, what: str) -> str:
    """The same picture with its axes, and what they are in words."""
    t = [value for value in curve[0] if value is not None]
    low, high = limits(curve)
    ends = [next((v for v in reversed(column) if v is not None), None) for column in curve[1:]]
    words = f"{what} in the end: measured {digits(ends[0])}, bound {digits(ends[1])}"
    times = f"t = {digits(t[0])} to {digits(t[-1])}, log scales"
    keys = '<span><span class="key">measured</span> <span class="key bound">bound</span></span>'
    return (
        f'<figure><div class="axis"><span>{digits(high)}</span>{keys}</div>'
        f'<svg {BOX} aria-hidden="true"><use href="#{name}"/></svg>'
        f'<div class="axis"><span>{digits(low)}</span><span>{times}</span></div>'
        f"<figcaption>{escape(words)}</figcaption></figure>"
    )


def limits(curve: Curve) -> tuple[float, float]:
    """The smallest and the largest number of both curves, as far as they are drawn."""
    numbers = [value for column in curve[1:] for value in column if value is not None and value > 0]
    if not numbers:
        return 1.0, 1.0
    high = max(numbers)
    return max(min(numbers), DEEPEST * high), high


def path(curve: Curve, values: tuple[float | None, ...]) -> str:
    """The d of one curve, broken where there is no number."""
    t = [math.log(max(value or 0.0, 0.5)) for value in curve[0]]
    low, high = (math.log(value) for value in limits(curve))
    across, down = (WIDTH / (t[-1] - t[0]) if t[-1] > t[0] else 0.0), (HEIGHT - 2 * MARGIN) / (high - low or 1.0)
    pieces: list[list[str]] = [[]]
    for x, y in zip(t, values, strict=True):
        if y is None:
            pieces.append([])
            continue
        height = MARGIN + down * (high - max(math.log(y) if y > 0 else low, low))
        pieces[-1].append(f"{across * (x - t[0]):.0f} {height:.0f}")
    # A piece of one point shows as a dot.
    return "".join("M" + " ".join(piece) + "h0" * (len(piece) == 1) for piece in pieces if piece)
