"""Separable sums in rotated coordinates, F(x) = sum_j w_j u(y_j), u(y) = y^2 + a sin^2 y, y = Q x.

Q is orthogonal up to rounding only: ||Q^T Q - I|| <= e, so (1 - e)||z||^2 <= ||Q^T z||^2 <= (1 + e)||z||^2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives.separable import SineSum

from .certificate import Certificate, ComponentCertificate, certify
from .compose import Structure
from .curves import bend, pl_constant, sine
from .interval import Ball, BallMatrix, Series, ball, balls, column, matrix
from .scalar import infimum, slope, value
from .spectral import identity, row_sum_norm


class Sines(Structure):
    """A separable sum of tilted squares and sines."""

    objective: SineSum

    def __init__(self, F: SineSum) -> None:
        super().__init__(F)
        self.curve = sine(F.a)
        self.w, self.Q = balls(F.w), matrix(F.Q)
        self.defect = row_sum_norm(self.Q.transpose() * self.Q - identity(F.d))

    @property
    def rotation(self) -> str:
        """How far Q is from orthogonal, for people."""
        return f"||Q^T Q - I|| <= {float(self.defect):.1e}"

    def value(self, x: BallMatrix) -> Ball:
        y = (self.Q * x).entries()
        return sum((w * value(self.curve.phi, t) for w, t in zip(self.w, y, strict=True)), ball(0))

    def gradient(self, x: BallMatrix) -> BallMatrix:
        y = (self.Q * x).entries()
        return self.Q.transpose() * column([w * slope(self.curve.phi, t) for w, t in zip(self.w, y, strict=True)])

    def L(self) -> Certificate:
        bent = bend(self.curve)
        highest = max(bent.highest.upper, -bent.lowest.lower)
        step = "the Hessian is Q^T Diag(w_j u''(y_j)) Q: L = max w sup|u''|, reached at y = 0"
        top, steps = ball(max(self.objective.w)), (*bent.highest.steps, self.rotation, step)
        return certify("L", (1 - self.defect) * top * bent.highest.lower, (1 + self.defect) * top * highest, steps)

    def L_i(self) -> ComponentCertificate:
        L = self.L()
        return ComponentCertificate("L_i", np.array([L.lower]), np.array([L.upper]), steps=L.steps)

    def mu(self) -> Certificate:
        scalar = pl_constant(self.curve)
        if scalar.lower == 0:
            raise NotApplicable(f"mu: {self.curve.text} is not proved to be PL")
        least = ball(min(self.objective.w))
        lower, upper = (1 - self.defect) * least * scalar.lower, (1 + self.defect) * least * scalar.upper
        steps = (
            self.rotation,
            "||grad F||^2 >= (1 - e) sum w_j^2 u'(y_j)^2 >= (1 - e) 2 mu_u min w F",
            "where only the y_j of the least w_j is not 0: ||grad F||^2 <= (1 + e) w_j^2 u'(y_j)^2, F = w_j u(y_j)",
        )
        return certify("mu", lower, upper, (*scalar.steps, *steps))

    def f_inf(self, points: Sequence[Array]) -> Certificate:
        return Certificate("f_inf", 0.0, 0.0, steps=("F >= 0 = F(0)",))

    def f_i_inf(self) -> ComponentCertificate:
        return ComponentCertificate("f_i_inf", np.zeros(1), np.zeros(1), steps=("F >= 0 = F(0)",))

    def tilted_inf(self, c: Sequence[Ball]) -> tuple[Ball, Ball]:
        """<c, x> = <q, y> with Q^T q = c: the sum of the infima of w_j u(y) + q_j y, where |y| <= |q_j|/w_j."""
        q = self.Q.transpose().solve(column(c)).entries()
        found = [self._coordinate(w, slant) for w, slant in zip(self.w, q, strict=True)]
        return sum((low for low, _ in found), ball(0)), sum((high for _, high in found), ball(0))

    def _coordinate(self, w: Ball, slant: Ball) -> tuple[Ball, Ball]:
        """Bounds on inf w u(y) + slant y; further out than |slant|/w the square alone outweighs the slant."""

        def tilted(y: Series) -> Series:
            return w * self.curve.phi(y) + slant * y

        reach = max(float((abs(slant) / w).upper()) * (1 + 1e-9), 1e-300)
        found = infimum(tilted, -reach, reach)
        return found.lower, found.upper
