"""verify says assumption-fails where check finds a constant wrong, also where no run goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import samtheory as st
from samtheory.verification.searched import MOST


def two_wells(f_inf=0.0):
    """A deeper well at 9 that no run from 1 reaches: f* is -1, and the curvature there is 40."""

    def value(i, X):
        return np.minimum(X[:, 0] ** 2 / 2, 20 * (X[:, 0] - 9) ** 2 - 1)

    def gradient(i, X):
        near = (X**2 / 2)[:, 0] <= 20 * (X[:, 0] - 9) ** 2 - 1
        return np.where(near[:, None], X, 40 * (X - 9))

    f = st.UserSum(value, gradient, 1, 1, batched=True)
    return st.Problem(f, np.ones(1), np.ones(1), 1.0, f_inf, np.zeros(1), 1.0, x_star=np.zeros(1))


def failed(verdict):
    return [piece.name for piece in verdict.evidence if piece.verdict == "assumption-fails"]


def test_a_constant_that_is_wrong_where_no_run_goes_fails():
    found = st.verify(two_wells(), "full", "unified-sam/3.4", 0.0, steps=20)
    assert found.verdict == "assumption-fails"
    assert "f_inf" in failed(found)


def test_f_inf_slightly_too_high_fails():
    ridge = st.load_problem("ridge")
    found = st.verify(replace(ridge, f_inf=float(ridge.f_inf) * 1.017), "uniform", "unified-sam/3.2", 0.5, steps=5)
    assert found.verdict == "assumption-fails"
    assert "f_inf" in failed(found)


def test_a_wrong_constant_that_the_theorem_does_not_use_is_left_out():
    wrong = replace(st.load_problem("ridge"), mu=0.5, properties=frozenset())
    assert "mu" in failed(st.verify(wrong, "uniform", "unified-sam/3.2", 0.5, steps=5))
    assert st.verify(wrong, "uniform", "ours/non-convex", 0.5, steps=5).holds


@pytest.mark.parametrize("theorem", ["unified-sam/3.2", "ours/non-convex"])
def test_gradients_that_differ_from_call_to_call_come_first(theorem):
    rng, ridge = np.random.default_rng(0), st.load_problem("ridge")
    f = ridge.objective

    def noisy(i, X):
        g = f.gradients(X, np.asarray(i)[:, None])[:, 0]
        return g + 1e-3 * rng.standard_normal(g.shape)

    own = st.UserSum(lambda i, X: f.values(X)[np.arange(len(X)), i], noisy, f.n, f.d, batched=True)
    found = st.verify(replace(ridge, objective=own), "uniform", theorem, 0.5, steps=5)
    assert found.verdict == "assumption-fails"
    assert found.evidence[0].name == "gradients"
    assert "answers one question in two ways" in found.evidence[0].detail


def test_a_large_problem_is_left_to_check():
    rng = np.random.default_rng(0)
    A = rng.standard_normal((MOST // 2, 3))
    f = st.LinearModel(A, np.zeros(len(A)), "squared", 0.1)
    large = st.Problem(f, np.ones(3), f.component_smoothness, f.smoothness, 0.0, np.zeros(len(A)), 0.1)
    found = st.verify(large, "full", "unified-sam/3.4", 0.0, steps=2)
    assert (found.evidence[0].name, found.evidence[0].verdict) == ("search", "skipped")
    assert found.holds
