"""From a point of the unit cube to an instance: bounded, and logarithmic where a quantity has a scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from samtheory.sampling.base import Sampling

from .base import InfeasibleInstance, Instance, Point
from .piecewise import Piecewise
from .quadratic_2d import Planar
from .sines import PL, Sines

#: Coordinates that an instance may read.
COORDINATES = 48
#: Curvatures, distances and steps are between these.
CURVATURE, LENGTH = (1e-3, 1e3), (1e-3, 1e3)
#: Lengths of a landscape, and of half of the starts: of one size.
NEAR = (0.1, 10.0)


class Decoder:
    """Decodes the coordinates of a point of the unit cube, in order, into numbers."""

    def __init__(self, coordinates: Sequence[float]) -> None:
        self.coordinates, self.read = coordinates, 0

    def unit(self) -> float:
        """A number in [0, 1]."""
        self.read += 1
        return self.coordinates[self.read - 1]

    def log(self, low: float, high: float) -> float:
        """A number between two positive ones, uniform in its logarithm."""
        return low * math.exp(self.unit() * math.log(high / low))

    def signed(self, low: float, high: float) -> float:
        """As `log`, with a sign."""
        return self.log(low, high) * (1 if self.unit() < 0.5 else -1)

    def either(self, *choices: Any) -> Any:
        """One of the choices."""
        return choices[min(int(self.unit() * len(choices)), len(choices) - 1)]


#: (n, choose) -> a sampling of n components, its numbers chosen by `choose`; None if there is none.
SamplingSpace = Callable[[int, Callable[[float, float], float]], Sampling | None]


@dataclass(frozen=True)
class SearchSpace:
    """Discrete choices that are fixed before the continuous search.

    Attributes
    ----------
    build : the family of functions
    n : the number of components
    knots : knots of a piecewise quadratic
    sampling_space : the samplings, as `Sampling.searched` gives them
    sharp : whether the expected residual is the instance's own instead of the textbook's
    tilted : whether the f_i may have different minimisers
    """

    build: Callable[[Decoder, SearchSpace], Instance]
    n: int
    knots: int
    sampling_space: SamplingSpace
    sharp: bool
    tilted: bool

    def sampling(self, decoder: Decoder) -> Sampling:
        """The sampling.

        Raises
        ------
        InfeasibleInstance
            If there is none.
        """
        found = self.sampling_space(self.n, decoder.log)
        if found is None:
            raise InfeasibleInstance
        return found

    def sharpness(self, decoder: Decoder) -> tuple[float, float] | None:
        """The (share, slack) of the expected residual."""
        return (decoder.either(0.0, decoder.unit(), 1.0), decoder.log(1e-6, 10.0)) if self.sharp else None

    def tilts(self, decoder: Decoder) -> tuple[float, ...]:
        """n - 1 slopes at 0."""
        return tuple(decoder.signed(*LENGTH) if self.tilted else 0.0 for _ in range(self.n - 1))


def piecewise(decoder: Decoder, space: SearchSpace) -> Piecewise:
    """Parabolas with knots; the last f_i has curvature 1."""
    sampling, sharpness, n = space.sampling(decoder), space.sharpness(decoder), space.n
    slopes = (*(decoder.log(*CURVATURE) for _ in range(n - 1)), 1.0)
    tilts = space.tilts(decoder)
    knots = tuple(decoder.signed(*LENGTH) for _ in range(space.knots))
    changes = tuple(tuple(decoder.signed(*CURVATURE) for _ in range(n)) for _ in knots)
    return Piecewise(sampling, sharpness, slopes, tilts, knots, changes)


def landscape(decoder: Decoder, space: SearchSpace) -> Piecewise:
    """A parabola whose slope turns on one side, up to a plateau: of constant slope upwards, or down to another minimum.

    f' is x up to s, then has curvature -c down to the slope g; g < 0 behind a hill. f is then followed along a slope g
    that ends, if g < 0, in a parabola with a minimum >= 0. The f_i are multiples, tilted.

    Raises
    ------
    InfeasibleInstance
        If f is unbounded below.
    """
    sampling, sharpness, n = space.sampling(decoder), space.sharpness(decoder), space.n
    parts = (*(decoder.log(*CURVATURE) for _ in range(n - 1)), 1.0)
    shares = tuple(n * part / sum(parts) for part in parts)
    side, s = decoder.either(1, -1), decoder.log(*NEAR)
    g, c = s * decoder.log(1e-3, 1.0) * decoder.either(-1, -1, 1), decoder.either(1.0, decoder.log(0.03, 1.0))
    turn = s + (s - g) / c
    knots, bends = [s, turn], [-1 - c, c]
    if g < 0:
        height = s * s / 2 + (s * s - g * g) / (2 * c) - g * g / 2
        if height <= 0:
            raise InfeasibleInstance
        knots.append(turn + height / -g * (1 - decoder.log(1e-6, 0.9)))
        bends.append(1.0)
    changes = tuple(tuple(share * bend for share in shares) for bend in bends)
    return Piecewise(sampling, sharpness, shares, space.tilts(decoder), tuple(side * t for t in knots), changes)


def planar(decoder: Decoder, space: SearchSpace) -> Planar:
    """Quadratics by eigenvalues and angle; the last f_i has the largest eigenvalue 1."""
    sampling, sharpness, n = space.sampling(decoder), space.sharpness(decoder), space.n
    sizes = (*(decoder.log(*CURVATURE) for _ in range(n - 1)), 1.0)
    matrices = []
    for size in sizes:
        small, angle = size * decoder.log(1e-4, 1.0), math.pi * decoder.unit()
        c, s = math.cos(angle), math.sin(angle)
        matrices.append((size * c * c + small * s * s, (size - small) * c * s, size * s * s + small * c * c))
    tilts = tuple(zip(space.tilts(decoder), space.tilts(decoder), strict=True))
    return Planar(sampling, sharpness, tuple(matrices), tilts)


def sines(decoder: Decoder, space: SearchSpace) -> Sines:
    """Multiples of x^2 + a sin^2 x."""
    sampling, sharpness, n = space.sampling(decoder), space.sharpness(decoder), space.n
    parts = (*(decoder.log(*CURVATURE) for _ in range(n - 1)), 1.0)
    shares = tuple(n * part / sum(parts) for part in parts[:-1])
    a = float(decoder.either(*PL))
    return Sines(sampling, sharpness, a, shares, space.tilts(decoder))


def point(decoder: Decoder, d: int) -> Point:
    """A start."""
    size = decoder.either(NEAR, LENGTH)
    return tuple(decoder.signed(*size) for _ in range(d))
