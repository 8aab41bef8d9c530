"""Programs that are the method in most of their calls: hidden states, clipping far out, arrays that are changed."""

from __future__ import annotations

from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.methods.unified_sam import ascent, step
from samtheory.verification.self_test import Variant

from .make import RIDGE, cell, method


class Momentum:
    """A velocity that is kept from call to call."""

    def __init__(self) -> None:
        self.velocity: Array = np.zeros(0)

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        moved = x - step(x, draw, g, gamma, rho, lam)
        before = self.velocity if self.velocity.shape == x.shape else np.zeros_like(x)
        self.velocity = moved + 0.5 * before
        return x - self.velocity


class WrongOnce:
    """No perturbation at call 150 alone."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        self.calls += 1
        return step(x, draw, g, gamma, 0 * rho if self.calls == 150 else rho, lam)


class WrongAfterReset:
    """No perturbation after the second start from x0."""

    def __init__(self) -> None:
        self.x0: Array | None = None
        self.starts = 0

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        self.x0 = x[0].copy() if self.x0 is None else self.x0
        self.starts += bool(np.array_equal(x[0], self.x0))
        return step(x, draw, g, gamma, rho if self.starts < 2 else 0 * rho, lam)


class ReusedPerturbation:
    """The perturbation is computed at every second call."""

    def __init__(self) -> None:
        self.calls, self.kept = 0, np.zeros(0)

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        if self.calls % 2 == 0 or self.kept.shape != x.shape:
            self.kept = rho * ascent(g(x, draw), lam)
        self.calls += 1
        return np.asarray(x - gamma * g(x + self.kept, draw))


class Noisy:
    """Noise of 1e-7 of the step."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        right = step(x, draw, g, gamma, rho, lam)
        return right + 1e-7 * (right - x) * self.rng.standard_normal(x.shape)


class Buffer:
    """One array for the x+ of all calls."""

    def __init__(self) -> None:
        self.kept = np.zeros(0)

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        if self.kept.shape != x.shape:
            self.kept = np.zeros_like(x)
        self.kept[:] = step(x, draw, g, gamma, rho, lam)
        return self.kept


def in_place(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """x itself is moved."""
    x -= gamma * g(x + rho * ascent(g(x, draw), lam), draw)
    return x


def weights_overwritten(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """The weights of the draw are set to 1 after the step."""
    found = step(x, draw, g, gamma, rho, lam)
    draw.weights[:] = 1.0
    return found


def clipped_far_out(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """Gradients longer than 1e5 are clipped."""

    def clipped(y: Array, v: Any) -> Array:
        found = g(y, v)
        return np.asarray(
            found * np.minimum(1, 1e5 / np.maximum(np.linalg.norm(found, axis=-1, keepdims=True), 1e-300))
        )

    return step(x, draw, clipped, gamma, rho, lam)


def unperturbed_where_small(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """No perturbation where ||g|| < 1e-5."""
    here = g(x, draw)
    small = np.linalg.norm(here, axis=-1, keepdims=True) < 1e-5
    return np.asarray(x - gamma * g(x + np.where(small, 0, rho) * ascent(here, lam), draw))


def safe_norm(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """||g|| + 1e-12 under the fraction."""
    here = g(x, draw)
    unit = here / (np.linalg.norm(here, axis=-1, keepdims=True) + 1e-12)
    return np.asarray(x - gamma * g(x + rho * ((1 - lam) * here + lam * unit), draw))


def norm_of_all_rows(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """One norm for the gradients of all runs."""
    here = g(x, draw)
    unit = here / max(float(np.linalg.norm(here)), 1e-300)
    return np.asarray(x - gamma * g(x + rho * ((1 - lam) * here + lam * unit), draw))


VARIANTS: tuple[Variant, ...] = (
    method("momentum", Momentum, cell(RIDGE)),
    method("wrong at call 150 alone", WrongOnce, cell("two-quadratics", "3.4", "full", steps=200)),
    method("wrong after a reset", WrongAfterReset, cell(RIDGE)),
    method("a perturbation used twice", ReusedPerturbation, cell(RIDGE)),
    method("noise of 1e-7", Noisy, cell("two-quadratics", "3.4", "full")),
    method("one array for every x+", Buffer, cell("two-quadratics", "3.4", "full")),
    method("x changed in place", in_place, cell("two-quadratics", "3.4", "full")),
    method("weights changed after the step", weights_overwritten, cell(RIDGE, sampling="importance")),
    method("gradients clipped far out", clipped_far_out, cell(RIDGE)),
    method("no perturbation of small gradients", unperturbed_where_small, cell(RIDGE, lam=1.0)),
    method("1e-12 added to the norm", safe_norm, cell(RIDGE, lam=1.0)),
    method("one norm for all runs", norm_of_all_rows, cell(RIDGE, lam=1.0)),
)
