"""Certificates enclose the truth: published values, fifty digits, brute force; and wrong claims are refuted."""

import math
import sys

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory import (
    InputError,
    LinearModel,
    MissingExtra,
    Problem,
    Quadratics,
    SineSum,
    Tilted,
    UserSum,
    exact,
    load_problem,
)
from samtheory.catalogue import problem_names
from samtheory.objectives.losses import LOSSES
from samtheory.sampling import parse_sampling, samplings

flint = pytest.importorskip("flint", reason="certification needs the extra `certify`")

from samtheory.certify import Certificate, ComponentCertificate, certificates, sampled  # noqa: E402
from samtheory.certify.curves import CURVES, MARGIN, Curve, bend, pl_constant, sine  # noqa: E402
from samtheory.certify.interval import above, ball, balls, below, ends, greatest, hull, least, matrix, precision  # noqa: E402
from samtheory.certify.scalar import curvature, infimum, pl_ratio, slope, value  # noqa: E402
from samtheory.certify.spectral import eigenvalues, gram, mean_of  # noqa: E402

mpmath.mp.dps = 50
#: Every family whose structure is known, small.
NAMES = [name for name in problem_names() if name not in ("diabetes", "breast-cancer")]
#: Room for the float64 rounding of what a certificate is compared with.
ROUNDING = 1e-12


@pytest.fixture(autouse=True)
def high_precision():
    with precision(128):
        yield


def encloses(certificate: Certificate, truth: object) -> bool:
    return mpmath.mpf(certificate.lower) <= truth <= mpmath.mpf(certificate.upper)


def exactly(end: object) -> object:
    """An exact ball as an mpmath number."""
    mantissa, exponent = end.man_exp()
    return mpmath.mpf(int(mantissa)) * mpmath.mpf(2) ** int(exponent)


# Balls


@given(st.floats(allow_nan=False, allow_infinity=False, width=64), st.integers(1, 10**6))
@settings(deadline=None, max_examples=200)
def test_below_and_above_are_the_float64_next_to_the_ball(x, divisor):
    with precision(128):
        quotient = ball(x) / divisor
        low, high = below(quotient), above(quotient)
        assert ball(low) <= quotient.upper()
        assert ball(high) >= quotient.lower()
        assert ball(low) <= quotient.lower()
        assert ball(high) >= quotient.upper()
        assert high <= np.nextafter(low, np.inf) or math.isinf(np.nextafter(low, np.inf))


def test_float64_numbers_pass_through_exactly():
    x = np.random.default_rng(0).standard_normal(100)
    low, high = ends(balls(x))
    assert (low == x).all()
    assert (high == x).all()
    assert math.copysign(1, above(ball(0))) == 1


def test_hull_greatest_and_least_contain():
    values = [hull(0.1, 0.7), ball(0.5), ball(-2)]
    assert hull(0.1, 0.7).contains(ball(0.1))
    assert hull(0.1, 0.7).contains(ball(0.7))
    assert greatest(values).contains(ball(0.7))
    assert greatest(values).contains(ball(0.5))
    assert least(values).contains(ball(-2))
    assert not least(values).contains(ball(0))


def test_the_precision_of_others_is_left_alone():
    flint.ctx.prec = 77
    certificates(load_problem("sine-1d"))
    assert flint.ctx.prec == 77


def test_without_flint_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(MissingExtra, match="certify"):
        certificates(load_problem("ridge"))


# Functions of one variable


def sharp_pl(a: float) -> object:
    """min u'^2/(2u) for u = x^2 + a sin^2 x in 50 digits: its derivative vanishes where u'' u = u'^2/2."""
    u = lambda x: x**2 + a * mpmath.sin(x) ** 2  # noqa: E731
    u1 = lambda x: 2 * x + a * mpmath.sin(2 * x)  # noqa: E731
    u2 = lambda x: 2 + 2 * a * mpmath.cos(2 * x)  # noqa: E731
    x = mpmath.findroot(lambda x: u2(x) * u(x) - u1(x) ** 2 / 2, 2.2)
    return u1(x) ** 2 / (2 * u(x))


