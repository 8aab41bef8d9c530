"""Universal class: gradient steps on f + rho^2 phi(I), I = sum w_j psi(s_j), s_j = (f(x + rho u_j) - f(x))/rho^2.

h = g_v(x) + phi'(I) sum w_j psi'(s_j) (g_v(x + rho u_j) - g_v(x)), with s_j and I from values of the whole f, so that
E h is the gradient; h = g at rho = 0. Where grad f(x) = 0, the second term is a function of the Hessian, as
s_j -> u_j.H u_j/2. phi = psi = id with symmetric directions of weight 1 in all is random smoothing, phi' = 0 is SGD.
Where nothing is given, phi = log(1 + exp), psi = tanh, and the directions are the axes both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import Deviation

SOURCE = "Tahmasebi et al. 2024, arXiv 2406.03682 (finitely many directions)"
GRADIENTS = "1 + number of directions"

Slope = Callable[[Array], Array]


def both_ways(d: int) -> tuple[Array, Array]:
    """The axes and their opposites, (2d, d), of equal weights, (2d,)."""
    return np.vstack([np.eye(d), -np.eye(d)]), np.full(2 * d, 0.5 / d)


def logistic(t: Array) -> Array:
    """phi'(t) of phi(t) = log(1 + e^t)."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * t)))


def sech2(t: Array) -> Array:
    """psi'(t) of psi = tanh."""
    return np.asarray(1 - np.tanh(t) ** 2)


@dataclass(frozen=True, eq=False)
class Universal:
    """The step on f with phi', psi and psi', directions u_j of shape (m, d) and weights w_j of shape (m,).

    Attributes
    ----------
    value : X -> f(x), shape (rows,)
    most : sup |phi'| sup |psi'|
    """

    value: Callable[[Array], Array]
    directions: Array
    weights: Array
    phi_slope: Slope = field(default=logistic)
    psi: Slope = field(default=np.tanh)
    psi_slope: Slope = field(default=sech2)
    most: float = 1.0

    @property
    def deviation(self) -> Deviation:
        """beta = sup |phi'| sup |psi'| sum w_j ||u_j||."""
        lengths = np.linalg.norm(self.directions, axis=1)
        return Deviation(alpha=0.0, beta=float(self.most * (self.weights @ lengths)), point=False)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        g = gradient(x, draw)
        size = np.where(np.asarray(rho) > 0, rho, 1.0)  # at rho = 0 every difference is 0
        here = self.value(x)[:, None]
        changes = [(self.value(x + rho * u)[:, None] - here) / size**2 for u in self.directions]
        slope = self.phi_slope(sum(w * self.psi(s) for w, s in zip(self.weights, changes, strict=True)))
        h = g + sum(
            slope * w * self.psi_slope(s) * (gradient(x + rho * u, draw) - g)
            for u, w, s in zip(self.directions, self.weights, changes, strict=True)
        )
        return np.asarray(x - gamma * h)


def step_for(problem: Any) -> Universal:
    """The step on a problem, along the axes."""
    return Universal(problem.objective.gap, *both_ways(problem.d))
