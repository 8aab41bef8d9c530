"""Finite sums: values against gradients, gaps against exact arithmetic, infima, spectra, and what is refused."""

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from samtheory import (
    Independent,
    InputError,
    LinearModel,
    Nice,
    Quadratics,
    Replacement,
    SineSum,
    Single,
    Tilted,
    Uniform,
    UserSum,
)
from samtheory.objectives import LOSSES
from samtheory.objectives.losses import Sine
from samtheory.objectives.synthetic import centred, log_spaced, orthonormal, rows_with_spectrum

seeds = some.integers(0, 2**32 - 1)
quick = settings(deadline=None, max_examples=20)


def linear(rng, loss, reg, n=5, d=3):
    b = rng.standard_normal(n) if loss not in ("logistic", "sigmoid") else rng.choice([-1.0, 1.0], n)
    return LinearModel(rng.standard_normal((n, d)), b, loss, reg)


def quadratics(rng, n=4, d=3):
    root = rng.standard_normal((n, d, d))
    return Quadratics(root @ root.transpose(0, 2, 1), rng.standard_normal((n, d)))


def sines(rng, d=3):
    return SineSum(rng.uniform(0.5, 2.0, d), orthonormal(d, d, rng))


def as_user(f, batched):
    """The same sum, given one point at a time or in batches."""

    def value(i, x):
        every = f.values(np.atleast_2d(x))
        return every[np.arange(len(every)), i] if batched else every[0, i]

    def gradient(i, x):
        return f.gradients(np.atleast_2d(x), np.reshape(i, (-1, 1)))[:, 0]

    return UserSum(value, gradient, f.n, f.d, batched=batched, reference=f.reference)


LINEAR = [(loss, reg) for loss in LOSSES for reg in (0, 0.3)]
SUMS = {
    **{f"{loss}, reg={reg}": lambda rng, loss=loss, reg=reg: linear(rng, loss, reg) for loss, reg in LINEAR},
    "quadratics": quadratics,
    "sines": sines,
    "tilted sines": lambda rng: Tilted(sines(rng), centred(4, 3, 1.0, rng)),
    "user": lambda rng: as_user(linear(rng, "cauchy", 0.1), batched=False),
    "user, batched": lambda rng: as_user(linear(rng, "logistic", 0.1), batched=True),
}
every_sum = pytest.mark.parametrize("make", SUMS.values(), ids=SUMS.keys())


@every_sum
@quick
@given(seed=seeds)
def test_gradients_are_central_differences_of_values(make, seed):
    rng = np.random.default_rng(seed)
    f = make(rng)
    X, h = 2 * rng.standard_normal((3, f.d)), 1e-5
    differences = [(f.values(X + h * e) - f.values(X - h * e)) / (2 * h) for e in np.eye(f.d)]
    scale = 1 + np.abs(f.gradients(X)).max() + np.abs(f.values(X)).max()
    np.testing.assert_allclose(f.gradients(X), np.stack(differences, axis=-1), atol=1e-8 * scale)