@pytest.mark.parametrize(
    ("a", "published"),
    [(1, 1.0742267530), (2, 0.50515889287), (3, 0.1755309858), (4, 0.023033661875), (4.5, 6.5265e-4)],
)
def test_sharp_pl_constant_of_the_sine(a, published):
    found = pl_constant(sine(a))
    assert encloses(found, sharp_pl(a))
    assert published <= found.lower
    assert found.upper - found.lower < 1e-12
    assert abs(found.lower - published) < 1e-4 * published


def test_the_sharp_pl_constant_between_published_amplitudes():
    for a in (0.0, 0.3, 3.7, 4.6):
        found = pl_constant(sine(a))
        assert found.lower > 0
        if a > 0.5:
            assert encloses(found, sharp_pl(a))
    assert 1.9999 < pl_constant(sine(0.0)).lower <= 2 == pl_constant(sine(0.0)).upper


def test_beyond_the_critical_amplitude_nothing_is_certified():
    u = mpmath.findroot(lambda u: mpmath.tan(u) - u, 4.49)
    critical = float(mpmath.sqrt(1 + u**2))
    assert critical == pytest.approx(4.603338848, abs=1e-9)
    assert pl_constant(sine(critical - 1e-3)).lower > 0
    assert pl_constant(sine(critical + 1e-3)).lower == 0


@pytest.mark.parametrize(("wrong", "truly"), [(0.18, False), (0.1755309860, False), (0.1755309857, True)])
def test_a_wrong_pl_constant_is_refuted_by_a_witness(wrong, truly):
    found = infimum(pl_ratio(sine(3).phi), 0.25, 8.0, lost=1)
    x = mpmath.mpf(found.witness)
    u, u1 = x**2 + 3 * mpmath.sin(x) ** 2, 2 * x + 3 * mpmath.sin(2 * x)
    assert (u1**2 >= 2 * wrong * u) is truly
    certificate = pl_constant(sine(3))
    assert (wrong <= certificate.lower) is truly
    assert (wrong > certificate.upper) is not truly


CURVATURE = {
    "squared": (1, 1),
    "logistic": (0, mpmath.mpf(1) / 4),
    "sine": (-4, 8),
    "sigmoid": (-1 / (6 * mpmath.sqrt(3)), 1 / (6 * mpmath.sqrt(3))),
    "geman-mcclure": (-mpmath.mpf(1) / 2, 2),
    "cauchy": (-mpmath.mpf(1) / 4, 2),
    "welsch": (-2 * mpmath.exp(-1.5), 1),
}


@pytest.mark.parametrize("key", LOSSES)
def test_range_of_the_curvature_of_every_loss(key):
    bent, (lowest, highest) = bend(CURVES[key]), CURVATURE[key]
    assert encloses(bent.highest, highest)
    assert bent.highest.upper - bent.highest.lower < 1e-12
    assert encloses(bent.lowest, lowest)
    assert LOSSES[key].smoothness == pytest.approx(bent.highest.upper, abs=1e-12)
    assert LOSSES[key].smoothness >= max(bent.highest.lower, -bent.lowest.upper) * (1 - 1e-15)


