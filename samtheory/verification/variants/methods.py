"""Faulty methods that differ from the reference in every call: (x, draw, gradient, gamma, rho, lam) -> x+."""

from __future__ import annotations

from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.methods.unified_sam import ascent, step
from samtheory.schedules import Schedule
from samtheory.verification.self_test import Variant

from .make import RIDGE, cell, method


def minus(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """x - rho ... for x + rho ..."""
    return step(x, draw, g, gamma, -rho, lam)


def no_perturbation(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """SGD."""
    return step(x, draw, g, gamma, 0 * rho, lam)


def no_normalisation(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """USAM whatever lam."""
    return step(x, draw, g, gamma, rho, 0 * lam)


def swapped(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """lam and 1 - lam the wrong way round."""
    return step(x, draw, g, gamma, rho, 1 - lam)


def squared_radius(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """rho^2 for rho."""
    return step(x, draw, g, gamma, rho**2, lam)


def from_perturbed(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """The step is taken from the perturbed point."""
    y = x + rho * ascent(g(x, draw), lam)
    return np.asarray(y - gamma * g(y, draw))


def different_draws(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """The second pass on the draw of another run."""
    other = type(draw)(*(np.roll(part, 1, axis=0) for part in draw))
    return np.asarray(x - gamma * g(x + rho * ascent(g(x, draw), lam), other))


def second_unweighted(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """Weights in the ascent pass only."""
    plain = type(draw)(draw[0], np.full_like(draw[1], draw[1].mean()))
    return np.asarray(x - gamma * g(x + rho * ascent(g(x, draw), lam), plain))


def first_unweighted(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """Weights in the descent pass only."""
    plain = type(draw)(draw[0], np.full_like(draw[1], draw[1].mean()))
    return np.asarray(x - gamma * g(x + rho * ascent(g(x, plain), lam), draw))


def averaged_gradients(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """The mean of the gradients at x and y."""
    here = g(x, draw)
    return np.asarray(x - gamma * (here + g(x + rho * ascent(here, lam), draw)) / 2)


def squared_norm(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """lam g/||g||^2 for lam g/||g||."""
    here = g(x, draw)
    norm2 = np.maximum(np.sum(here * here, axis=-1, keepdims=True), 1e-300)
    return np.asarray(x - gamma * g(x + rho * ((1 - lam) * here + lam * here / norm2), draw))


def damped_norm(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """||g|| + 0.1 under the fraction."""
    here = g(x, draw)
    norm = np.linalg.norm(here, axis=-1, keepdims=True) + 0.1
    return np.asarray(x - gamma * g(x + rho * ((1 - lam) * here + lam * here / norm), draw))


class PreviousGradient:
    """The ascent direction is that of the step before."""

    def __init__(self) -> None:
        self.before: Array | None = None

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        here = g(x, draw)
        # Where the rows are not the trials of a run, the row before stands for the step before.
        before = np.zeros_like(here) if self.before is None else np.roll(np.resize(self.before, here.shape), 1, axis=0)
        self.before = here
        return np.asarray(x - gamma * g(x + rho * ascent(before, lam), draw))


def one_late(planned: Schedule) -> Schedule:
    """Parameters of t + 1 at t."""
    return Schedule(*(lambda t, k=k: planned.at(t + 1)[k] for k in range(3)))


def slower_rule(planned: Schedule) -> Schedule:
    """1/((t+1) mu) for (2t+1)/((t+1)^2 mu) in the decreasing steps: half as large in the end."""
    return Schedule(lambda t: planned.at(t)[0] * (t + 1) / (2 * t + 1), planned.rho, planned.lam)


#: f_i = h_i x^2/2, h = (0.1, 1.9), at rho = rho*/20 and three times the largest step (lam = 0, A = C = 0).
_H = (("h", "0.1,1.9"),)
_B = (0.1**2 + 1.9**2) / 2
_RHO = 1 / (1.9 * (1 + 2 * _B)) / 20
_TRIPLED = 3 * (1 - 1 / 20) / (2 * _B * (1 + 2 * (1.9 * _RHO) ** 2))


VARIANTS = (
    method("wrong sign of the perturbation", minus, cell(RIDGE)),
    method("no perturbation", no_perturbation, cell(RIDGE)),
    method("no normalisation", no_normalisation, cell(RIDGE, lam=1.0)),
    method("lam and 1 - lam swapped", swapped, cell(RIDGE, lam=1.0)),
    method("rho^2 for rho", squared_radius, cell(RIDGE)),
    method("descending from the perturbed point", from_perturbed, cell(RIDGE)),
    method("different draws in the two passes", different_draws, cell(RIDGE)),
    method("weights in the ascent pass only", second_unweighted, cell(RIDGE, sampling="importance")),
    method("weights in the descent pass only", first_unweighted, cell(RIDGE, sampling="importance")),
    method("mean of the two gradients", averaged_gradients, cell(RIDGE)),
    method("g/||g||^2 for g/||g||", squared_norm, cell(RIDGE)),
    method("0.1 added to the norm", damped_norm, cell(RIDGE)),
    method("ascent gradient from the previous step", PreviousGradient, cell(RIDGE)),
    Variant(
        "schedule of lam off by one", "method", cell(RIDGE, "rollout", lam="1/t"), ("reference",), schedule=one_late
    ),
    Variant(
        "schedule of gamma off by one",
        "method",
        cell("sine-1d", "3.5", "full", 0.0, steps=300),
        ("reference",),
        schedule=one_late,
    ),
    Variant(
        "decreasing rule 1/(t+1) for (2t+1)/(t+1)^2", "method", cell(RIDGE, "3.5"), ("reference",), schedule=slower_rule
    ),
    Variant(
        "three times the largest step",
        "method",
        cell("scaled-quadratics", lam=0.0, params=_H, rho=_RHO, gamma=_TRIPLED, allow_outside=True),
        ("one-step", "moments"),
    ),
)
