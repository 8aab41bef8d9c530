"""Right cards in the corners of float64: nothing that is said of them may be called wrong.

`samtheory check tests/support/right_cards.py --param seed=7`. A seed draws the form, the shape, the scales of data and
targets (1e-8 to 1e8), the condition number (to 1e10), and what is degenerate: one component, one dimension, rows that
are equal, zero or dependent, columns that are, a constant function. Every constant is the closed form that a person
would use, in float64; it is right up to the rounding of that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory import FiniteSum, LinearModel, Problem, Quadratics, SineSum, Tilted, UserSum, claimed
from samtheory.objectives.penalised import Penalised

CONVEX = frozenset({"convex", "convex-components"})
EPS = float(np.finfo(float).eps)


def problem(seed: int = 0) -> Problem:
    """The card number `seed`."""
    rng = np.random.default_rng(seed)
    forms: list[Callable[[np.random.Generator], Problem]] = [
        least_squares,
        ridge,
        interpolated,
        logistic,
        robust,
        quadratics,
        sines,
        sine_rows,
        tilted,
        penalised,
        own_least_squares,
        own_quadratic,
        constant,
    ]
    return forms[seed % len(forms)](rng)


def size(rng: np.random.Generator) -> float:
    """1, or a power of ten between 1e-8 and 1e8."""
    return float(10.0 ** rng.integers(-8, 9)) if rng.random() < 0.7 else 1.0


def shape(rng: np.random.Generator) -> tuple[int, int]:
    """n and d, often 1."""
    return tuple(int(rng.integers(2, most)) if rng.random() < 0.75 else 1 for most in (12, 6))  # type: ignore[return-value]


def rows(rng: np.random.Generator, scaled: bool = True) -> np.ndarray:
    """A matrix of a drawn shape, scale and condition number, with what makes it degenerate."""
    n, d = shape(rng)
    A = rng.standard_normal((n, d))
    if rng.random() < 0.5:
        U, s, V = np.linalg.svd(A, full_matrices=False)
        A = (U * np.geomspace(1, 10 ** -rng.uniform(0, 5), len(s))) @ V
    degenerate = rng.integers(0, 9)
    if degenerate == 0 and n > 1:
        A[-1] = A[0]
    elif degenerate == 1 and n > 1:
        A[rng.integers(n)] = 0.0
    elif degenerate == 2 and n > 2:
        A[-1] = A[0] - 2 * A[1]
    elif degenerate == 3 and d > 1:
        A[:, -1] = A[:, 0]
    elif degenerate == 4 and d > 1:
        A[:, rng.integers(d)] = 0.0
    elif degenerate == 5 and d > 2:
        A[:, -1] = 0.5 * A[:, 0] + 0.25 * A[:, 1]
    elif degenerate == 6:
        A = np.repeat(A[:1], n, axis=0)
    return A * (size(rng) if scaled else 1.0)


def spectrum(A: np.ndarray) -> tuple[np.ndarray, float]:
    """The eigenvalues of A^T A/n, the largest first, and the smallest that rank counts."""
    values = np.linalg.svd(A, compute_uv=False) ** 2 / len(A)
    kept = values[values > (max(A.shape) * EPS) ** 2 * max(values[0], 1e-300)]
    return values, float(kept[-1]) if len(kept) else 0.0


def of_rows(rng: np.random.Generator, A: np.ndarray, b: np.ndarray, reg: float, **others: Any) -> Problem:
    """Least squares with a regulariser, by the normal equations' singular values."""
    n, d = A.shape
    values, least = spectrum(A)
    squares = np.sum(A**2, axis=1)
    full = A if reg == 0 else np.vstack([A, np.sqrt(n * reg) * np.eye(d)])
    x = np.linalg.lstsq(full, b if reg == 0 else np.concatenate([b, np.zeros(d)]), rcond=None)[0]
    mu = least if reg == 0 else (float(values[-1]) if len(values) == d else 0.0) + reg
    f_inf = 0.5 * np.mean((A @ x - b) ** 2) + reg / 2 * x @ x
    return Problem(
        **{
            "objective": LinearModel(A, b, "squared", reg),
            "x0": x + start(rng, d, b, A),
            "L_i": claimed(squares + reg),
            "L": claimed(float(values[0] + reg)),
            "mu": claimed(mu) if mu > 0 else None,
            "f_inf": claimed(float(f_inf)),
            "f_i_inf": claimed(
                np.where(squares > 0, 0.5 * b**2 * reg / np.where(squares + reg > 0, squares + reg, 1), 0.5 * b**2)
            ),
            "x_star": x,
            "properties": CONVEX
            | ({"strongly-convex"} if mu > 0 and (reg > 0 or (len(values) == d and least == values[-1])) else set()),
            **others,
        }
    )


