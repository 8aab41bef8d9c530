"""Wrong cards whose mistake is in a constant under a sampling, or in a property; see wrong_cards.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from wrong_cards import card, linear, wrong

import samtheory as st
from samtheory import Constant, LinearModel, Problem, Quadratics, claimed, load_problem
from samtheory.sampling.independent import IndependentLaw
from samtheory.sampling.law import Law
from samtheory.sampling.nice import NiceLaw
from samtheory.sampling.replacement import ReplacementLaw


def triple(A: float, B: float, C: float) -> dict[str, Constant]:
    """Claimed A, B, C."""
    return {"A": claimed(float(A)), "B": claimed(float(B)), "C": claimed(float(C))}


def textbook(problem: Problem, law: Law) -> tuple[float, float, float]:
    """A, B and C of the table."""
    A, gap = law.A(problem.L_i.values), problem.component_gap()
    return A, law.B, 2 * A * float(gap or 0.0)


def with_residual(problem: Problem, make: Callable[[Law], tuple[float, float, float]]) -> Problem:
    """The problem with A, B, C from `make(law)`."""
    return problem.claiming(lambda law: triple(*make(law)))


def with_smoothness(problem: Problem, make: Callable[[Law], tuple[float, float, float]]) -> Problem:
    """The problem with Lambda1, Lambda2, Lambda from `make(law)`."""
    names = ("Lambda1", "Lambda2", "Lambda")
    return replace(problem, claims=lambda law: dict(zip(names, map(claimed, map(float, make(law))), strict=True)))


def usual(problem: Problem, law: Law) -> list[float]:
    """The right Lambda1, Lambda2, Lambda."""
    return [float(part) for part in problem.smoothness_of(law)]


# Expected residual


@card("C = 0 without interpolation", "C")
def _() -> Problem:
    problem = load_problem("ridge")
    return with_residual(problem, lambda law: (law.A(problem.L_i.values), law.B, 0.0))


@card("L_avg for A under uniform sampling", "A")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")
    return with_residual(problem, lambda law: (problem.L_i.values.mean(), law.B, 0.0))


@card("A for 2A", "A")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")
    return with_residual(problem, lambda law: (law.A(problem.L_i.values) / 2, law.B, 0.0))


@card("C = A Delta in the place of 2 A Delta", "C")
def _() -> Problem:
    problem = load_problem("tight-pair")
    A, gap = float(problem.L), float(problem.component_gap() or 0)
    return with_residual(problem, lambda law: (A, law.B, A * gap))


@card("the smallest A and the smallest C together", "C")
def _() -> Problem:
    problem = load_problem("heterogeneous")
    f = problem.objective
    assert isinstance(f, Quadratics)
    root = np.linalg.inv(np.linalg.cholesky(f.mean_hessian))
    A = np.linalg.eigvalsh(root @ (f.H @ f.H).mean(axis=0) @ root.T)[-1]
    noise = np.mean(np.sum(f.gradients(problem.x_star[None])[0] ** 2, axis=1))
    return with_residual(problem, lambda _: (A, 0.0, noise))


@card("constants of nice batches for batches with replacement", "A", "replacement:2")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")
    return with_residual(problem, lambda law: textbook(problem, NiceLaw(law.n, 2)))


@card("n draws with replacement taken for the full batch", "A", "replacement:4")
def _() -> Problem:
    return with_residual(load_problem("tight-orthogonal"), lambda _: (0.0, 1.0, 0.0))


@card("B of nice batches without n/tau", "B", "nice:2")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")
    return with_residual(problem, lambda law: (law.A(problem.L_i.values), (2 - 1) / (law.n - 1), 0.0))


@card("B = 1 - 1/tau for nice batches, with the A of nice batches", "B", "nice:2")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")
    return with_residual(problem, lambda law: (law.A(problem.L_i.values), 1 - 1 / 2, 0.0))


@card("A divided by tau although tau = 1 is drawn", "A")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")
    return with_residual(problem, lambda law: (law.A(problem.L_i.values) / 2, law.B, 0.0))


@card("p for 1 - p in A of independent sampling", "A", "independent:0.2")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")

    def make(law: Law) -> tuple[float, float, float]:
        assert isinstance(law, IndependentLaw)
        return float((law.p / (1 - law.p) * problem.L_i.values).max() / law.n), law.B, 0.0

    return with_residual(problem, make)


@card("B = E h_v^2 = (E h_v)^2: the variance forgotten", "B")
def _() -> Problem:
    return with_residual(load_problem("scaled-quadratics"), lambda _: (0.0, 1.0, 0.0))


@card("variance as the squared mean length of the noise", "bounded-variance")
def _() -> Problem:
    problem = load_problem("bounded-variance")
    lengths = np.linalg.norm(problem.objective.tilts, axis=1)
    return with_residual(problem, lambda _: (0.0, 1.0, lengths.mean() ** 2))


@card("variance by coordinate, divided by d", "bounded-variance")
def _() -> Problem:
    problem = load_problem("bounded-variance")
    mean = np.mean(np.sum(problem.objective.tilts**2, axis=1))
    return with_residual(problem, lambda _: (0.0, 1.0, mean / problem.d))


@card("finite-population correction for draws with replacement", "bounded-variance", "replacement:3")
def _() -> Problem:
    problem = load_problem("additive-noise")
    mean = np.mean(np.sum(problem.objective.tilts**2, axis=1))
    return with_residual(problem, lambda law: (0.0, 1.0, (law.n - 3) / (3 * (law.n - 1)) * mean))


@card("bounded variance claimed of independent sampling", "bounded-variance", "independent:0.5")
def _() -> Problem:
    problem = load_problem("additive-noise")
    mean = np.mean(np.sum(problem.objective.tilts**2, axis=1))
    return with_residual(problem, lambda law: (0.0, 1.0, mean / law.n))


# Smoothness of the sampled function


@card("Lambda divided by tau for draws with replacement", "Lambda", "replacement:2")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")

    def make(law: Law) -> tuple[float, float, float]:
        assert isinstance(law, ReplacementLaw)
        one, two, most = usual(replace(problem, claims=None), law)
        return one, two, most / law.tau

    return with_smoothness(problem, make)


@card("L_max for Lambda of independent sampling", "Lambda", "independent:0.2")
def _() -> Problem:
    problem = load_problem("tight-orthogonal")
    return with_smoothness(problem, lambda law: (*usual(problem, law)[:2], problem.L_i.values.max()))


@card("L_avg for Lambda under uniform sampling", "Lambda")
def _() -> Problem:
    problem = load_problem("ridge")
    return with_smoothness(problem, lambda law: (*usual(problem, law)[:2], problem.L_i.values.mean()))


@card("mean of all L_i for that of the tau largest", "Lambda", "nice:2")
def _() -> Problem:
    problem = load_problem("ridge", d=2)
    return with_smoothness(problem, lambda law: (*usual(problem, law)[:2], problem.L_i.values.mean()))


@card("L of f for the mean of L_v", "Lambda1")
def _() -> Problem:
    problem = load_problem("ridge")
    return with_smoothness(problem, lambda law: (float(problem.L), *usual(problem, law)[1:]))


@card("mean for root mean square of L_v", "Lambda2")
def _() -> Problem:
    problem = load_problem("ridge")

    def make(law: Law) -> tuple[float, float, float]:
        mean, _, most = usual(problem, law)
        return mean, mean, most

    return with_smoothness(problem, make)


# Properties


@card("convex claimed of x^2 + 3 sin^2 x", "convex", "full")
def _() -> Problem:
    return wrong("sine-1d", {"properties": frozenset({"convex"})})


@card("convex components claimed because f is convex", "convex-components")
def _() -> Problem:
    H = np.array([np.diag([3.0, -0.5]), np.diag([-0.5, 3.0])])
    f = Quadratics(H, np.zeros((2, 2)))
    return Problem(
        f,
        np.ones(2),
        st.exact(np.full(2, 3.0), "||H_i||"),
        st.exact(1.25, "mean"),
        st.exact(0.0, "f(0)"),
        mu=st.exact(1.25, "mean"),
        properties=frozenset({"convex", "convex-components"}),
        claims=lambda law: triple(law.A(np.full(2, 3.0)) * 3, law.B, 0.0),
    )


@card("interpolation claimed of noisy rows", "interpolation")
def _() -> Problem:
    problem = load_problem("rank-deficient-ls")
    return replace(problem, properties=problem.properties | {"interpolation"})


@card("strong convexity with mu of the smallest non-zero eigenvalue", "strongly-convex")
def _() -> Problem:
    problem = load_problem("rank-deficient-ls")
    return replace(problem, properties=problem.properties | {"strongly-convex"})


@card("a minimiser that is the last iterate of a run", "minimiser")
def _() -> Problem:
    problem = load_problem("ridge")
    x = problem.x0[None]
    for _ in range(60):
        x = x - problem.objective.gradient(x) / problem.L
    return replace(problem, x_star=x[0])


# Expected smoothness around x*


def with_around(name: str, make: Callable[[Problem, Law], tuple[float, float, float]]) -> Problem:
    """The problem with Lcal, R and sigma2 from `make`, which may ask the right problem for the right ones."""
    problem = load_problem(name)
    names = ("Lcal", "R", "sigma2")
    own = lambda law: dict(zip(names, map(claimed, map(float, make(problem, law))), strict=True))  # noqa: E731
    return replace(problem, claims=own)


def right(problem: Problem, law: Law) -> list[float]:
    """The right Lcal, R and sigma2."""
    return [float(value) for value in problem.expected_smoothness(law) or ()]


@card("expected smoothness L in the place of A + B L", "Lcal")
def _() -> Problem:
    return with_around("tight-orthogonal", lambda problem, law: (problem.L, *right(problem, law)[1:]))


@card("centred expected smoothness divided by a tau that is not drawn", "R")
def _() -> Problem:
    return with_around("tight-orthogonal", lambda problem, law: (right(problem, law)[0], right(problem, law)[1] / 2, 0))


@card("noise at x* taken as 0 without interpolation", "sigma2")
def _() -> Problem:
    return with_around("ridge", lambda problem, law: (*right(problem, law)[:2], 0.0))


@card("noise at x* of a uniform draw for batches with replacement, over tau^2", "sigma2", "replacement:2")
def _() -> Problem:
    return with_around("ridge", lambda problem, law: (*right(problem, law)[:2], right(problem, law)[2] / 2))


@card("un-reweighted stochastic gradient", "gradients")
def _() -> Problem:
    class Unweighted(LinearModel):
        def stochastic_gradient(self, X: np.ndarray, indices: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return super().stochastic_gradient(X, indices, np.full_like(weights, self.n / indices.shape[1]))

    f = linear(load_problem("ridge"))
    return wrong("ridge", {"objective": Unweighted(f.A, f.b, "squared", f.reg)})
