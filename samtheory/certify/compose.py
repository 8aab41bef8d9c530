"""From certified pieces to a certified whole: the rules that all finite sums share.

A `Structure` is a finite sum as ball arithmetic sees it: it evaluates f and grad f in balls and gives the constants
that its form yields.  What is common lies here: the optimum from a PL constant, a witness against any larger PL
constant, L_max and L_avg from the L_i.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives.base import FiniteSum

from .certificate import Certificate, Certificates, ComponentCertificate, certify
from .interval import Ball, BallMatrix, ball, balls, column, norm2

#: Where a witness against a larger PL constant is looked for: distances from the minimiser, random directions; and the
#: most components evaluated at once.
DISTANCES, DIRECTIONS, AT_ONCE = np.geomspace(1e-2, 1e8, 101), 4, 2_000_000
#: Random points at which the code is compared with its structure, those of components and dimensions up to which there
#: is more than one, and the agreement asked for, as a fraction of the terms.
PROBES, PROBED, AGREEMENT = 6, 100_000, 1e-9


class Structure(ABC):
    """A finite sum in ball arithmetic; `points` are columns of float64, shape (d,), near a minimiser at best.

    A rule whose constant cannot be proved raises NotApplicable with the reason.
    """

    def __init__(self, objective: Any) -> None:
        self.objective: FiniteSum = objective

    @abstractmethod
    def value(self, x: BallMatrix) -> Ball:
        """f(x) at a column x."""

    @abstractmethod
    def gradient(self, x: BallMatrix) -> BallMatrix:
        """grad f(x), a column."""

    @abstractmethod
    def L_i(self) -> ComponentCertificate:
        """The smoothness of every f_i."""

    @abstractmethod
    def L(self) -> Certificate:
        """The smoothness of f."""

    def mu(self) -> Certificate:
        """The PL constant of f, above 0; `upper` is infinite where the form says nothing."""
        raise NotApplicable("mu: no PL constant follows from this form")

    def f_inf(self, points: Sequence[Array]) -> Certificate:
        """inf f."""
        return optimum(self, points, self.mu())

    def f_i_inf(self) -> ComponentCertificate:
        """inf f_i for every i, all of them finite."""
        raise NotApplicable("f_i_inf: nothing follows from this form")

    def tilted_inf(self, c: Sequence[Ball]) -> tuple[Ball, Ball]:
        """Bounds on the infimum of f(x) + <c, x>."""
        raise NotApplicable("f_i_inf: nothing follows for an added linear term")

    def directions(self) -> Array:
        """Vectors along which the PL inequality may be tight, shape (k, d)."""
        return np.random.default_rng(0).standard_normal((DIRECTIONS, self.objective.d))


def certified(structure: Structure, points: Sequence[Array]) -> Certificates:
    """Every constant that is proved, by name."""
    rules: dict[str, Callable[[], Certificate | ComponentCertificate]] = {
        "L_i": structure.L_i,
        "L": structure.L,
        "mu": structure.mu,
        "f_inf": lambda: structure.f_inf(points),
        "f_i_inf": structure.f_i_inf,
    }
    found: Certificates = {}
    for name, rule in rules.items():
        with suppress(NotApplicable, np.linalg.LinAlgError):  # numbers that were changed and are not finite
            found[name] = rule()
    L_i, mu, f_inf = found.get("L_i"), found.get("mu"), found.get("f_inf")
    if isinstance(L_i, ComponentCertificate):
        found["L_max"], found["L_avg"] = largest(L_i), mean(L_i)
    if isinstance(mu, Certificate) and isinstance(f_inf, Certificate) and math.isinf(mu.upper):
        found["mu"] = pl_witness(structure, points, mu, f_inf)
    return found


def is_the_code(structure: Structure, f: FiniteSum, points: Sequence[Array]) -> bool:
    """Whether the values and gradients of f are those of its structure, at the points and some around them.

    They agree up to a fraction of the largest mean size of the f_i, and of their gradients.
    """
    scale = 1 + max(float(np.linalg.norm(point - points[0])) for point in points)
    around = scale * np.random.default_rng(0).standard_normal((PROBES if f.n * f.d <= PROBED else 1, f.d))
    X = np.array([*points, *(points[0] + around)])
    with np.errstate(all="ignore"):
        sizes = np.abs(f.values(X)).mean(axis=1), np.linalg.norm(f.gradients(X), axis=-1).mean(axis=1)
        value_size, gradient_size = (AGREEMENT * float(np.max(size[np.isfinite(size)], initial=0.0)) for size in sizes)
        computed = list(zip(X, f.value(X), f.gradient(X), strict=True))
    for x, value, gradient in computed:
        if np.isfinite(value) and np.isfinite(gradient).all():
            off = abs(structure.value(column(x)) - float(value))
            turned = norm2(structure.gradient(column(x)) - column(gradient)).sqrt()
            if off > value_size or turned > gradient_size:
                return False
    return True


def largest(L_i: ComponentCertificate) -> Certificate:
    """L_max."""
    return Certificate("L_max", L_i.lower.max(), L_i.upper.max(), steps=(*L_i.steps, "L_max = max L_i"))


def mean(L_i: ComponentCertificate) -> Certificate:
    """L_avg."""
    lower, upper = (sum(balls(values), ball(0)) / len(values) for values in (L_i.lower, L_i.upper))
    return certify("L_avg", lower, upper, (*L_i.steps, "L_avg = mean L_i"))


def optimum(structure: Structure, points: Sequence[Array], mu: Certificate) -> Certificate:
    """inf f, from PL: f(x) - ||grad f(x)||^2/(2 mu) <= f* <= f(x)."""
    columns = [column(point) for point in points]
    values = [structure.value(x) for x in columns]
    lowest = [f - norm2(structure.gradient(x)) / (2 * ball(mu.lower)) for f, x in zip(values, columns, strict=True)]
    lower, upper = max(value.lower() for value in lowest), min(value.upper() for value in values)
    how = f"f(x) - ||grad f(x)||^2/(2 mu) <= f* <= f(x) by PL with mu = {mu.lower:.6g}, in balls near the minimiser"
    return certify("f_inf", lower, upper, (*mu.steps, how))


def pl_witness(structure: Structure, points: Sequence[Array], mu: Certificate, f_inf: Certificate) -> Certificate:
    """`mu` with an upper end: the smallest ||grad f||^2/(2(f - f*)) on rays from the best of the points."""
    f = structure.objective
    centre = min(points, key=lambda x: float(f.value(x[None])[0]))
    distances = DISTANCES[:: 1 + len(DISTANCES) * f.n // AT_ONCE]

    def along(u: Array) -> tuple[float, Array]:
        """The smallest ratio on a ray, where f - f* is more than rounding, and its place."""
        X = centre + distances[:, None] * u / np.linalg.norm(u)
        value = f.value(X)
        gap = value - f_inf.upper
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            ratio = np.sum(f.gradient(X) ** 2, axis=1) / (2 * gap)
        ratio = np.where((gap > 1e-9 * (np.abs(value) + abs(f_inf.upper))) & np.isfinite(ratio), ratio, np.inf)
        return float(ratio.min()), X[np.argmin(ratio)]

    rays = (along(sign * u) for u in structure.directions() for sign in (1, -1))
    x = column(min(rays, key=lambda found: found[0])[1])
    above_optimum = structure.value(x) - ball(f_inf.upper)
    if not above_optimum > 0:
        return mu
    found = norm2(structure.gradient(x)) / (2 * above_optimum)
    step = f"witness: ||grad f||^2/(2(f - f*)) is at most {float(found):.9g} at x = {[float(v) for v in x.entries()]}"
    return replace(mu, upper=certify("mu", found, found, ()).upper, steps=(*mu.steps, step))
