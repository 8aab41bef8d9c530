"""Claims a hair beyond the truth: relatively 1e-6 to 1e-11, every constant, every class of objective.

The true constants are closed forms, or roots to 30 digits.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import mpmath
import numpy as np

from samtheory import FiniteSum, LinearModel, Problem, Quadratics, SineSum, Tilted, claimed
from samtheory.objectives.penalised import Penalised

HAIRS = [1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11]
SMOOTHNESS = ("L_i", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2")


def root(slope: Callable[[mpmath.mpf], mpmath.mpf], near: float) -> mpmath.mpf:
    with mpmath.workdps(30):
        return mpmath.findroot(slope, near)


def sine_pl() -> float:
    """The smallest phi'^2/(2 phi) of phi = u^2 + 3 sin^2 u."""

    def ratio(u: mpmath.mpf) -> mpmath.mpf:
        return (2 * u + 3 * mpmath.sin(2 * u)) ** 2 / (2 * (u * u + 3 * mpmath.sin(u) ** 2))

    with mpmath.workdps(30):
        return float(ratio(root(lambda u: mpmath.diff(ratio, u), 2.2)))


def quadratics() -> Problem:
    """H = diag(2, 4), x* = (1/4, 3/8); f* = 7/32 from Fractions."""
    H = np.array([np.diag([1.0, 5.0]), np.diag([3.0, 3.0])])
    f = Quadratics(H, np.eye(2))
    x = np.array([0.25, 0.375])
    return card(f, [5, 3], 4, 2, float(f.value(x[None])[0]), [0, 0], x_star=x)


def squared() -> Problem:
    """Orthogonal rows (2, 0), (0, 1), targets 1, reg 1/2: H = diag(5/2, 1)."""
    f = LinearModel(np.diag([2.0, 1.0]), np.ones(2), "squared", 0.5)
    x = np.array([0.4, 0.5])
    lowest = 0.5 * 0.5 / (np.array([4, 1]) + 0.5)
    return card(f, [4.5, 1.5], 2.5, 1, float(f.value(x[None])[0]), lowest, x_star=x)


def squared_of_full_rank() -> Problem:
    """Rows (2, 0), (0, 1) and no regulariser: H = diag(2, 1/2), f* = 0."""
    f = LinearModel(np.diag([2.0, 1.0]), np.ones(2), "squared", 0.0)
    return card(f, [4, 1], 2, 0.5, 0, [0, 0], x_star=np.array([0.5, 1.0]))


def logistic() -> Problem:
    """One parameter, rows 2 and 1, reg 1/2: curvature is largest at 0; the PL constant 1/2 is approached far out."""
    a, reg = (2, 1), 0.5

    def lowest(rows: tuple[int, ...]) -> float:
        def value(x: mpmath.mpf) -> mpmath.mpf:
            return mpmath.fsum(mpmath.log1p(mpmath.exp(-r * x)) for r in rows) / len(rows) + reg * x * x / 2

        with mpmath.workdps(30):
            return float(value(root(lambda x: mpmath.diff(value, x), 0.6)))

    f = LinearModel(np.array(a, dtype=float)[:, None], np.ones(2), "logistic", reg)
    return card(f, [1.5, 0.75], 1.125, reg, lowest(a), [lowest((r,)) for r in a])


def sine() -> Problem:
    return card(LinearModel(np.ones((1, 1)), np.zeros(1), "sine", 0.0), [8], 8, sine_pl(), 0, [0], x_star=np.zeros(1))


def sine_sum() -> Problem:
    return card(SineSum(np.array([1.0, 2.0]), np.eye(2)), [16], 16, sine_pl(), 0, [0], x_star=np.zeros(2))


def tilted() -> Problem:
    """F = (x^2 + 4 y^2)/2 with tilts (1, 1) and (-1, -1): inf f_i = -1/2 - 1/8, and the noise is exactly 2."""
    f = Tilted(Quadratics(np.diag([1.0, 4.0])[None], np.zeros((1, 2))), np.array([[1.0, 1.0], [-1.0, -1.0]]))
    return card(f, [4, 4], 4, 1, 0, [-0.625, -0.625], x_star=np.zeros(2))


def penalised() -> Problem:
    """Rows (2, 0), (0, 1) with half of (3 x^2 + y^2)/2 added: H = diag(7/2, 1)."""
    base = LinearModel(np.diag([2.0, 1.0]), np.zeros(2), "squared", 0.0)
    f = Penalised(base, Quadratics(np.diag([3.0, 1.0])[None], np.zeros((1, 2))), 0.5)
    return card(f, [5.5, 1.5], 3.5, 1, 0, [0, 0], x_star=np.zeros(2))


def card(
    f: FiniteSum, L_i: list[float], L: float, mu: float, f_inf: float, f_i_inf: list[float], **others: Any
) -> Problem:
    return Problem(
        objective=f,
        x0=np.ones(f.d),
        L_i=claimed(np.array(L_i, dtype=float)),
        L=claimed(float(L)),
        mu=claimed(float(mu)),
        f_inf=claimed(float(f_inf)),
        f_i_inf=claimed(np.array(f_i_inf, dtype=float)),
        **others,
    )


def beyond(build: Callable[[], Problem], constant: str, hair: float) -> Problem:
    """The card with one constant a hair on the wrong side; infima by the hair of the start's height."""
    right = build()
    height = max(abs(float(right.f_inf)), right.delta0)
    if constant == "L_i":
        first = right.L_i.values * np.where(right.L_i.values == right.L_i.values.max(), 1 - hair, 1)
    elif constant == "f_i_inf":
        first = right.f_i_inf.values + hair * height * (np.arange(right.n) == 0)
    elif constant == "f_inf":
        first = float(right.f_inf) + hair * height
    else:
        first = float(getattr(right, constant)) * (1 + hair if constant == "mu" else 1 - hair)
    return replace(right, **{constant: claimed(first)})


def noise_beyond(hair: float) -> Problem:
    """The exact variance of additive noise, 2, a hair too small."""
    return replace(
        tilted(), claims=lambda law: {"A": claimed(0.0), "B": claimed(1.0), "C": claimed(law.w[0] * (1 - hair))}
    )


BUILDERS = [quadratics, squared, squared_of_full_rank, logistic, sine, sine_sum, tilted, penalised]
CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    f"{build.__name__}-{constant}-{hair:g}": (
        SMOOTHNESS[: 3 if build in (sine, sine_sum) else 6] if constant == "L_i" else (constant,),
        partial(beyond, build, constant, hair),
    )
    for build in BUILDERS
    for constant in ("L_i", "L", "mu", "f_inf", "f_i_inf")
    for hair in HAIRS
} | {f"noise-{hair:g}": (("A", "B", "C", "bounded-variance"), partial(noise_beyond, hair)) for hair in HAIRS}


def problem(case: str = "squared-mu-1e-11") -> Problem:
    return CASES[case][1]()
