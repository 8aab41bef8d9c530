"""Sparse rows: every engine takes the steps of the reference on the same rows dense."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import sparse

import samtheory as st
from samtheory.engine import lazy
from samtheory.engine.run import run, run_many
from samtheory.schedules import Schedule

ENGINES = ["vectorised", pytest.param("compiled", marks=pytest.mark.skipif(
    not st.engine.compiled.installed(), reason="numba, the extra `fast`"))]  # fmt: skip


def problems(seed, n, d, loss, reg):
    """The same problem with dense and with sparse rows; x0 is not 0."""
    rng = np.random.default_rng(seed)
    A, b = rng.standard_normal((n, d)) * (rng.random((n, d)) < 0.4), np.where(rng.random(n) < 0.5, -1.0, 1.0)
    A[0] = 0  # a row without entries
    for kind in (np.asarray, sparse.csr_array):
        f = st.LinearModel(kind(A), b, loss, reg)
        yield st.Problem(f, rng.standard_normal(d) * 0 + 1, f.component_smoothness, f.smoothness, 0.0)


@pytest.mark.parametrize("engine", ENGINES)
@settings(deadline=None, max_examples=20)
@given(
    seed=some.integers(0, 10**6), loss=some.sampled_from(["squared", "logistic", "cauchy"]),
    reg=some.sampled_from([0.0, 1e-3, 0.5, 30.0]), lam=some.sampled_from([0.0, 0.5, 1.0]),
    rho=some.sampled_from([0.0, 1e-6, 0.1, 2.0]), sampling=some.sampled_from(["uniform", "importance"]),
)  # fmt: skip
def test_sparse_steps_are_those_of_the_reference(engine, seed, loss, reg, lam, rho, sampling):
    dense, thin = problems(seed, 12, 9, loss, reg)
    gamma = 0.3 / float(dense.L_i.values.max())
    asked = {"steps": 120, "trials": 3, "seed": seed, "record": [0, 1, 50, 120], "keep": ("points", "gap", "grad2")}
    draws = st.parse_sampling(sampling) if reg else st.parse_sampling("uniform")
    schedules = [Schedule(gamma, rho, lam), Schedule(gamma / 2, rho, 1 - lam)]
    expected = run_many(dense, draws, schedules, engine="reference", **asked)
    for one, other in zip(expected, run_many(thin, draws, schedules, engine=engine, **asked), strict=True):
        size = np.linalg.norm(one.points, axis=-1, keepdims=True)
        assert (np.linalg.norm(other.points - one.points, axis=-1, keepdims=True) <= 1e-12 * (size + 1)).all()
        np.testing.assert_allclose(other.gap, one.gap, rtol=1e-10, atol=1e-11 * np.abs(one.gap).max())


@pytest.mark.parametrize("engine", ENGINES)
def test_scales_and_norms_that_fall_far_are_carried(engine):
    """Strong regularisation: ||x|| falls below 1e-100, s is folded into z, and g/||g|| stays that of the reference."""
    dense, thin = problems(0, 5, 4, "squared", 40.0)
    dense.objective.b[:] = thin.objective.b[:] = 0.0
    schedule, asked = Schedule(0.02, 1e-9, 0.5), {"steps": 600, "record": [100, 300, 600], "keep": ("points",)}
    expected = run(dense, st.parse_sampling("uniform"), schedule, engine="reference", **asked).points
    found = run(thin, st.parse_sampling("uniform"), schedule, engine=engine, **asked).points
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("sampling", ["full", "nice:3", "replacement:2"])
def test_batches_of_sparse_rows(sampling):
    dense, thin = problems(1, 8, 5, "logistic", 0.1)
    schedule, asked = Schedule(0.1, 0.05, 0.5), {"steps": 40, "trials": 2, "keep": ("points",)}
    draws = st.parse_sampling(sampling)
    expected = run(dense, draws, schedule, engine="reference", **asked).points
    np.testing.assert_allclose(run(thin, draws, schedule, **asked).points, expected, rtol=1e-12)


def test_the_refresh_of_norms_does_not_change_the_run(monkeypatch):
    _, thin = problems(2, 9, 7, "logistic", 0.3)
    schedule, asked = Schedule(0.1, 0.3, 1.0), {"steps": 300, "keep": ("points",), "engine": "vectorised"}
    expected = run(thin, st.parse_sampling("uniform"), schedule, **asked).points
    monkeypatch.setattr(lazy, "REFRESH", 0)
    np.testing.assert_allclose(run(thin, st.parse_sampling("uniform"), schedule, **asked).points, expected, rtol=1e-12)
