"""Sums of structures: an added linear term for each i, or an added function for all."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from samtheory._typing import Array
from samtheory.objectives.penalised import Penalised
from samtheory.objectives.tilted import Tilted

from .certificate import Certificate, ComponentCertificate, certify, certify_each
from .compose import Structure
from .interval import Ball, BallMatrix, ball, balls, column


class TiltedSum(Structure):
    """f_i(x) = F(x) + <c_i, x>: smoothness, PL constant and optimum are those of F.

    The c_i are what is stored less its exact mean, which is 0 up to rounding.
    """

    objective: Tilted

    def __init__(self, f: Tilted, base: Structure) -> None:
        super().__init__(f)
        self.base = base
        mean = [sum(balls(entries), ball(0)) / f.n for entries in f.tilts.T]
        self.tilts = [[tilt - excess for tilt, excess in zip(balls(row), mean, strict=True)] for row in f.tilts]

    def value(self, x: BallMatrix) -> Ball:
        return self.base.value(x)

    def gradient(self, x: BallMatrix) -> BallMatrix:
        return self.base.gradient(x)

    def L_i(self) -> ComponentCertificate:
        L, n = self.base.L(), self.objective.n
        steps = (*L.steps, "a linear term leaves the Hessian as it is: L_i = L")
        return ComponentCertificate("L_i", np.full(n, L.lower), np.full(n, L.upper), steps=steps)

    def L(self) -> Certificate:
        return self.base.L()

    def mu(self) -> Certificate:
        return self.base.mu()

    def f_inf(self, points: Sequence[Array]) -> Certificate:
        return self.base.f_inf(points)

    def f_i_inf(self) -> ComponentCertificate:
        bounds = [self.base.tilted_inf(c) for c in self.tilts]
        steps = ("inf f_i = inf F(x) + <c_i, x>, coordinate by coordinate or in closed form, in balls",)
        return certify_each("f_i_inf", [low for low, _ in bounds], [high for _, high in bounds], steps)

    def directions(self) -> Array:
        return self.base.directions()


class PenalisedSum(Structure):
    """f_i(x) = b_i(x) + weight r(x), whose Hessian is the sum of the two."""

    objective: Penalised

    def __init__(self, f: Penalised, base: Structure, penalty: Structure) -> None:
        super().__init__(f)
        self.base, self.penalty, self.weight = base, penalty, ball(f.weight)

    def value(self, x: BallMatrix) -> Ball:
        return self.base.value(x) + self.weight * self.penalty.value(x)

    def gradient(self, x: BallMatrix) -> BallMatrix:
        return self.base.gradient(x) + self.weight * self.penalty.gradient(x)

    def L_i(self) -> ComponentCertificate:
        own, common = self.base.L_i(), self.penalty.L()
        lower, upper = (balls(values) for values in (own.lower, own.upper))
        bent = self.weight * common.upper
        steps = (*own.steps, *common.steps, "L_i differs from that of b_i by at most weight L(r)")
        return certify_each("L_i", [(L - bent).max(ball(0)) for L in lower], [L + bent for L in upper], steps)

    def L(self) -> Certificate:
        own, common = self.base.L(), self.penalty.L()
        bent = self.weight * common.upper
        steps = (*own.steps, *common.steps, "L differs from that of the mean of the b_i by at most weight L(r)")
        return certify("L", (ball(own.lower) - bent).max(ball(0)), ball(own.upper) + bent, steps)

    def f_inf(self, points: Sequence[Array]) -> Certificate:
        lowest = ball(self.base.f_inf(points).lower) + self.weight * self.penalty.f_inf(points).lower
        highest = min(self.value(column(point)).upper() for point in points)
        steps = ("inf (b + weight r) >= inf b + weight inf r", "f* <= f(x) at a known x")
        return certify("f_inf", lowest, highest, steps)

    def f_i_inf(self) -> ComponentCertificate:
        common = self.weight * self.penalty.f_inf([np.zeros(self.objective.d)]).lower
        lowest = [ball(value) + common for value in self.base.f_i_inf().lower]
        step = "inf (b_i + weight r) >= inf b_i + weight inf r"
        return certify_each("f_i_inf", lowest, [ball(math.inf)] * len(lowest), (step,))
