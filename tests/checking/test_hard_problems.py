"""The harder problems of the catalogue: constants against random search, and the behaviour that each is there for."""

import itertools
from contextlib import suppress

import numpy as np
import pytest

from samtheory import InputError, NotApplicable, load_problem, load_theorem, parse_sampling, run
from samtheory.catalogue import theorems
from samtheory.objectives.losses import LOSSES
from samtheory.sampling.base import samplings
from samtheory.schedules import Schedule

NAMES = (
    "hallucination",
    "huber",
    "indefinite",
    "nonconvex-logistic",
    "ravine",
    "robust-interpolated",
    "sine-amplitude",
    "sine-rotated",
    "sine-wave",
    "two-quadratics",
)


def points(problem, seed=0, count=300):
    """Points around the minimiser (or the start) at six decades of distance."""
    rng = np.random.default_rng(seed)
    centre = problem.x0 if problem.x_star is None else problem.x_star
    return centre + 10.0 ** rng.uniform(-3, 3, (count, 1)) * rng.standard_normal((count, problem.d))


# Constants


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_those_of_the_values(name):
    problem = load_problem(name)
    f, X, h = problem.objective, points(problem, count=50), 1e-5
    for j in range(problem.d):
        step = h * (1 + np.linalg.norm(X, axis=1, keepdims=True)) * np.eye(problem.d)[j]
        central = (f.values(X + step) - f.values(X - step)) / (2 * step[:, [j]])
        # Third derivatives are at most L times a few, except at kinks of f', where the error is one order larger.
        allowed = problem.L_i.values * step[:, [j]] + 1e-9 * (1 + np.abs(f.values(X))) / step[:, [j]]
        assert (np.abs(central - f.gradients(X)[..., j]) <= allowed).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_mean_and_the_parts_agree(name):
    problem = load_problem(name)
    f, X = problem.objective, points(problem, count=20)
    rng = np.random.default_rng(1)
    indices, weights = rng.integers(f.n, size=(20, 2)), rng.uniform(0, 2, (20, 2))
    by_hand = np.einsum("rm,rmd->rd", weights, f.gradients(X, indices)) / f.n
    np.testing.assert_allclose(f.stochastic_gradient(X, indices, weights), by_hand, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(f.gradient(X), f.gradients(X).mean(axis=1), rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(f.value(X), f.values(X).mean(axis=1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(f.gap(X) + f.reference, f.value(X), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_smoothness_holds_and_a_tenth_less_does_not(name):
    problem = load_problem(name)
    f, X = problem.objective, points(problem)
    Y = X + 1e-3 * np.random.default_rng(2).standard_normal(X.shape)
    apart = np.linalg.norm(X - Y, axis=1)
    each = np.linalg.norm(f.gradients(X) - f.gradients(Y), axis=2) / apart[:, None]
    noise = 1e-11 * (1 + np.linalg.norm(X, axis=1)) / apart
    assert (each <= problem.L_i.values * (1 + noise[:, None])).all()
    whole = np.linalg.norm(f.gradient(X) - f.gradient(Y), axis=1) / apart
    assert (whole <= problem.L * (1 + noise)).all()
    # Attained: along the steepest of many directions at the places where the docstrings say so.
    at = {"nonconvex-logistic": np.zeros(problem.d), "sine-wave": np.full(1, np.pi / 2)}.get(name, problem.x_star)
    directions = 1e-4 * np.random.default_rng(3).standard_normal((4000, problem.d))
    lengths = np.linalg.norm(directions, axis=1)
    steepest = np.linalg.norm(f.gradient(at + directions) - f.gradient(at), axis=1) / lengths
    assert steepest.max() > 0.9 * problem.L


@pytest.mark.parametrize("name", [name for name in NAMES if name != "indefinite"])
def test_nothing_lies_below_the_infima(name):
    problem = load_problem(name)
    X = points(problem)
    values = problem.objective.values(X)
    assert (values >= problem.f_i_inf.values - 1e-12 * (1 + np.abs(values))).all()
    assert (problem.suboptimality(X) >= -problem.suboptimality_rounding(X)).all()
    assert problem.delta0 > 0
    if problem.x_star is not None:
        assert abs(problem.suboptimality(problem.x_star[None])[0]) < 1e-14
        assert problem.objective.stationarity(problem.x_star) < 1e-14


@pytest.mark.parametrize("name", ["sine-amplitude", "sine-rotated", "two-quadratics", "ravine", "indefinite"])
def test_pl_holds_and_is_sharp(name):
    problem = load_problem(name)
    f = problem.objective
    X = np.vstack([points(problem), problem.x_star + near_pl_equality(problem)])
    gap, grad2 = problem.suboptimality(X), np.sum(f.gradient(X) ** 2, axis=1)
    assert (grad2 >= 2 * problem.mu * gap * (1 - 1e-9)).all()
    assert (grad2 < 2 * 1.01 * problem.mu * gap).any()


def near_pl_equality(problem) -> np.ndarray:
    """Displacements from the minimiser among which PL is nearly an equality: slow directions, several lengths."""
    f, line = problem.objective, np.linspace(0.01, 8, 2000)[:, None]
    if hasattr(f, "Q"):
        return line * f.Q[np.argmin(f.w)]
    return line * np.linalg.eigh(f.mean_hessian)[1][:, 0]


@pytest.mark.parametrize("name", [name for name in NAMES if load_problem(name).n > 1])
@pytest.mark.parametrize("kind", samplings())
def test_expected_residual_holds_exactly(name, kind):
    problem = load_problem(name)
    f, X = problem.objective, points(problem, count=60)
    for sampling in samplings()[kind].examples(problem.n):
        constants, (draw, probability) = problem.constants(sampling), problem.law(sampling).outcomes()
        second = np.array(
            [
                probability @ np.sum(f.stochastic_gradient(np.repeat(x[None], len(probability), 0), *draw) ** 2, axis=1)
                for x in X
            ]
        )
        grad2 = np.sum(f.gradient(X) ** 2, axis=1)
        bound = 2 * constants.A * problem.suboptimality(X) + constants.B * grad2 + constants.C
        assert (second <= bound * (1 + 1e-9) + 1e-12).all()


# What each problem is there for


def last(problem, gamma, rho, lam, steps, x0=None):
    """x_T of full-batch Unified SAM."""
    schedule = Schedule(gamma, rho, lam)
    curves = run(problem, parse_sampling("full"), schedule, steps=steps, record=[steps], x0=x0, keep=("points",))
    return curves.points[0, 0]


def test_sine_wave_attracts_sam_to_points_that_are_not_stationary():
    for beta, rho, turns, expected in ((1.0, 1.0, 5 * np.pi / 3, 0.165399), (2.0, 0.5, 4.49341, 0.217234)):
        problem = load_problem("sine-wave", beta=beta, w=turns / rho)
        attractor = problem.x_star[0] - rho
        x = last(problem, 0.5 / beta, rho, 1.0, 400, x0=np.full(1, attractor + 0.01))
        assert x[0] == pytest.approx(attractor, abs=1e-9)
        slope = abs(problem.objective.gradient(x[None])[0, 0])
        assert slope == pytest.approx(expected * beta * rho, rel=1e-5)


@pytest.mark.parametrize("dip", [0.25, 0.01])
def test_hallucinated_minimum_attracts_from_its_whole_basin(dip):
    problem = load_problem("hallucination", dip=dip, beta=2.0)
    for start in np.linspace(-1 - 2 * dip + 1e-6, -2 * dip - 1e-6, 7):
        x = last(problem, 0.5, 1.0, 1.0, 300, x0=np.full(1, start))
        assert x[0] == pytest.approx(-1.0, abs=1e-6)
        assert abs(problem.objective.gradient(x[None])[0, 0]) == pytest.approx(2.0 * (1 - 2 * dip), rel=1e-6)


def test_hallucination_is_continuously_differentiable():
    problem = load_problem("hallucination")
    for kink in (-0.25, -2.0):
        sides = np.array([[kink - 1e-9], [kink + 1e-9]])
        assert np.ptp(problem.objective.value(sides)) < 1e-8
        assert np.ptp(problem.objective.gradient(sides)) < 1e-8


@pytest.mark.parametrize(("rho", "lam"), [(0.0, 0.0), (0.7, 0.0), (0.7, 1.0), (3.0, 0.5)])
def test_huber_is_the_worst_case_of_gradient_descent_whatever_rho(rho, lam):
    problem = load_problem("huber", L=2.0, R=3.0, N=15, h=0.5)
    x = last(problem, 0.5 / 2.0, rho, lam, 15)
    assert problem.suboptimality(x[None])[0] == pytest.approx(2.0 * 9 / (2 * (2 * 15 * 0.5 + 1)), rel=1e-12)


def test_ravine_ends_sam_in_its_cycle_and_usam_at_the_stability_limit():
    problem = load_problem("ravine", condition=10.0, top=2.0)
    gamma, rho = 0.6, 0.1
    x = last(problem, gamma, rho, 1.0, 4000)
    assert np.abs(x) == pytest.approx([0.0, gamma * rho * 2 / (2 - gamma * 2)], abs=1e-9)
    for factor, converges in ((0.99, True), (1.01, False)):
        x = last(problem, factor * 2 / (2 * (1 + rho * 2)), rho, 0.0, 4000)
        assert bool(np.linalg.norm(x) < 1e-6) is converges


def test_two_quadratics_have_the_limits_that_the_docstring_says():
    rho, problem = 0.3, load_problem("two-quadratics", h1=4.0, h2=1.0, c1=-2.0, c2=2.0)
    f = problem.objective
    assert problem.x_star[0] == pytest.approx(-1.2)
    assert f.value(problem.x_star[None])[0] == pytest.approx(float(problem.f_inf), rel=1e-14)
    p = np.array([4 * (1 + rho * 4), 1 + rho])
    usam, sam = (p @ [-2, 2]) / p.sum(), -1.2 - rho * 3 / 5
    assert usam == pytest.approx(-1.485, abs=1e-3)
    for lam, limit in ((0.0, usam), (1.0, sam)):
        # The mean direction of a step, for gamma -> 0, vanishes there.
        x = np.full((2, 1), limit)
        g = f.gradients(x, np.array([[0], [1]]))[:, 0]
        y = x + rho * (1 - lam + lam / np.abs(g)) * g
        assert f.gradients(y, np.array([[0], [1]]))[:, 0].mean() == pytest.approx(0.0, abs=1e-12)


def test_indefinite_components_are_unbounded_below_and_their_mean_is_not():
    problem = load_problem("indefinite", pairs=2, d=3)
    f = problem.objective
    assert np.linalg.eigvalsh(f.H).min(axis=1).max() < 0 < np.linalg.eigvalsh(f.mean_hessian).min()
    assert problem.f_i_inf is None
    far = 1e6 * np.linalg.eigh(f.H[0])[1][:, 0]
    assert f.values(far[None])[0, 0] < -1e9


@pytest.mark.parametrize("spec", ["uniform", "nice:2", "independent:0.5"])
def test_indefinite_residual_is_not_far_from_necessary(spec):
    """Half of A and C together, or C = 0, is refuted somewhere."""
    problem = load_problem("indefinite")
    f, K = problem.objective, problem.constants(parse_sampling(spec))
    draw, probability = problem.law(parse_sampling(spec)).outcomes()

    def second(x):
        return probability @ np.sum(f.stochastic_gradient(np.repeat(x[None], len(probability), 0), *draw) ** 2, axis=1)

    X = np.vstack([problem.x_star[None], points(problem, count=500)])
    M, gap, grad2 = np.array([second(x) for x in X]), problem.suboptimality(X), np.sum(f.gradient(X) ** 2, axis=1)
    assert M[0] == pytest.approx(K.C / 2)
    assert (M > 0.45 * (2 * K.A * gap + K.C) + K.B * grad2).any()
    assert (M <= 2 * K.A * gap + K.C + K.B * grad2).all()


def test_sine_amplitude_approaches_a_second_stationary_point():
    mus = [float(load_problem("sine-amplitude", a=a).mu) for a in (1.0, 2.0, 3.0, 4.0, 4.5)]
    assert mus == sorted(mus, reverse=True)
    assert float(load_problem("sine-amplitude", a=3.0).mu) == float(load_problem("sine-1d").mu)
    assert "convex" in load_problem("sine-amplitude", a=1.0).properties
    assert "convex" not in load_problem("sine-amplitude", a=2.0).properties


def test_sine_amplitude_certifies_what_is_not_published():
    flint = pytest.importorskip("flint", reason="a certified PL constant needs the extra `certify`")
    assert flint.__version__
    problem = load_problem("sine-amplitude", a=4.2)
    x = np.linspace(1e-3, 10, 200_001)[:, None]
    ratio = problem.objective.gradient(x)[:, 0] ** 2 / (2 * problem.objective.value(x))
    assert ratio.min() * (1 - 1e-6) < problem.mu < ratio.min()
    with pytest.raises(InputError, match=r"a=4\.7: must be below 4\.6033"):
        load_problem("sine-amplitude", a=4.7)


def test_the_published_table_is_what_is_certified():
    pytest.importorskip("flint", reason="the table is compared with the extra `certify`")
    from samtheory.catalogue import problem_module

    module = problem_module("sine-amplitude")
    for a, mu in module.PL.items():
        assert mu <= module.pl_constant(a) < mu * (1 + 1e-5)


# Robust regression: PL on a region that the methods do not leave

ROBUST = ("geman-mcclure", "cauchy", "welsch")


@pytest.mark.parametrize("loss", ROBUST)
def test_robust_interpolated_is_pl_on_its_region_and_not_outside(loss):
    problem = load_problem("robust-interpolated", loss=loss)
    f, reach = problem.objective, region(problem)
    residuals = np.random.default_rng(0).uniform(-reach, reach, (2000, problem.n))
    residuals[0] = reach
    for scale, holds in ((1.0, True), (1.6, False)):
        X = problem.x_star + (scale * residuals) @ f.A
        gap, grad2 = problem.suboptimality(X), np.sum(f.gradient(X) ** 2, axis=1)
        assert bool((grad2 >= 2 * problem.mu * gap * (1 - 1e-9)).all()) is holds
    X = problem.x_star + residuals[:1] @ f.A
    assert np.sum(f.gradient(X) ** 2) == pytest.approx(2 * problem.mu * problem.suboptimality(X)[0], rel=1e-9)


def region(problem) -> float:
    """The number in "|a_i.x - b_i| <= 1 for every i"."""
    return float(problem.region.split("<=")[1].split()[0])


@pytest.mark.parametrize("loss", ROBUST)
@pytest.mark.parametrize("spec", ["full", "uniform", "nice:1", "replacement:2", "replacement:9", "independent:0.3"])
def test_robust_interpolated_is_never_left_with_the_largest_steps(loss, spec):
    """From the corners of the region, with gamma = mu/(L D) (2/L for the full batch) and any rho and lam."""
    problem, sampling = load_problem("robust-interpolated", loss=loss), parse_sampling(spec)
    f, reach, K = problem.objective, region(problem), problem.constants(sampling)
    gamma = 2 / K.L if spec == "full" else K.mu / (K.L * (K.B * K.mu + K.A))
    corners = reach * np.array([[1, 1], [1, -1], [-1, -1], [0.999, 1e-3]])
    for rho in (0.0, 0.1, 2.0):
        for lam in (0.0, 0.5, 1.0):
            x0 = problem.x_star + corners @ f.A
            curves = run(
                problem, sampling, Schedule(float(gamma), rho, lam), steps=100, trials=4, x0=x0, keep=("points",)
            )
            residuals = np.abs(curves.points @ f.A.T - f.b)
            assert residuals.max() <= reach * (1 + 1e-9)


def test_robust_interpolated_starts_inside_and_every_theorem_takes_steps_that_stay():
    seen = set()
    for loss in ROBUST:
        problem = load_problem("robust-interpolated", loss=loss)
        start = np.abs(problem.objective.A @ problem.x0 - problem.objective.b)
        assert (start < region(problem)).all()
        assert (np.abs(LOSSES[loss].slope(start, np.zeros(2))) > 0).all()
        for kind in samplings().values():
            for sampling in kind.examples(problem.n):
                K = problem.constants(sampling)
                largest = 2 / K.L if sampling.spec == "full" else K.mu / (K.L * (K.B * K.mu + K.A))
                for theorem, lam in itertools.product(theorems().values(), (0.0, 1.0)):
                    if "PL" in theorem.assumptions and not theorem.why_not_applicable(K, lam):
                        with suppress(NotApplicable):  # another lam than the theorem's
                            assert theorem.plan(K, lam).schedule.at(0)[0] <= largest * (1 + 1e-9), theorem.key
                            seen.add(theorem.key)
    assert len(seen) > 5


def test_robust_interpolated_needs_orthogonal_rows_no_more_than_the_dimension():
    f = load_problem("robust-interpolated", n=2, d=4).objective
    np.testing.assert_allclose(f.A @ f.A.T, np.eye(2), atol=1e-15)
    constants = load_problem("robust-interpolated").constants(parse_sampling("full"))
    assert load_theorem("unified-sam/3.2").why_not_applicable(constants) is None


# Parameters


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("sine-amplitude", {"a": -1.0}, "param a=-1"),
        ("sine-amplitude", {"start": float("inf")}, "param start=inf"),
        ("sine-rotated", {"d": 0}, "param d=0"),
        ("sine-rotated", {"condition": 0.5}, "param condition=0.5"),
        ("two-quadratics", {"h1": 0.0}, "param h1=0"),
        ("two-quadratics", {"c2": float("inf")}, "param c2=inf"),
        ("ravine", {"top": -1.0}, "param top=-1"),
        ("indefinite", {"spread": 1.0}, "param spread=1"),
        ("indefinite", {"pairs": 0}, "param pairs=0"),
        ("sine-wave", {"w": 0.0}, "param w=0"),
        ("sine-wave", {"beta": -1.0}, "param beta=-1"),
        ("hallucination", {"dip": 0.5}, "param dip=0.5: must be below rho/2=0.5"),
        ("huber", {"N": 0}, "param N=0"),
        ("huber", {"R": -1.0}, "param R=-1"),
        ("nonconvex-logistic", {"alpha": 0.0}, "param alpha=0"),
        ("robust-interpolated", {"n": 4, "d": 3}, "param n=4: must be at most d=3"),
        ("robust-interpolated", {"loss": "squared"}, "param loss=squared"),
        ("robust-interpolated", {"start": 1.0}, "param start=1"),
    ],
)
def test_bad_parameters_are_named_in_one_line(name, params, message):
    with pytest.raises(InputError) as caught:
        load_problem(name, **params)
    text = str(caught.value)
    assert text.startswith(message)
    assert "must be" in text
    assert "\n" not in text


def test_rows_of_ones_own():
    rows = np.random.default_rng(0).standard_normal((10, 4)), np.repeat([0.0, 1.0], 5)
    problem = load_problem("nonconvex-logistic", rows=rows, alpha=0.2)
    assert (problem.n, problem.d) == (10, 4)
    np.testing.assert_allclose(problem.L_i.values, np.sum(rows[0] ** 2, axis=1) / 4 + 0.4)
    with pytest.raises(InputError):
        load_problem("nonconvex-logistic", rows=(rows[0], np.arange(10.0)))


@pytest.mark.parametrize("angle", [1e-3, 0.5, 1.5, 3.0])
def test_rank_one_pair_attains_A_at_every_point_and_Lambda_along_every_step(angle):
    problem = load_problem("rank-one-pair", angle=angle, L=3.0)
    law, constants = problem.law(parse_sampling("uniform")), problem.constants(parse_sampling("uniform"))
    assert (constants.A, constants.B, constants.C) == (pytest.approx(3, rel=1e-12), 0, 0)
    assert constants.Lambda == pytest.approx(3, rel=1e-12)
    X = np.random.default_rng(0).standard_normal((50, 2))
    f, (draw, p) = problem.objective, law.outcomes()
    second = sum(p[k] * np.sum(f.stochastic_gradient(X, *one(draw, k, 50)) ** 2, axis=1) for k in range(2))
    np.testing.assert_allclose(second, 2 * constants.A * problem.suboptimality(X), rtol=1e-9)
    for k in range(2):
        g = f.stochastic_gradient(X, *one(draw, k, 50))
        turned = f.stochastic_gradient(X + 0.1 * g, *one(draw, k, 50)) - g
        np.testing.assert_allclose(turned, 0.3 * g, rtol=1e-9, atol=1e-12)


def one(draw, k, rows):
    return (np.repeat(part[k : k + 1], rows, axis=0) for part in draw)
