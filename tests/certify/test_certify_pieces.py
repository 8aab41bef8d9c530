"""The pieces of certificates: balls, functions of one variable, eigenvalues; published values and fifty digits."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory.objectives.losses import LOSSES

flint = pytest.importorskip("flint", reason="certification needs the extra `certify`")

from samtheory.certify import Certificate  # noqa: E402
from samtheory.certify.curves import CURVES, MARGIN, Curve, bend, pl_constant, sine  # noqa: E402
from samtheory.certify.interval import above, ball, balls, below, greatest, hull, matrix, precise, precision  # noqa: E402
from samtheory.certify.scalar import curvature, infimum, pl_ratio, slope, value  # noqa: E402
from samtheory.certify.spectral import eigenvalues, gram, mean_of  # noqa: E402

mpmath.mp.dps = 50


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
    low, high = ([end(entry) for entry in balls(x)] for end in (below, above))
    assert (low == x).all()
    assert (high == x).all()
    assert math.copysign(1, above(ball(0))) == 1


def test_hull_and_greatest_contain():
    values = [hull(0.1, 0.7), ball(0.5), ball(-2)]
    assert hull(0.1, 0.7).contains(ball(0.1))
    assert hull(0.1, 0.7).contains(ball(0.7))
    assert greatest(values).contains(ball(0.7))
    assert greatest(values).contains(ball(0.5))
    assert not greatest(values).contains(ball(-2))


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
    assert bend(Curve("one more", phi, 8.0, lambda R: (-R, R - R), "made up")).lowest.lower == -8
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
    for reach in (0.1, 0.5, 1.0, 1.25):
        found = pl_constant(CURVES[key], reach)
        assert found.lower <= formula(mpmath.mpf(reach)) * (1 + mpmath.mpf(2) ** -60)
        assert found.upper == pytest.approx(float(formula(mpmath.mpf(reach))), rel=1e-10)
        assert found.upper - found.lower < 1e-11


def test_both_sides_and_the_neighbourhood_of_the_minimiser_count():
    lopsided = Curve("u^2 (2 + u)", lambda u: u * u * (2 + u), 1.0, sine(1).beyond, "not used")
    assert pl_constant(lopsided, 1.0).lower == pytest.approx(0.5, abs=1e-12)
    flat = Curve("u^4", lambda u: u * u * u * u, 1.0, sine(1).beyond, "not used")
    assert pl_constant(flat, 1.0).lower == 0


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


precisely_gram = precise(gram)


@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from([1.0, 2.0**-500, 2.0**480]))
def test_an_exact_rank_is_counted_and_the_least_eigenvalue_enclosed(seed, rank, scale):
    """Whole numbers: products of small integers, of any scale, with columns and rows of zeros."""
    rng = np.random.default_rng(seed)
    A = (rng.integers(-4, 5, (6, rank)) @ rng.integers(-4, 5, (rank, 4))) * scale
    found, truth = precisely_gram(A), int(np.linalg.matrix_rank(A / scale))
    assert found.rank == truth
    assert not found.rounding_decides
    assert found.doubt == ()
    if truth:
        low, high = (float(value.mid()) for value in found.least_nonzero)
        least = np.linalg.svd(A / scale, compute_uv=False)[truth - 1] ** 2 * scale**2
        assert low == high == pytest.approx(least, rel=1e-9)


@given(st.integers(1, 9), st.integers(1, 9), st.one_of(st.integers(-58, -52), st.integers(-40, -20)))
def test_a_rank_that_rounding_decides_is_not_taken_for_known(k, m, exponent):
    """A constant and a linear column, and a third with one entry of 2^exponent."""
    A = np.stack([np.full(6, k), m * np.arange(6), np.zeros(6)], axis=1).astype(float)
    A[0, 2] = 2.0**exponent
    found = precisely_gram(A)
    low, high = found.least_nonzero
    assert found.rank == 3
    assert found.rounding_decides == (exponent <= -52)
    assert bool(found.doubt) == found.rounding_decides
    assert 0 < low < 2.0 ** (2 * exponent + 1)
    assert high > 0.1 if found.rounding_decides else high.overlaps(low)


def test_semidefinite_matrices_with_exact_zeros():
    found = mean_of([np.diag([0.0, 0.0, 3.0])], "H")
    assert found.semidefinite
    assert found.rank == 1
    assert all(end.contains(ball(3)) for end in found.least_nonzero)
    assert not mean_of([np.diag([1.0, -1.0])], "H").semidefinite
    hump = np.ones((4, 4))
    assert mean_of([hump, hump], "H").semidefinite
    assert mean_of([hump], "H").rank == 1
