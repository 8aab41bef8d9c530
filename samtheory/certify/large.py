"""Constants of linear models too large for ball arithmetic: closed formulas in float64, moved by their rounding.

Every number comes from A, b and reg alone, not from what the objective has kept.
"""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives import eigenvalues, rows
from samtheory.objectives.linear import LinearModel
from samtheory.objectives.losses import LOSSES
from samtheory.objectives.written import altered

from .certificate import Certificate, Certificates, ComponentCertificate
from .compose import largest, mean
from .curves import CURVES, MARGIN, bend
from .spectral import DIMENSION, ENTRIES, ROWS

#: Rounding of a few operations and of functions of the standard library, as a part of their terms.
FEW = 64 * eigenvalues.UNIT


class LargeLinear:
    """What is proved of a linear model f_i(x) = phi(a_i.x, b_i) + (reg/2)||x||^2.

    Raises
    ------
    NotApplicable
        If its loss has no formula in balls, or its labels are others than -1 and +1 where the loss needs those.
    """

    def __init__(self, f: LinearModel) -> None:
        key = f.loss.key
        if key not in CURVES or LOSSES[key] is not f.loss or altered(f.loss) is not None:
            raise NotApplicable(f"loss {key}: no formula in balls")
        if key in MARGIN and not (np.abs(f.b) == 1).all():
            raise NotApplicable(f"loss {key}: labels other than -1 and +1")
        self.f = LinearModel(f.A, f.b, f.loss, f.reg)
        self.curve, self.steepest = CURVES[key], bend(CURVES[key]).highest
        self.top = eigenvalues.largest(f.A)

    def certificates(self) -> Certificates:
        """Every constant that is proved, by name."""
        L_i = self.L_i()
        found: Certificates = {"L_i": L_i, "L_max": largest(L_i), "L_avg": mean(L_i)}
        for rule in (self.L, self.mu, self.f_inf, self.f_i_inf):
            with suppress(NotApplicable):
                one = rule()
                found[one.name] = one
        return found

    def L_i(self) -> ComponentCertificate:
        """sup|phi''| ||a_i||^2 + reg."""
        norms2 = rows.norms2(self.f.A)
        off = eigenvalues.gamma(self.f.terms + 8)
        lower, upper = (
            bent * norms2 * (1 + sign * off) + self.f.reg * (1 + sign * FEW)
            for bent, sign in ((self.steepest.lower, -1), (self.steepest.upper, 1))
        )
        step = "L_i = sup|phi''| ||a_i||^2 + reg, in float64 with its rounding"
        return ComponentCertificate("L_i", lower, upper, steps=(*self.steepest.steps, step))

    def L(self) -> Certificate:
        """sup|phi''| lambda_max(A^T A/n) + reg, which the squared loss attains, and the logistic loss at x = 0."""
        if self.top.provenance != "certified":
            raise NotApplicable("L: lambda_max(A^T A) is known up to a probability of failure only")
        upper = self.steepest.upper * self.top + self.f.reg
        attained = self.curve in (CURVES["squared"], CURVES["logistic"])
        lower = self.steepest.lower * eigenvalues.rayleigh(self.f.A) + self.f.reg if attained else self.f.reg
        step = f"L <= sup|phi''| lambda_max(A^T A/n) + reg; {self.top.source}"
        return Certificate("L", lower * (1 - FEW), upper * (1 + FEW), steps=(*self.steepest.steps, step))

    def mu(self) -> Certificate:
        """The strong convexity of f."""
        least = eigenvalues.smallest(self.f.A) if self.curve is CURVES["squared"] else 0.0
        if not self.curve.convex or self.f.reg + least <= 0:
            raise NotApplicable("mu: not convex with reg > 0")
        lower = self.f.reg if least == 0 else math.nextafter(self.f.reg + least, 0.0)
        step = "phi is convex, so f is (lambda_min(A^T A/n) inf phi'' + reg)-strongly convex, hence PL"
        return Certificate("mu", lower, np.inf, steps=(f"phi(u) = {self.curve.text}", step))

    def f_inf(self) -> Certificate:
        """f(x) - ||grad f(x)||^2/(2 mu) <= f* <= f(x), near the minimiser."""
        mu, f = self.mu().lower, self.f
        x: Array = f.minimiser if f.minimiser is not None else np.zeros(f.d)
        value, rounding = float(f.value(x[None])[0]), float(f._value_rounding(x[None])[0])
        lower = value - rounding - f.stationarity(x) ** 2 * (1 + FEW) / (2 * mu)
        step = f"f(x) - ||grad f(x)||^2/(2 mu) <= f* <= f(x) by PL with mu = {mu:.6g}, with the rounding of both"
        return Certificate("f_inf", max(lower, 0.0), value + rounding, steps=(step, "phi >= 0"))

    def f_i_inf(self) -> ComponentCertificate:
        """inf f_i from below: where f_i is smallest on the line of a_i, lowered."""
        found = self.f.component_infima
        lower = np.maximum(found * (1 - FEW), 0.0)
        step = "F(t) - F'(t)^2/(2m) <= inf f_i for F(t) = f_i(t a_i), m-strongly convex, or inf phi; with its rounding"
        return ComponentCertificate("f_i_inf", lower, np.full(self.f.n, np.inf), steps=(step,))


def large_certificates(f: LinearModel) -> Certificates:
    """What is proved of a linear model that is too large for ball arithmetic, by name; nothing of a small one."""
    if f.n * f.d <= ENTRIES and f.n <= ROWS and min(f.n, f.d) <= DIMENSION:
        return {}
    try:
        return LargeLinear(f).certificates()
    except NotApplicable:
        return {}
