"""The package's own functions are replaced before the card is made: run each in a process of its own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

import samtheory.objectives.losses as losses
import samtheory.objectives.rows as rows
from samtheory import LinearModel, Problem, Quadratics, claimed


def least_squares() -> Problem:
    rng = np.random.default_rng(3)
    A = rng.standard_normal((6, 2))
    H = A.T @ A / 6 + 0.05 * np.eye(2)
    b = A @ rng.standard_normal(2) + rng.standard_normal(6)
    x, squares = np.linalg.solve(H, A.T @ b / 6), np.sum(A**2, axis=1)
    return Problem(
        objective=LinearModel(A, b, "squared", 0.05),
        x0=np.ones(2),
        L_i=claimed(squares + 0.05),
        L=claimed(np.linalg.eigvalsh(H)[1]),
        mu=claimed(np.linalg.eigvalsh(H)[0]),
        f_inf=claimed(np.mean((A @ x - b) ** 2) / 2 + 0.025 * x @ x),
        f_i_inf=claimed(0.5 * b**2 * 0.05 / (squares + 0.05)),
        x_star=x,
    )


def method_of_the_class() -> Problem:
    before, values = LinearModel.gradients, LinearModel.values
    LinearModel.gradients = lambda self, X, indices=None: 1.5 * before(self, X, indices)
    LinearModel.values = lambda self, X: 1.5 * values(self, X)
    return least_squares()


def method_of_the_loss() -> Problem:
    losses.Squared.value = staticmethod(lambda t, b: 0.75 * (t - b) ** 2)
    losses.Squared.slope = staticmethod(lambda t, b: 1.5 * (t - b))
    return least_squares()


def loss_in_the_table() -> Problem:
    class Squared(losses.Cauchy):
        key = "squared"

    losses.LOSSES["squared"] = Squared
    return least_squares()


def constant_of_the_loss() -> Problem:
    """Claims from a smaller sup|phi''|."""
    losses.Squared.smoothness = 0.5
    problem = least_squares()
    f = problem.objective
    return replace(problem, L_i=claimed(f.component_smoothness), L=claimed(f.smoothness))


def function_of_the_module() -> Problem:
    """`expit` within the losses."""
    losses.expit = lambda u: 1 / (1 + np.exp(-2 * u))
    rng = np.random.default_rng(3)
    A, b = rng.standard_normal((6, 2)), np.array([1.0, -1, 1, -1, 1, -1])
    return Problem(
        objective=LinearModel(A, b, "logistic", 0.05),
        x0=np.ones(2),
        L_i=claimed(np.sum(A**2, axis=1) / 4 + 0.05),
        L=claimed(np.linalg.norm(A.T @ A, 2) / 24 + 0.05),
        mu=claimed(0.05),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(6)),
    )


def numpy_of_the_module() -> Problem:
    """`np.einsum` as the rows of a linear model see it: g_v is 1.5 times what it should be."""

    class Numpy:
        def __getattr__(self, name):
            return getattr(np, name)

        @staticmethod
        def einsum(*arguments):
            return (1.5 if arguments[0] == "rm,rmd->rd" else 1.0) * np.einsum(*arguments)

    rows.np = Numpy()
    return least_squares()


def method_of_quadratics() -> Problem:
    before, gradient = Quadratics.gradients, Quadratics.gradient
    Quadratics.gradients = lambda self, X, indices=None: before(self, X, indices) + np.sin(X)[:, None, :]
    Quadratics.gradient = lambda self, X: gradient(self, X) + np.sin(X)
    values, gap = Quadratics.values, Quadratics.gap
    Quadratics.values = lambda self, X: values(self, X) + np.sum(1 - np.cos(X), axis=1)[:, None]
    Quadratics.gap = lambda self, X: gap(self, X) + np.sum(1 - np.cos(X), axis=1)
    return of_quadratics(Quadratics(np.diag([2.0, 1.0])[None], np.zeros((1, 2))))


def of_quadratics(f: Quadratics) -> Problem:
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(np.full(1, 2.0)),
        L=claimed(2.0),
        mu=claimed(1.0),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
        x_star=np.zeros(2),
    )


def every_answer_of_the_class() -> Problem:
    """A narrow well far out, by the function that answers for every other one."""
    problem = of_quadratics(Quadratics(np.diag([2.0, 1.0])[None], np.zeros((1, 2))))
    plain, centre = object.__getattribute__, np.array([123.4, -77.7])

    def answer(self, name):
        member = plain(self, name)
        if name == "values":
            return lambda X: member(X) - 1e6 * np.exp(-np.sum((X - centre) ** 2, axis=-1) / 0.01)[:, None]
        return member

    Quadratics.__getattribute__ = answer
    return problem


CURVED = ("L_i", "L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2")
CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    "method-of-the-class": (CURVED, method_of_the_class),
    "method-of-the-loss": (CURVED, method_of_the_loss),
    "loss-in-the-table": (("mu", "L_i"), loss_in_the_table),
    "constant-of-the-loss": (("L_i", "L"), constant_of_the_loss),
    "function-of-the-module": (("L_i", "L"), function_of_the_module),
    "numpy-of-the-module": (("Lambda",), numpy_of_the_module),
    "every-answer-of-the-class": (("f_inf", "mu", "f_i_inf"), every_answer_of_the_class),
    "method-of-quadratics": (("L_i", "L", "L_max", "L_avg"), method_of_quadratics),
}


def problem(case: str = "method-of-the-class") -> Problem:
    return CASES[case][1]()
