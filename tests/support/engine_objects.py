"""What the tests of the engines run on, and how near two runs must be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import samtheory as st
from samtheory.objectives import LOSSES

FAST = ("vectorised", "compiled")
#: Two engines may be this far apart, relative to the largest iterate ...
TOLERANCE = 1e-11
#: ... or this many times as far as the reference is from itself when its start is moved by one rounding.
SENSITIVITY = 1e4


def problem_of(f, x0):
    """A problem without claims worth anything: the engine only steps."""
    return st.Problem(
        objective=f,
        x0=x0,
        L_i=st.exact(np.linspace(1.0, 2.0, f.n), "none"),
        L=st.exact(2.0, "none"),
        f_inf=st.exact(f.reference - 0.25, "none"),
    )


def scale_of(f):
    """A number like the smoothness of f, to choose steps by."""
    x = np.random.default_rng(0).standard_normal((8, f.d))
    g = f.gradients(x) - f.gradients(x + 1e-3)
    return float(np.linalg.norm(g, axis=-1).max() / (1e-3 * np.sqrt(f.d)))


def linear(rng, n, d, loss, reg):
    A = rng.standard_normal((n, d))
    b = rng.standard_normal(n)
    return st.LinearModel(A, np.sign(b) if loss in ("logistic", "sigmoid") else b, loss, reg)


def quadratics(rng, n, d):
    H = rng.standard_normal((n, d, d))
    return st.Quadratics(H @ H.transpose(0, 2, 1), rng.standard_normal((n, d)))


def sines(rng, d):
    return st.SineSum(rng.uniform(0.5, 2.0, d), np.linalg.qr(rng.standard_normal((d, d)))[0], 2.0)


def tilted(rng, n, d, base):
    c = rng.standard_normal((n, d))
    return st.Tilted(base, c - c.mean(axis=0))


def user(f, batched):
    """f given by callables, as a person would."""
    if batched:
        return st.UserSum(
            lambda i, x: np.take_along_axis(f.values(x), i[:, None], axis=1)[:, 0],
            lambda i, x: f.gradients(x, i[:, None])[:, 0],
            f.n, f.d, batched=True, reference=f.reference,
        )  # fmt: skip
    return st.UserSum(
        lambda i, x: f.values(x[None])[0, i],
        lambda i, x: f.gradients(x[None], np.array([[i]]))[0, 0],
        f.n, f.d, reference=f.reference,
    )  # fmt: skip


KINDS = (*LOSSES, "quadratics", "sines", "tilted sines", "tilted quadratic", "user", "batched user")


def objective(kind, rng, n, d, reg):
    if kind in LOSSES:
        return linear(rng, n, d, kind, reg)
    if kind == "quadratics":
        return quadratics(rng, n, d)
    if kind == "sines":
        return sines(rng, d)
    if kind.startswith("tilted"):
        return tilted(rng, n, d, sines(rng, d) if kind.endswith("sines") else quadratics(rng, 1, d))
    return user(linear(rng, n, d, "squared", reg), kind.startswith("batched"))


def agree(found, expected, moved):
    """The engine's curves against the reference's, and those against the reference's from a start one rounding away."""
    for ours, right, near in zip(found, expected, moved, strict=True):
        np.testing.assert_array_equal(ours.t, right.t)
        close(ours.points, right.points, near.points, TOLERANCE)
        close(ours.gap[..., None], right.gap[..., None], near.gap[..., None], 100 * TOLERANCE)
        close(ours.grad2[..., None], right.grad2[..., None], near.grad2[..., None], 100 * TOLERANCE)


def close(ours, right, near, tolerance):
    """|ours - right| of shape (trials, K, d), where the reference itself does not move more."""
    largest = np.abs(right).max(axis=(1, 2), keepdims=True)
    own = np.maximum.accumulate(np.abs(near - right).max(axis=2, keepdims=True), axis=1)
    worst = np.max(np.abs(ours - right) - SENSITIVITY * own - tolerance * largest)
    assert worst <= 0, worst


def moved_start(problem):
    """The problem from a start that is one rounding away."""
    return replace(problem, x0=problem.x0 * (1 + 2.0**-52) + 2.0**-52)
