"""Problem cards with one realistic mistake each, and the constant that shows it.

Every card is a problem of the catalogue, right but for the mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samtheory import LinearModel, Problem, Quadratics, UserSum, claimed, load_problem


@dataclass(frozen=True)
class WrongCard:
    """A problem, the mistake in it, the constant that must be falsified, and the sampling under which."""

    mistake: str
    constant: str
    build: Callable[[], Problem]
    sampling: str = "uniform"


CARDS: list[WrongCard] = []


def card(mistake: str, constant: str, sampling: str = "uniform") -> Callable[[Callable[[], Problem]], None]:
    """Puts the decorated builder of a problem among the cards."""

    def add(build: Callable[[], Problem]) -> None:
        CARDS.append(WrongCard(mistake, constant, build, sampling))

    return add


def wrong(name: str, changes: dict[str, Any], **params: Any) -> Problem:
    """The problem `name` of the catalogue with other claims; numbers and arrays become claimed constants."""
    problem = load_problem(name, **params)
    claims = {
        key: claimed(value, "wrong") if isinstance(value, (float, np.ndarray)) and key != "x_star" else value
        for key, value in changes.items()
    }
    return replace(problem, **claims)


def linear(problem: Problem) -> LinearModel:
    """The objective of a linear-model problem."""
    assert isinstance(problem.objective, LinearModel)
    return problem.objective


def eigenvalues(problem: Problem) -> np.ndarray:
    """Of A^T A/n, ascending."""
    A = linear(problem).A
    return np.linalg.eigvalsh(A.T @ A / problem.n)


# Smoothness


@card("L_i without the regulariser", "L_i")
def _() -> Problem:
    return wrong("ridge", {"L_i": linear(load_problem("ridge")).norms2})


@card("half of L_i: the 1/2 of the loss counted twice", "L_i")
def _() -> Problem:
    return wrong("ridge", {"L_i": load_problem("ridge").L_i.values / 2})


@card("||a_i|| in the place of ||a_i||^2", "L_i")
def _() -> Problem:
    f = linear(load_problem("ridge"))
    return wrong("ridge", {"L_i": np.sqrt(f.norms2) + f.reg})


@card("L of f used for every L_i", "L_i")
def _() -> Problem:
    problem = load_problem("ridge")
    return wrong("ridge", {"L_i": np.full(problem.n, float(problem.L))})


@card("the mean of the L_i in the place of the largest", "L_max")
def _() -> Problem:
    problem = load_problem("ridge")
    return wrong("ridge", {"L_i": np.full(problem.n, problem.L_i.values.mean())})


@card("L_i divided by n", "L_avg")
def _() -> Problem:
    problem = load_problem("ridge")
    return wrong("ridge", {"L_i": problem.L_i.values / problem.n})


@card("one L_i of many mistyped", "L_i")
def _() -> Problem:
    problem = load_problem("ridge", n=40)
    L_i = problem.L_i.values.copy()
    L_i[17] *= 0.9
    return wrong("ridge", {"L_i": L_i}, n=40)


@card("L without the regulariser", "L")
def _() -> Problem:
    return wrong("ridge", {"L": float(eigenvalues(load_problem("ridge"))[-1])})


@card("L as the mean eigenvalue, trace/d", "L")
def _() -> Problem:
    return wrong("ridge", {"L": float(eigenvalues(load_problem("ridge")).mean())})


@card("logistic smoothness 1/8: the factor 1/2 of another convention", "L_i")
def _() -> Problem:
    f = linear(load_problem("logistic"))
    return wrong("logistic", {"L_i": f.norms2 / 8 + f.reg})


@card("logistic L_i at the solution, where the curvature is not the largest", "L_i")
def _() -> Problem:
    f = linear(load_problem("logistic"))
    at = f.loss.curvature(f.A @ f.minimiser, f.b)
    return wrong("logistic", {"L_i": at * f.norms2 + f.reg})


@card("curvature of u^2 alone, the sine forgotten", "L_i")
def _() -> Problem:
    return wrong("sine-sum", {"L_i": 2 * linear(load_problem("sine-sum")).norms2})


@card("sup phi'' of Geman-McClure taken as 1", "L_i")
def _() -> Problem:
    return wrong("robust", {"L_i": linear(load_problem("robust")).norms2})


@card("sigmoid smoothness 1/16: the logistic one squared", "L_i")
def _() -> Problem:
    return wrong("sigmoid", {"L_i": linear(load_problem("sigmoid")).norms2 / 16})


@card("smallest in the place of the largest weight", "L")
def _() -> Problem:
    return wrong("bounded-variance", {"L": 8 * 0.5})


@card("constants of data standardised once more than the data", "L_i")
def _() -> Problem:
    rng = np.random.default_rng(1)
    A, b = 3 * rng.standard_normal((12, 3)) + 1, rng.standard_normal(12)
    twice = (A - A.mean(axis=0)) / A.std(axis=0)
    return replace(load_problem("ridge", rows=(A, b)), L_i=load_problem("ridge", rows=(twice, b)).L_i)


@card("L of f claimed to be mu: condition number 1", "L")
def _() -> Problem:
    return wrong("heterogeneous", {"L": float(load_problem("heterogeneous").mu)})


# PL


@card("mu of A^T A, not divided by n", "mu")
def _() -> Problem:
    problem = load_problem("ridge")
    return wrong("ridge", {"mu": float(problem.n * eigenvalues(problem)[0])})


@card("condition number of A in the place of that of A^T A", "mu")
def _() -> Problem:
    problem = load_problem("ridge", reg=1e-3)
    return wrong("ridge", {"mu": float(problem.L) / np.linalg.cond(linear(problem).A)}, reg=1e-3)


@card("twice mu: ||grad f||^2 >= mu (f - f*) read as PL", "mu")
def _() -> Problem:
    return wrong("ridge", {"mu": 2 * float(load_problem("ridge").mu)})


@card("regulariser reg ||x||^2 without its 1/2 in mu", "mu")
def _() -> Problem:
    return wrong("logistic", {"mu": 2 * linear(load_problem("logistic")).reg})


@card("logistic regression with the mu of least squares", "mu")
def _() -> Problem:
    problem = load_problem("logistic")
    return wrong("logistic", {"mu": float(eigenvalues(problem)[0]) / 4 + linear(problem).reg})


@card("a small eigenvalue taken for zero", "mu")
def _() -> Problem:
    return wrong("interpolated-ls", {"mu": float(eigenvalues(load_problem("interpolated-ls"))[-5])})


@card("a zero eigenvalue taken as non-zero: strong convexity of the regulariser where there is none", "mu")
def _() -> Problem:
    problem = load_problem("ridge")
    f = linear(problem)
    A = f.A.copy()
    A[:, -1] = A[:, 0]
    less = LinearModel(A, f.b, "squared", 1e-4)
    fresh = load_problem("ridge", reg=1e-4, rows=(A, f.b))
    return replace(fresh, objective=less, mu=claimed(float(eigenvalues(fresh)[1])))


@card("mu of x^2 + 3 sin^2 x rounded up", "mu", "full")
def _() -> Problem:
    return wrong("sine-1d", {"mu": 0.1756})


@card("mu of the quadratic part of x^2 + 3 sin^2 x", "mu", "full")
def _() -> Problem:
    return wrong("sine-1d", {"mu": 2.0})


@card("PL of a composition without the 1/n", "mu")
def _() -> Problem:
    problem = load_problem("sine-sum")
    return wrong("sine-sum", {"mu": problem.n * float(problem.mu)})


@card("PL claimed of a sigmoid loss", "mu")
def _() -> Problem:
    return wrong("sigmoid", {"mu": 1e-3})


@card("lambda_min of one H_i for that of the mean", "mu")
def _() -> Problem:
    f = load_problem("heterogeneous").objective
    assert isinstance(f, Quadratics)
    return wrong("heterogeneous", {"mu": float(np.linalg.eigvalsh(f.H)[:, 1].max())})


@card("interpolation taken for granted: f* = 0 for inconsistent rows", "mu")
def _() -> Problem:
    return wrong("rank-deficient-ls", {"f_inf": 0.0})


@card("f* of the problem without regulariser", "mu")
def _() -> Problem:
    f = linear(load_problem("ridge", reg=0.3))
    residual = f.A @ np.linalg.lstsq(f.A, f.b, rcond=None)[0] - f.b
    return wrong("ridge", {"f_inf": float(residual @ residual / (2 * f.n))}, reg=0.3)


# Infima


@card("f* taken from a run of gradient descent", "f_inf")
def _() -> Problem:
    problem = load_problem("ridge")
    x = problem.x0[None]
    for _ in range(40):
        x = x - problem.objective.gradient(x) / problem.L
    return wrong("ridge", {"f_inf": float(problem.objective.value(x)[0])})


@card("f* with reg ||x||^2 in the place of (reg/2)||x||^2", "f_inf")
def _() -> Problem:
    problem = load_problem("ridge")
    x = problem.x_star
    return wrong("ridge", {"f_inf": float(problem.f_inf) + 0.5 * linear(problem).reg * float(x @ x)})


@card("f* by a solver stopped at a gradient of 1e-4", "f_inf")
def _() -> Problem:
    problem = load_problem("logistic")
    x, f = problem.x0[None], problem.objective
    while np.linalg.norm(f.gradient(x)) > 1e-4:
        x = x - f.gradient(x) / problem.L
    return wrong("logistic", {"f_inf": float(f.value(x)[0])})


@card("f* of labels -1/+1, objective of labels 0/1", "mu")
def _() -> Problem:
    problem = load_problem("logistic")
    f = linear(problem)
    return replace(problem, objective=LinearModel(f.A, (f.b + 1) / 2, "logistic", f.reg), x_star=None)


@card("inf f_i taken as f_i(x*)", "f_i_inf")
def _() -> Problem:
    problem = load_problem("ridge")
    return wrong("ridge", {"f_i_inf": problem.objective.values(problem.x_star[None])[0]})


@card("inf f_i taken as f_i(0)", "f_i_inf")
def _() -> Problem:
    problem = load_problem("logistic")
    return wrong("logistic", {"f_i_inf": np.full(problem.n, np.log(2.0))})


@card("inf f_i of ridge with the fraction the wrong way up", "f_i_inf")
def _() -> Problem:
    f = linear(load_problem("ridge"))
    return wrong("ridge", {"f_i_inf": 0.5 * f.b**2 * f.norms2 / (f.norms2 + f.reg)})


@card("the first local minimum of f_i for the lowest", "f_i_inf", "independent:0.5")
def _() -> Problem:
    problem = load_problem("bounded-variance", noise=20)
    X = np.zeros((problem.n, problem.d))
    for _ in range(2000):
        X = X - problem.objective.gradients(X, np.arange(problem.n)[:, None])[:, 0] / problem.L
    local = problem.objective.values(X)[np.arange(problem.n), np.arange(problem.n)]
    return wrong("bounded-variance", {"f_i_inf": local}, noise=20)


# Gradients against values


def logistic_sum(
    value: Callable[..., Any], gradient: Callable[..., Any], A: np.ndarray, b: np.ndarray, reg: float
) -> Problem:
    """The problem logistic with callables of the form (rows a (m, d), labels b (m, 1), reg, points x (m, d))."""
    problem, labels = load_problem("logistic"), b[:, None]
    own = UserSum(
        lambda i, x: value(A[i], labels[i], reg, x),
        lambda i, x: gradient(A[i], labels[i], reg, x),
        *A.shape,
        batched=True,
        reference=problem.objective.reference,
    )
    return replace(problem, objective=own)


def dot(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.sum(a * x, axis=-1, keepdims=True)


def logistic_value(a: np.ndarray, b: np.ndarray, reg: float, x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, -b * dot(a, x)) + reg / 2 * dot(x, x)


def logistic_gradient(a: np.ndarray, b: np.ndarray, reg: float, x: np.ndarray) -> np.ndarray:
    return -b / (1 + np.exp(np.minimum(b * dot(a, x), 500))) * a + reg * x


def parts() -> tuple[np.ndarray, np.ndarray, float]:
    f = linear(load_problem("logistic"))
    return f.A, f.b, f.reg


@card("||x|| in the place of ||x||^2 in the value", "gradients")
def _() -> Problem:
    return logistic_sum(
        lambda a, b, reg, x: logistic_value(a, b, 0, x) + reg / 2 * np.sqrt(dot(x, x)), logistic_gradient, *parts()
    )


@card("a sign error in the gradient", "gradients")
def _() -> Problem:
    return logistic_sum(logistic_value, lambda a, b, reg, x: reg * x - logistic_gradient(a, b, 0, x), *parts())


@card("the gradient without the regulariser", "gradients")
def _() -> Problem:
    return logistic_sum(logistic_value, lambda a, b, _, x: logistic_gradient(a, b, 0, x), *parts())


@card("the regulariser without its 1/2 in the value", "gradients")
def _() -> Problem:
    return logistic_sum(lambda a, b, reg, x: logistic_value(a, b, 2 * reg, x), logistic_gradient, *parts())


@card("labels 0/1 in the value, -1/+1 in the gradient", "gradients")
def _() -> Problem:
    return logistic_sum(lambda a, b, reg, x: logistic_value(a, (b + 1) / 2, reg, x), logistic_gradient, *parts())


@card("one wrong gradient of many: a label flipped", "gradients")
def _() -> Problem:
    A, b, reg = parts()

    def gradient(a: np.ndarray, label: np.ndarray, reg: float, x: np.ndarray) -> np.ndarray:
        fifth = np.all(a == A[5], axis=-1, keepdims=True)
        return logistic_gradient(a, np.where(fifth, -label, label), reg, x)

    return logistic_sum(logistic_value, gradient, A, b, reg)


@card("the gradient of the sum in the place of the mean", "gradients")
def _() -> Problem:
    class Summed(LinearModel):
        def gradient(self, X: np.ndarray) -> np.ndarray:
            return self.n * super().gradient(X)

    f = linear(load_problem("ridge"))
    return wrong("ridge", {"objective": Summed(f.A, f.b, "squared", f.reg)})
