"""From a point of the unit cube to an instance: bounded, and logarithmic where a quantity has a scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .base import Instance, Point
from .laws import Weights
from .piecewise import Piecewise
from .quadratic_2d import Planar
from .sines import PL, Sines

#: Coordinates that an instance may read.
COORDINATES = 48
#: Curvatures, probabilities, distances and steps are between these.
CURVATURE, PROBABILITY, LENGTH = (1e-3, 1e3), (1e-6, 1.0), (1e-3, 1e3)


class Dial:
    """Reads the coordinates one after another, each as what is asked for."""

    def __init__(self, coordinates: Sequence[float]) -> None:
        self.coordinates, self.read = coordinates, 0

    def unit(self) -> float:
        """A number in [0, 1]."""
        self.read += 1
        return self.coordinates[self.read - 1]

    def log(self, low: float, high: float) -> float:
        """A number between two positive ones, by its logarithm."""
        return low * math.exp(self.unit() * math.log(high / low))

    def signed(self, low: float, high: float) -> float:
        """As `log`, with a sign."""
        return self.log(low, high) * (1 if self.unit() < 0.5 else -1)

    def either(self, *choices: Any) -> Any:
        """One of them."""
        return choices[min(int(self.unit() * len(choices)), len(choices) - 1)]


@dataclass(frozen=True)
class Frame:
    """What is decided before the dial is turned.

    Attributes
    ----------
    build : the family
    n : the number of components
    knots : of a piecewise quadratic
    kind, argument : the sampling; the batch size or the probability, None for one that is searched for
    sharp : whether the expected residual is the instance's own instead of the textbook's
    tilted : whether the f_i may have different minimisers
    """

    build: Callable[[Dial, Frame], Instance]
    n: int
    knots: int
    kind: str
    argument: float | None
    sharp: bool
    tilted: bool

    def weights(self, dial: Dial) -> Weights:
        """The law; probabilities are logarithmic before they are made to add up to 1."""
        if self.kind == "single":
            each = [dial.log(*PROBABILITY) for _ in range(self.n - 1)]
            return Weights("single", self.n, p=tuple(part / (1 + sum(each)) for part in each))
        if self.kind == "independent":
            p = dial.log(*PROBABILITY) if self.argument is None else self.argument
            return Weights("independent", self.n, p=(p,))
        return Weights(self.kind, self.n, tau=int(self.argument or 2) if self.kind in ("nice", "replacement") else 1)

    def sharpness(self, dial: Dial) -> tuple[float, float] | None:
        """The (share, slack) of the expected residual."""
        return (dial.either(0.0, dial.unit(), 1.0), dial.log(1e-6, 10.0)) if self.sharp else None

    def tilts(self, dial: Dial) -> tuple[float, ...]:
        """n - 1 slopes at 0."""
        return tuple(dial.signed(*LENGTH) if self.tilted else 0.0 for _ in range(self.n - 1))


def piecewise(dial: Dial, frame: Frame) -> Piecewise:
    """Parabolas with knots; the last f_i has curvature 1."""
    weights, sharpness, n = frame.weights(dial), frame.sharpness(dial), frame.n
    slopes = (*(dial.log(*CURVATURE) for _ in range(n - 1)), 1.0)
    tilts = frame.tilts(dial)
    knots = tuple(dial.signed(*LENGTH) for _ in range(frame.knots))
    changes = tuple(tuple(dial.signed(*CURVATURE) for _ in range(n)) for _ in knots)
    return Piecewise(weights, sharpness, slopes, tilts, knots, changes)


def planar(dial: Dial, frame: Frame) -> Planar:
    """Quadratics by eigenvalues and angle; the last f_i has the largest eigenvalue 1."""
    weights, sharpness, n = frame.weights(dial), frame.sharpness(dial), frame.n
    sizes = (*(dial.log(*CURVATURE) for _ in range(n - 1)), 1.0)
    matrices = []
    for size in sizes:
        small, angle = size * dial.log(1e-4, 1.0), math.pi * dial.unit()
        c, s = math.cos(angle), math.sin(angle)
        matrices.append((size * c * c + small * s * s, (size - small) * c * s, size * s * s + small * c * c))
    tilts = tuple(zip(frame.tilts(dial), frame.tilts(dial), strict=True))
    return Planar(weights, sharpness, tuple(matrices), tilts)


def sines(dial: Dial, frame: Frame) -> Sines:
    """Multiples of x^2 + a sin^2 x."""
    weights, sharpness, n = frame.weights(dial), frame.sharpness(dial), frame.n
    parts = (*(dial.log(*CURVATURE) for _ in range(n - 1)), 1.0)
    shares = tuple(n * part / sum(parts) for part in parts[:-1])
    a = float(dial.either(*PL))
    return Sines(weights, sharpness, a, shares, frame.tilts(dial))


def point(dial: Dial, d: int) -> Point:
    """A start."""
    return tuple(dial.signed(*LENGTH) for _ in range(d))
