"""Closed formulas on quadratics, and the engine that must reproduce them."""

from __future__ import annotations

import closed_forms as oracles
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from stationary import bias, largest_gamma, radius, stationary

import samtheory as st
from samtheory.objectives.synthetic import centred
from samtheory.verification.all_paths import all_paths, expectations
from samtheory.verification.second_moments import second_moments

rates = some.floats(0.01, 1.0)


def of_quadratics(H, centres, x0, tilts=None) -> st.Problem:
    """(x - c_i)^T H_i (x - c_i)/2, or one of them with tilts; f is measured from its stationary point."""
    f = st.Quadratics(np.asarray(H, dtype=float), np.asarray(centres, dtype=float))
    L_i = f.component_smoothness if tilts is None else np.full(len(tilts), f.component_smoothness[0])
    return st.Problem(
        f if tilts is None else st.Tilted(f, tilts),
        np.asarray(x0, dtype=float),
        st.exact(L_i, "||H_i||"),
        st.exact(np.abs(f.eigenvalues).max(), "||H||"),
        st.numerical(f.reference, "stationary point"),
    )


def one_quadratic(H, x0) -> st.Problem:
    H = np.atleast_2d(np.asarray(H, dtype=float))
    return of_quadratics(H[None], np.zeros((1, len(H))), np.broadcast_to(x0, len(H)))


def points(problem, gamma, rho, lam, steps, sampling=None, **more):
    """x_0, ..., x_steps of one run of the reference, shape (steps + 1, d)."""
    schedule = st.Schedule(gamma, rho, lam)
    record = np.arange(steps + 1)
    return st.run(
        problem, sampling or st.Full(), schedule, steps=steps, record=record, keep=("points",), **more
    ).points[0]


def rotated(eigenvalues, seed=0):
    Q = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(eigenvalues),) * 2))[0]
    return (Q * np.asarray(eigenvalues)) @ Q.T, Q


@given(h=some.lists(rates, min_size=1, max_size=4), gamma=rates, rho=some.floats(0.0, 2.0), seed=some.integers(0, 99))
def test_deterministic_usam_is_a_matrix_power(h, gamma, rho, seed) -> None:
    H, _ = rotated(h, seed)
    problem = one_quadratic((H + H.T) / 2, np.arange(1.0, len(h) + 1))
    x = points(problem, gamma, rho, 0.0, 20)
    for t in (1, 5, 20):
        expected = oracles.usam_power(problem.objective.H[0], problem.x0, gamma, rho, t)
        np.testing.assert_allclose(x[t], expected, atol=1e-12 * np.abs(x).max())


@pytest.mark.parametrize(("gamma", "settles"), [(1.66, True), (1.67, False)])
def test_usam_converges_until_gamma_h_1_plus_rho_h_reaches_2(gamma: float, settles: bool) -> None:
    """h = 1, rho = 0.2: the limit is gamma = 5/3."""
    x = points(one_quadratic(1.0, 1.0), gamma, 0.2, 0.0, 2000)
    assert (abs(x[-1, 0]) < 1e-3) == settles
    assert largest_gamma(one_quadratic(1.0, 1.0), one_quadratic(1.0, 1.0).law(st.Full()), 0.2) == pytest.approx(5 / 3)


def test_the_published_bias_of_usam() -> None:
    """h = (4, 1), c = (-2, 2), rho = 0.3: x* = -1.2, x_rho = -1.485."""
    H, c = np.array([4.0, 1.0])[:, None, None], np.array([[-2.0], [2.0]])
    assert oracles.usam_bias(H, c, 0.0) == pytest.approx(-1.2, rel=1e-14)
    assert oracles.usam_bias(H, c, 0.3) == pytest.approx(-1.485, abs=5e-4)


@given(seed=some.integers(0, 999), rho=some.floats(0.0, 2.0))
def test_the_bias_of_usam_is_where_its_mean_step_vanishes(seed: int, rho: float) -> None:
    rng = np.random.default_rng(seed)
    H = np.array([rotated(rng.uniform(0.1, 1, 3), seed + k)[0] for k in range(4)])
    H = (H + H.transpose(0, 2, 1)) / 2
    c = rng.standard_normal((4, 3))
    x_rho = oracles.usam_bias(H, c, rho)
    problem = of_quadratics(H, c, x_rho)
    law = problem.law(st.Uniform())
    np.testing.assert_allclose(bias(problem, law, rho)[0], x_rho, atol=1e-12)
    np.testing.assert_allclose(mean_step(problem, st.Schedule(0.5, rho, 0.0)), 0, atol=1e-12)


def mean_step(problem, schedule):
    """E x_1 - x_0 under uniform sampling."""
    *_, (x, p) = all_paths(problem, problem.law(st.Uniform()), schedule, 1)
    return p @ x - problem.x0


NOISY = {"H": rotated([0.3, 1.0])[0], "gamma": 0.4, "rho": 0.7}


