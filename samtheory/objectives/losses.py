"""The scalar losses phi(t, b) of linear models, each with what the theory needs of it.

`slope` and `curvature` are phi' and phi'' in t.  `smoothness` is sup |phi''|; `least_value` is inf phi.  Where a bound
on phi'' comes from stands with each loss.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from samtheory._typing import Array

from .written import Written


def expit(t: Array) -> Array:
    """1/(1 + exp(-t))."""
    from scipy.special import expit as function  # slow to import

    return np.asarray(function(t))


class ScalarLoss(Written, ABC):
    """phi(t, b), vectorised over t and b."""

    key: ClassVar[str]
    smoothness: ClassVar[float]
    convex: ClassVar[bool]
    least_value: ClassVar[float] = 0.0

    @staticmethod
    @abstractmethod
    def value(t: Array, b: Array) -> Array:
        """phi(t, b), t and b of shapes that broadcast."""

    @staticmethod
    @abstractmethod
    def slope(t: Array, b: Array) -> Array:
        """phi'(t, b), the derivative in t."""

    @staticmethod
    @abstractmethod
    def curvature(t: Array, b: Array) -> Array:
        """phi''(t, b), the second derivative in t."""


class Squared(ScalarLoss):
    """(t - b)^2 / 2."""

    key = "squared"
    smoothness = 1.0
    convex = True

    @staticmethod
    def value(t: Array, b: Array) -> Array:
        return 0.5 * (t - b) ** 2

    @staticmethod
    def slope(t: Array, b: Array) -> Array:
        return t - b

    @staticmethod
    def curvature(t: Array, b: Array) -> Array:
        return np.ones_like(t - b)


class Logistic(ScalarLoss):
    """log(1 + exp(-b t)) for labels b = -1, +1; phi'' = s(1 - s) <= 1/4 at t = 0."""

    key = "logistic"
    smoothness = 0.25
    convex = True

    @staticmethod
    def value(t: Array, b: Array) -> Array:
        u = -b * t
        return np.asarray(np.maximum(u, 0.0) + np.log1p(np.exp(-np.abs(u))))

    @staticmethod
    def slope(t: Array, b: Array) -> Array:
        return -b * expit(-b * t)

    @staticmethod
    def curvature(t: Array, b: Array) -> Array:
        s = expit(b * t)
        return np.asarray(b * b * s * (1 - s))


class Sine(ScalarLoss):
    """u^2 + 3 sin^2 u at u = t - b: non-convex and PL; phi'' = 2 + 6 cos 2u <= 8 at u = 0 (Karimi et al. 2016)."""

    #: inf phi'^2/(2 phi), rounded down; attained near |u| = 2.2017.
    PL: ClassVar[float] = 0.17553098587
    key = "sine"
    smoothness = 8.0
    convex = False

    @staticmethod
    def value(t: Array, b: Array) -> Array:
        u = t - b
        return np.asarray(u * u + 3 * np.sin(u) ** 2)

    @staticmethod
    def slope(t: Array, b: Array) -> Array:
        u = t - b
        return np.asarray(2 * u + 3 * np.sin(2 * u))

    @staticmethod
    def curvature(t: Array, b: Array) -> Array:
        return 2 + 6 * np.cos(2 * (t - b))


class Sigmoid(ScalarLoss):
    """1 / (1 + exp(b t)) for labels b = -1, +1; |phi''| <= 1/(6 sqrt 3), where the sigmoid is (3 +- sqrt 3)/6."""

    key = "sigmoid"
    smoothness = 1 / (6 * np.sqrt(3.0))
    convex = False

    @staticmethod
    def value(t: Array, b: Array) -> Array:
        return expit(-b * t)

    @staticmethod
    def slope(t: Array, b: Array) -> Array:
        s = expit(-b * t)
        return -b * s * (1 - s)

    @staticmethod
    def curvature(t: Array, b: Array) -> Array:
        s = expit(-b * t)
        return b * b * s * (1 - s) * (1 - 2 * s)


class GemanMcClure(ScalarLoss):
    """u^2 / (1 + u^2) at u = t - b; phi'' = 2(1 - 3u^2)/(1 + u^2)^3 in [-1/2, 2]."""

    key = "geman-mcclure"
    smoothness = 2.0
    convex = False

    @staticmethod
    def value(t: Array, b: Array) -> Array:
        u2 = (t - b) ** 2
        return u2 / (1 + u2)

    @staticmethod
    def slope(t: Array, b: Array) -> Array:
        u = t - b
        return 2 * u / (1 + u * u) ** 2

    @staticmethod
    def curvature(t: Array, b: Array) -> Array:
        u2 = (t - b) ** 2
        return 2 * (1 - 3 * u2) / (1 + u2) ** 3


class Cauchy(ScalarLoss):
    """log(1 + u^2) at u = t - b; phi'' = 2(1 - u^2)/(1 + u^2)^2 in [-1/4, 2]."""

    key = "cauchy"
    smoothness = 2.0
    convex = False

    @staticmethod
    def value(t: Array, b: Array) -> Array:
        return np.log1p((t - b) ** 2)

    @staticmethod
    def slope(t: Array, b: Array) -> Array:
        u = t - b
        return 2 * u / (1 + u * u)

    @staticmethod
    def curvature(t: Array, b: Array) -> Array:
        u2 = (t - b) ** 2
        return 2 * (1 - u2) / (1 + u2) ** 2


class Welsch(ScalarLoss):
    """1 - exp(-u^2/2) at u = t - b; phi'' = (1 - u^2) exp(-u^2/2) in [-2 exp(-3/2), 1]."""

    key = "welsch"
    smoothness = 1.0
    convex = False

    @staticmethod
    def value(t: Array, b: Array) -> Array:
        return -np.expm1(-0.5 * (t - b) ** 2)

    @staticmethod
    def slope(t: Array, b: Array) -> Array:
        u = t - b
        return u * np.exp(-0.5 * u * u)

    @staticmethod
    def curvature(t: Array, b: Array) -> Array:
        u2 = (t - b) ** 2
        return (1 - u2) * np.exp(-0.5 * u2)


#: Every loss by its key.
LOSSES: dict[str, type[ScalarLoss]] = {loss.key: loss for loss in ScalarLoss.__subclasses__()}
