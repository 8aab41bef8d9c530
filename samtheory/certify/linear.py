"""Linear models f_i(x) = phi(a_i.x, b_i) + (reg/2)||x||^2: Hessians are (1/n) A^T Diag(phi'') A + reg I."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.execution.time_limit import apart
from samtheory.objectives.linear import LinearModel
from samtheory.objectives.losses import LOSSES
from samtheory.objectives.rows import dense
from samtheory.objectives.written import altered

from .certificate import Certificate, ComponentCertificate, certify, certify_each
from .compose import Structure, optimum
from .curves import CURVES, MARGIN, Curve, bend, pl_constant
from .interval import Ball, BallMatrix, ball, balls, column, matrix, norm2
from .scalar import curvature, slope, value
from .spectral import Spectrum, gram

#: Halvings that bring a one-dimensional minimiser to float64 accuracy.
BISECTIONS = 64


class Linear(Structure):
    """A linear model; its arguments are the residuals a_i.x - b_i, or the margins b_i a_i.x with b_i = -1, +1."""

    objective: LinearModel

    def __init__(self, f: LinearModel) -> None:
        super().__init__(f)
        key = f.loss.key
        if key not in CURVES or LOSSES[key] is not f.loss or altered(f.loss) is not None:
            raise NotApplicable(f"loss {key}: no formula in balls")
        if key in MARGIN and not (np.abs(f.b) == 1).all():
            raise NotApplicable(f"loss {key}: labels other than -1 and +1")
        self.curve: Curve = CURVES[key]
        self.margin = key in MARGIN
        self.spectrum: Spectrum = gram(f.A)
        self.A = dense(f.A)
        self.rows, self.b, self.reg = matrix(self.A), balls(f.b), ball(f.reg)
        self.norms2 = [norm2(balls(row)) for row in self.A]

    # Evaluation

    def arguments(self, x: BallMatrix) -> list[Ball]:
        """The arguments of phi."""
        return [b * t if self.margin else t - b for t, b in zip(self.products(x), self.b, strict=True)]

    def products(self, x: BallMatrix) -> list[Ball]:
        """The a_i.x."""
        return list((self.rows * x).entries())

    def value(self, x: BallMatrix) -> Ball:
        total = sum((value(self.curve.phi, u) for u in self.arguments(x)), ball(0))
        return total / self.objective.n + self.reg * norm2(x) / 2

    def gradient(self, x: BallMatrix) -> BallMatrix:
        sign = self.b if self.margin else [ball(1)] * self.objective.n
        slopes = column([slope(self.curve.phi, u) * s for u, s in zip(self.arguments(x), sign, strict=True)])
        return self.rows.transpose() * slopes / self.objective.n + self.reg * x

    # Smoothness

    def steepness(self) -> tuple[Ball, Ball]:
        """Bounds on sup |phi''|; the lower one is a value of phi''."""
        bent = bend(self.curve)
        return ball(bent.highest.lower), ball(max(bent.highest.upper, -bent.lowest.lower))

    def L_i(self) -> ComponentCertificate:
        low, high = self.steepness()
        step = "the Hessian of f_i is phi'' a_i a_i^T + reg I: L_i = sup|phi''| ||a_i||^2 + reg"
        lower, upper = ([bent * N + self.reg for N in self.norms2] for bent in (low, high))
        return certify_each("L_i", lower, upper, (*bend(self.curve).highest.steps, step))

    def L(self) -> Certificate:
        """Above: sup|phi''| times the top eigenvalue of A^T A/n.  Below: |v^T Hessian v| at a point that bends much."""
        high = self.steepness()[1]
        upper = high * self.spectrum.values[-1] / self.objective.n + self.reg
        steps = (
            *bend(self.curve).highest.steps,
            self.spectrum.how,
            "L <= sup|phi''| lambda_max(A^T A)/n + reg",
            "L >= |v^T Hessian(x) v|/||v||^2 at a point x where phi'' is large, v near the top eigenvector there",
        )
        return certify("L", self.bend_along(*self.steepest()), upper, steps)

    def bend_along(self, x: BallMatrix, v: BallMatrix) -> Ball:
        """|v^T Hessian(x) v|/||v||^2."""
        bends = [curvature(self.curve.phi, u) for u in self.arguments(x)]
        total = sum((c * t * t for c, t in zip(bends, self.products(v), strict=True)), ball(0))
        return abs(total / (self.objective.n * norm2(v)) + self.reg)

    def steepest(self) -> tuple[BallMatrix, BallMatrix]:
        """A point, as near as A allows to where all phi'' are largest, or 0 if better; the top eigenvector there."""
        f, A, at = self.objective, self.A, bend(self.curve).at
        solution = apart(np.linalg.lstsq, A, f.b * at if self.margin else f.b + at, rcond=None)[0]
        spectra = []
        for x in (solution, np.zeros(f.d)):
            values, vectors = apart(np.linalg.eigh, (A.T * f.loss.curvature(A @ x, f.b)) @ A / f.n)
            spectra.append((values[-1], column(x), column(vectors[:, -1])))
        return max(spectra, key=lambda found: float(found[0]))[1:]

    # The optimum

    def mu(self) -> Certificate:
        if self.curve is CURVES["squared"]:
            return self._eigenvalue()
        if self.curve.convex and self.reg > 0:
            step = "phi is convex, so f is reg-strongly convex, hence PL"
            return Certificate("mu", self.objective.reg, np.inf, steps=(f"phi(u) = {self.curve.text}", step))
        scalar = pl_constant(self.curve)
        if self.reg == 0 and self._onto() and scalar.lower > 0:
            lower = ball(scalar.lower) * self.spectrum.values[0] / self.objective.n
            step = "||A^T phi'(r)||^2/n^2 >= lambda_min(A A^T)/n^2 sum phi'(r_i)^2 >= 2 mu_phi lambda_min(A A^T)/n f(x)"
            return certify("mu", lower, ball(np.inf), (*scalar.steps, self.spectrum.how, step))
        raise NotApplicable("mu: neither squared, nor convex with reg > 0, nor a PL loss of independent arguments")

    def _eigenvalue(self) -> Certificate:
        """The smallest eigenvalue of A^T A/n + reg I that is not 0."""
        step = "f - f* = (x - x*)^T H (x - x*)/2: mu is the smallest eigenvalue of H = A^T A/n + reg I that is not 0"
        n, d = self.objective.n, self.objective.d
        if self.reg > 0:
            least = self.reg if n < d else self.spectrum.values[0].max(ball(0)) / n + self.reg
            return certify("mu", least, least, (self.spectrum.how, step))
        if self.spectrum.rank == 0:
            raise NotApplicable("mu: f is constant")
        stored, meant = (value / n for value in self.spectrum.least_nonzero)
        return certify("mu", stored, meant, (self.spectrum.how, *self.spectrum.doubt, step))

    def _onto(self) -> bool:
        """Whether A x takes every value, beyond what rounding decides."""
        independent = self.objective.n <= self.objective.d and not any(x.contains(0) for x in self.spectrum.values)
        return independent and not self.spectrum.rounding_decides

    def f_inf(self, points: Sequence[Array]) -> Certificate:
        if self.reg == 0 and self._onto() and self.curve.minimiser is not None:
            steps = (self.spectrum.how, "A has full row rank: A x = b + argmin phi has a solution, so f* = min phi = 0")
            return Certificate("f_inf", 0.0, 0.0, steps=steps)
        known = [point for point in (*points, self.objective.minimiser) if point is not None]
        floor = f"phi(u) = {self.curve.text} >= 0, so f >= 0"
        try:
            found = optimum(self, known, self.mu())
        except NotApplicable:
            upper = min(self.value(column(x)).upper() for x in known)
            return certify("f_inf", ball(0), upper, (floor, "f* <= f(x) at a known x"))
        return found if found.lower >= 0 else replace(found, lower=0.0, steps=(*found.steps, floor))

    def f_i_inf(self) -> ComponentCertificate:
        bounds = [self._component_inf(k, t) for k, t in enumerate(self._along_rows())]
        steps = (f"phi(u) = {self.curve.text} >= inf phi = 0", *self._component_steps())
        return certify_each("f_i_inf", [low for low, _ in bounds], [high for _, high in bounds], steps)

    def _component_inf(self, k: int, t: float) -> tuple[Ball, Ball]:
        """Bounds on inf f_k = inf over t of F(t) = phi(||a||^2 t, b) + (reg/2)||a||^2 t^2."""
        N, b = self.norms2[k], self.b[k]
        if N == 0:
            alone = value(self.curve.phi, ball(0) if self.margin else -b)
            return alone, alone
        if self.reg == 0:
            return ball(0), ball(0)
        if self.curve is CURVES["squared"]:
            exactly = b * b * self.reg / (2 * (N + self.reg))
            return exactly, exactly
        u = b * N * t if self.margin else N * t - b
        F = value(self.curve.phi, u) + self.reg * N * ball(t) ** 2 / 2
        if not self.curve.convex:
            return ball(0), F
        # F is reg ||a||^2-strongly convex in t.
        error = slope(self.curve.phi, u) * (b if self.margin else 1) + self.reg * t
        return F - N * error * error / (2 * self.reg), F

    def _component_steps(self) -> tuple[str, ...]:
        if self.reg == 0:
            return ("reg = 0: a_i.x takes every value, so inf f_i = inf phi (f_i = phi(0, b_i) where a_i = 0)",)
        if self.curve is CURVES["squared"]:
            return ("at x = t a_i: inf f_i = b_i^2/2 reg/(||a_i||^2 + reg)",)
        if self.curve.convex:
            return ("F(t) - F'(t)^2/(2m) <= inf f_i <= F(t) = f_i(t a_i), F m-strongly convex, near its minimiser",)
        return ("0 <= inf f_i <= f_i(t a_i) at a good t",)

    def _along_rows(self) -> Array:
        """For each i a t with f_i(t a_i) near inf f_i, shape (n,)."""
        f = self.objective
        if f.reg == 0 or not self.curve.convex:
            return np.asarray(np.divide(f.b, f.norms2, out=np.zeros(f.n), where=f.norms2 > 0))
        high = np.abs(f.loss.slope(np.zeros(f.n), f.b)) / f.reg
        low = -high
        for _ in range(BISECTIONS):
            t = (low + high) / 2
            rising = f.loss.slope(f.norms2 * t, f.b) + f.reg * t > 0
            low, high = np.where(rising, low, t), np.where(rising, t, high)
        return np.asarray((low + high) / 2)

    def directions(self) -> Array:
        """Random ones, and the first and last right singular vectors of A."""
        V = apart(np.linalg.svd, self.A, full_matrices=False)[2]
        return np.asarray(np.concatenate([super().directions(), V[[0, -1]]]))
