"""Numbers of single families known from elsewhere, data sets, labels, and which parameters and rows are refused."""

import importlib.util
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from samtheory import InputError, MissingExtra, Single, Uniform, load_problem
from samtheory.sampling.base import samplings

SHIPPED = ("breast-cancer", "diabetes")


def spread(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d))


# Numbers known from elsewhere


def test_counterexample_to_L_max_has_the_constants_of_its_proof():
    problem = load_problem("scaled-quadratics", h="0.01,1.99")
    constants = problem.constants(Single(np.array([1, 39999]) / 40000))
    assert (problem.mu, problem.L, constants.L_max) == (1, 1, 1.99)
    assert float(constants.Lambda) == pytest.approx(200, rel=1e-12)
    assert (constants.A, constants.C) == (0, 0)
    assert float(constants.B) == pytest.approx((200**2 + 39999 * (1.99 * 20000 / 39999) ** 2) / 40000, rel=1e-12)


def test_ridge_agrees_with_the_normal_equations():
    problem = load_problem("ridge", reg=0.3, seed=4)
    A, b = problem.objective.A, problem.objective.b
    x = np.linalg.solve(A.T @ A / 8 + 0.3 * np.eye(3), A.T @ b / 8)
    np.testing.assert_allclose(problem.x_star, x, rtol=1e-12)
    assert float(problem.f_inf) == pytest.approx(np.mean((A @ x - b) ** 2) / 2 + 0.15 * x @ x, rel=1e-13)
    residual = problem.constants(Uniform())
    infima = b**2 / 2 * 0.3 / (np.sum(A**2, axis=1) + 0.3)
    assert float(residual.C) == pytest.approx(2 * residual.L_max * (problem.f_inf - infima.mean()), rel=1e-12)


def test_infimum_of_rank_deficient_least_squares():
    problem = load_problem("rank-deficient-ls")
    A, b = problem.objective.A, problem.objective.b
    assert float(problem.f_inf) == pytest.approx(np.sum((b - A @ np.linalg.pinv(A) @ b) ** 2) / 16, rel=1e-12)
    assert problem.objective.rank == 2
    assert problem.f_inf > 0.01


@settings(deadline=None, max_examples=40)
@given(
    condition=some.floats(1, 1e6),
    reg=some.floats(1e-4, 10),
    d=some.integers(2, 5),
    extra=some.integers(0, 4),
    seed=some.integers(0, 1000),
)
def test_ridge_has_the_condition_that_was_asked_for(condition, reg, d, extra, seed):
    problem = load_problem("ridge", n=d + extra, d=d, condition=condition, reg=reg, seed=seed)
    assert problem.L / problem.mu == pytest.approx(condition, rel=1e-9)
    eigenvalues = np.linalg.eigvalsh(problem.objective.A.T @ problem.objective.A / problem.n + reg * np.eye(d))
    assert eigenvalues[0] >= problem.mu - 1e-13 * eigenvalues[-1]


@pytest.mark.parametrize("name", ["interpolated-ls", "rank-deficient-ls", "additive-noise", "tight-orthogonal"])
def test_condition_of_the_other_families(name):
    problem = load_problem(name, condition=50.0)
    assert problem.L / problem.mu == pytest.approx(50, rel=1e-10)


def test_bounded_variance_is_claimed_where_it_is_exact():
    problem = load_problem("bounded-variance", noise=2.0)
    for kind in samplings().values():
        for sampling in kind.examples(problem.n):
            claimed = "bounded-variance" in problem.constants(sampling).properties
            assert claimed == (kind.key != "independent")
    assert problem.constants(Uniform()).C == pytest.approx(4.0, rel=1e-14)


# Labels and data sets


@pytest.mark.parametrize("labels", [(-1, 1), (0, 1), (1, 2)])
@pytest.mark.parametrize("name", ["logistic", "sigmoid", "breast-cancer"])
def test_labels_are_mapped_to_minus_and_plus_one(name, labels):
    chosen = np.array([0, 1, 1, 0, 1])
    problem = load_problem(name, rows=(spread(5, 2), np.array(labels)[chosen]))
    np.testing.assert_array_equal(problem.objective.b, 2 * chosen - 1)