@pytest.mark.parametrize("key", LOSSES)
@given(u=st.floats(-30, 30), label=st.sampled_from([-1.0, 1.0]))
@settings(deadline=None, max_examples=60)
def test_formulas_are_those_of_the_losses(key, u, label):
    loss, phi = LOSSES[key], CURVES[key].phi
    b = label if key in MARGIN else 0.25 * label
    t = np.array([u])
    with precision(128):
        argument = ball(b) * u if key in MARGIN else ball(u) - b
        sign = b if key in MARGIN else 1
        expected = [float(value(phi, argument)), float(slope(phi, argument)) * sign, float(curvature(phi, argument))]
    found = [float(part(t, np.array([b]))[0]) for part in (loss.value, loss.slope, loss.curvature)]
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("key", LOSSES)
def test_far_out_the_bounds_hold_and_losses_stay_above_zero(key):
    curve = CURVES[key]
    low, high = curve.beyond(ball(curve.reach))
    for u in np.geomspace(curve.reach * (1 + 1e-12), 1e4, 200):
        for sign in (1, -1):
            bent = curvature(curve.phi, ball(sign * u))
            assert bent >= low.lower() - 1e-30
            assert bent <= high.upper() + 1e-30
            assert value(curve.phi, ball(sign * u)) >= -1e-30
    for u in np.linspace(-curve.reach, curve.reach, 200):
        assert value(curve.phi, ball(u)) >= -1e-30


def test_what_is_claimed_far_out_is_part_of_the_bound():
    phi = CURVES["cauchy"].phi
    worse = Curve("cauchy with a worse tail", phi, 8.0, lambda R: (-1 / R, 3 * R / R), "made up")
    assert bend(worse).highest.upper == 3
    weak = Curve("sine with a weak tail", sine(3).phi, 2.0, sine(3).beyond, "as it is", pl_beyond=lambda R: 0.1 * R / R)
    assert pl_constant(weak).lower == pytest.approx(0.1)
    assert pl_constant(Curve("no tail", sine(3).phi, 2.0, sine(3).beyond, "as it is")).lower == 0


@pytest.mark.parametrize(
    ("key", "formula"),
    [
        ("geman-mcclure", lambda t: 2 / (1 + t**2) ** 3),
        ("cauchy", lambda t: 2 * t**2 / ((1 + t**2) ** 2 * mpmath.log(1 + t**2))),
        ("welsch", lambda t: t**2 * mpmath.exp(-(t**2)) / (2 * (1 - mpmath.exp(-(t**2) / 2)))),
    ],
)
def test_local_pl_constants_of_robust_losses(key, formula):
    for reach in (0.5, 1.0, 1.25):
        found = pl_constant(CURVES[key], reach)
        assert found.lower <= formula(mpmath.mpf(reach)) * (1 + mpmath.mpf(2) ** -60)
        assert found.upper == pytest.approx(float(formula(mpmath.mpf(reach))), rel=1e-10)
        assert found.upper - found.lower < 1e-11


def test_an_infimum_over_a_degenerate_interval_and_of_a_constant():
    point = infimum(sine(3).phi, 2.0, 2.0)
    assert float(point.lower) == pytest.approx(4 + 3 * math.sin(2) ** 2)
    assert float(infimum(lambda u: u * 0 + 5, -1.0, 1.0).lower) == 5


# Eigenvalues


def random_symmetric(seed: int) -> np.ndarray:
    """Spread, repeated, integer or nearly equal eigenvalues."""
    rng = np.random.default_rng(seed)
    d = int(rng.integers(1, 6))
    if seed % 3 == 0:
        M = rng.integers(-2, 3, (d, d)).astype(float)
        return M + M.T
    Q = np.linalg.qr(rng.standard_normal((d, d)))[0]
    M = (Q * 10.0 ** rng.integers(-6, 3, d)) @ Q.T if seed % 3 == 1 else (Q * np.linspace(1, 1 + 1e-14, d)) @ Q.T
    return (M + M.T) / 2


@pytest.mark.parametrize("seed", range(45))
def test_eigenvalues_enclose_those_in_fifty_digits(seed):
    M = random_symmetric(seed)
    truth = sorted(mpmath.eigsy(mpmath.matrix(M.tolist()), eigvals_only=True))
    slack = mpmath.mpf(10) ** -45 * (1 + np.abs(M).max())  # the error of mpmath at 50 digits
    for enclosure, eigenvalue in zip(eigenvalues(matrix(M)), truth, strict=True):
        assert exactly(enclosure.lower()) - slack <= eigenvalue <= exactly(enclosure.upper()) + slack
        assert float(enclosure.rad()) <= 1e-13 * np.abs(M).max()