@every_sum
@quick
@given(seed=seeds)
def test_mean_choice_and_weights_of_components(make, seed):
    rng = np.random.default_rng(seed)
    f = make(rng)
    X = rng.standard_normal((4, f.d))
    values, gradients = f.values(X), f.gradients(X)
    assert values.shape == (4, f.n)
    assert gradients.shape == (4, f.n, f.d)
    scale = 1 + np.abs(gradients).max()
    np.testing.assert_allclose(f.value(X), values.mean(axis=1), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(f.gradient(X), gradients.mean(axis=1), atol=1e-13 * scale)
    indices, weights = rng.integers(f.n, size=(4, 6)), rng.choice([0.0, 0.5, 3.0], (4, 6))
    chosen = gradients[np.arange(4)[:, None], indices]
    np.testing.assert_allclose(f.gradients(X, indices), chosen, atol=1e-13 * scale)
    expected = (weights[..., None] * chosen).sum(axis=1) / f.n
    np.testing.assert_allclose(f.stochastic_gradient(X, indices, weights), expected, atol=1e-12 * scale)


@every_sum
@quick
@given(seed=seeds)
def test_gap_is_value_less_reference(make, seed):
    rng = np.random.default_rng(seed)
    f = make(rng)
    X = 10.0 ** rng.integers(-3, 3) * rng.standard_normal((4, f.d))
    value = f.value(X)
    np.testing.assert_allclose(f.gap(X) + f.reference, value, rtol=1e-12, atol=1e-12 * (1 + abs(f.reference)))
    assert (f.gap_rounding(X) <= 1e-11 * (1 + value + np.sum(X * X, axis=1))).all()


@every_sum
@pytest.mark.parametrize("sampling", [Uniform(), Nice(2), Replacement(2), Independent(0.5)], ids=lambda s: s.spec)
def test_stochastic_gradient_is_unbiased(make, sampling):
    f = make(np.random.default_rng(1))
    if f.n == 1:
        f = Tilted(f, centred(4, f.d, 1.0, np.random.default_rng(2)))
    draw, probability = sampling.law(np.ones(f.n)).outcomes()
    x = np.full((1, f.d), 0.7)
    g = f.stochastic_gradient(np.repeat(x, len(probability), axis=0), *draw)
    np.testing.assert_allclose(probability @ g, f.gradient(x)[0], rtol=1e-12, atol=1e-12)


# Suboptimality near the minimum, against 60 digits


def exactly(array):
    return mpmath.matrix(np.atleast_2d(array).tolist())


def exact_gap(f, x):
    """f(x) - min f of a squared-loss model or of quadratics, x a float64 vector, to 60 digits."""
    d = f.d
    if isinstance(f, Quadratics):
        parts = [(exactly(H), exactly(c).T) for H, c in zip(f.H, f.centres, strict=True)]
        H, pull = mpmath.zeros(d), mpmath.zeros(d, 1)
        for H_i, c in parts:
            H, pull = H + H_i / f.n, pull + H_i * c / f.n
    else:
        A = exactly(f.A)
        H, pull = A.T * A / f.n + mpmath.mpf(f.reg) * mpmath.eye(d), A.T * exactly(f.b).T / f.n
    z = exactly(x).T - mpmath.lu_solve(H, pull)
    return (z.T * H * z)[0] / 2


@quick
@given(seed=seeds, kind=some.sampled_from(["squared", "ridge", "quadratics"]), exponent=some.integers(-17, 4))
def test_gap_rounding_covers_the_error_near_the_minimum(seed, kind, exponent):
    rng = np.random.default_rng(seed)
    if kind == "quadratics":
        f = quadratics(rng)
    else:
        A = rows_with_spectrum(6, 3, log_spaced(3, 10.0 ** rng.integers(0, 7)), rng)
        f = LinearModel(A, rng.standard_normal(6), "squared", 0.01 if kind == "ridge" else 0.0)
    X = f.minimiser + 10.0**exponent * rng.standard_normal((3, f.d))
    with mpmath.workdps(60):
        true = np.array([float(exact_gap(f, x)) for x in X])
        error = np.array([float(abs(exact_gap(f, x) - mpmath.mpf(g))) for x, g in zip(X, f.gap(X), strict=True)])
    assert (error <= f.gap_rounding(X)).all()
    if exponent > -3 and kind != "squared":
        assert (f.gap_rounding(X) <= 1e-6 * true).all()


@quick
@given(seed=seeds, exponent=some.integers(-17, 3))
def test_gap_rounding_covers_the_error_of_sines(seed, exponent):
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((3, 3)) + 2 * np.eye(3)
    f = LinearModel(A, rng.standard_normal(3), "sine")
    g = SineSum(log_spaced(3, 1e4), orthonormal(3, 3, rng))
    near = np.linalg.solve(f.A, f.b) + 10.0**exponent * rng.standard_normal(3)
    far = 10.0**exponent * rng.standard_normal(3)
    with mpmath.workdps(60):
        residuals = exactly(f.A) * exactly(near).T - exactly(f.b).T
        errors = [mpmath.mpf(float(f.gap(near[None])[0])) - sum(u**2 + 3 * mpmath.sin(u) ** 2 for u in residuals) / 3]
        rotated = exactly(g.Q) * exactly(far).T
        terms = [mpmath.mpf(w) * (y**2 + 3 * mpmath.sin(y) ** 2) for w, y in zip(g.w.tolist(), rotated, strict=True)]
        errors.append(mpmath.mpf(float(g.gap(far[None])[0])) - sum(terms))
    assert abs(errors[0]) <= f.gap_rounding(near[None])[0]
    assert abs(errors[1]) <= g.gap_rounding(far[None])[0]


@quick
@given(seed=seeds, exponent=some.integers(-9, 2))
def test_logistic_gap_is_never_negative_beyond_rounding(seed, exponent):
    f = linear(np.random.default_rng(seed), "logistic", 0.05)
    X = f.minimiser + 10.0**exponent * np.random.default_rng(seed + 1).standard_normal((20, f.d))
    lower = 0.5 * f.reg * np.sum((X - f.minimiser) ** 2, axis=1)  # strong convexity
    assert (f.gap(X) >= lower - f.gap_rounding(X)).all()


# What linear models know of themselves


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
def test_loss_curvature_and_its_largest_value(loss):
    t = np.linspace(-12, 12, 240_001)
    for b in (-1.0, 1.0):
        label = np.full_like(t, b)
        for derivative, function in ((loss.slope, loss.value), (loss.curvature, loss.slope)):
            differences = np.gradient(function(t, label), t)
            np.testing.assert_allclose(derivative(t, label)[2:-2], differences[2:-2], atol=1e-6)
        largest = np.abs(loss.curvature(t, label)).max()
        assert largest <= loss.smoothness * (1 + 1e-12)
        assert largest >= loss.smoothness * (1 - 1e-6)
        assert loss.value(t, label).min() >= loss.least_value
        assert (loss.curvature(t, label).min() >= 0) == loss.convex


def test_pl_constant_of_the_sine_is_the_best_to_ten_digits():
    u = np.linspace(1e-3, 30, 3_000_001)
    zero = np.zeros_like(u)
    ratio = Sine.slope(u, zero) ** 2 / (2 * Sine.value(u, zero))
    assert ratio.min() > Sine.PL
    assert ratio.min() - Sine.PL < 1e-9
    assert u[ratio.argmin()] == pytest.approx(2.2017092, abs=1e-4)


@quick
@given(seed=seeds, n=some.integers(1, 6), d=some.integers(1, 6))
def test_spectrum_and_rank(seed, n, d):
    rng = np.random.default_rng(seed)
    rank = int(rng.integers(1, min(n, d) + 1))
    eigenvalues = log_spaced(rank, 100.0)
    f = LinearModel(rows_with_spectrum(n, d, eigenvalues, rng), np.zeros(n), "squared")
    assert f.rank == rank
    np.testing.assert_allclose(f.spectrum, np.concatenate([np.zeros(d - rank), eigenvalues]), rtol=1e-12)
    np.testing.assert_allclose(f.spectrum, np.linalg.eigvalsh(f.A.T @ f.A / n), atol=1e-14)
    assert f.least_nonzero == pytest.approx(eigenvalues[0], rel=1e-12)


@pytest.mark.parametrize("reg", [0.0, 0.2])
@pytest.mark.parametrize("loss", LOSSES)
def test_component_infima_are_below_every_value_and_attained_where_closed(loss, reg):
    f = linear(np.random.default_rng(3), loss, reg)
    f = LinearModel(np.vstack([f.A, np.zeros(f.d)]), np.append(f.b, 1.0), loss, reg)
    infima = f.component_infima
    along = np.linspace(-60, 60, 60_001)
    for i, a in enumerate(f.A):
        lowest = f.values(along[:, None] * a / (1 + a @ a))[:, i].min()
        assert infima[i] <= lowest + 1e-15
        if loss == "squared" or (f.loss.convex and reg):
            assert infima[i] == pytest.approx(lowest, abs=1e-5)


def test_infima_of_logistic_components_agree_with_a_root_found_to_50_digits():
    f = linear(np.random.default_rng(4), "logistic", 0.01)
    for infimum, norm2 in zip(f.component_infima, f.norms2, strict=True):
        with mpmath.workdps(50):
            slope = lambda s, norm2=norm2: -1 / (1 + mpmath.exp(s)) + 0.01 * s / mpmath.mpf(norm2)  # noqa: E731
            s = mpmath.findroot(slope, (0, float(norm2) / 0.02), solver="anderson")
            true = mpmath.log(1 + mpmath.exp(-s)) + 0.01 * s**2 / (2 * mpmath.mpf(norm2))
        assert infimum == pytest.approx(float(true), rel=1e-13)


@quick
@given(seed=seeds)
@example(seed=51)  # where undamped steps end in a cycle
@example(seed=153)
def test_newton_finds_the_minimiser_of_logistic_regression(seed):
    rng = np.random.default_rng(seed)
    n, d = rng.integers(2, 30), rng.integers(1, 6)
    scale, reg = 10.0 ** rng.integers(-1, 4), 10.0 ** -rng.integers(0, 9)
    A = scale * rng.standard_normal((n, d)) * 10.0 ** rng.integers(-2, 2, d)
    f = LinearModel(A, rng.choice([-1.0, 1.0], n), "logistic", reg)
    assert f.stationarity(f.minimiser) <= 1e-13 * np.sqrt(f.norms2.max())


def test_minimiser_of_least_squares_has_the_least_norm():
    rng = np.random.default_rng(5)
    f = LinearModel(rows_with_spectrum(6, 4, np.ones(2), rng), rng.standard_normal(6), "squared")
    np.testing.assert_allclose(f.minimiser, np.linalg.pinv(f.A) @ f.b, atol=1e-14)


# Noise that does not depend on x


@pytest.mark.parametrize("sampling", [Uniform(), Nice(2), Replacement(3), Independent(0.3)], ids=lambda s: s.spec)
@pytest.mark.parametrize("base", [sines, lambda rng: Quadratics(np.diag([1.0, 2.0, 5.0])[None], np.zeros((1, 3)))])
def test_second_moment_of_tilted_sums_is_an_identity(sampling, base):
    rng = np.random.default_rng(6)
    f = Tilted(base(rng), centred(5, 3, 2.0, rng))
    law = sampling.law(np.full(5, 8.0))
    draw, probability = law.outcomes()
    claimed = f.expected_residual(law)
    for x in 3 * rng.standard_normal((5, 1, 3)):
        g = f.stochastic_gradient(np.repeat(x, len(probability), axis=0), *draw)
        squares = probability @ np.sum(g**2, axis=1)
        full = float(np.sum(f.gradient(x) ** 2))
        assert squares == pytest.approx(claimed["B"] * full + claimed["C"], rel=1e-12)
    assert claimed["A"] == 0
    assert (claimed["B"] == 1) == (not isinstance(sampling, Independent))


def test_tilted_sums_have_no_such_identity_for_uneven_probabilities():
    rng = np.random.default_rng(7)
    f = Tilted(sines(rng), centred(3, 3, 1.0, rng))
    assert f.expected_residual(Single(np.array([0.2, 0.3, 0.5])).law(np.ones(3))) is None


# People's own sums, and what is refused


@pytest.mark.parametrize("batched", [False, True])
def test_user_sum_equals_the_sum_it_wraps(batched):
    rng = np.random.default_rng(8)
    f = linear(rng, "squared", 0.1)
    user, X = as_user(f, batched), rng.standard_normal((4, f.d))
    indices = rng.integers(f.n, size=(4, 2))
    np.testing.assert_allclose(user.values(X), f.values(X), rtol=1e-14)
    np.testing.assert_allclose(user.gradients(X, indices), f.gradients(X, indices), rtol=1e-13)
    np.testing.assert_allclose(user.gap(X), f.gap(X), rtol=1e-12)


def raising(i, x):
    return 1 / (i - i) + x


def too_long(i, x):
    return np.full(3, i) * x[0]


ROWS, EYE = np.ones((2, 2)), np.eye(2)
REFUSED = {
    "A, b: shapes (2, 2) and (3,)": lambda: LinearModel(ROWS, np.ones(3), "squared"),
    "A, b: shapes (0, 2) and (0,)": lambda: LinearModel(np.empty((0, 2)), np.empty(0), "squared"),
    "A, b: every entry must be finite": lambda: LinearModel(np.array([[np.nan]]), np.ones(1), "squared"),
    "reg=-1": lambda: LinearModel(ROWS, np.ones(2), "squared", -1),
    "loss=hinge: must be one of squared, logistic": lambda: LinearModel(ROWS, np.ones(2), "hinge"),
    "H, centres: shapes": lambda: Quadratics(EYE, np.ones((1, 2))),
    "H: every matrix must be symmetric": lambda: Quadratics(np.array([[[1.0, 1.0], [0.0, 1.0]]]), np.ones((1, 2))),
    "H, centres: every entry must be finite": lambda: Quadratics(np.full((1, 1, 1), np.inf), np.ones((1, 1))),
    "H: smallest eigenvalue of the mean is -1": lambda: Quadratics(np.diag([1.0, -1.0])[None], np.zeros((1, 2))),
    "or inf f = -inf": lambda: Quadratics(np.array([[[1.0]], [[-1.0]]]), np.array([[1.0], [0.0]])),
    "w: every weight": lambda: SineSum(np.array([1.0, 0.0]), EYE),
    "Q: must be an orthogonal (2, 2)": lambda: SineSum(np.ones(2), ROWS),
    "a=-1": lambda: SineSum(np.ones(1), np.eye(1), -1),
    "tilts: shape (2, 3)": lambda: Tilted(SineSum(np.ones(2), EYE), np.zeros((2, 3))),
    "tilts: their sum must be 0": lambda: Tilted(SineSum(np.ones(2), EYE), np.ones((2, 2))),
    "base: n=2": lambda: Tilted(LinearModel(ROWS, np.ones(2), "squared"), np.zeros((2, 2))),
    "n=0": lambda: UserSum(raising, raising, 0, 1),
    "value: ZeroDivisionError": lambda: UserSum(raising, raising, 1, 1).values(np.ones((1, 1))),
    "gradient: returned 3 numbers: must be 2": lambda: UserSum(raising, too_long, 1, 2).gradients(ROWS[:1]),
    "param condition=0.5: must be a finite number, at least 1": lambda: log_spaced(3, 0.5),
}


@pytest.mark.parametrize("message", REFUSED)
def test_bad_input_is_refused_in_one_line(message):
    with pytest.raises(InputError) as error:
        REFUSED[message]()
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_matrices_symmetric_up_to_rounding_are_accepted():
    rng = np.random.default_rng(9)
    Q = orthonormal(4, 4, rng)
    H = (Q * np.array([1e-9, 1.0, 2.0, 3.0])) @ Q.T
    f = Quadratics(H[None], np.zeros((1, 4)))
    np.testing.assert_array_equal(f.H[0], f.H[0].T)


def test_singular_mean_with_a_minimum_is_accepted():
    f = Quadratics(np.array([np.diag([1.0, 0.0]), np.diag([3.0, 0.0])]), np.array([[1.0, 5.0], [-1.0, 2.0]]))
    np.testing.assert_allclose(f.minimiser, [-0.5, 0.0])
    assert f.least_nonzero == 2.0
    assert f.reference == pytest.approx((0.5 * 1.5**2 + 1.5 * 0.5**2) / 2)


def test_a_sum_of_constants_has_no_gap():
    for f in (LinearModel(np.zeros((2, 3)), np.ones(2), "squared"), Quadratics(np.zeros((2, 3, 3)), np.ones((2, 3)))):
        X = np.ones((1, 3))
        assert (f.gap(X)[0], f.gap_rounding(X)[0], f.least_nonzero) == (0, 0, np.inf)