def noisy():
    """Two eigen-directions with tilts; the variance of the noise along each."""
    tilts = centred(5, 2, 0.8, np.random.default_rng(3))
    H = (NOISY["H"] + NOISY["H"].T) / 2
    _, Q = np.linalg.eigh(H)
    return of_quadratics(H[None], np.zeros((1, 2)), np.zeros(2), tilts), Q, ((tilts @ Q) ** 2).mean(axis=0)


def test_additive_noise_has_the_stationary_variance_of_each_direction() -> None:
    problem, Q, variance = noisy()
    gamma, rho = NOISY["gamma"], NOISY["rho"]
    expected = oracles.additive_noise_variance(np.array([0.3, 1.0]), variance, gamma, rho)
    m, S = stationary(problem, problem.law(st.Uniform()), gamma, rho)
    np.testing.assert_allclose(m, 0, atol=1e-14)
    np.testing.assert_allclose(np.diag(Q.T @ S @ Q), expected, rtol=1e-12)
    batch = problem.law(st.Nice(2))  # w_i/n = (n - tau)/(tau (n - 1)) of the variance is left
    _, S = stationary(problem, batch, gamma, rho)
    np.testing.assert_allclose(np.diag(Q.T @ S @ Q), expected * (5 - 2) / (2 * 4), rtol=1e-12)


def test_the_engine_reaches_the_stationary_variance() -> None:
    """2000 runs, two means of squares within 5.5 standard errors: normal false alarm below 1e-7."""
    problem, Q, variance = noisy()
    gamma, rho = NOISY["gamma"], NOISY["rho"]
    curves = st.run(
        problem,
        st.Uniform(),
        st.Schedule(gamma, rho, 0.0),
        steps=150,
        trials=2000,
        seed=11,
        record=[150],
        keep=("points",),
    )
    squares = (curves.points[:, 0] @ Q) ** 2
    expected = oracles.additive_noise_variance(np.array([0.3, 1.0]), variance, gamma, rho)
    error = squares.std(axis=0, ddof=1) / np.sqrt(len(squares))
    assert (np.abs(squares.mean(axis=0) - expected) < 5.5 * error).all()
    without_ascent = oracles.additive_noise_variance(np.array([0.3, 1.0]), variance, gamma, 0.0)
    assert (np.abs(squares.mean(axis=0) - without_ascent) > 5.5 * error).any()


@settings(max_examples=20)
@given(h=some.floats(0.3, 1.0), gamma=some.floats(0.3, 1.8), rho=rates, start=some.floats(0.5, 5.0))
def test_sam_in_one_dimension_ends_in_a_cycle_of_two(h: float, gamma: float, rho: float, start: float) -> None:
    z = abs(oracles.sam_cycle(np.array([[h]]), gamma, rho)[0])
    assert z == pytest.approx(gamma * h * rho / (2 - gamma * h), rel=1e-13)
    on_it = points(one_quadratic(h, z), gamma, rho, 1.0, 4)[:, 0]
    np.testing.assert_allclose(on_it, z * np.array([1, -1, 1, -1, 1]), rtol=1e-9)
    # The rate is |1 - gamma h|, at most 0.91.
    x = points(one_quadratic(h, start), gamma, rho, 1.0, 500)[:, 0]
    assert x[-1] == pytest.approx(-x[-2], rel=1e-9)
    assert abs(x[-1]) == pytest.approx(z, rel=1e-9)


def test_sam_ends_in_a_cycle_along_the_sharpest_direction() -> None:
    """From a generic start: SAM leaves only the top eigenvector's component (the others shrink geometrically)."""
    H, Q = rotated([0.2, 0.5, 1.0])
    H = (H + H.T) / 2
    z = oracles.sam_cycle(H, 0.5, 0.3)
    assert np.linalg.norm(z) == pytest.approx(0.5 * 0.3 / (2 - 0.5), rel=1e-12)
    assert abs(Q[:, 2] @ z) == pytest.approx(np.linalg.norm(z), rel=1e-12)
    x = points(one_quadratic(H, np.array([1.0, -2.0, 0.7])), 0.5, 0.3, 1.0, 1000)
    np.testing.assert_allclose(np.abs(x[-1]), np.abs(z), atol=1e-9)
    np.testing.assert_allclose(x[-2], -x[-1], atol=1e-9)


@given(h=some.tuples(rates, rates), rho=some.floats(0.0, 0.5), gap=some.floats(2.0, 6.0), x_star=some.floats(-2.0, 2.0))
def test_the_bias_of_sam_is_where_its_mean_step_vanishes(h, rho, gap, x_star) -> None:
    """c_1, c_2 on either side of x*, h_1 (x* - c_1) = h_2 (c_2 - x*), rho too small to pass a centre."""
    c = (x_star - gap * h[1] / sum(h), x_star + gap * h[0] / sum(h))
    x, excess = oracles.sam_bias(h, c, rho)
    assert x == pytest.approx(x_star - rho * (h[0] - h[1]) / sum(h), abs=1e-12)
    if not c[0] < x < c[1]:
        return
    problem = of_quadratics(np.array(h)[:, None, None], np.array(c)[:, None], [x])
    np.testing.assert_allclose(mean_step(problem, st.Schedule(0.1, rho, 1.0)), 0, atol=1e-12)
    assert problem.suboptimality(np.array([[x]]))[0] == pytest.approx(excess, abs=1e-13)