def start(rng: np.random.Generator, d: int, b: np.ndarray, A: np.ndarray) -> np.ndarray:
    """As far from the minimiser as the targets are large in units of the data, or by one."""
    scale = np.abs(b).max() / max(np.linalg.norm(A), 1e-300)
    return (scale if 0 < scale < 1e12 else 1.0) * rng.standard_normal(d)


def least_squares(rng: np.random.Generator) -> Problem:
    A = rows(rng)
    return of_rows(rng, A, size(rng) * rng.standard_normal(len(A)), 0.0)


def ridge(rng: np.random.Generator) -> Problem:
    A = rows(rng)
    reg = 10 ** rng.uniform(-10, 1) * max(np.sum(A**2) / len(A), 1e-16)
    return of_rows(rng, A, size(rng) * rng.standard_normal(len(A)), float(reg))


def interpolated(rng: np.random.Generator) -> Problem:
    """b = A x: f* = 0, and what is computed is 1e-31 or the like; claimed as computed, or as 0."""
    A = rows(rng)
    x = size(rng) * rng.standard_normal(A.shape[1])
    b = A @ x
    right = of_rows(rng, A, b, 0.0)
    zero = {} if rng.random() < 0.5 else {"f_inf": claimed(0.0), "x_star": x}
    from dataclasses import replace

    return replace(
        right,
        properties=right.properties | {"interpolation"},
        f_i_inf=claimed(np.where(np.any(A != 0, axis=1), 0.0, b**2 / 2)),
        **zero,
    )


def logistic(rng: np.random.Generator) -> Problem:
    A = rows(rng)
    b = np.where(rng.random(len(A)) < 0.5, -1.0, 1.0)
    reg = float(10 ** rng.uniform(-8, 0) * max(np.sum(A**2) / len(A), 1e-16))
    f = LinearModel(A, b, "logistic", reg)
    return of_model(f, rng, reg)


def of_model(f: LinearModel, rng: np.random.Generator, mu: float | None) -> Problem:
    """The model's own formulas."""
    x = f.minimiser
    return Problem(
        objective=f,
        x0=rng.standard_normal(f.d) * (1 if f.reg == 0 else min(1e6, 1 / np.sqrt(f.reg))),
        L_i=claimed(f.component_smoothness),
        L=claimed(f.smoothness),
        mu=None if mu is None else claimed(mu),
        f_inf=claimed(0.0 if x is None else float(f.infimum(x, f.reg, "Newton"))),
        f_i_inf=claimed(f.component_infima),
        x_star=x,
        properties=CONVEX | {"strongly-convex"} if f.loss.convex and mu else frozenset(),
    )


def robust(rng: np.random.Generator) -> Problem:
    A = rows(rng)
    loss = ("cauchy", "welsch", "geman-mcclure", "sigmoid")[rng.integers(4)]
    b = np.where(rng.random(len(A)) < 0.5, -1.0, 1.0) if loss == "sigmoid" else rng.standard_normal(len(A))
    return of_model(LinearModel(A, b, loss, 0.0), rng, None)


