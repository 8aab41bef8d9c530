"""Wrong claims where float64 runs out: data of size 1e+-150 and beyond, denormal numbers, huge condition numbers."""

from collections.abc import Callable
from functools import partial

import numpy as np

from samtheory import LinearModel, Problem, Quadratics, SineSum, claimed

ALL = ("L_i", "L", "mu")


def linear(size: float, wrong: float = 1.01, reg: float = 0.0, loss: str = "squared", targets: float = 1.0) -> Problem:
    """Rows size (1, 0), size (0, 2); L, L_i too small and mu too large by the factor `wrong`."""
    A = size * np.diag([1.0, 2.0])
    f = LinearModel(A, targets * np.ones(2), loss, reg)
    square = np.float64(size) ** 2
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed((square * np.array([1.0, 4.0]) + reg) / wrong),
        L=claimed((2 * square + reg) / wrong),
        mu=claimed((square / 2 + reg) * wrong),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(2)),
    )


def quadratics(*eigenvalues: float, wrong: float = 1.01, centre: float = 0.0) -> Problem:
    f = Quadratics(np.diag(eigenvalues)[None], np.full((1, len(eigenvalues)), centre))
    return Problem(
        objective=f,
        x0=np.ones(len(eigenvalues)),
        L_i=claimed(np.array([max(eigenvalues) / wrong])),
        L=claimed(max(eigenvalues) / wrong),
        mu=claimed(min(eigenvalues) * wrong),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
    )


def sines(size: float, wrong: float = 1.01) -> Problem:
    return Problem(
        objective=SineSum(size * np.array([1.0, 2.0]), np.eye(2)),
        x0=np.ones(2),
        L_i=claimed(np.array([16.0]) * size / wrong),
        L=claimed(16 * size / wrong),
        mu=claimed(0.1756 * size * wrong),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
    )


def raised(size: float, hair: float) -> Problem:
    """f* is a hair of f's height too high: least squares of residual (1, -1) in units of `size`."""
    A, b = size * np.ones((2, 1)), size * np.array([1.0, -1.0])
    return Problem(
        objective=LinearModel(A, b, "squared", 0.0),
        x0=np.ones(1),
        L_i=claimed(np.full(2, np.float64(size) ** 2)),
        L=claimed(np.float64(size) ** 2),
        mu=claimed(np.float64(size) ** 2),
        f_inf=claimed(np.float64(size) ** 2 / 2 * (1 + hair)),
        f_i_inf=claimed(np.zeros(2)),
    )


CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    **{
        f"rows-of-size-{size:g}": (ALL, partial(linear, size))
        for size in (1e150, 1e-150, 1e153, 1e-155, 1e-160, 1e100, 1e-100, 1e-162, 1e8, 1e-8)
    },
    **{
        f"rows-of-size-{size:g}-by-a-hair": (ALL, partial(linear, size, 1 + 1e-11))
        for size in (1e150, 1e-150, 1e100, 1e-8)
    },
    "rows-of-size-1e100-reg-1e-100": (("L_i", "L"), partial(linear, 1e100, reg=1e-100)),
    "rows-of-size-1e-100-reg-1e100": (ALL, partial(linear, 1e-100, reg=1e100)),
    "logistic-of-size-1e-150": (("mu",), partial(linear, 1e-150, reg=1e-300, loss="logistic")),
    "logistic-of-size-1e150": (("mu",), partial(linear, 1e150, reg=1e-300, loss="logistic")),
    "targets-of-size-1e150": (ALL, partial(linear, 1.0, targets=1e150)),
    "denormal-rows": (ALL, partial(linear, 5e-324)),
    "denormal-squares": (ALL, partial(linear, 2e-162)),
    "denormal-matrix": (("mu",), partial(quadratics, 5e-324, 1.0, wrong=1e8)),
    "denormal-eigenvalue": (("mu",), partial(quadratics, 2.5e-310, 1e-300)),
    "matrix-of-size-1e300": (ALL, partial(quadratics, 1e300, 2e300)),
    "matrix-of-size-1e-300": (ALL, partial(quadratics, 1e-300, 2e-300)),
    "condition-1e14": (ALL, partial(quadratics, 1e-14, 1.0)),
    "condition-1e17": (ALL, partial(quadratics, 1e-17, 1.0)),
    "condition-1e300": (ALL, partial(quadratics, 1e-150, 1e150)),
    "condition-1e600": (("L_i", "L", "mu"), partial(quadratics, 1e-300, 1e300)),
    "far-centre": (ALL, partial(quadratics, 1.0, 2.0, centre=1e150)),
    "sines-of-size-1e-150": (ALL, partial(sines, 1e-150)),
    "sines-of-size-1e150": (ALL, partial(sines, 1e150)),
    **{f"f_inf-of-size-{size:g}": (("f_inf",), partial(raised, size, 1e-10)) for size in (1e-150, 1e-8, 1e8, 1e150)},
}


def problem(case: str = "rows-of-size-1e-150") -> Problem:
    return CASES[case][1]()