def test_the_engine_stays_away_from_the_minimum_with_constant_rho() -> None:
    """f_1 = 3(x + 1/3)^2/2, f_2 = (x - 1)^2/2: bias rho^2/4; the mean of 2000 runs within 5.5 standard errors.

    Normal false alarm below 4e-8.
    """
    h, c, rho = (3.0, 1.0), (-1 / 3, 1.0), 0.2
    x, excess = oracles.sam_bias(h, c, rho)
    assert (x, excess) == pytest.approx((-0.1, rho**2 / 4))
    problem = of_quadratics(np.array(h)[:, None, None], np.array(c)[:, None], [0.0])
    schedule = st.Schedule(lambda t: 2 / (t + 100), rho, 1.0)
    curves = st.run(
        problem,
        st.Uniform(),
        schedule,
        steps=3000,
        trials=2000,
        seed=5,
        record=np.arange(0, 3001, 50),
        keep=("points",),
    )
    assert c[0] < curves.points.min() < curves.points.max() < c[1]
    last = curves.points[:, -1, 0]
    assert abs(last.mean() - x) < 5.5 * last.std(ddof=1) / np.sqrt(len(last))
    assert abs(last.mean()) > 50 * last.std(ddof=1) / np.sqrt(len(last))


def saddle(y):
    """x^2 - y^2 from (0, y)."""
    curvature = np.array([2.0, -2.0])
    f = st.UserSum(lambda _, X: X**2 @ (curvature / 2), lambda _, X: X * curvature, 1, 2, batched=True)
    return st.Problem(f, np.array([0.0, y]), st.exact(np.full(1, 2.0), "2"), st.exact(2.0, "2"), st.claimed(0.0))


@pytest.mark.parametrize(
    ("gamma", "rho", "attracted"),
    [(0.1, 0.49, False), (0.1, 0.51, True), (0.1, 5.4, True), (0.1, 5.6, False), (1.0, 0.99, True), (1.0, 1.01, False)],
)
def test_a_saddle_attracts_usam_strictly_between_two_radii(gamma: float, rho: float, attracted: bool) -> None:
    """x^2 - y^2: y is attracted iff 2 rho > 1 and 2 gamma (2 rho - 1) < 2."""
    y = points(saddle(1e-3), gamma, rho, 0.0, 200)[:, 1]
    assert (abs(y[-1]) < 1e-3) == attracted
    assert attracted == (1 < 2 * rho and 2 * gamma * (2 * rho - 1) < 2)
    multiplier = oracles.usam_multiplier(np.array(-2.0), gamma, rho)
    np.testing.assert_allclose(y[1:21], 1e-3 * multiplier ** np.arange(1, 21), rtol=1e-11)


def test_a_saddle_is_neutral_at_both_radii() -> None:
    assert oracles.usam_multiplier(np.array(-2.0), 0.125, 0.5) == 1
    assert oracles.usam_multiplier(np.array(-2.0), 0.5, 1.5) == -1


@given(gamma=rates, rho=rates, G=some.floats(0.1, 10.0))
def test_at_the_edge_of_stability_sam_jumps_to_the_other_side(gamma: float, rho: float, G: float) -> None:
    h = oracles.edge_of_stability(gamma, rho, G)
    assert gamma * h * (1 + rho * h / G) == pytest.approx(2, rel=1e-12)
    x = points(one_quadratic(h, G / h), gamma, rho, 1.0, 2)[:, 0]
    np.testing.assert_allclose(x / x[0], [1, -1, 1], rtol=1e-9)
    for factor, grows in ((0.99, False), (1.01, True)):
        x = points(one_quadratic(factor * h, G / (factor * h)), gamma, rho, 1.0, 1)[:, 0]
        assert (abs(x[1]) > abs(x[0])) == grows


def test_the_edge_of_stability_without_ascent_is_that_of_gradient_descent() -> None:
    assert oracles.edge_of_stability(0.25, 0.0, 3.0) == 8


@given(h=some.lists(rates, min_size=2, max_size=3), gamma=rates, rho=rates)
def test_interpolated_parabolas_have_a_second_moment_in_product_form(h, gamma, rho) -> None:
    problem = of_quadratics(np.array(h)[:, None, None], np.zeros((len(h), 1)), [1.5])
    law, schedule = problem.law(st.Uniform()), st.Schedule(gamma, rho, 0.0)
    exact = [oracles.interpolated_second_moment(np.array(h), gamma, rho, t, 1.5) * np.mean(h) / 2 for t in range(6)]
    np.testing.assert_allclose(expectations(problem, law, schedule, 5).gap, exact, rtol=1e-12)
    np.testing.assert_allclose(second_moments(problem, law, schedule, range(6)).gap, exact, rtol=1e-12)
    one = oracles.interpolated_second_moment(np.array(h), gamma, rho, 1)
    assert radius(problem, law, gamma, rho) == pytest.approx(one, rel=1e-12)