def test_well_separated_eigenvalues_are_known_far_beyond_float64():
    M = np.diag([1e-9, 1.0, 3.0]) + 1e-3
    assert max(float(value.rad()) for value in eigenvalues(matrix(M))) < 1e-28


def test_a_rounded_matrix_of_lower_rank_is_taken_for_what_it_is():
    rng = np.random.default_rng(0)
    factors = rng.standard_normal((8, 2)), rng.standard_normal((2, 5))
    found = gram(factors[0] @ factors[1])
    assert found.rank == 2
    assert 0 < float(found.rounding) < 1e-14
    assert "rank 2" in found.how
    assert gram(rng.standard_normal((8, 3))).rounding.is_zero()
    assert gram(np.zeros((3, 2))).rank == 0


def test_semidefinite_matrices_with_exact_zeros():
    found = mean_of([np.diag([0.0, 0.0, 3.0])], "H")
    assert found.semidefinite
    assert found.rank == 1
    assert found.least_nonzero.contains(ball(3))
    assert not mean_of([np.diag([1.0, -1.0])], "H").semidefinite
    hump = np.ones((4, 4))
    assert mean_of([hump, hump], "H").semidefinite
    assert mean_of([hump], "H").rank == 1


# Whole problems


def certified_of(objective, x0=None, **claims) -> dict:
    start = np.zeros(objective.d) if x0 is None else x0
    bare = {"L_i": exact(np.ones(objective.n), ""), "L": exact(1.0, ""), "f_inf": exact(0.0, "")}
    return certificates(Problem(objective, start, **{**bare, **claims}))


def test_a_claim_plays_no_part():
    f = load_problem("ridge").objective
    assert certified_of(f)["mu"] == certified_of(f, mu=exact(0.5, "made up"))["mu"]


@pytest.mark.parametrize("name", NAMES)
def test_certificates_agree_with_what_the_catalogue_claims(name):
    problem = load_problem(name)
    found = certificates(problem)
    for key in ("L_i", "L", "mu", "f_i_inf"):
        claim = getattr(problem, key)
        if key not in found or claim is None or (key == "mu" and problem.region):
            continue
        claimed = claim.values if hasattr(claim, "values") else float(claim)
        room = ROUNDING * (1 + np.abs(claimed)) * 10
        low, high = found[key].lower - room, found[key].upper + room
        # What is claimed is on the safe side of the truth: above for smoothness, below for mu and infima.
        assert (claimed >= low).all() if key in ("L_i", "L") else (claimed <= high).all(), key
    if "f_inf" in found:
        assert float(problem.f_inf) <= found["f_inf"].upper + ROUNDING


NARROW = ("ridge", "diabetes", "logistic", "interpolated-ls", "sine-sum", "heterogeneous", "sine-rotated")


@pytest.mark.parametrize("name", NARROW)
def test_certificates_of_good_problems_are_narrow(name):
    try:
        found = certificates(load_problem(name))
    except MissingExtra as reason:
        pytest.skip(str(reason))
    for key in ("L_i", "L", "f_inf", "f_i_inf"):
        width = np.max(np.asarray(found[key].upper) - found[key].lower)
        assert width <= 1e-12 * (1 + np.max(np.abs(found[key].upper))), key
    assert found["mu"].lower > 0


