"""What is proved: the true value lies between two numbers, by steps that a reader can follow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable

from .interval import Ball, above, below


@dataclass(frozen=True)
class Certificate:
    """lower <= the true value <= upper, proved by `steps`, rounding included.

    Attributes
    ----------
    name : the constant
    lower, upper : float64 bounds; infinite where nothing is known on that side
    provenance : "certified"
    steps : the derivation, one line each
    """

    name: str
    lower: float
    upper: float
    provenance: str = "certified"
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComponentCertificate:
    """One `Certificate` for each f_i, by the same steps; `lower` and `upper` have shape (n,)."""

    name: str
    lower: Array
    upper: Array
    provenance: str = "certified"
    steps: tuple[str, ...] = ()


Certificates = dict[str, Certificate | ComponentCertificate]


def certify(name: str, lower: Ball, upper: Ball, steps: Iterable[str]) -> Certificate:
    """The certificate of a number that is at least some number in `lower` and at most some number in `upper`.

    So both balls are used at their outer ends.

    Raises
    ------
    NotApplicable
        If an end is not a number, as after an overflow.
    """
    ends_of = below(lower), above(upper)
    if any(math.isnan(end) for end in ends_of):
        raise NotApplicable(f"{name}: not a number")
    return Certificate(name, *ends_of, steps=tuple(steps))


def certify_each(name: str, lower: Sequence[Ball], upper: Sequence[Ball], steps: Iterable[str]) -> ComponentCertificate:
    """`certify` for every component."""
    each = [certify(name, low, high, ()) for low, high in zip(lower, upper, strict=True)]
    lowest, highest = np.array([one.lower for one in each]), np.array([one.upper for one in each])
    return ComponentCertificate(name, lowest, highest, steps=tuple(steps))
