"""Programs that are Unified SAM in most of their calls, and programs that are Unified SAM in all of them."""

from __future__ import annotations

import numpy as np

from samtheory.methods.unified_sam import ascent, step


class Momentum:
    """A velocity that is kept from call to call."""

    def __init__(self):
        self.v = 0.0

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        g = x - step(x, draw, gradient, gamma, rho, lam)
        self.v = g + 0.5 * (np.resize(self.v, g.shape) if np.size(self.v) > 1 else 0.0)
        return x - self.v


class WrongAt:
    """A plain gradient step at one call."""

    def __init__(self, call):
        self.call, self.calls = call, 0

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        self.calls += 1
        return step(x, draw, gradient, gamma, 0.0 if self.calls == self.call else rho, lam)


class AfterReset:
    """No perturbation after a second start from the same point."""

    def __init__(self):
        self.first, self.starts = None, 0

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        if self.first is None:
            self.first = x[0].copy()
        self.starts += np.array_equal(x[0], self.first)
        return step(x, draw, gradient, gamma, rho if self.starts < 2 else 0.0, lam)


class ReusedPerturbation:
    """The perturbation is computed at every second call."""

    def __init__(self):
        self.calls, self.kept = 0, None

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        if self.calls % 2 == 0 or np.shape(self.kept) != x.shape:
            self.kept = rho * ascent(gradient(x, draw), lam)
        self.calls += 1
        return x - gamma * gradient(x + self.kept, draw)


class Noisy:
    """Noise of 1e-7 of the step."""

    def __init__(self):
        self.rng = np.random.default_rng(0)

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        right = step(x, draw, gradient, gamma, rho, lam)
        return right + 1e-7 * (right - x) * self.rng.standard_normal(x.shape)


class Buffer:
    """The same array is returned at every call."""

    def __init__(self):
        self.buffer = None

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        if self.buffer is None or self.buffer.shape != x.shape:
            self.buffer = np.empty_like(x)
        self.buffer[:] = step(x, draw, gradient, gamma, rho, lam)
        return self.buffer


def in_place(x, draw, gradient, gamma, rho, lam):
    x -= gamma * gradient(x + rho * ascent(gradient(x, draw), lam), draw)
    return x


def weights_overwritten(x, draw, gradient, gamma, rho, lam):
    new = step(x, draw, gradient, gamma, rho, lam)
    if draw is not None:
        draw.weights[:] = 1.0
    return new


def clipped_far_out(x, draw, gradient, gamma, rho, lam):
    def clipped(y, v):
        g = gradient(y, v)
        return g * np.minimum(1.0, 1e5 / np.maximum(np.linalg.norm(g, axis=-1, keepdims=True), 1e-300))

    return step(x, draw, clipped, gamma, rho, lam)


def unperturbed_where_small(x, draw, gradient, gamma, rho, lam):
    g = gradient(x, draw)
    small = np.linalg.norm(g, axis=-1, keepdims=True) < 1e-5
    return x - gamma * gradient(x + np.where(small, 0.0, rho) * ascent(g, lam), draw)


def safe_norm(x, draw, gradient, gamma, rho, lam):
    g = gradient(x, draw)
    unit = g / (np.linalg.norm(g, axis=-1, keepdims=True) + 1e-12)
    return x - gamma * gradient(x + rho * ((1 - lam) * g + lam * unit), draw)


def norm_of_all_rows(x, draw, gradient, gamma, rho, lam):
    g = gradient(x, draw)
    return x - gamma * gradient(x + rho * ((1 - lam) * g + lam * g / max(np.linalg.norm(g), 1e-300)), draw)


#: Makers of wrong programs, by the mistake.
WRONG = {
    "momentum": Momentum,
    "wrong at call 150": lambda: WrongAt(150),
    "wrong at call 450": lambda: WrongAt(450),
    "changes after a reset": AfterReset,
    "reuses a perturbation": ReusedPerturbation,
    "noise of 1e-7": Noisy,
    "one buffer": Buffer,
    "changes x": lambda: in_place,
    "changes the weights": lambda: weights_overwritten,
    "clips far out": lambda: clipped_far_out,
    "no perturbation where g is small": lambda: unperturbed_where_small,
    "1e-12 added to the norm": lambda: safe_norm,
    "norm of all rows": lambda: norm_of_all_rows,
}


def rearranged(x, draw, gradient, gamma, rho, lam):
    """The same formula in another order of operations."""
    g = gradient(x, draw)
    norm = np.sqrt(np.einsum("...k,...k", g, g))[..., None]
    factor = (1.0 - lam) + np.divide(lam, norm, out=np.zeros_like(norm), where=norm > 0)
    return -(gamma * gradient(g * (rho * factor) + x, draw)) + x


class CountingCalls:
    """A state that has no part in the step."""

    def __init__(self):
        self.calls = 0

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        self.calls += 1
        return step(x, draw, gradient, gamma, rho, lam)


def gradients_of(problem):
    """A program that asks the problem itself."""

    def own(x, draw, gradient, gamma, rho, lam):
        f = problem.objective

        def g(y):
            return f.gradient(y) if draw is None else f.stochastic_gradient(y, *draw)

        return x - gamma * g(x + rho * ascent(g(x), lam))

    return own


#: Makers of right programs, for a problem.
RIGHT = {
    "rearranged": lambda problem: rearranged,
    "counting": lambda problem: CountingCalls(),
    "own gradients": gradients_of,
    "lists": lambda problem: lambda *given: step(*given).tolist(),
}