@pytest.mark.parametrize("name", NAMES)
def test_certificates_survive_brute_force(name):
    """Random pairs and points, near and far, never leave the certified bounds."""
    problem, rng = load_problem(name), np.random.default_rng(1)
    f, found = problem.objective, certificates(problem)
    scale = 10.0 ** rng.uniform(-3, 3, (400, 1))
    centre = problem.x0 if problem.x_star is None else problem.x_star
    X = centre + scale * rng.standard_normal((400, f.d))
    Y = X + 10.0 ** rng.uniform(-3, 0, (400, 1)) * rng.standard_normal((400, f.d))
    apart = np.linalg.norm(X - Y, axis=1)
    noise = 1e-9 * (1 + np.linalg.norm(X, axis=1)) / apart
    if "L" in found:
        ratio = np.linalg.norm(f.gradient(X) - f.gradient(Y), axis=1) / apart
        assert (ratio <= found["L"].upper * (1 + noise)).all()
        each = np.linalg.norm(f.gradients(X) - f.gradients(Y), axis=2) / apart[:, None]
        assert (each <= found["L_i"].upper * (1 + noise[:, None])).all()
        assert found["L_max"].upper >= found["L_avg"].lower
        assert found["L"].lower <= found["L_avg"].upper * (1 + 1e-12)
    if "f_inf" in found:
        values = f.value(X)
        room = 1e-9 * (1 + np.abs(values))
        assert (values >= found["f_inf"].lower - room).all()
    if "f_i_inf" in found:
        values = f.values(X)
        assert (values >= found["f_i_inf"].lower - 1e-9 * (1 + np.abs(values))).all()
    if "mu" in found:
        gap = f.value(X) - found["f_inf"].upper
        grad2 = np.sum(f.gradient(X) ** 2, axis=1)
        assert (grad2 >= 2 * found["mu"].lower * gap * (1 - 1e-6) - 1e-9).all()


@pytest.mark.parametrize("name", ["sine-1d", "sine-rotated", "ridge", "rank-deficient-ls", "tight-orthogonal"])
def test_one_percent_more_is_refuted(name):
    """The certificate is sharp: mu 1% larger or L 1% smaller is outside it."""
    problem = load_problem(name)
    found = certificates(problem)
    assert float(problem.mu) * 1.01 > found["mu"].upper
    assert float(problem.L) * 0.99 < found["L"].lower
    assert (problem.L_i.values * 0.99 < found["L_i"].lower).all()


def test_sharp_constants_of_least_squares_in_fifty_digits():
    problem = load_problem("ridge", n=6, d=3)
    f, found = problem.objective, certificates(problem)
    A, b = mpmath.matrix(f.A.tolist()), mpmath.matrix(f.b.tolist())
    H = A.T * A / f.n + mpmath.mpf(f.reg) * mpmath.eye(f.d)
    truth = sorted(mpmath.eigsy(H, eigvals_only=True))
    assert encloses(found["mu"], truth[0])
    assert encloses(found["L"], truth[-1])
    x = mpmath.lu_solve(H, A.T * b / f.n)
    residual = A * x - b
    f_star = (residual.T * residual)[0] / (2 * f.n) + mpmath.mpf(f.reg) * (x.T * x)[0] / 2
    assert encloses(found["f_inf"], f_star)
    for i in range(f.n):
        N = sum(A[i, j] ** 2 for j in range(f.d))
        low = b[i] ** 2 / 2 * mpmath.mpf(f.reg) / (N + mpmath.mpf(f.reg))
        assert found["f_i_inf"].lower[i] <= low <= found["f_i_inf"].upper[i]
        assert found["L_i"].lower[i] <= N + mpmath.mpf(f.reg) <= found["L_i"].upper[i]


