"""Faulty problems: claims that no run contradicts, and functions whose gradients are not theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.catalogue import load_problem
from samtheory.constants import claimed
from samtheory.objectives.linear import LinearModel
from samtheory.objectives.quadratic import Quadratics
from samtheory.objectives.user import UserSum
from samtheory.problem.problem import Problem
from samtheory.verification.self_test import Variant

from .make import RIDGE, card, cell


def raised_f_inf(right: Problem) -> Problem:
    """f_inf 1.7 % too high."""
    return replace(right, f_inf=claimed(1.017 * float(right.f_inf), "wrong"))


def one_component(right: Problem) -> Problem:
    """The L_i of the second component a tenth too low."""
    return replace(right, L_i=claimed(right.L_i.values * np.where(np.arange(right.n) == 1, 0.9, 1.0), "wrong"))


def elsewhere(right: Problem) -> Problem:
    """x_star a tenth off, and so the noise there."""
    assert right.x_star is not None
    return replace(right, x_star=1.1 * right.x_star + 0.1)


def other(name: str, *words: str) -> Callable[[Problem], Problem]:
    """Another problem, claimed to have properties that it does not have."""

    def made(right: Problem) -> Problem:
        found = load_problem(name)
        return replace(found, properties=found.properties | set(words))

    return made


def other_targets(right: Problem) -> Problem:
    """Targets changed after the claims were made."""
    f = right.objective
    assert isinstance(f, LinearModel)
    return replace(right, objective=LinearModel(f.A, f.b + 0.1 * np.arange(f.n), "squared", f.reg))


def infinite_mu(right: Problem) -> Problem:
    """mu = inf."""
    return replace(right, mu=claimed(float("inf"), "wrong"))


def negative_mu(right: Problem) -> Problem:
    """mu = -1."""
    return replace(right, mu=claimed(-1.0, "wrong"))


def second_well(right: Problem) -> Problem:
    """A deeper and steeper well far from the start."""

    def value(i: Any, X: Array) -> Array:
        return np.minimum(X[:, 0] ** 2 / 2, 20 * (X[:, 0] - 9) ** 2 - 1)

    def gradient(i: Any, X: Array) -> Array:
        near = X**2 / 2 <= 20 * (X - 9) ** 2 - 1
        return np.where(near, X, 40 * (X - 9))

    return of_one(value, gradient)


def factorised(right: Problem) -> Problem:
    """(xy - 1)^2/2, whose gradient is Lipschitz on bounded sets alone, without a region."""

    def value(i: Any, X: Array) -> Array:
        return np.asarray((X[:, 0] * X[:, 1] - 1) ** 2 / 2)

    def gradient(i: Any, X: Array) -> Array:
        return np.asarray((X[:, :1] * X[:, 1:] - 1) * X[:, ::-1])

    return of_one(value, gradient, d=2, L=5.0, mu=0.5)


def of_one(value: Any, gradient: Any, d: int = 1, L: float = 1.0, mu: float = 1.0) -> Problem:
    """One function with a minimum of 0 at 0 as far as its author knows."""
    f = UserSum(value, gradient, 1, d, batched=True)
    return Problem(f, np.ones(d), claimed(np.full(1, L)), claimed(L), claimed(0.0), claimed(np.zeros(1)), claimed(mu))


class Sunk(Quadratics):
    """A subclass that runs other code: values are lower by 1 near a point that no run meets."""

    def values(self, X: Array) -> Array:
        """Lower around 30."""
        return np.asarray(super().values(X) - np.exp(-np.sum((X - 30) ** 2, axis=1))[:, None] * 1e4)


def subclass(right: Problem) -> Problem:
    """The catalogue's claims on the subclass."""
    assert isinstance(right.objective, Quadratics)
    return replace(right, objective=Sunk(right.objective.H, right.objective.centres))


def with_gradients(change: Callable[[LinearModel, Any, Array], Array]) -> Callable[[Problem], Problem]:
    """The problem by callables, with other gradients of the components `i` at X."""

    def made(right: Problem) -> Problem:
        f = right.objective
        assert isinstance(f, LinearModel)

        def value(i: Any, X: Array) -> Array:
            return np.asarray(f.values(X)[np.arange(len(X)), i])

        own = UserSum(value, lambda i, X: change(f, i, X), f.n, f.d, batched=True)
        return replace(right, objective=own)

    return made


