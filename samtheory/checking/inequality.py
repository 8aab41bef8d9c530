"""What a claimed constant says, as an inequality left <= right between two numbers anybody can recompute.

Each inequality knows its sides at many places at once and a bound on their rounding error: a place where
left > right + rounding is a witness that the claim is wrong.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array


class Sides(NamedTuple):
    """left <= right is claimed; `rounding` bounds the error of left - right.  Each of shape (R,)."""

    left: Array
    right: Array
    rounding: Array


class Inequality(ABC):
    """left <= right at every place."""

    #: The inequality in the symbols of the theory.
    text: str

    @abstractmethod
    def sides(self, Z: Array) -> Sides:
        """Both sides at R places, Z of shape (R, ...)."""

    @abstractmethod
    def place(self, z: Array) -> dict[str, Any]:
        """The place in words of the witness: `x`, `y`, `component`, ..."""

    def slope(self, z: Array) -> Array:
        """The derivative of log left - log right at one place; 0 where the search must not move it."""
        return np.zeros_like(z)

    def merit(self, Z: Array) -> Array:
        """What a search makes as large as it can: (left - rounding) / right, -inf where not a number; shape (R,)."""
        with np.errstate(all="ignore"):
            left, right, rounding = self.sides(Z)
            ratio = (left - rounding) / np.maximum(right, np.finfo(float).tiny)
        return np.where(np.isfinite(ratio), ratio, -np.inf)

    def broken(self, Z: Array) -> npt.NDArray[np.bool_]:
        """Where left > right beyond rounding, shape (R,); a side that is not finite shows nothing."""
        with np.errstate(all="ignore"):
            left, right, rounding = self.sides(Z)
            return np.asarray(np.isfinite(left) & np.isfinite(right) & (left - right > rounding))

    def witness(self, z: Array) -> dict[str, Any]:
        """The place, both sides and their ratio."""
        left, right, _ = (float(side[0]) for side in self.sides(z[None]))
        ratio = left / right if right else float("inf")
        return {"inequality": self.text, **self.place(z), "left": left, "right": right, "ratio": ratio}