def test_optimum_of_logistic_regression_in_fifty_digits():
    problem = load_problem("logistic", n=6, d=2)
    f, found = problem.objective, certificates(problem)
    reg = mpmath.mpf(f.reg)
    rows = [[mpmath.mpf(float(entry)) for entry in row] for row in f.A]

    def part(i: int, *x: object) -> object:
        margin = int(f.b[i]) * sum(a * t for a, t in zip(rows[i], x, strict=True))
        return mpmath.log1p(mpmath.exp(-margin)) + reg / 2 * sum(t * t for t in x)

    def slopes(*x: object) -> list:
        total = [mpmath.mpf(0)] * f.d
        for i, row in enumerate(rows):
            margin = int(f.b[i]) * sum(a * t for a, t in zip(row, x, strict=True))
            pull = -int(f.b[i]) / (1 + mpmath.exp(margin))
            total = [t + pull * a / f.n for t, a in zip(total, row, strict=True)]
        return [t + reg * entry for t, entry in zip(total, x, strict=True)]

    x = mpmath.findroot(slopes, [float(t) for t in f.minimiser])
    assert encloses(found["f_inf"], sum(part(i, *x) for i in range(f.n)) / f.n)
    for i, row in enumerate(rows):
        N = sum(a * a for a in row)
        t = mpmath.findroot(lambda t, N=N: -1 / (1 + mpmath.exp(N * t)) + reg * t, 1.0)
        low = part(i, *(int(f.b[i]) * t * a for a in row))
        assert found["f_i_inf"].lower[i] <= low <= found["f_i_inf"].upper[i]
    assert found["mu"].lower == f.reg
    assert found["mu"].upper < f.reg * (1 + 1e-9)


def test_tilted_sines_have_their_many_minima_searched():
    w, c = np.array([0.5, 1.0]), np.array([[2.0, -7.0], [-2.0, 7.0]])
    found = certified_of(Tilted(SineSum(w, np.eye(2)), c))["f_i_inf"]
    y = np.linspace(-20, 20, 2_000_001)
    u = y**2 + 3 * np.sin(y) ** 2
    brute = sum((weight * u + slant * y).min() for weight, slant in zip(w, c[0], strict=True))
    assert found.lower[0] <= brute
    assert found.upper[0] == pytest.approx(brute, abs=1e-6)
    assert found.lower[0] == pytest.approx(found.upper[0], abs=1e-12)
    below_parabola = -np.sum(c**2 / (4 * w), axis=1)
    assert (found.lower > below_parabola).all()


def test_a_rotation_is_orthogonal_only_up_to_rounding():
    F = load_problem("sine-rotated").objective
    found = certified_of(F)
    skewed = certified_of(SineSum(F.w, F.Q * (1 + 1e-13), F.a))
    assert skewed["mu"].lower < found["mu"].lower
    assert skewed["L"].upper > found["L"].upper
    assert any("Q^T Q - I" in step for step in found["mu"].steps)


def test_added_penalties_widen_the_bounds_by_no_more_than_they_bend():
    problem = load_problem("nonconvex-logistic", alpha=0.05)
    found = certificates(problem)
    assert (found["L_i"].upper >= problem.L_i.values - 1e-12).all()
    assert (found["L_i"].upper <= problem.L_i.values + 1e-10).all()
    assert (found["f_i_inf"].lower == 0).all()
    assert found["f_inf"].lower == 0


def test_what_is_not_true_is_not_certified():
    rng = np.random.default_rng(0)
    A, b = rng.standard_normal((6, 3)), rng.standard_normal(6)
    assert "mu" not in certified_of(LinearModel(A, b, "sine"))  # more rows than columns: minima need not meet
    assert "mu" not in certified_of(LinearModel(A, np.sign(b), "logistic"))  # not PL without a regulariser
    assert "mu" not in certified_of(LinearModel(A, b, "geman-mcclure", 0.1))
    assert "mu" not in certified_of(SineSum(np.ones(1), np.eye(1), a=5.0))
    indefinite = Quadratics(np.array([np.diag([1.0, -1.0]), np.diag([1.0, 4.0])]), np.zeros((2, 2)))
    assert "f_i_inf" not in certified_of(indefinite)
    assert certified_of(indefinite)["mu"].lower == pytest.approx(1.0)


def test_unknown_forms_have_no_certificates():
    class Other(LOSSES["squared"]):
        key = "other"

    A, b = np.eye(2), np.array([1.0, 3.0])
    assert certified_of(UserSum(lambda i, x: x @ x / 2, lambda i, x: x, 2, 2)) == {}
    assert certified_of(LinearModel(A, b, Other)) == {}
    assert certified_of(LinearModel(A, b, "logistic", 0.1)) == {}  # labels 1 and 3
    assert certified_of(LinearModel(np.ones((2_000_001, 1)), np.ones(2_000_001), "squared")) == {}