def test_shipped_families_standardise_rows_of_ones_own():
    A, b = 100 + 5 * spread(9, 3), np.arange(9.0)
    f = load_problem("diabetes", rows=(np.column_stack([A, np.full(9, 7.0)]), b)).objective
    np.testing.assert_allclose(f.A.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(f.A.std(axis=0), [1, 1, 1, 0], rtol=1e-12)
    assert (f.b.mean(), f.b.std()) == (pytest.approx(0, abs=1e-15), pytest.approx(1))


def test_ridge_without_regulariser_takes_rows_of_full_column_rank():
    A = spread(7, 3)
    problem = load_problem("ridge", rows=(A, np.arange(7.0)), reg=0.0)
    assert float(problem.mu) == pytest.approx(np.linalg.eigvalsh(A.T @ A / 7)[0])
    assert float(problem.f_i_inf.values.max()) == 0


@pytest.mark.skipif(not importlib.util.find_spec("sklearn"), reason="scikit-learn, the extra `data`, is not installed")
def test_shipped_data_sets():
    diabetes, cancer = load_problem("diabetes"), load_problem("breast-cancer")
    assert (diabetes.n, diabetes.d, cancer.n, cancer.d) == (442, 10, 569, 30)
    assert set(cancer.objective.b) == {-1.0, 1.0}
    assert (cancer.objective.b == 1).sum() == 357  # benign
    for f in (diabetes.objective, cancer.objective):
        np.testing.assert_allclose(f.A.std(axis=0), 1, rtol=1e-10)
    # With the extra columns of 1 and no penalty R^2 of diabetes is known: 0.5177.
    plain = load_problem("diabetes", reg=1e-9)
    assert 1 - 2 * plain.f_inf == pytest.approx(0.5177484, abs=1e-6)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_data_sets_name_the_extra_they_need(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingExtra, match=r'pip install "samtheory\[data\]"'):
        load_problem(name)


# What is refused

REFUSED = [
    ("ridge", {"n": 2, "d": 3}, "param n=2: must be a whole number, at least 3"),
    ("ridge", {"d": 1}, "param d=1: must be a whole number, at least 2"),
    ("ridge", {"condition": 0.5}, "param condition=0.5: must be a finite number, at least 1"),
    ("ridge", {"condition": float("inf")}, "param condition=inf"),
    ("ridge", {"reg": 0.0}, "param reg=0.0: must be a finite number above 0"),
    ("ridge", {"reg": -1.0}, "param reg=-1.0"),
    ("ridge", {"noise": -1.0}, "param noise=-1.0"),
    ("ridge", {"seed": -1}, "param seed=-1"),
    ("ridge", {"reg": 0.0, "rows": (np.ones((3, 2)), np.ones(3))}, "param reg=0.0: must be above 0: A has rank 1"),
    ("diabetes", {"rows": (np.full((3, 2), np.nan), np.ones(3))}, "every entry must be finite"),
    ("interpolated-ls", {"n": 5, "d": 5}, "param d=5: must be a whole number, at least 6"),
    ("interpolated-ls", {"rows": (spread(5, 2), np.arange(5.0))}, "must be 0, and A not 0, to interpolate"),
    ("interpolated-ls", {"rows": (np.zeros((2, 2)), np.zeros(2))}, "rank 0"),
    ("rank-deficient-ls", {"rank": 4}, "param rank=4: must be below n=8 and d=4"),
    ("rank-deficient-ls", {"rows": (np.eye(3), np.ones(3))}, "data: A has rank 3: must be above 0 and below d=3"),
    ("logistic", {"reg": 0.0}, "param reg=0.0"),
    ("logistic", {"rows": (np.ones((3, 2)), np.arange(3.0))}, "labels=0, 1, 2: must be two values"),
    ("sigmoid", {"rows": (np.ones((6, 2)), np.arange(6.0))}, "labels=0, 1, 2, 3, ...: must be two values"),
    ("breast-cancer", {"rows": (np.ones((3, 2)), np.ones(3))}, "labels=1: must be two values"),
    ("sine-1d", {"start": float("inf")}, "param start=inf"),
    ("sine-1d", {"rows": "mine.csv"}, "data=mine.csv: the problem sine-1d has no rows to replace"),
    ("sine-sum", {"n": 7}, "param n=7: must be at most d=6"),
    ("sine-sum", {"distance": 0.0}, "param distance=0.0"),
    ("sine-sum", {"rows": (np.ones((3, 4)), np.ones(3))}, "data: A has rank 1: must have full row rank, n=3"),
    ("robust", {"loss": "huber"}, "param loss=huber: must be one of geman-mcclure, cauchy, welsch"),
    ("robust", {"outlier": float("inf")}, "param outlier=inf"),
    ("heterogeneous", {"spread": 0.5}, "param spread=0.5: must be at least 1"),
    ("scaled-quadratics", {"h": "1,-2"}, "param h=-2: must be a finite number above 0"),
    ("scaled-quadratics", {"h": "1,,2"}, "param h=: must be a finite number above 0"),
    ("tight-pair", {"c": 0.0}, "param c=0.0"),
    ("rank-one-pair", {"angle": 4.0}, "param angle=4.0: must be a number in (0, pi)"),
    ("tight-orthogonal", {"n": 1}, "param n=1"),
    ("bounded-variance", {"n": 1}, "param n=1"),
    ("additive-noise", {"noise": float("inf")}, "param noise=inf"),
]


@pytest.mark.parametrize(("name", "given", "message"), REFUSED, ids=[f"{r[0]}: {r[2][:30]}" for r in REFUSED])
def test_bad_parameters_and_rows_are_refused_in_one_line(name, given, message):
    with pytest.raises(InputError) as error:
        load_problem(name, **given)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
