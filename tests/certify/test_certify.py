"""Certificates of whole problems enclose the truth, in fifty digits and by brute force; wrong claims are refuted."""

import sys

import mpmath
import numpy as np
import pytest

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
from samtheory.catalogue import problems
from samtheory.objectives.losses import LOSSES
from samtheory.sampling.base import parse_sampling, samplings

flint = pytest.importorskip("flint", reason="certification needs the extra `certify`")

from samtheory.certify import Certificate, ComponentCertificate, certificates, sampled  # noqa: E402
from samtheory.certify.linear import Linear  # noqa: E402

mpmath.mp.dps = 50
#: Every family but those of real data.
NAMES = [name for name in problems() if name not in ("diabetes", "breast-cancer")]
#: Room for the float64 rounding of what a certificate is compared with.
ROUNDING = 1e-12


def encloses(certificate: Certificate, truth: object) -> bool:
    return mpmath.mpf(certificate.lower) <= truth <= mpmath.mpf(certificate.upper)


def test_the_precision_of_others_is_left_alone(monkeypatch):
    monkeypatch.setattr(flint.ctx, "prec", 77)
    certificates(load_problem("sine-1d"))
    assert flint.ctx.prec == 77


def test_without_flint_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(MissingExtra, match="certify"):
        certificates(load_problem("ridge"))


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


def test_component_infima_hold_wherever_the_search_for_them_ends(monkeypatch):
    f = load_problem("logistic").objective
    sharp = certified_of(f)["f_i_inf"]
    monkeypatch.setattr(Linear, "_along_rows", lambda self: np.full(self.objective.n, 0.3))
    rough = certified_of(f)["f_i_inf"]
    assert (rough.lower <= sharp.lower).all()
    assert (rough.upper >= sharp.upper).all()
    assert (rough.upper > rough.lower + 1e-3).any()


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


def test_a_large_model_is_certified_in_floats_with_their_rounding():
    found = certified_of(LinearModel(np.ones((50_001, 1)), np.ones(50_001), "squared"))["L"]
    assert 1 - 1e-9 <= found.lower <= 1 <= found.upper <= 1 + 1e-9


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
    assert found["mu"].provenance == "certified"
    assert isinstance(found["L_i"], ComponentCertificate)


# Under a sampling


def known_sum(problem: Problem) -> bool:
    return problem.n > 1 and not isinstance(problem.objective, UserSum)


@pytest.mark.parametrize("name", [name for name in NAMES if known_sum(load_problem(name))])
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
                assert enclosure.lower - room <= value_of <= enclosure.upper + room, (key, sampling.spec)
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
