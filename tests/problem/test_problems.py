"""Every constant of every catalogue problem is true, the tight ones are tight, and wrong ones are caught."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
import scipy.optimize

from samtheory import Single, Uniform, exact, load_problem
from samtheory.catalogue import problem_module, problems, summary, takes_rows
from samtheory.sampling.base import samplings

SHIPPED = ("breast-cancer", "diabetes")
LOADABLE = [name for name in problems() if name not in SHIPPED or importlib.util.find_spec("sklearn")]
#: Problems whose constants hold everywhere.
NAMES = [name for name in LOADABLE if not load_problem(name).region]
every_problem = pytest.mark.parametrize("name", NAMES)

#: Problems with a point where L, or mu, is attained, so that a wrong one must show.
TIGHT_L = {
    "additive-noise", "bounded-variance", "breast-cancer", "diabetes", "heterogeneous", "interpolated-ls", "logistic",
    "rank-deficient-ls", "rank-one-pair", "ridge", "scaled-quadratics", "sine-1d", "sine-sum", "tight-orthogonal",
    "tight-pair",
}  # fmt: skip
TIGHT_MU = TIGHT_L - {"sine-sum"}
NOT_CONVEX = {"bounded-variance", "robust", "sigmoid", "sine-1d", "sine-sum"}
NOT_INTERPOLATED = {"additive-noise", "bounded-variance", "heterogeneous", "logistic", "rank-deficient-ls", "ridge"}

#: More outcomes than this are not enumerated here; E[v v^T] = B 11^T + Diag(w) takes their place.
FEW = 3000


def examples(name):
    n = load_problem(name).n
    return [sampling for kind in samplings().values() for sampling in kind.examples(n)]


CELLS = [(name, sampling) for name in NAMES for sampling in examples(name)]
every_cell = pytest.mark.parametrize(("name", "sampling"), CELLS, ids=[f"{name}-{s.spec}" for name, s in CELLS])


def centre(problem):
    return np.zeros(problem.d) if problem.x_star is None else problem.x_star


def points(problem, scales=(1e-4, 1e-2, 0.3, 1.0, 3.0, 30.0), seed=0, around=None):
    """Around the centre at several distances: along the axes, the curvature there, and at random."""
    rng, d, h = np.random.default_rng(seed), problem.d, 1e-5
    f, c = problem.objective, centre(problem) if around is None else around
    hessian = (f.gradient(c + h * np.eye(d)) - f.gradient(c - h * np.eye(d))) / (2 * h)
    curved = np.linalg.eigh((hessian + hessian.T) / 2)[1].T
    random = rng.standard_normal((6, d))
    directions = np.vstack([np.eye(d)[:6], curved[:3], curved[-3:], random / np.linalg.norm(random, axis=1)[:, None]])
    return np.vstack([problem.x0, *(c + scale * directions for scale in scales)])


def least_pl_ratio(problem):
    """min ||grad f||^2 / (2 delta)."""
    far = (1e3, 1e5) if "convex" in problem.properties else np.linspace(0.1, 6.1, 241)
    X = points(problem, (1e-4, 1e-2, 0.3, 1.0, 3.0, *far))
    delta = problem.suboptimality(X)
    seen = delta > 1e6 * problem.suboptimality_rounding(X)
    return (np.sum(problem.objective.gradient(X[seen]) ** 2, axis=1) / (2 * delta[seen])).min()


def largest_slope(gradient, X, Y):
    """max ||gradient(x) - gradient(y)|| / ||x - y||."""
    return (np.linalg.norm(gradient(X) - gradient(Y), axis=-1) / np.linalg.norm(X - Y, axis=-1)).max()


def pairs(problem, seed=0):
    """Pairs of points, far apart, next to each other, and along the curvature at the centre and the origin."""
    X = points(problem, seed=seed)
    near = X + 1e-4 * np.random.default_rng(seed + 1).standard_normal(X.shape)
    first, second = [X[1:], X], [X[:-1], near]
    for place in (centre(problem), np.zeros(problem.d)):
        first.append(points(problem, (1e-4,), seed, place)[1:])
        second.append(np.broadcast_to(place, first[-1].shape))
    X, Y = np.vstack(first), np.vstack(second)
    apart = (X != Y).any(axis=1)
    return X[apart], Y[apart]


def second_moment(problem, law, x):
    """E||g(x)||^2, one draw after the other or from E[v v^T]."""
    if law.count > FEW:
        squares = np.sum(problem.objective.gradients(x[None])[0] ** 2, axis=1)
        full = np.sum(problem.objective.gradient(x[None]) ** 2)
        return law.B * full + law.w @ squares / law.n**2
    draw, probability = law.outcomes()
    g = problem.objective.stochastic_gradient(np.tile(x, (len(probability), 1)), *draw)
    return probability @ np.sum(g**2, axis=1)


def residual_ratio(problem, law, constants, X):
    """max E||g||^2 / (2A delta + B ||grad f||^2 + C), where that is not 0/0."""
    if constants.C == 0:
        X = X[problem.suboptimality(X) > 1e6 * problem.suboptimality_rounding(X)]
    moments = np.array([second_moment(problem, law, x) for x in X])
    full = np.sum(problem.objective.gradient(X) ** 2, axis=1)
    bound = 2 * constants.A * problem.suboptimality(X) + constants.B * full + constants.C
    return np.divide(moments, bound, out=np.zeros_like(bound), where=moments > 0).max()


# The catalogue


def test_catalogue_has_the_families():
    assert TIGHT_L | NOT_CONVEX | NOT_INTERPOLATED <= set(problems())


@pytest.mark.parametrize("name", LOADABLE)
def test_problem_says_what_it_is_and_starts_away_from_the_minimum(name):
    problem = load_problem(name)
    assert 20 < len(summary(problem_module(name))) < 120
    assert problem.source
    assert problem.delta0 > 0
    assert np.linalg.norm(problem.objective.gradient(problem.x0[None])) > 1e-3
    for constant in (problem.L_i, problem.L, problem.f_inf, problem.f_i_inf, problem.mu):
        assert constant is None or (constant.provenance not in ("claimed", "assumed") and constant.source)


@every_problem
def test_problem_is_the_same_every_time_and_another_with_another_seed(name):
    first, again = load_problem(name), load_problem(name)
    X = points(first)
    np.testing.assert_array_equal(first.objective.values(X), again.objective.values(X))
    if "seed" in first.params:
        other = load_problem(name, seed=1)
        assert not np.array_equal(first.objective.values(X), other.objective.values(X))


# Smoothness


@every_problem
def test_L_and_L_i_bound_the_slopes_of_the_gradients(name):
    problem = load_problem(name)
    X, Y = pairs(problem)
    f = problem.objective
    assert largest_slope(f.gradient, X, Y) <= problem.L * (1 + 1e-9)
    assert name not in TIGHT_L or largest_slope(f.gradient, X, Y) > problem.L * (1 - 1e-3)
    few = X[:: max(1, len(X) // 12)], Y[:: max(1, len(X) // 12)]
    for i in range(0, problem.n, max(1, problem.n // 8)):
        one = np.full((len(few[0]), 1), i)
        slope = largest_slope(lambda Z, one=one: f.gradients(Z, one)[:, 0], *few)
        assert slope <= problem.L_i.values[i] * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize("loss", ["geman-mcclure", "cauchy", "welsch"])
def test_L_of_robust_regression_is_attained_on_a_single_row(loss):
    problem = load_problem("robust", loss=loss, rows=(np.array([[3.0, 4.0]]), np.array([2.5])))
    at, step = np.array([[0.3, 0.4]]), np.array([[3e-5, 4e-5]])
    assert largest_slope(problem.objective.gradient, at - step, at + step) == pytest.approx(problem.L, rel=1e-6)


def test_L_of_the_sigmoid_is_attained_on_two_rows():
    problem = load_problem("sigmoid", rows=(np.array([[2.0], [-2.0]]), np.array([1, -1])))
    at = np.full((1, 1), np.log(2 + np.sqrt(3.0)) / 2)
    assert largest_slope(problem.objective.gradient, at - 1e-4, at + 1e-4) == pytest.approx(problem.L, rel=1e-6)


@every_cell
def test_smoothness_of_the_sampled_function(name, sampling):
    problem = load_problem(name)
    law = problem.law(sampling)
    Lambda1, Lambda2, Lambda = problem.smoothness_of(law)
    assert Lambda1 <= Lambda2 * (1 + 1e-12)
    assert Lambda2 <= Lambda * (1 + 1e-12)
    if law.count > FEW:
        draw, probability = law.draw(np.random.default_rng(0), 200), None
    else:
        draw, probability = law.outcomes()
    size = len(draw.indices)
    worst = np.zeros(size)
    X, Y = pairs(problem)
    for x, y in zip(X[::7], Y[::7], strict=True):
        g, h = (problem.objective.stochastic_gradient(np.tile(z, (size, 1)), *draw) for z in (x, y))
        worst = np.maximum(worst, np.linalg.norm(g - h, axis=1) / np.linalg.norm(x - y))
    assert worst.max() <= Lambda * (1 + 1e-9)
    if probability is not None:
        assert probability @ worst <= Lambda1 * (1 + 1e-9)
        assert probability @ worst**2 <= Lambda2**2 * (1 + 1e-9)


# PL, infima


@pytest.mark.parametrize("name", [name for name in NAMES if load_problem(name).mu is not None])
def test_mu_is_at_most_every_pl_ratio(name):
    problem = load_problem(name)
    assert least_pl_ratio(problem) >= problem.mu * (1 - 1e-9)


@pytest.mark.parametrize("name", sorted(TIGHT_MU & set(NAMES)))
def test_mu_is_attained_so_that_twice_as_much_is_caught(name):
    problem = load_problem(name)
    assert least_pl_ratio(problem) <= problem.mu * 1.01
    assert least_pl_ratio(problem) < 2 * problem.mu


def minimised(value, gradient, start):
    return scipy.optimize.minimize(value, start, jac=gradient, method="BFGS", options={"gtol": 1e-9}).fun


@every_problem
def test_no_value_is_below_the_claimed_infimum(name):
    problem = load_problem(name)
    f, rng = problem.objective, np.random.default_rng(3)
    scale = 1 + np.linalg.norm(problem.x0 - centre(problem))
    found = np.inf
    for _ in range(4):
        start = centre(problem) + 2 * scale * rng.standard_normal(problem.d)
        found = min(found, minimised(lambda x: f.value(x[None])[0], lambda x: f.gradient(x[None])[0], start))
    assert found >= problem.f_inf - 1e-13 * (1 + abs(found))
    if problem.x_star is not None and "lower bound" not in problem.f_inf.source:
        assert problem.suboptimality(problem.x_star[None])[0] <= 1e-15 * (1 + abs(problem.f_inf))
    if "convex" in problem.properties:
        assert found == pytest.approx(problem.f_inf, abs=1e-9)


@pytest.mark.parametrize("name", [name for name in NAMES if load_problem(name).f_i_inf is not None])
def test_no_component_is_below_its_claimed_infimum(name):
    problem = load_problem(name)
    f, rng = problem.objective, np.random.default_rng(4)
    for i in range(0, problem.n, max(1, problem.n // 6)):
        one = np.full((1, 1), i)
        found = np.inf
        for start in centre(problem) + 3 * rng.standard_normal((3, problem.d)):
            value, gradient = lambda x, i=i: f.values(x[None])[0, i], lambda x, one=one: f.gradients(x[None], one)[0, 0]
            found = min(found, minimised(value, gradient, start))
        assert found >= problem.f_i_inf.values[i] - 1e-13 * (1 + abs(found))
        if "convex-components" in problem.properties:
            assert found == pytest.approx(problem.f_i_inf.values[i], abs=1e-9)


@every_problem
def test_suboptimality_is_value_less_infimum(name):
    problem = load_problem(name)
    X = points(problem)
    delta, rounding = problem.suboptimality(X), problem.suboptimality_rounding(X)
    assert (delta >= -rounding).all()
    value = problem.objective.value(X)
    np.testing.assert_allclose(delta, value - problem.f_inf, rtol=1e-9, atol=1e-13 * (1 + abs(problem.f_inf)))


# Claimed properties


@every_problem
def test_claimed_convexity_and_interpolation(name):
    problem = load_problem(name)
    f, claimed = problem.objective, problem.properties
    X, Y = pairs(problem)
    X, Y = X[:: max(1, len(X) // 60)], Y[:: max(1, len(X) // 60)]
    gains = np.einsum("rnd,rd->rn", f.gradients(X) - f.gradients(Y), X - Y)
    size = 1e-10 * np.sum((X - Y) ** 2, axis=1) * float(problem.L_i.values.max())
    if name in NOT_CONVEX or "convex" in claimed:
        assert ("convex" in claimed) == (gains.mean(axis=1) >= -size).all()
    if "convex-components" in claimed:
        assert (gains >= -size[:, None]).all()
    if "interpolation" in claimed:
        assert np.abs(f.gradients(problem.x_star[None])).max() < 1e-13 * (1 + problem.L_i.values.max())
        np.testing.assert_allclose(f.values(problem.x_star[None])[0], problem.f_i_inf.values, atol=1e-20)
    if name in NOT_INTERPOLATED:
        assert "interpolation" not in claimed
        assert np.abs(f.gradients(problem.x_star[None])).max() > 1e-3


# Expected residual


@every_cell
def test_expected_residual_holds_at_every_point(name, sampling):
    problem = load_problem(name)
    law, constants = problem.law(sampling), problem.constants(sampling)
    X = points(problem)
    X = X[:: max(1, min(law.count, FEW) * len(X) // 20_000)]
    assert residual_ratio(problem, law, constants, X) <= 1 + 1e-8


@pytest.mark.parametrize(("name", "sampling"), [cell for cell in CELLS if cell[0] == "tight-orthogonal"])
def test_tight_orthogonal_attains_A_and_B(name, sampling):
    problem = load_problem(name)
    law, constants = problem.law(sampling), problem.constants(sampling)
    axis = np.eye(problem.n)[[np.argmax(law.w * problem.L_i.values)]]
    assert residual_ratio(problem, law, constants, axis) == pytest.approx(1, rel=1e-12)
    for letter in ("A", "B"):
        if getattr(constants, letter) > 0:
            smaller = {letter: exact(0.9 * getattr(constants, letter), "")}
            held = constants.properties - {"bounded-variance"}  # which says A = 0 and B = 1
            less = replace(constants, region="made smaller", properties=held).changed(**smaller)
            assert residual_ratio(problem, law, less, axis) > 1 + 1e-3


@pytest.mark.parametrize("c", [0.1, 1.0, 7.0])
def test_tight_pair_attains_C_under_uniform_sampling(c):
    problem = load_problem("tight-pair", L=3.0, c=c)
    law, constants = problem.law(Uniform()), problem.constants(Uniform())
    X = np.linspace(-5, 5, 11)[:, None]
    assert (constants.A, constants.B, constants.C) == (3, 0, pytest.approx(9 * c**2))
    for x in X:
        assert residual_ratio(problem, law, constants, x[None]) == pytest.approx(1, rel=1e-12)
    less = constants.changed(C=exact(0.9 * constants.C, ""))
    assert residual_ratio(problem, law, less, X) > 1.1 - 1e-9


@pytest.mark.parametrize(
    ("name", "sampling"), [c for c in CELLS if c[0] in ("additive-noise", "bounded-variance", "scaled-quadratics")]
)
def test_exact_residuals_are_identities(name, sampling):
    problem = load_problem(name)
    law, constants = problem.law(sampling), problem.constants(sampling)
    for x in points(problem):
        assert residual_ratio(problem, law, constants, x[None]) == pytest.approx(1, rel=1e-11)


def test_uneven_probabilities_fall_back_to_the_textbook_residual():
    p = np.array([0.05, 0.1, 0.15, 0.2, 0.25, 0.25])
    for name in ("additive-noise", "bounded-variance"):
        problem = load_problem(name)
        law, constants = problem.law(Single(p)), problem.constants(Single(p))
        assert constants.A == pytest.approx(problem.L / (6 * 0.05))
        assert residual_ratio(problem, law, constants, points(problem)) <= 1 + 1e-9


# Numbers known from elsewhere


def test_best_pl_constant_of_the_sine():
    problem = load_problem("sine-1d")
    assert float(problem.mu) == 0.17553098587
    assert least_pl_ratio(replace(problem, x0=np.full(1, 2.2017091764))) == pytest.approx(0.1755309858797, rel=1e-11)


# Rows of one's own


def spread(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d))


ROWS = {
    "ridge": (spread(7, 3), np.arange(7.0)),
    "diabetes": (100 + 5 * spread(9, 3), np.arange(9.0)),
    "interpolated-ls": (spread(3, 5), np.array([1.0, -2.0, 0.5])),
    "rank-deficient-ls": (spread(7, 2) @ spread(2, 4, 1), np.arange(7.0)),
    "logistic": (spread(7, 3), np.array([1, 2, 2, 1, 2, 1, 1.0])),
    "breast-cancer": (3 + spread(7, 3), np.array([0, 1, 1, 0, 1, 0, 0.0])),
    "sigmoid": (spread(7, 3), np.array([-1, 1, 1, -1, 1, -1, -1.0])),
    "sine-sum": (spread(3, 4), np.array([4.0, -3.0, 1.0])),
    "robust": (spread(7, 3), np.arange(7.0)),
}


def test_every_linear_family_takes_rows():
    assert ROWS.keys() <= {name for name in problems() if takes_rows(name)}


@pytest.mark.parametrize("name", ROWS)
def test_constants_are_true_of_rows_of_ones_own(name):
    problem = load_problem(name, rows=ROWS[name])
    assert (problem.n, problem.d) == ROWS[name][0].shape
    X, Y = pairs(problem)
    assert largest_slope(problem.objective.gradient, X, Y) <= problem.L * (1 + 1e-9)
    assert residual_ratio(problem, problem.law(Uniform()), problem.constants(Uniform()), X[::5]) <= 1 + 1e-8
    if problem.mu is not None:
        assert problem.mu * (1 - 1e-9) <= least_pl_ratio(problem)
        assert np.linalg.norm(problem.objective.gradient(problem.x_star[None])) < 1e-12


# The checks of this file see wrong constants


def test_residual_check_sees_a_small_A_and_a_missing_C():
    problem = load_problem("ridge")
    law, constants = problem.law(Uniform()), problem.constants(Uniform())
    small = constants.changed(A=exact(0.3 * constants.A, ""), C=exact(0.3 * constants.C, ""))
    assert residual_ratio(problem, law, small, points(problem)) > 1
    assert residual_ratio(problem, law, constants.changed(C=exact(0.0, "")), points(problem)) > 1


def test_a_claimed_residual_wins_over_the_textbook():
    own = {"A": exact(7.0, ""), "B": exact(0.0, ""), "C": exact(0.0, "")}
    problem = replace(load_problem("interpolated-ls"), claims=lambda law: own if law.count == 6 else None)
    assert problem.constants(Uniform()).A == 7
    assert problem.constants(Single(np.array([0.2] * 4 + [0.1] * 2))).A == 7
    assert problem.constants(examples("interpolated-ls")[0]).A == 0  # the full batch needs no hook


def test_infimum_check_sees_a_value_below_it():
    problem = load_problem("heterogeneous")
    wrong = replace(problem, f_inf=exact(float(problem.f_inf) + 0.01, ""))
    assert wrong.suboptimality(problem.x_star[None])[0] < -wrong.suboptimality_rounding(problem.x_star[None])[0]
    values = problem.objective.values(problem.objective.centres)
    assert (values.min(axis=0) < problem.f_i_inf.values + 0.01).all()