def matrices(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Positive semidefinite matrices of a drawn scale and condition number; some of lower rank, or zero."""
    H = []
    for _ in range(n):
        Q = np.linalg.qr(rng.standard_normal((d, d)))[0]
        values = np.geomspace(1, 10 ** -rng.uniform(0, 5), d)
        M = (Q * values) @ Q.T
        H.append((M + M.T) / 2)
    if rng.random() < 0.3:
        H = [np.diag(rng.integers(0, 3, size=d).astype(float)) for _ in range(n)]
        H[0][0, 0] = 1.0
    return np.array(H) * size(rng)


def quadratics(rng: np.random.Generator) -> Problem:
    n, d = shape(rng)
    H = matrices(rng, n, d)
    f = Quadratics(H, size(rng) * rng.standard_normal((n, d)))
    values = f.eigenvalues
    least = f.least_nonzero
    return Problem(
        objective=f,
        x0=f.minimiser + rng.standard_normal(d),
        L_i=claimed(f.component_smoothness),
        L=claimed(float(values[-1])),
        mu=claimed(least * (1 - 1e-9)),
        f_inf=claimed(f.reference),
        f_i_inf=claimed(np.zeros(n)),
        x_star=f.minimiser,
        properties=CONVEX,
    )


def weights(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    d = shape(rng)[1]
    return size(rng) * np.geomspace(1, 10 ** rng.uniform(0, 6), d), np.linalg.qr(rng.standard_normal((d, d)))[0]


def sines(rng: np.random.Generator) -> Problem:
    w, Q = weights(rng)
    return Problem(
        objective=SineSum(w, Q),
        x0=rng.standard_normal(len(w)),
        L_i=claimed(np.array([8 * w.max()])),
        L=claimed(8 * w.max()),
        mu=claimed(0.17553 * w.min()),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
        x_star=np.zeros(len(w)),
    )


def sine_rows(rng: np.random.Generator) -> Problem:
    """Sines of one row in one dimension, at any scale."""
    a = size(rng) * rng.uniform(0.5, 2)
    return Problem(
        objective=LinearModel(np.array([[a]]), np.zeros(1), "sine", 0.0),
        x0=np.array([2.0 / a]),
        L_i=claimed(np.array([8 * a * a])),
        L=claimed(8 * a * a),
        mu=claimed(0.17553 * a * a),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
        x_star=np.zeros(1),
    )


def tilted(rng: np.random.Generator) -> Problem:
    """A quadratic with noise of another scale; the identity's A, B, C."""
    d, n = shape(rng)[1], int(rng.integers(2, 8))
    h = size(rng) * np.geomspace(1, 10 ** rng.uniform(0, 5), d)
    tilts = size(rng) * rng.standard_normal((n, d))
    f = Tilted(Quadratics(np.diag(h)[None], np.zeros((1, d))), tilts - tilts.mean(axis=0))
    return Problem(
        objective=f,
        x0=rng.standard_normal(d),
        L_i=claimed(np.full(n, h.max())),
        L=claimed(h.max()),
        mu=claimed(h.min()),
        f_inf=claimed(0.0),
        f_i_inf=claimed(-np.sum(f.tilts**2 / h, axis=1) / 2),
        claims=f.expected_residual,
        x_star=np.zeros(d),
        properties=CONVEX | {"strongly-convex"},
    )


def penalised(rng: np.random.Generator) -> Problem:
    """Squares without targets and a quadratic penalty, both diagonal."""
    n, d = shape(rng)
    A, r = size(rng) * rng.standard_normal((n, d)) * (rng.random((n, d)) < 0.7), size(rng) * rng.uniform(0.5, 2, size=d)
    f = Penalised(LinearModel(A, np.zeros(n), "squared", 0.0), Quadratics(np.diag(r)[None], np.zeros((1, d))))
    top = np.array([np.linalg.norm(np.outer(a, a) + np.diag(r), 2) for a in A])
    values = np.linalg.eigvalsh(A.T @ A / n + np.diag(r))
    return Problem(
        objective=f,
        x0=rng.standard_normal(d),
        L_i=claimed(top),
        L=claimed(float(values[-1])),
        mu=claimed(float(r.min())),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(n)),
        x_star=np.zeros(d),
        properties=CONVEX | {"strongly-convex", "interpolation"},
    )


def own_least_squares(rng: np.random.Generator) -> Problem:
    """Callables of a person: the gradient of (a.x - b)^2/2, with rows of any size."""
    A = rows(rng)
    n, d = A.shape
    b = size(rng) * rng.standard_normal(n)
    right = of_rows(rng, A, b, 0.0)
    own = UserSum(
        lambda i, X: 0.5 * (np.sum(A[i] * X, axis=1) - b[i]) ** 2,
        lambda i, X: (np.sum(A[i] * X, axis=1) - b[i])[:, None] * A[i],
        n,
        d,
        batched=True,
    )
    from dataclasses import replace

    return replace(right, objective=own)


def own_quadratic(rng: np.random.Generator) -> Problem:
    """Callables of a diagonal quadratic around one point, point by point."""
    d = shape(rng)[1]
    h, c = size(rng) * np.geomspace(1, 10 ** rng.uniform(0, 5), d), size(rng) * rng.standard_normal(d)
    return Problem(
        objective=UserSum(lambda i, x: float(h @ (x - c) ** 2 / 2), lambda i, x: h * (x - c), 1, d),
        x0=c + max(np.abs(c).max(), 1e-8) * rng.standard_normal(d),
        L_i=claimed(np.array([h.max()])),
        L=claimed(h.max()),
        mu=claimed(h.min()),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
        x_star=c,
        properties=CONVEX | {"strongly-convex", "interpolation"},
    )


def constant(rng: np.random.Generator) -> Problem:
    """A constant function, by rows of zeros or by callables, or some constant components among others."""
    n, d = shape(rng)
    c = size(rng) * rng.standard_normal(n)
    kind = rng.integers(3)
    slope = np.zeros(n) if kind < 2 else np.where(rng.random(n) < 0.5, 0.0, size(rng))
    f: FiniteSum = LinearModel(np.zeros((n, d)), c, "squared", 0.0)
    low = c**2 / 2
    if kind:
        f = UserSum(
            lambda i, X: c[i] + slope[i] * np.sum(X * X, axis=1) / 2,
            lambda i, X: slope[i][:, None] * X,
            n,
            d,
            batched=True,
        )
        low = c
    L = float(slope.mean())
    return Problem(
        objective=f,
        x0=rng.standard_normal(d),
        L_i=claimed(slope),
        L=claimed(L if L > 0 else 1e-12),
        mu=claimed(L) if L > 0 else None,
        f_inf=claimed(float(low.mean())),
        f_i_inf=claimed(low),
        x_star=np.zeros(d),
        properties=CONVEX,
    )
