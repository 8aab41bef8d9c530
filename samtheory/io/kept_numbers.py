"""Numbers kept in a file: the digits that are written, and how far a new number may be from a kept one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

#: A mean with its standard error, as it is kept.
Mean = list[float]
#: A number, a word, a mean, or None where there is no number.
Kept = float | str | Mean | None


@dataclass(frozen=True)
class Tolerance:
    """The admissible difference of two numbers: relative |number| + absolute + errors sqrt(se^2 + se^2).

    Attributes
    ----------
    relative : fraction of the larger absolute value
    absolute : added to it
    errors : standard errors of the difference of two means
    """

    relative: float = 1e-8
    absolute: float = 0.0
    errors: float = 0.0

    def width(self, kept: float, found: float, kept_error: float = 0.0, found_error: float = 0.0) -> float:
        """The admissible |found - kept| of two numbers, or of two means with their standard errors."""
        chance = self.errors * math.hypot(kept_error, found_error) if self.errors else 0.0
        return self.relative * max(abs(kept), abs(found)) + self.absolute + chance

    def admits(self, kept: Kept, found: Kept) -> bool:
        """Whether `found` is `kept`, up to this tolerance; words and missing numbers must be the same."""
        if isinstance(kept, list) and isinstance(found, list):
            return abs(kept[0] - found[0]) <= self.width(kept[0], found[0], kept[1], found[1])
        if isinstance(kept, float | int) and isinstance(found, float | int):
            return kept == found or abs(kept - found) <= self.width(kept, found)
        return kept == found


def rounded(value: Any, digits: int) -> float | None:
    """The number to so many digits; None where it is missing or not finite."""
    return None if value is None or not math.isfinite(value) else float(f"{float(value):.{digits}g}")
