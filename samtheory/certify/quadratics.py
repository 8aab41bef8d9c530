"""Quadratics f_i(x) = (x - c_i)^T H_i (x - c_i)/2: everything is an eigenvalue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives.quadratic import Quadratics

from .certificate import Certificate, ComponentCertificate, certify, certify_each
from .compose import Structure, optimum
from .interval import Ball, BallMatrix, ball, column, matrix
from .spectral import Spectrum, mean_of


class QuadraticSum(Structure):
    """A sum of quadratics."""

    objective: Quadratics

    def __init__(self, f: Quadratics) -> None:
        super().__init__(f)
        self.H, self.centres = [matrix(H) for H in f.H], [column(c) for c in f.centres]

    @cached_property
    def each(self) -> list[Spectrum]:
        """The eigenvalues of every H_i."""
        return [mean_of([H], "H_i") for H in self.objective.H]

    @cached_property
    def whole(self) -> Spectrum:
        """The eigenvalues of H."""
        return mean_of(list(self.objective.H), "H = (1/n) sum H_i")

    def value(self, x: BallMatrix) -> Ball:
        parts = (((x - c).transpose() * H * (x - c))[0, 0] for H, c in zip(self.H, self.centres, strict=True))
        return sum(parts, ball(0)) / (2 * self.objective.n)

    def gradient(self, x: BallMatrix) -> BallMatrix:
        total = column([0] * self.objective.d)
        for H, c in zip(self.H, self.centres, strict=True):
            total += H * (x - c)
        return total / self.objective.n

    def L_i(self) -> ComponentCertificate:
        norms = [spectrum.norm for spectrum in self.each]
        return certify_each("L_i", norms, norms, (self.each[0].how, "L_i = ||H_i||"))

    def L(self) -> Certificate:
        return certify("L", self.whole.norm, self.whole.norm, (self.whole.how, "L = ||H||"))

    def mu(self) -> Certificate:
        if not self.whole.semidefinite or self.whole.rank == 0:
            raise NotApplicable("mu: H has an eigenvalue below 0, or none above it")
        if self.whole.rank < self.objective.d and not self._components_semidefinite():
            raise NotApplicable("mu: H is singular and f may be unbounded below")
        stored, meant = self.whole.least_nonzero
        step = "f - f* = (x - x*)^T H (x - x*)/2: mu is the smallest eigenvalue of H that is not 0"
        return certify("mu", stored, meant, (self.whole.how, *self.whole.doubt, step))

    def _components_semidefinite(self) -> bool:
        return all(spectrum.semidefinite for spectrum in self.each)

    def f_inf(self, points: Sequence[Array]) -> Certificate:
        return optimum(self, [*points, self.objective.minimiser], self.mu())

    def f_i_inf(self) -> ComponentCertificate:
        if not self._components_semidefinite():
            raise NotApplicable("f_i_inf: an H_i is not proved to be positive semidefinite")
        zeros = [ball(0)] * self.objective.n
        return certify_each("f_i_inf", zeros, zeros, (self.each[0].how, "every H_i >= 0, so inf f_i = f_i(c_i) = 0"))

    def tilted_inf(self, c: Sequence[Ball]) -> tuple[Ball, Ball]:
        """With one matrix: <c, c_1> - c^T H^{-1} c/2."""
        if self.objective.n > 1 or self.whole.rank < self.objective.d or not self.whole.semidefinite:
            raise NotApplicable("f_i_inf: more than one matrix, or one not proved to be positive definite")
        tilt = column(c)
        found = (tilt.transpose() * self.centres[0])[0, 0] - (tilt.transpose() * self.H[0].solve(tilt))[0, 0] / 2
        return found, found
