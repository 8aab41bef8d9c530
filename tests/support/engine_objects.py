"""What the tests of the engines run on, and how near two runs must be."""

from __future__ import annotations

import numpy as np

import samtheory as st
from samtheory.engine import run_many
from samtheory.methods.unified_sam import step
from samtheory.objectives import LOSSES

FAST = ("vectorised", "compiled")
#: Two engines may be this far apart, relative to the largest iterate ...
TOLERANCE = 1e-11
#: ... or this many times as far as the reference is from itself when every step is rounded once more: a few thousand
#: random cases need at most 23 times.
SENSITIVITY = 100.0
#: Reference runs with such roundings, of different signs: a single one may by chance end where the reference does.
ROUNDED_RUNS = 3


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


def agree(found, expected, rounded):
    """Compare an engine's curves with the reference's, allowing for what rounding does to the reference itself.

    Parameters
    ----------
    found, expected : curves of the engine and of the reference, one a schedule
    rounded : curves of the reference with every step rounded once more, from `rounded_runs`
    """
    for ours, right, *near in zip(found, expected, *rounded, strict=True):
        np.testing.assert_array_equal(ours.t, right.t)
        close(ours.points, right.points, [run.points for run in near], TOLERANCE)
        for name in ("gap", "grad2"):
            values, expected_values, *others = (getattr(run, name)[..., None] for run in (ours, right, *near))
            close(values, expected_values, others, 100 * TOLERANCE)


def close(ours, right, near, tolerance):
    """|ours - right|, of shape (trials, K, d), is explained by rounding."""
    largest = np.abs(right).max(axis=(1, 2), keepdims=True)
    spread = np.max([np.abs(run - right).max(axis=2, keepdims=True) for run in near], axis=0)
    worst = np.max(np.abs(ours - right) - SENSITIVITY * np.maximum.accumulate(spread, axis=1) - tolerance * largest)
    assert worst <= 0, worst


def rounded_runs(problem, sampling, schedules, **asked):
    """Reference runs in which x, gamma and rho of every step are one rounding away from what they are.

    A rounding of x0 alone says little: a run that contracts first forgets it, and is then taken along the unstable
    direction of a saddle or of a small normalised gradient by the roundings of the later steps.
    """
    return [run_many(problem, sampling, schedules, method=rounding(k), **asked) for k in range(ROUNDED_RUNS)]


def rounding(seed):
    """The step of the method with x, gamma and rho one rounding away: x by 2^-52 max|x| (+-1, ..., +-1)."""
    rng = np.random.default_rng(seed)

    def rounded_step(x, draw, gradient, gamma, rho, lam):
        signs = rng.choice([-1.0, 1.0], (x.shape[0], x.shape[1] + 2)) * 2.0**-52
        x = x + np.abs(x).max(axis=-1, keepdims=True) * signs[:, 2:]
        return step(x, draw, gradient, gamma * (1 + signs[:, :1]), rho * (1 + signs[:, 1:2]), lam)

    return rounded_step
