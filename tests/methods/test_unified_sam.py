"""The reference method against the equation x+ = x - gamma g(x + rho (1 - lam + lam/||g(x)||) g(x))."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtheory.methods.unified_sam import ascent, step, unit
from samtheory.objectives import Quadratics
from samtheory.sampling.importance import Importance
from samtheory.sampling.independent import Independent
from samtheory.sampling.nice import Nice
from samtheory.sampling.replacement import Replacement


def quadratics(seed, n=5, d=3):
    rng = np.random.default_rng(seed)
    M = rng.standard_normal((n, d, d))
    return Quadratics(M @ M.transpose(0, 2, 1) / d, rng.standard_normal((n, d)))


def by_the_equation(f, x, indices, weights, gamma, rho, lam):
    """One row, in plain loops over components and coordinates."""
    n, d = f.n, f.d

    def g(point):
        total = [0.0] * d
        for i, v in zip(indices, weights, strict=True):
            for j in range(d):
                slope = sum(f.H[i][j][k] * (point[k] - f.centres[i][k]) for k in range(d))
                total[j] += v * slope / n
        return total

    first = g(x)
    norm = math.sqrt(sum(value * value for value in first))
    factor = 1 - lam + (lam / norm if norm > 0 else 0)
    y = [x[j] + rho * factor * first[j] for j in range(d)]
    second = g(y)
    return [x[j] - gamma * second[j] for j in range(d)]


steps = st.tuples(st.floats(1e-3, 1), st.floats(0, 2), st.sampled_from([0.0, 0.25, 0.5, 1.0]))


@given(st.integers(0, 10**6), steps, st.sampled_from([Nice(2), Importance(), Replacement(3), Independent(0.5)]))
def test_step_is_the_equation(seed, parameters, sampling):
    f = quadratics(seed)
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((6, f.d))
    draw = sampling.law(f.component_smoothness).draw(rng, 6)
    found = step(x, draw, lambda y, v: f.stochastic_gradient(y, *v), *parameters)
    for row in range(6):
        expected = by_the_equation(f, x[row], draw.indices[row], draw.weights[row], *parameters)
        np.testing.assert_allclose(found[row], expected, rtol=1e-10, atol=1e-10)


@given(st.integers(0, 10**6), st.floats(1e-3, 1), st.floats(0, 2))
def test_lam_0_is_usam_lam_1_is_sam_rho_0_is_sgd(seed, gamma, rho):
    f = quadratics(seed)
    x = np.random.default_rng(seed).standard_normal((4, f.d))

    def gradient(y, _):
        return f.gradient(y)

    g = f.gradient(x)
    usam = x - gamma * f.gradient(x + rho * g)
    sam = x - gamma * f.gradient(x + rho * g / np.linalg.norm(g, axis=1, keepdims=True))
    np.testing.assert_allclose(step(x, None, gradient, gamma, rho, 0.0), usam, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(step(x, None, gradient, gamma, rho, 1.0), sam, rtol=1e-13, atol=1e-13)
    for lam in (0.0, 0.3, 1.0):
        np.testing.assert_array_equal(step(x, None, gradient, gamma, 0.0, lam), x - gamma * g)


@pytest.mark.parametrize("lam", [0.0, 0.5, 1.0])
def test_where_the_gradient_vanishes_nothing_moves(lam):
    x = np.array([[1.0, 2.0], [0.0, 0.0]])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(ascent(np.zeros((2, 2)), lam), np.zeros((2, 2)))
        moved = step(x, None, lambda y, _: np.where(x == 0, 0.0, y), 0.1, 0.3, lam)
    np.testing.assert_array_equal(moved[1], x[1])
    assert (moved[0] != x[0]).all()


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e-8, 1.0, 1e8, 1e200, 1e307])
def test_the_direction_has_length_one_at_every_scale(size):
    """||g||^2 underflows at 1e-200 and overflows at 1e200; the equation has no such limits."""
    g = size * np.array([[3.0, -4.0], [1.0, 0.0], [-2.0, 2.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = unit(g)
    loose = 1e-2 if size < 1e-300 else 1e-15
    expected = [[0.6, -0.8], [1.0, 0.0], [-math.sqrt(0.5), math.sqrt(0.5)]]
    np.testing.assert_allclose(found, expected, rtol=loose)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-14)


def test_a_diverged_row_stays_visible_and_alone():
    g = np.array([[np.nan, 1.0], [np.inf, 1.0], [3.0, 4.0]])
    with np.errstate(invalid="ignore"):
        for lam in (0.5, 1.0):
            found = ascent(g, lam)
            assert not np.isfinite(found[:2]).all(axis=1).any()
            np.testing.assert_allclose(found[2], (1 - lam) * g[2] + lam * g[2] / 5)


def test_both_passes_see_the_same_draw():
    """f_1 = x^2/2, f_2 = 3x^2/2 from x = 1: the same draw in both passes has another mean than two draws."""
    h, gamma, rho = np.array([1.0, 3.0]), 0.1, 0.5
    asked = []

    def gradient(y, draw):
        asked.append(draw)
        return h[draw][:, None] * y

    draw = np.array([0, 1])
    moved = step(np.ones((2, 1)), draw, gradient, gamma, rho, 0.0)[:, 0]
    assert [seen is draw for seen in asked] == [True, True]
    np.testing.assert_allclose(moved, 1 - gamma * h * (1 + rho * h), rtol=1e-15)
    independent = np.mean([1 - gamma * second * (1 + rho * first) for first in h for second in h])
    assert moved.mean() < independent - 0.04


@given(st.integers(0, 10**6), st.permutations(range(5)))
def test_rows_do_not_know_of_each_other(seed, order):
    f = quadratics(seed)
    rng = np.random.default_rng(seed)
    x, indices = rng.standard_normal((5, f.d)), rng.integers(f.n, size=(5, 1))

    def gradient(y, draw):
        return f.stochastic_gradient(y, draw, np.full(draw.shape, float(f.n)))

    together = step(x, indices, gradient, 0.1, 0.3, 0.5)
    np.testing.assert_allclose(step(x[order], indices[order], gradient, 0.1, 0.3, 0.5), together[order], rtol=1e-13)
    for row in range(5):
        alone = step(x[row : row + 1], indices[row : row + 1], gradient, 0.1, 0.3, 0.5)
        np.testing.assert_allclose(alone[0], together[row], rtol=1e-13)


def test_parameters_may_differ_from_row_to_row():
    f = quadratics(1)
    x = np.random.default_rng(0).standard_normal((3, f.d))
    gamma, rho, lam = (np.array(column)[:, None] for column in ([0.1, 0.2, 0.3], [0.0, 0.5, 1.0], [0.0, 0.5, 1.0]))
    together = step(x, None, lambda y, _: f.gradient(y), gamma, rho, lam)
    for row in range(3):
        alone = step(x[row : row + 1], None, lambda y, _: f.gradient(y), *(float(v[row, 0]) for v in (gamma, rho, lam)))
        np.testing.assert_allclose(together[row], alone[0], rtol=1e-13)


def test_a_single_point_needs_no_row():
    f = quadratics(2)
    x = np.ones(f.d)
    found = step(x, None, lambda y, _: f.gradient(y[None])[0], 0.1, 0.3, 0.5)
    np.testing.assert_allclose(found, step(x[None], None, lambda y, _: f.gradient(y), 0.1, 0.3, 0.5)[0])
