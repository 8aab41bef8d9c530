"""Rank and multiplicity that rounding decides: what is claimed holds of a matrix near the one that is stored.

A column of size 1e-16 is a column: the PL constant is the smallest eigenvalue above 0 of the numbers that are there.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from samtheory import LinearModel, Problem, Quadratics, claimed


def rows(n: int = 8, d: int = 3) -> np.ndarray:
    return np.random.default_rng(5).standard_normal((n, d))


def least_squares(A: np.ndarray, kept: int, interpolated: bool = False) -> Problem:
    """mu is the smallest of the `kept` largest eigenvalues of A^T A/n, as if the others were 0."""
    n, d = A.shape
    b = A @ np.ones(d) if interpolated else np.random.default_rng(6).standard_normal(n)
    values = np.linalg.svd(A, compute_uv=False) ** 2 / n
    x = np.linalg.lstsq(A, b, rcond=1e-10)[0]
    return Problem(
        objective=LinearModel(A, b, "squared", 0.0),
        x0=np.ones(d),
        L_i=claimed(np.sum(A**2, axis=1)),
        L=claimed(values[0]),
        mu=claimed(values[kept - 1]),
        f_inf=claimed(float(np.mean((A @ x - b) ** 2) / 2)),
        f_i_inf=claimed(np.zeros(n)),
        x_star=x,
    )


def small_column(size: float) -> Problem:
    A = rows()
    A[:, 2] *= size
    return least_squares(A, 2)


def nearly_duplicated(size: float) -> Problem:
    """The last column is the first but for one entry, a few units in the last place away."""
    A = rows()
    A[:, 2] = A[:, 0]
    A[3, 2] *= 1 + size
    return least_squares(A, 2)


def nearly_combined() -> Problem:
    """The last column is the rounded sum of thirds of the others."""
    A = rows()
    A[:, 2] = A[:, 0] / 3 + A[:, 1] / 3
    return least_squares(A, 2)


def nearly_equal_rows() -> Problem:
    """More columns than rows; two rows differ in the last place, so f* = 0, but not up to rounding."""
    A = rows(3, 5)
    A[2] = A[1] * (1 + 2**-52)
    b = np.array([1.0, 1.0, -1.0])
    values = np.linalg.svd(A, compute_uv=False) ** 2 / 3
    x = np.linalg.lstsq(A, b, rcond=1e-10)[0]
    return Problem(
        objective=LinearModel(A, b, "squared", 0.0),
        x0=np.ones(5),
        L_i=claimed(np.sum(A**2, axis=1)),
        L=claimed(values[0]),
        mu=claimed(values[1]),
        f_inf=claimed(float(np.mean((A @ x - b) ** 2) / 2)),
        f_i_inf=claimed(np.zeros(3)),
    )


def small_singular(product: float) -> Problem:
    """Orthogonal factors around singular values 1, 1, product."""
    rng = np.random.default_rng(7)
    U, V = np.linalg.qr(rng.standard_normal((6, 3)))[0], np.linalg.qr(rng.standard_normal((3, 3)))[0]
    return least_squares((U * [1.0, 1.0, product]) @ V.T, 2)


def of_matrices(H: np.ndarray, mu: float) -> Problem:
    n, d = len(H), H.shape[-1]
    norms = np.linalg.norm(H, 2, axis=(1, 2))
    return Problem(
        objective=Quadratics(H, np.zeros((n, d))),
        x0=np.ones(d),
        L_i=claimed(norms * (1 + 1e-9)),
        L=claimed(np.linalg.norm(H.mean(axis=0), 2) * (1 + 1e-9)),
        mu=claimed(mu),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(n)),
        x_star=np.zeros(d),
        properties=frozenset({"convex", "convex-components"}),
    )


def tiny_eigenvalue(value: float) -> Problem:
    return of_matrices(np.diag([value, 0.5, 1.0])[None], 0.5)


def negative_eigenvalue(value: float) -> Problem:
    """The mean curves down along the first axis, if by nothing that rounding would not: f is unbounded below."""
    return of_matrices(np.diag([value, 0.5, 1.0])[None], 0.5)


def rotated(value: float) -> Problem:
    Q = np.linalg.qr(np.random.default_rng(8).standard_normal((3, 3)))[0]
    H = (Q * [value, 0.5, 1.0]) @ Q.T
    return of_matrices(((H + H.T) / 2)[None], 0.5 * (1 - 1e-9))


def cancelling() -> Problem:
    """H_1 + H_2 has an eigenvalue that is 0 but for rounding: 0.1 + 0.2 - 0.3."""
    return of_matrices(np.array([np.diag([0.1 + 0.2, 1.0]), np.diag([-0.3, 1.0])]), 1.0)


def strongly_convex_by_rounding() -> Problem:
    problem = small_column(1e-17)
    return replace(problem, properties=frozenset({"convex", "strongly-convex", "convex-components"}))


CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    **{
        f"column-of-size-{size:g}": (("mu", "f_inf"), partial(small_column, size))
        for size in (1e-15, 1e-16, 1e-17, 1e-20, 1e-30, 1e-150)
    },
    **{
        f"nearly-duplicated-{size:g}": (("mu", "f_inf"), partial(nearly_duplicated, size))
        for size in (2.0**-52, 2.0**-50, 1e-13)
    },
    "nearly-combined": (("mu", "f_inf"), nearly_combined),
    "nearly-equal-rows": (("mu", "f_inf"), nearly_equal_rows),
    **{
        f"singular-value-{size:g}": (("mu", "f_inf"), partial(small_singular, size))
        for size in (0.0, 1e-17, 1e-16, 1e-14)
    },
    **{
        f"eigenvalue-{size:g}": (("mu",), partial(tiny_eigenvalue, size))
        for size in (1e-15, 1e-16, 1e-17, 1e-30, 1e-300)
    },
    **{
        f"eigenvalue-{size:g}": (("mu", "f_inf", "f_i_inf", "convex"), partial(negative_eigenvalue, size))
        for size in (-1e-13, -1e-16, -1e-30)
    },
    **{f"rotated-eigenvalue-{size:g}": (("mu",), partial(rotated, size)) for size in (0.0, 1e-17)},
    "cancelling-eigenvalues": (("mu", "f_i_inf", "convex-components"), cancelling),
    "strongly-convex-by-rounding": (("mu", "f_inf", "strongly-convex"), strongly_convex_by_rounding),
}


def problem(case: str = "column-of-size-1e-16") -> Problem:
    return CASES[case][1]()
