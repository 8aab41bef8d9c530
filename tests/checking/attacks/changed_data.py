"""Objectives whose data or functions are changed after the card was made: the claims are those of before."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from samtheory import FiniteSum, LinearModel, Problem, Quadratics, SineSum, Tilted, claimed


def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    A = rng.standard_normal((6, 2))
    return A, A @ rng.standard_normal(2) + rng.standard_normal(6)


def honest(f: FiniteSum, known: LinearModel | None = None) -> Problem:
    """The claims of the least-squares form `known`, which are those of f unless something was done to it."""
    known = LinearModel(*rows(), "squared", 0.05) if known is None else known
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(known.component_smoothness),
        L=claimed(known.smoothness),
        mu=claimed(known.spectrum[0] + known.reg),
        f_inf=claimed(known.reference),
        f_i_inf=claimed(known.component_infima),
        x_star=known.minimiser,
    )


def of_quadratics(f: FiniteSum) -> Problem:
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(np.full(f.n, 2.0)),
        L=claimed(2.0),
        mu=claimed(1.0),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(f.n)),
        x_star=np.zeros(2),
    )


def sines() -> Problem:
    f = SineSum(np.array([1.0, 2.0]), np.eye(2))
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(np.array([16.0])),
        L=claimed(16.0),
        mu=claimed(0.1755),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
        x_star=np.zeros(2),
    )


def tilted() -> Problem:
    base = Quadratics(np.diag([2.0, 1.0])[None], np.zeros((1, 2)))
    problem = of_quadratics(Tilted(base, np.array([[1.0, 1.0], [-1.0, -1.0]])))
    return replace(problem, f_i_inf=claimed(np.full(2, -0.75)), claims=problem.objective.expected_residual)


def changed_rows(factor: float) -> Problem:
    f = LinearModel(*rows(), "squared", 0.05)
    problem = honest(f, f)
    f.A[0] *= factor
    return problem


def changed_rows_from_outside() -> Problem:
    A, b = rows()
    A = np.ascontiguousarray(A)
    f = LinearModel(A, b, "squared", 0.05)
    problem = honest(f, f)
    A *= 3
    f.A *= 3 if f.A[0, 0] != A[0, 0] else 1  # the constructor may have copied
    return problem


def changed_targets() -> Problem:
    """b a third: f* is a ninth of what is claimed."""
    f = LinearModel(*rows(), "squared", 0.05)
    problem = honest(f, f)
    f.b /= 3
    return problem


def changed_reg() -> Problem:
    f = LinearModel(*rows(), "squared", 0.05)
    problem = honest(f, f)
    f.reg = 0.01
    return problem


def not_a_number() -> Problem:
    f = LinearModel(*rows(), "squared", 0.05)
    problem = honest(f, f)
    f.A[2, 1] = np.nan
    return problem


def negative_reg() -> Problem:
    f = LinearModel(*rows(), "squared", 0.05)
    problem = honest(f, LinearModel(*rows(), "squared", 0.05))
    f.reg = -0.04
    return problem


def changed_loss() -> Problem:
    from samtheory.objectives.losses import LOSSES

    f = LinearModel(*rows(), "squared", 0.05)
    problem = honest(f, f)
    f.loss = LOSSES["cauchy"]
    return problem


def changed_matrices() -> Problem:
    f = Quadratics(np.diag([2.0, 1.0])[None], np.zeros((1, 2)))
    problem = of_quadratics(f)
    f.H[0, 0, 0] = 0.5
    f.H[0, 1, 1] = 3.0
    return problem


def changed_centres() -> Problem:
    """The two components part: f* rises above 0, and the gap is still measured from the old minimiser."""
    f = Quadratics(np.array([np.diag([2.0, 1.0])] * 2), np.zeros((2, 2)))
    problem = of_quadratics(f)
    assert f.reference == 0
    f.centres[0] = 1.0
    return replace(problem, f_inf=claimed(0.6))


def changed_weights() -> Problem:
    problem = sines()
    problem.objective.w[0] = 0.1
    problem.objective.w[1] = 5.0
    return problem


def changed_amplitude() -> Problem:
    problem = sines()
    problem.objective.a = 4.5
    return problem


def changed_tilts() -> Problem:
    problem = tilted()
    problem.objective.tilts *= 10
    return replace(problem, claims=tilted().claims)


def changed_base() -> Problem:
    """The function below the tilts is patched, not the tilted sum."""
    problem = tilted()
    base = problem.objective.base
    for name in ("value", "gradient", "values", "gradients", "gap"):
        before = getattr(base, name)
        setattr(base, name, lambda *arguments, before=before: 1.5 * before(*arguments))
    return problem


CURVED = ("L_i", "L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2")
CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    "rows-changed": (CURVED, partial(changed_rows, 3.0)),
    "rows-changed-by-a-hair": (CURVED[:1], partial(changed_rows, 1 + 1e-10)),
    "rows-changed-from-outside": (CURVED, changed_rows_from_outside),
    "targets-changed": (("f_inf",), changed_targets),
    "regulariser-changed": (("mu", "f_inf"), changed_reg),
    "rows-not-a-number": ((*CURVED, "mu", "f_inf"), not_a_number),
    "regulariser-negative": (("mu", "f_inf"), negative_reg),
    "loss-changed": (("mu", *CURVED[:1]), changed_loss),
    "matrices-changed": (("L_i", "L", "mu"), changed_matrices),
    "centres-changed": (("f_inf",), changed_centres),
    "weights-changed": (("L_i", "L", "mu"), changed_weights),
    "amplitude-changed": (("L_i", "L", "mu"), changed_amplitude),
    "tilts-changed": (("f_i_inf",), changed_tilts),
    "function-below-the-tilts-patched": (("L", "L_i"), changed_base),
}


def problem(case: str = "rows-changed") -> Problem:
    return CASES[case][1]()
