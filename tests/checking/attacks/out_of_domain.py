"""Claims that are no numbers, or that no function can have: infinite, NaN, negative, zero."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from samtheory import LinearModel, Problem, claimed


def right() -> Problem:
    rng = np.random.default_rng(3)
    A = rng.standard_normal((6, 2))
    f = LinearModel(A, A @ rng.standard_normal(2) + rng.standard_normal(6), "squared", 0.05)
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(f.component_smoothness),
        L=claimed(f.smoothness),
        mu=claimed(f.spectrum[0] + 0.05),
        f_inf=claimed(f.reference),
        f_i_inf=claimed(f.component_infima),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
    )


def scalar(name: str, value: float) -> Problem:
    return replace(right(), **{name: claimed(value)})


def component(name: str, value: float) -> Problem:
    values = getattr(right(), name).values.copy()
    values[2] = value
    return replace(right(), **{name: claimed(values)})


def residual(*values: float) -> Problem:
    return replace(right(), claims=lambda law: dict(zip("ABC", map(claimed, values), strict=True)))


def sampled(*values: float) -> Problem:
    return replace(
        right(), claims=lambda law: dict(zip(("Lambda1", "Lambda2", "Lambda"), map(claimed, values), strict=True))
    )


def minimiser(value: float) -> Problem:
    return replace(right(), x_star=np.array([value, 0.0]))


NAN, INF = float("nan"), float("inf")
CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    **{f"mu={value}": (("mu",), partial(scalar, "mu", value)) for value in (INF, -INF, NAN, -1.0, 0.0, -0.0, 1e308)},
    **{f"L={value}": (("L",), partial(scalar, "L", value)) for value in (INF, -INF, NAN, -1.0, 0.0, 5e-324)},
    **{f"L_2={value}": (("L_i",), partial(component, "L_i", value)) for value in (INF, -INF, NAN, -1.0, 0.0)},
    **{f"f_inf={value}": (("f_inf",), partial(scalar, "f_inf", value)) for value in (INF, -INF, NAN, 1e308)},
    **{f"f_2_inf={value}": (("f_i_inf",), partial(component, "f_i_inf", value)) for value in (INF, -INF, NAN)},
    **{f"x_star={value}": (("minimiser",), partial(minimiser, value)) for value in (INF, NAN, 1e308)},
    **{
        f"A, B, C = {values}": (("A", "B", "C"), partial(residual, *values))
        for values in [(NAN, 0, 1), (INF, 0, 0), (1e3, NAN, 0), (1e3, 0, INF), (-1, 0, 1e9), (1e3, -5, 1e3), (0, 0, 0)]
    },
    **{
        f"Lambda = {values}": (("Lambda",), partial(sampled, *values))
        for values in [(NAN, NAN, NAN), (9, 9, INF), (-1, -1, -1), (0, 0, 0)]
    },
}


def problem(case: str = "mu=inf") -> Problem:
    return CASES[case][1]()
