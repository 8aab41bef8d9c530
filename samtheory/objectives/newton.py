"""The minimiser of a strongly convex linear model by Newton's method, with exact steps or with conjugate gradients.

Newton-CG stops where its certificate f(x) - f* <= (||grad f(x)|| + e)^2/(2 mu), e a bound on the rounding error of the
computed gradient, is below an ulp of f, or where the gradient is rounding alone, ||grad f(x)|| <= 2 e.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samtheory._typing import Array
from samtheory.execution.time_limit import keep_time

from .eigenvalues import UNIT, gamma
from .rows import dense, diagonal, is_sparse

if TYPE_CHECKING:
    from .linear import LinearModel

#: Newton steps, each tried at sizes from 1 down to 2^(1 - HALVINGS); steps of conjugate gradients in each.
NEWTON_STEPS, HALVINGS, CONJUGATE = 200, 40, 2000
#: The last step, towards x* itself, solves its system up to this fraction.
LAST = 1e-8


def newton(f: LinearModel) -> Array:
    """Newton's method, its steps halved until they lower f, and where rounding ends that, ||grad f||."""
    x = np.zeros((1, f.d))
    for height in (f.value, lambda x: np.linalg.norm(f.gradient(x), axis=-1)):
        for _ in range(NEWTON_STEPS):
            keep_time()
            step = _newton_step(f, x[0])
            size = next((s for s in 0.5 ** np.arange(HALVINGS) if height(x - s * step) < height(x)), 0.0)
            if size == 0:
                break
            x = x - size * step
    return np.asarray(x[0])


def _newton_step(f: LinearModel, x: Array) -> Array:
    A = dense(f.A)
    curvature = f.loss.curvature(A @ x, f.b)
    hessian = (A.T * curvature) @ A / f.n + f.reg * np.eye(f.d)
    return np.asarray(np.linalg.solve(hessian, f.gradient(x[None])[0]))


def newton_cg(f: LinearModel, mu: float) -> Array:
    """Newton's method with conjugate gradients for a mu-strongly convex f, from 0."""
    x = np.zeros(f.d)
    z = f.A @ x
    g = _gradient(f, x, z)
    first = np.linalg.norm(g)
    for _ in range(NEWTON_STEPS):
        keep_time()
        size, error = float(np.linalg.norm(g)), gradient_error(f, x)
        value = _value(f, x, z)
        if (size + error) ** 2 <= mu * UNIT * abs(value) or size <= 2 * error:
            break
        step, along = _conjugate_gradients(f, z, g, min(0.1, float(np.sqrt(size / first))))
        slope, t = float(g @ step), 1.0
        for _ in range(HALVINGS):
            if _value(f, x + t * step, z + t * along) <= value + 1e-4 * t * slope + 16 * UNIT * abs(value):
                break
            t /= 2
        else:
            break
        x = x + t * step
        z = f.A @ x
        g = _gradient(f, x, z)
    step, _ = _conjugate_gradients(f, z, g, LAST)
    return x + step if np.linalg.norm(f.gradient((x + step)[None])) < np.linalg.norm(g) else x


def gradient_error(f: LinearModel, x: Array) -> float:
    """A bound on ||fl(grad f(x)) - grad f(x)||, x of shape (d,).

    The arguments a_i.x carry gamma_r ||a_i|| ||x||, r the most entries of a row, the slopes sup|phi''| times that; the
    sums over i carry gamma_c times their terms.
    """
    A, n, top = f.A, f.n, f.loss.smoothness
    z = A @ x
    s = f.loss.slope(z, f.b)
    A_norm, x_norm, s_norm = float(np.sqrt(f.norms2.sum())), float(np.linalg.norm(x)), float(np.linalg.norm(s))
    of_slopes = top * (gamma(f.terms + 2) * x_norm * A_norm + 2 * UNIT * float(np.linalg.norm(f.b))) + 8 * UNIT * s_norm
    largest = max((float(f.smoothness) - f.reg) / top, 0.0)
    sums = float(np.linalg.norm(abs(A).T @ np.abs(s))) / n
    columns = int(np.bincount(A.indices).max(initial=1)) if is_sparse(A) else n
    return float(np.sqrt(largest / n) * of_slopes + (gamma(columns + 3) + 2 * UNIT) * sums + 4 * UNIT * f.reg * x_norm)


def _value(f: LinearModel, x: Array, z: Array) -> float:
    return float(f.loss.value(z, f.b).mean() + 0.5 * f.reg * (x @ x))


def _gradient(f: LinearModel, x: Array, z: Array) -> Array:
    return np.asarray(f.A.T @ f.loss.slope(z, f.b) / f.n + f.reg * x)


def _conjugate_gradients(f: LinearModel, z: Array, g: Array, accuracy: float) -> tuple[Array, Array]:
    """p with Hessian p = -g up to `accuracy` of ||g||, preconditioned by the diagonal, and A p."""
    bend = f.loss.curvature(z, f.b) / f.n
    scale = 1 / (diagonal(f.A, bend) + f.reg)
    p, along = np.zeros(f.d), np.zeros(f.n)
    r = -g
    y = scale * r
    u, ry = y, float(r @ y)
    goal = accuracy * float(np.linalg.norm(g))
    for _ in range(CONJUGATE):
        if np.linalg.norm(r) <= goal or ry <= 0:
            break
        keep_time()
        Au = f.A @ u
        Hu = f.A.T @ (bend * Au) + f.reg * u
        step = ry / float(u @ Hu)
        p, along, r = p + step * u, along + step * Au, r - step * Hu
        y = scale * r
        ry, before = float(r @ y), ry
        u = y + ry / before * u
    return p, along
