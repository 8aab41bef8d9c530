"""Sparse rows: the same function and constants as the same rows dense, and certified eigenvalues of large ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import sparse

import samtheory as st
from samtheory.objectives import LOSSES, eigenvalues, linear
from samtheory.objectives.newton import gradient_error, newton, newton_cg

BOTH = pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array, sparse.coo_matrix])


def rows(seed, n, d, density=0.4, signed=True):
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((n, d)) * (rng.random((n, d)) < density)
    return (A if signed else np.abs(A)), np.where(rng.random(n) < 0.5, -1.0, 1.0)


@settings(deadline=None, max_examples=25)
@given(
    seed=some.integers(0, 10**6), n=some.integers(1, 9), d=some.integers(1, 7), loss=some.sampled_from(sorted(LOSSES)),
    reg=some.sampled_from([0.0, 0.3]), block=some.sampled_from([1, 5, 4_000_000]),
)  # fmt: skip
def test_sparse_rows_are_the_function_of_the_same_rows_dense(seed, n, d, loss, reg, block):
    A, b = rows(seed, n, d)
    rng = np.random.default_rng(seed)
    X, i, v = rng.standard_normal((4, d)), rng.integers(n, size=(4, 3)), rng.random((4, 3))
    f, g = st.LinearModel(A, b, loss, reg), st.LinearModel(sparse.csr_matrix(A), b, loss, reg)
    asked = {
        "values": (X,), "value": (X,), "gradients": (X,), "gradient": (X,), "stochastic_gradient": (X, i, v),
        "own_values": (X, i[:, 0]), "gap": (X,),
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear.rows, "BLOCK", block)
        for name, arguments in asked.items():
            found = getattr(g, name)(*arguments)
            assert type(found) is np.ndarray, name
            np.testing.assert_allclose(found, getattr(f, name)(*arguments), rtol=1e-11, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(g.gradients(X, i), f.gradients(X, i), rtol=1e-11, atol=1e-12)
    for name in ("norms2", "component_smoothness", "component_infima", "smoothness", "least_eigenvalue"):
        np.testing.assert_allclose(getattr(g, name), getattr(f, name), rtol=1e-11, atol=1e-12, err_msg=name)


def test_sparse_rows_that_are_not_canonical_are_added_up_and_left_as_they_are():
    given = sparse.csr_array((np.array([1.0, 2.0, 4.0]), np.array([1, 1, 0]), np.array([0, 3])), shape=(1, 2))
    f = st.LinearModel(given, np.ones(1), "squared")
    np.testing.assert_array_equal(f.A.toarray(), [[4.0, 3.0]])
    assert given.nnz == 3
    with pytest.raises(st.InputError, match="every entry must be finite"):
        st.LinearModel(sparse.csr_array([[np.nan]]), np.ones(1), "squared")


@settings(deadline=None, max_examples=40)
@given(
    seed=some.integers(0, 10**6), n=some.integers(1, 30), d=some.integers(1, 30), signed=some.booleans(),
    scale=some.sampled_from([1e-3, 1.0, 1e3]), repeated=some.booleans(),
)  # fmt: skip
def test_bounds_on_eigenvalues_are_on_the_safe_side_and_tight(seed, n, d, signed, scale, repeated):
    A, _ = rows(seed, n, d, signed=signed)
    A = scale * (np.hstack([A, A]) if repeated else A)
    exact = np.linalg.svd(A.astype(np.longdouble).astype(float), compute_uv=False) ** 2 / n
    top, bottom = exact[0], exact[-1] if n >= A.shape[1] else 0.0
    routes = [eigenvalues.largest, eigenvalues.by_cholesky, eigenvalues.by_lanczos]
    for form in (A, sparse.csr_array(A)):
        for route in routes if A.any() else routes[:1]:
            found = float(route(form))
            assert found >= top * (1 - 1e-14)
            assert found <= top * (1 + 1e-6)
        assert 0 <= float(eigenvalues.smallest(form)) <= bottom * (1 + 1e-13)


def test_the_route_of_a_bound_is_told():
    A, _ = rows(0, 40, 6)
    assert eigenvalues.largest(np.abs(A)).provenance == "certified"
    assert "Collatz-Wielandt" in eigenvalues.largest(np.abs(A)).source
    assert "Cholesky" in eigenvalues.largest(A).source
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eigenvalues, "CHOLESKY", 3)
        assert eigenvalues.largest(A).provenance == "statistical"
        assert eigenvalues.smallest(A) == 0
    assert eigenvalues.smallest(A) == pytest.approx(np.linalg.eigvalsh(A.T @ A / 40)[0], rel=1e-4)


@pytest.mark.parametrize("loss", ["logistic", "squared"])
@BOTH
def test_conjugate_gradients_find_the_minimiser_that_newton_finds(kind, loss):
    A, b = rows(3, 60, 9)
    f = st.LinearModel(kind(A), b, loss, 0.02)
    x, exact = newton_cg(f, f.reg), f.minimiser if loss == "squared" else newton(f)
    np.testing.assert_allclose(x, exact, atol=1e-11 * np.linalg.norm(exact))
    assert np.linalg.norm(f.gradient(x[None])) <= 4 * gradient_error(f, x)


@settings(deadline=None, max_examples=20)
@given(seed=some.integers(0, 10**6), scale=some.sampled_from([1e-2, 1.0, 1e3]))
def test_the_rounding_of_a_gradient_is_within_its_bound(seed, scale):
    A, b = rows(seed, 12, 5)
    f = st.LinearModel(A, b, "squared", 0.1)
    x = scale * np.random.default_rng(seed).standard_normal(5)
    A, b, y = (part.astype(np.longdouble) for part in (A, b, x))
    exact = A.T @ (A @ y - b) / 12 + np.longdouble(0.1) * y
    assert np.linalg.norm((f.gradient(x[None])[0] - exact).astype(float)) <= gradient_error(f, x)


@pytest.mark.parametrize("name", ["logistic", "ridge", "sigmoid", "nonconvex-logistic"])
def test_a_problem_of_large_sparse_rows_has_the_constants_of_the_small_one(name, monkeypatch):
    A, b = rows(5, 50, 8)
    small = st.load_problem(name, rows=(A, b))
    monkeypatch.setattr(linear, "SMALL", 0)
    large = st.load_problem(name, rows=(sparse.csr_array(A), b))
    assert float(large.L) == pytest.approx(float(small.L), rel=1e-9)
    assert float(large.L) >= float(small.L) * (1 - 1e-14)
    assert (small.L.provenance, large.L.provenance) == ("exact", "certified")
    np.testing.assert_allclose(large.L_i.values, small.L_i.values, rtol=1e-13)
    assert float(large.f_inf) == pytest.approx(float(small.f_inf), abs=1e-12)
    if small.mu is not None:
        assert float(large.mu) <= float(small.mu) * (1 + 1e-13)
        assert float(large.mu) == pytest.approx(float(small.mu), rel=1e-3)
        np.testing.assert_allclose(large.x_star, small.x_star, atol=1e-10)
