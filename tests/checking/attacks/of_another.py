"""Claims of another problem, or of another time: minimisers, infima, residuals and words that do not belong."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from samtheory import LinearModel, Problem, Quadratics, claimed


def ridge(seed: int = 3, reg: float = 0.05) -> Problem:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((6, 2))
    f = LinearModel(A, A @ rng.standard_normal(2) + rng.standard_normal(6), "squared", reg)
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(f.component_smoothness),
        L=claimed(f.smoothness),
        mu=claimed(f.spectrum[0] + reg),
        f_inf=claimed(f.reference),
        f_i_inf=claimed(f.component_infima),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
    )


def with_parts_of(other: Problem, *names: str) -> Problem:
    return replace(ridge(), **{name: getattr(other, name) for name in names})


def moved_minimiser(by: float) -> Problem:
    return replace(ridge(), x_star=ridge().x_star + by)


def raised(name: str, by: float) -> Problem:
    right = ridge()
    value = getattr(right, name)
    return replace(right, **{name: claimed(value.values + by if name == "f_i_inf" else float(value) + by)})


def words(*properties: str, of: Callable[[], Problem] = ridge) -> Problem:
    right = of()
    return replace(right, properties=right.properties | set(properties))


def sine() -> Problem:
    f = LinearModel(np.ones((2, 1)), np.array([0.5, -0.5]), "sine", 0.0)
    return Problem(
        objective=f,
        x0=np.ones(1),
        L_i=claimed(np.full(2, 8.0)),
        L=claimed(8.0),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(2)),
    )


def indefinite() -> Problem:
    f = Quadratics(np.array([np.diag([2.0, -1.0]), np.diag([2.0, 3.0])]), np.zeros((2, 2)))
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(np.array([2.0, 3.0])),
        L=claimed(2.0),
        mu=claimed(1.0),
        f_inf=claimed(0.0),
        x_star=np.zeros(2),
        properties=frozenset({"convex"}),
    )


def residual_too_small(name: str, factor: float) -> Problem:
    """The sharp (A, B, C) of least squares under this law, one of them scaled."""
    right = ridge()

    def residual(law):
        own = right.expected_residual(law).named
        return {key: claimed(value * (factor if key == name else 1)) for key, value in own.items()}

    return replace(right, claims=residual)


def sampled_too_small(factor: float) -> Problem:
    right = ridge()

    def claims(law):
        smaller = (claimed(factor * each) for each in right.smoothness_of(law))
        return dict(zip(("Lambda1", "Lambda2", "Lambda"), smaller, strict=True))

    return replace(right, claims=claims)


CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    "x_star-of-another": (("minimiser",), lambda: with_parts_of(ridge(4), "x_star")),
    "f_inf-of-another": (("f_inf",), lambda: with_parts_of(ridge(3, 0.5), "f_inf")),
    "f_i_inf-of-another": (("f_i_inf",), lambda: with_parts_of(ridge(3, 0.5), "f_i_inf")),
    "L_i-of-another": (("L_i",), lambda: with_parts_of(ridge(4), "L_i")),
    "mu-of-another": (("mu",), lambda: with_parts_of(ridge(3, 0.5), "mu")),
    "objective-of-another": (("minimiser",), lambda: with_parts_of(ridge(4), "objective")),
    **{f"x_star-moved-by-{by:g}": (("minimiser",), partial(moved_minimiser, by)) for by in (1e-3, 1e-6)},
    **{
        f"{name}-raised-by-{by:g}": ((name,), partial(raised, name, by))
        for name in ("f_inf", "f_i_inf")
        for by in (1e-4, 1e-8, 1e-11)
    },
    "interpolation-of-none": (("interpolation",), partial(words, "interpolation")),
    "convex-sines": (("convex",), partial(words, "convex", of=sine)),
    "convex-sine-components": (("convex-components",), partial(words, "convex-components", of=sine)),
    "interpolated-sines": (("interpolation",), partial(words, "interpolation", of=sine)),
    "convex-saddles": (("convex-components",), partial(words, "convex-components", of=indefinite)),
    "f_i_inf-of-saddles": (("f_i_inf",), lambda: replace(indefinite(), f_i_inf=claimed(np.zeros(2)))),
    **{
        f"Lambda-times-{factor}": (("Lambda", "Lambda1", "Lambda2"), partial(sampled_too_small, factor))
        for factor in (0.5, 0.99, 1 - 1e-6, 1 - 1e-11)
    },
    **{
        f"{name}-times-{factor}": (
            ("A", "B", "C")[: 3 if factor == 0 else 0],
            partial(residual_too_small, name, factor),
        )
        for name in ("A", "C")
        for factor in (0.0,)
    },
}


def problem(case: str = "x_star-of-another") -> Problem:
    return CASES[case][1]()
