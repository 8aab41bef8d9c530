"""Problems that no theorem covers: they load, list, run, and behave as their docstrings say."""

import numpy as np
import pytest

from samtheory import InputError, NotApplicable, load_problem, parse_sampling, rates, run
from samtheory.checking.card import check
from samtheory.sampling.base import samplings
from samtheory.schedules import Schedule
from samtheory.verification.sweep import select

NAMES = ("factorisation", "phase-retrieval", "saddle", "valley")


def inside(problem, count=400) -> np.ndarray:
    """Points of the region ||x||^2 <= R^2, some on its boundary."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((count, problem.d))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    X[: count // 2] *= rng.uniform(0, 1, (count // 2, 1))
    return X * problem.params.get("R", 1.0)


def last(problem, gamma, rho, lam, steps, x0=None):
    """x_T of full-batch Unified SAM."""
    curves = run(
        problem, parse_sampling("full"), Schedule(gamma, rho, lam), steps=steps, record=[steps], x0=x0, keep=("points",)
    )
    return curves.points[0, 0]


# No theorem, and a reason


@pytest.mark.parametrize("name", NAMES)
def test_no_theorem_applies_and_the_reason_is_told(name):
    problem = load_problem(name)
    for kind in samplings().values():
        for sampling in kind.examples(problem.n):
            with pytest.raises(NotApplicable, match="no theorem applies: f is"):
                problem.constants(sampling)
    with pytest.raises(NotApplicable, match="no theorem applies"):
        rates(problem)


def test_a_sweep_skips_them_with_the_reason():
    cells, skipped = select(NAMES)
    assert cells == []
    assert {entry["problem"] for entry in skipped} == set(NAMES)
    assert all(entry["reason"].startswith("no theorem applies: f is") for entry in skipped)


@pytest.mark.parametrize("name", NAMES)
def test_check_looks_at_their_gradients_alone(name):
    for card in check(load_problem(name)):
        assert [(finding.name, finding.verdict) for finding in card.constants] == [("gradients", "consistent")]


# What is claimed on the region


@pytest.mark.parametrize("name", NAMES)
def test_smoothness_on_the_region(name):
    problem = load_problem(name)
    f, X = problem.objective, inside(load_problem(name))
    Y = X * (1 - 1e-4) + 1e-5 * np.random.default_rng(1).standard_normal(X.shape)
    Y *= np.minimum(1, np.linalg.norm(X, axis=1, keepdims=True) / np.linalg.norm(Y, axis=1, keepdims=True))
    apart = np.linalg.norm(X - Y, axis=1)
    each = np.linalg.norm(f.gradients(X) - f.gradients(Y), axis=2) / apart[:, None]
    assert (each <= problem.L_i.values * (1 + 1e-7)).all()
    assert np.linalg.norm(problem.x0) <= problem.params.get("R", 1.0) + 0.01
    assert (f.values(X) >= problem.f_i_inf.values).all()


@pytest.mark.parametrize("m", [1.0, -0.7])
def test_smoothness_of_factorisation_is_attained(m):
    problem = load_problem("factorisation", m=m)
    x = problem.params["R"] / np.sqrt(2) * np.array([1.0, -np.sign(m)])
    h = 1e-6 * np.eye(2)
    hessian = (problem.objective.gradient(x + h) - problem.objective.gradient(x - h)) / 2e-6
    assert np.linalg.eigvalsh(hessian)[-1] == pytest.approx(float(problem.L), rel=1e-8)


def test_gradients_of_phase_retrieval_and_its_two_minima():
    problem = load_problem("phase-retrieval")
    f = problem.objective
    both = np.array([problem.x_star, -problem.x_star])
    assert np.abs(f.values(both)).max() < 1e-25
    assert np.abs(f.gradient(both)).max() < 1e-12
    X, h = inside(problem, 20), 1e-5
    for j in range(problem.d):
        step = h * np.eye(problem.d)[j]
        central = (f.values(X + step) - f.values(X - step)) / (2 * h)
        np.testing.assert_allclose(central, f.gradients(X)[..., j], atol=1e-6)


# Behaviour


@pytest.mark.parametrize(
    ("rho", "gamma", "attracted"), [(0.3, 0.2, False), (0.9, 0.2, True), (0.9, 2.6, False), (0.5 - 1e-3, 0.1, False)]
)
def test_saddle_repels_or_attracts_by_the_rule(rho, gamma, attracted):
    """b = 2: repelled if 2 rho < 1 or 2 gamma (2 rho - 1) > 2."""
    problem = load_problem("saddle", h=0.05)
    y = last(problem, gamma, rho, 0.0, 400)[1]
    assert bool(abs(y) < 0.1) is attracted
    assert abs(y) == pytest.approx(0.1 * abs(1 + 2 * gamma * (1 - 2 * rho)) ** 400, rel=1e-6)


def test_saddle_is_unbounded_below():
    problem = load_problem("saddle")
    assert problem.objective.value(np.array([[0.0, 1e6]]))[0] < -1e11


def test_factorisation_satisfies_its_identity_and_its_local_pl():
    problem = load_problem("factorisation", m=2.0)
    X = inside(problem)
    f, grad2 = problem.objective.value(X), np.sum(problem.objective.gradient(X) ** 2, axis=1)
    np.testing.assert_allclose(grad2, 2 * np.sum(X**2, axis=1) * f, rtol=1e-12)
    low = f < 2.0
    assert low.sum() > 20
    assert (grad2[low] >= 2 * 2 * (2.0 - np.sqrt(2 * f[low])) * f[low] * (1 - 1e-12)).all()


def test_sam_finds_flatter_factors_than_gradient_descent():
    problem = load_problem("factorisation", m=1.0)
    sharpness = [np.sum(last(problem, 0.04, rho, 1.0 if rho else 0.0, 5000) ** 2) for rho in (0.0, 0.1)]
    assert 1.99 < sharpness[1] < 0.6 * sharpness[0]


@pytest.mark.parametrize("ell", ["log-cosh", "pseudo-huber"])
def test_valley_keeps_gradient_descent_below_the_edge_and_lets_sam_drift(ell):
    problem = load_problem("valley", ell=ell, start=3.0)
    gamma = 0.3
    at_rest = last(problem, gamma, 0.0, 0.0, 5000)
    assert abs(at_rest[0]) < 1e-8
    assert at_rest[1] ** 2 <= 2 / gamma * (1 + 1e-6) < 3.0**2
    drifted = last(problem, gamma, 0.1, 1.0, 5000)
    assert drifted[1] ** 2 < 0.8 * at_rest[1] ** 2


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("saddle", {"h": 0.0}, "param h=0"),
        ("saddle", {"b": -1.0}, "param b=-1"),
        ("factorisation", {"m": float("inf")}, "param m=inf"),
        ("factorisation", {"start": 5.0}, "param start=5"),
        ("valley", {"ell": "squared"}, "param ell=squared: must be one of log-cosh, pseudo-huber"),
        ("valley", {"R": -1.0}, "param R=-1"),
        ("valley", {"start": 4.0}, "param start=4"),
        ("phase-retrieval", {"n": 0}, "param n=0"),
        ("phase-retrieval", {"R": 0.0}, "param R=0"),
    ],
)
def test_bad_parameters_are_named_in_one_line(name, params, message):
    with pytest.raises(InputError) as caught:
        load_problem(name, **params)
    assert str(caught.value).startswith(message)
    assert "must be" in str(caught.value)
    assert "\n" not in str(caught.value)