def test_zero_rows_and_constant_functions():
    f = LinearModel(np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([1.0, 2.0]), "squared")
    found = certified_of(f)
    assert found["f_i_inf"].lower[1] == found["f_i_inf"].upper[1] == 2.0
    assert found["L_i"].upper[1] == 0
    assert found["f_inf"].lower <= 1.0 <= found["f_inf"].upper
    assert "mu" not in certified_of(LinearModel(np.zeros((2, 2)), np.ones(2), "squared"))


def test_steps_are_lines_that_name_the_proof():
    found = certificates(load_problem("sine-sum"))
    steps = " ".join(found["mu"].steps)
    assert all(isinstance(step, str) and "\n" not in step for step in found["mu"].steps)
    assert "branch and bound" in steps
    assert "lambda_min(A A^T)" in steps
    assert "witness" in steps
    assert found["mu"].known == "certified"
    assert isinstance(found["L_i"], ComponentCertificate)


# Under a sampling


@pytest.mark.parametrize("name", [name for name in NAMES if load_problem(name).n > 1])
def test_sampled_constants_enclose_the_textbook_forms(name):
    problem = load_problem(name)
    found = certificates(problem)
    seen = 0
    for kind in samplings().values():
        for sampling in kind.examples(problem.n):
            law, claimed = problem.law(sampling), problem.constants(sampling)
            for key, enclosure in sampled(problem, law, found).items():
                value_of = float(getattr(claimed, key))
                room = 1e-9 * (1 + abs(value_of))
                # A lower bound on f_i_inf that is not sharp makes the claimed C larger.
                assert enclosure.lower <= value_of + room, (key, sampling.spec)
                assert value_of <= enclosure.upper + room or key == "C", (key, sampling.spec)
                seen += 1
    assert seen > 0


def test_additive_noise_has_its_exact_variance():
    problem = load_problem("additive-noise")
    found = certificates(problem)
    for spec in ("uniform", "nice:2", "replacement:2"):
        law = problem.law(parse_sampling(spec))
        under = sampled(problem, law, found)
        X = np.random.default_rng(0).standard_normal((5, problem.d))
        draw, probability = law.outcomes()
        for x in X:
            g = problem.objective.stochastic_gradient(np.repeat(x[None], len(probability), 0), *draw)
            variance = probability @ np.sum((g - problem.objective.gradient(x[None])) ** 2, axis=1)
            assert under["C"].lower - 1e-12 <= variance <= under["C"].upper + 1e-12
        assert under["A"].upper == 0
        assert under["B"].lower <= 1 <= under["B"].upper


def test_a_problems_own_residual_is_not_judged_by_the_textbook():
    problem = load_problem("scaled-quadratics")
    found = sampled(problem, problem.law(parse_sampling("uniform")), certificates(problem))
    assert set(found) == {"Lambda1", "Lambda2", "Lambda"}


def test_full_batch_is_exact():
    problem = load_problem("ridge")
    found = sampled(problem, problem.law(parse_sampling("full")), certificates(problem))
    assert [(found[key].lower, found[key].upper) for key in "ABC"] == [(0, 0), (1, 1), (0, 0)]
    assert found["Lambda"].lower == found["Lambda1"].lower


def test_a_tenth_less_of_a_sampled_constant_is_outside():
    problem = load_problem("ridge")
    law = problem.law(parse_sampling("independent:0.5"))
    for key, enclosure in sampled(problem, law, certificates(problem)).items():
        assert 0.9 * float(getattr(problem.constants(parse_sampling("independent:0.5")), key)) < enclosure.lower, key


def test_input_errors_are_not_swallowed():
    with pytest.raises(InputError, match="x0"):
        certified_of(load_problem("ridge").objective, np.zeros(1))