def right_gradient(f: LinearModel, i: Any, X: Array) -> Array:
    """grad f_i."""
    return np.asarray(f.gradients(X, np.asarray(i)[:, None])[:, 0])


def of_next(f: LinearModel, i: Any, X: Array) -> Array:
    """The gradient of component i + 1."""
    return right_gradient(f, (np.asarray(i) + 1) % f.n, X)


def unregularised(f: LinearModel, i: Any, X: Array) -> Array:
    """No gradient of the regulariser."""
    return right_gradient(f, i, X) - f.reg * X


def clipped(f: LinearModel, i: Any, X: Array) -> Array:
    """Clipped to 1e3."""
    g = right_gradient(f, i, X)
    return np.asarray(g * np.minimum(1, 1e3 / np.maximum(np.linalg.norm(g, axis=1, keepdims=True), 1e-300)))


def scaled(f: LinearModel, i: Any, X: Array) -> Array:
    """One in a thousand too long."""
    return 1.001 * right_gradient(f, i, X)


def raising(f: LinearModel, i: Any, X: Array) -> Array:
    """Raises beyond 50."""
    if np.abs(X).max(initial=0.0) > 50:
        raise ValueError("out of range")
    return right_gradient(f, i, X)


def missing_far_out(f: LinearModel, i: Any, X: Array) -> Array:
    """Not a number beyond 1e3."""
    return np.where(np.abs(X).max(axis=1, keepdims=True) > 1e3, np.nan, right_gradient(f, i, X))


def mean_removed(f: LinearModel, i: Any, X: Array) -> Array:
    """Less a thousandth of the mean over the batch."""
    g = right_gradient(f, i, X)
    return np.asarray(g - 1e-3 * g.mean(axis=0))


class Dropout:
    """Noise of one in a thousand that is drawn at each call."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def __call__(self, f: LinearModel, i: Any, X: Array) -> Array:
        g = right_gradient(f, i, X)
        return g * (1 + 1e-3 * self.rng.standard_normal(g.shape))


class Drift:
    """Longer with every call."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, f: LinearModel, i: Any, X: Array) -> Array:
        self.calls += 1
        return right_gradient(f, i, X) * (1 + 1e-6 * self.calls)


_ORACLE = ("oracle",)
_FULL = cell("two-quadratics", "3.4", "full", 0.0)

VARIANTS: tuple[Variant, ...] = (
    card("f_inf 1.7 % too high", raised_f_inf, cell(RIDGE)),
    card("L_i of one component too low", one_component, cell(RIDGE)),
    card("x_star off", elsewhere, cell(RIDGE, "ours/convex")),
    card("targets changed after the claims", other_targets, cell("interpolated-ls", "ours/interpolated", lam=0.0)),
    card("convex components without them", other("indefinite", "convex-components"), cell(RIDGE, "ours/convex")),
    card(
        "strong convexity without it",
        other("rank-deficient-ls", "strongly-convex"),
        cell(RIDGE, "gower-2019/3.1", lam=0.0),
    ),
    card("infinite mu", infinite_mu, cell(RIDGE), ("refused",)),
    card("negative mu", negative_mu, cell(RIDGE), ("refused",)),
    card("a deeper well that no run meets", second_well, _FULL),
    card("smooth on bounded sets alone", factorised, _FULL),
    card("a subclass with other values", subclass, _FULL),
    card("gradients of the next component", with_gradients(of_next), cell(RIDGE)),
    card("gradients without the regulariser", with_gradients(unregularised), cell(RIDGE)),
    card("gradients clipped far out", with_gradients(clipped), cell(RIDGE)),
    card("gradients off by 0.1 %", with_gradients(scaled), cell(RIDGE)),
    card("gradients that raise far out", with_gradients(raising), cell(RIDGE), _ORACLE),
    card("gradients that are NaN far out", with_gradients(missing_far_out), cell(RIDGE), _ORACLE),
    card("gradients of the whole batch", with_gradients(mean_removed), cell(RIDGE), _ORACLE),
    card("gradients with noise", with_gradients(Dropout()), cell(RIDGE), _ORACLE),
    card("gradients that drift", with_gradients(Drift()), cell(RIDGE), _ORACLE),
)
