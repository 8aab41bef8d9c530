"""The recursion in second moments equals the expectation over all sample paths, the rationals and the engine."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import samtheory as st
from samtheory.methods.unified_sam import ascent
from samtheory.problem.quadratic import affine, centre
from samtheory.verification.all_paths import expectations
from samtheory.verification.second_moments import over_all, row_by_row, second_moments

QUADRATICS = (
    "additive-noise",
    "heterogeneous",
    "interpolated-ls",
    "rank-deficient-ls",
    "ridge",
    "scaled-quadratics",
    "tight-orthogonal",
    "tight-pair",
)
SAMPLINGS = ("full", "uniform", "importance", "nice:2", "replacement:2", "independent:0.5")


def bound_to(name: str, sampling: str, **params):
    problem = st.load_problem(name, **params)
    return problem, problem.law(st.parse_sampling(sampling))


def decreasing(problem, law) -> st.Schedule:
    L = float(problem.smoothness_of(law)[2])
    return st.Schedule(lambda t: 0.5 / L / np.sqrt(t + 1), lambda t: 0.4 / L / (t + 1), 0.0)


def depth(law) -> int:
    """A number of steps with at most 4096 paths."""
    return next(t for t in (4, 3, 2, 1) if law.count**t <= 4096 or t == 1)


def of_quadratics(H, centres, x0) -> st.Problem:
    f = st.Quadratics(H, centres)
    return st.Problem(
        f,
        x0,
        st.exact(f.component_smoothness, "||H_i||"),
        st.exact(abs(f.eigenvalues).max(), "||H||"),
        st.numerical(f.reference, "normal equations"),
        x_star=f.minimiser,
    )


def of_rows(f, x0) -> st.Problem:
    return st.Problem(
        f,
        x0,
        st.exact(f.component_smoothness, "||a_i||^2 + reg"),
        st.exact(f.smoothness, "||A||^2/n + reg"),
        st.numerical(f.reference, "least squares"),
    )


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("name", QUADRATICS)
def test_the_recursion_equals_the_expectation_over_all_paths(name: str, sampling: str) -> None:
    problem, law = bound_to(name, sampling)
    schedule, T = decreasing(problem, law), depth(law)
    by_moments = second_moments(problem, law, schedule, range(T + 1))
    by_paths = expectations(problem, law, schedule, T)
    np.testing.assert_allclose(by_moments.gap, by_paths.gap, rtol=5e-15, atol=0)
    np.testing.assert_allclose(by_moments.grad2, by_paths.grad2, rtol=5e-14, atol=0)
    if name not in ("interpolated-ls", "rank-deficient-ls"):  # there x* is not the only minimiser
        np.testing.assert_allclose(by_moments.distance2, by_paths.distance2, rtol=5e-14, atol=0)


def without_ascent(x, draw, gradient, gamma, rho, lam):
    return x - gamma * gradient(x, draw)


def descent_instead_of_ascent(x, draw, gradient, gamma, rho, lam):
    return x - gamma * gradient(x - rho * ascent(gradient(x, draw), lam), draw)


def other_draw_in_the_second_pass(x, draw, gradient, gamma, rho, lam):
    g = gradient(x, draw)
    return x - gamma * gradient(x + rho * ascent(g, lam), type(draw)(*(np.roll(part, 1, axis=0) for part in draw)))


@pytest.mark.parametrize("wrong", [without_ascent, descent_instead_of_ascent, other_draw_in_the_second_pass])
def test_a_wrong_step_is_told_apart(wrong) -> None:
    problem, law = bound_to("heterogeneous", "uniform")
    schedule = decreasing(problem, law)
    right = second_moments(problem, law, schedule, range(4)).gap
    assert abs(expectations(problem, law, schedule, 3, wrong).gap[3] / right[3] - 1) > 1e-2


def test_importance_sampling_without_weights_is_told_apart() -> None:
    problem, law = bound_to("heterogeneous", "importance")
    schedule = decreasing(problem, law)
    weighted = second_moments(problem, law, schedule, [3]).gap[0]
    law.weight = np.full(law.n, float(law.n))
    assert abs(expectations(problem, law, schedule, 3).gap[3] / weighted - 1) > 1e-2


def test_a_wrong_centre_is_told_apart() -> None:
    problem, law = bound_to("ridge", "uniform", n=6, d=2)
    schedule = decreasing(problem, law)
    right = expectations(problem, law, schedule, 3).gap[3]
    assert second_moments(problem, law, schedule, [3]).gap[0] == pytest.approx(right, rel=5e-15)
    problem.objective.minimiser = problem.objective.minimiser + 1e-3
    assert abs(second_moments(problem, law, schedule, [3]).gap[0] / right - 1) > 1e-6


@given(
    n=some.integers(1, 5),
    d=some.integers(1, 4),
    reg=some.sampled_from([0.0, 0.3]),
    seed=some.integers(0, 10**6),
    sampling=some.sampled_from(["uniform", "importance"]),
)
def test_row_by_row_equals_the_sum_over_outcomes(n: int, d: int, reg: float, seed: int, sampling: str) -> None:
    rng = np.random.default_rng(seed)
    f = st.LinearModel(rng.standard_normal((n, d)), rng.standard_normal(n), "squared", reg)
    problem = of_rows(f, rng.standard_normal(d))
    law = problem.law(st.parse_sampling(sampling))
    every = affine(problem, law)
    root = rng.standard_normal((every.H.shape[1] + 1, 3))
    M = root @ root.T
    gamma, rho = rng.uniform(0, 1 / problem.L_i.values.max(), 2)
    fast, slow = row_by_row(f, law, centre(f))(M, gamma, rho), over_all(every)(M, gamma, rho)
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-12 * np.abs(M).max() * (1 + np.abs(f.b).max() ** 2))


@given(seed=some.integers(0, 10**6), sampling=some.sampled_from(SAMPLINGS[1:]))
def test_moments_do_not_depend_on_how_the_sum_is_written(seed: int, sampling: str) -> None:
    """Squared loss as quadratics with matrices, rotated, about a point far away."""
    rng = np.random.default_rng(seed)
    A, b, x0 = rng.standard_normal((3, 2)), rng.standard_normal(3), rng.standard_normal(2) * 3
    rows = st.LinearModel(A, b, "squared")
    Q, far = np.linalg.qr(rng.standard_normal((2, 2)))[0], np.array([5.0, -7.0])
    centres = A * (b / rows.norms2)[:, None]
    first = of_rows(rows, x0)
    second = of_quadratics(np.einsum("ni,nj->nij", A @ Q.T, A @ Q.T), centres @ Q.T + far, Q @ x0 + far)
    law = first.law(st.parse_sampling(sampling))
    schedule = decreasing(first, law)
    one, two = (second_moments(problem, law, schedule, range(10)) for problem in (first, second))
    np.testing.assert_allclose(one.gap, two.gap, rtol=1e-11)
    np.testing.assert_allclose(one.grad2, two.grad2, rtol=1e-11)


def test_every_component_twice_is_the_same() -> None:
    once = st.load_problem("heterogeneous")
    f = once.objective
    twice = of_quadratics(np.repeat(f.H, 2, axis=0), np.repeat(f.centres, 2, axis=0), once.x0)
    schedule = st.Schedule(0.2, 0.3, 0.0)
    one, two = (second_moments(p, p.law(st.Uniform()), schedule, [50]).gap[0] for p in (once, twice))
    assert one == pytest.approx(two, rel=1e-12)


def test_a_batch_of_all_is_the_full_batch_and_its_trajectory() -> None:
    problem, _ = bound_to("heterogeneous", "full")
    schedule, t = st.Schedule(0.2, 0.3, 0.0), [0, 1, 7, 30]
    curves = st.run(problem, st.Full(), schedule, steps=30, record=t, keep=("gap", "grad2"))
    for sampling in (st.Full(), st.Nice(problem.n), st.Independent(1.0)):
        found = second_moments(problem, problem.law(sampling), schedule, t)
        np.testing.assert_allclose(found.gap, curves.gap[0], rtol=1e-10)
        np.testing.assert_allclose(found.grad2, curves.grad2[0], rtol=1e-10)


def test_a_lower_bound_in_place_of_the_minimum_is_added() -> None:
    problem, law = bound_to("ridge", "uniform")
    lower = replace(problem, f_inf=st.exact(problem.f_inf - 2.5, "lower"))
    schedule = decreasing(problem, law)
    one, two = (second_moments(p, law, schedule, [0, 5]).gap for p in (problem, lower))
    np.testing.assert_allclose(two, one + 2.5, rtol=1e-14)
    assert two[0] == pytest.approx(lower.delta0, rel=1e-13)


@given(seed=some.integers(0, 10**6), digits=some.integers(1, 7))
def test_the_stated_rounding_covers_the_true_one(seed: int, digits: int) -> None:
    """Two nearly parallel rows: x* and all 2^5 paths in rationals, for the very floats of the problem."""
    rng = np.random.default_rng(seed)
    A, b, x0 = rng.standard_normal((2, 2)), rng.standard_normal(2), rng.standard_normal(2)
    A[1] = A[0] + 10.0**-digits * A[1]
    f = st.LinearModel(A, b, "squared")
    problem = of_rows(f, x0)
    gamma, rho, T = 0.5 / f.norms2.max(), 0.1, 5
    found = second_moments(problem, problem.law(st.Uniform()), st.Schedule(gamma, rho, 0.0), [T])
    rows, targets = [[Fraction(a) for a in row] for row in A], [Fraction(y) for y in b]
    total = Fraction(0)
    for path in itertools.product(range(2), repeat=T):
        x = [Fraction(u) for u in x0]
        for i in path:
            a, norm2 = rows[i], sum(u * u for u in rows[i])
            slope = (sum(u * w for u, w in zip(a, x, strict=True)) - targets[i]) * (1 + Fraction(rho) * norm2)
            x = [w - Fraction(gamma) * slope * u for u, w in zip(a, x, strict=True)]
        # A is square and invertible: f* = 0.
        left = [sum(u * w for u, w in zip(a, x, strict=True)) - y for a, y in zip(rows, targets, strict=True)]
        total += sum(r * r for r in left) / 4 / 2**T
    error = abs(found.gap[0] - float(total))
    assert error <= found.gap_rounding()[0] + 1e-13 * float(total)
    assert found.gap_rounding()[0] <= 1e-11 * f.smoothness * (found.distance2[0] + f.minimiser @ f.minimiser)


@pytest.mark.parametrize("name", ["additive-noise", "heterogeneous", "rank-deficient-ls", "ridge"])
@pytest.mark.parametrize("sampling", ["importance", "nice:2"])
def test_the_engine_agrees_with_the_moments(name: str, sampling: str) -> None:
    """1000 runs of the reference: 8 cells of 4 means within 5.5 standard errors, normal false alarm below 2e-6."""
    problem, law = bound_to(name, sampling)
    schedule, t = decreasing(problem, law), [1, 4, 12, 40]
    curves = st.run(
        problem, st.parse_sampling(sampling), schedule, steps=40, trials=1000, seed=7, record=t, keep=("gap", "grad2")
    )
    exact = second_moments(problem, law, schedule, t)
    for measured, expected in ((curves.gap, exact.gap), (curves.grad2, exact.grad2)):
        error = measured.std(axis=0, ddof=1) / np.sqrt(len(measured))
        assert (np.abs(measured.mean(axis=0) - expected) < 5.5 * error).all()


@pytest.mark.parametrize("times", [[], [-1], [3, 3], [2, 1], [[0, 1]]])
def test_times_must_increase_from_zero(times) -> None:
    problem, law = bound_to("ridge", "uniform")
    with pytest.raises(st.InputError, match="times="):
        second_moments(problem, law, st.Schedule(0.01, 0.0, 0.0), times)


def test_the_counterexample_to_the_printed_form_in_exact_rationals() -> None:
    """f_i = h_i x^2/2, h = (1/100, 199/100), p = (1/40000, 39999/40000): E delta_1 = 1.338920 delta_0."""
    h, p, rho = (Fraction(1, 100), Fraction(199, 100)), (Fraction(1, 40000), Fraction(39999, 40000)), Fraction(1, 20)
    gamma = Fraction("0.0624571")
    grown = sum(q * (1 - gamma * (k / (2 * q)) * (1 + rho * k / (2 * q))) ** 2 for k, q in zip(h, p, strict=True))
    assert float(grown) == pytest.approx(1.338920, rel=1e-5)
    problem = st.load_problem("scaled-quadratics", h="0.01,1.99")
    law = problem.law(st.Single(np.array([float(q) for q in p])))
    found = second_moments(problem, law, st.Schedule(float(gamma), 0.05, 0.0), [0, 1, 20]).gap
    np.testing.assert_allclose(found / found[0], [1, float(grown), float(grown) ** 20], rtol=1e-13)
    assert found[2] / found[0] == pytest.approx(343, rel=1e-2)
