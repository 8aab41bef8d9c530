"""E delta+ <= p delta + q ||grad f||^2 + r by exact enumeration, for every theorem; and wrong theorems found out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from samtheory.catalogue import load_theorem, theorems
from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.methods.unified_sam import step
from samtheory.sampling.full import Full
from samtheory.sampling.importance import Importance
from samtheory.sampling.independent import Independent
from samtheory.sampling.nice import Nice
from samtheory.sampling.replacement import Replacement
from samtheory.sampling.single import Single
from samtheory.sampling.uniform import Uniform
from samtheory.theorems import chain, unified_sam_3_2, unified_sam_3_2_as_printed
from samtheory.theorems.numbers import number


@dataclass(frozen=True)
class Sum:
    """A finite sum with its true constants; `gap` is f - f_inf without cancellation."""

    gradients: Callable  # (R, d) -> (R, n, d)
    gap: Callable  # (R, d) -> (R,)
    centre: np.ndarray
    L_i: np.ndarray
    L: float
    mu: float | None
    spread: float  # f_inf - mean f_i_inf

    def constants(self, law):
        """Theory's table: A = max w_i L_i/n, B, C = 2 A Delta_inf; L_v = (1/n) sum v_i L_i, or L where v = 1."""
        Lambda = self.L if law.deterministic else law.largest(self.L_i)
        given = {
            "L": self.L, "L_max": self.L_i.max(), "L_avg": self.L_i.mean(), "Lambda": Lambda,
            "Lambda1": self.L if law.deterministic else self.L_i.mean(),
            "Lambda2": self.L if law.deterministic else np.sqrt(law.mean_square(self.L_i)),
            "A": law.A(self.L_i), "B": law.B, "C": 2 * law.A(self.L_i) * self.spread,
        }  # fmt: skip
        return Constants.from_values({**given, "mu": self.mu} if self.mu else given)


def quadratic_sum(H, centres):
    """f_i = (x - c_i)^T H_i (x - c_i)/2."""
    mean = H.mean(axis=0)
    pull = np.einsum("nij,nj->ni", H, centres)
    centre = np.linalg.lstsq(mean, pull.mean(axis=0), rcond=None)[0]
    eigenvalues = np.linalg.eigvalsh(mean)
    far = centre - centres
    return Sum(
        lambda X: np.einsum("nij,rj->rni", H, X) - pull,
        lambda X: 0.5 * np.einsum("ri,ij,rj->r", X - centre, mean, X - centre),
        centre,
        np.linalg.eigvalsh(H)[:, -1],
        eigenvalues[-1],
        eigenvalues[eigenvalues > 1e-9 * eigenvalues[-1]][0] * (1 - 1e-9),
        0.5 * np.einsum("ni,nij,nj->n", far, H, far).mean(),
    )


def random_quadratics(seed):
    rng = np.random.default_rng(seed)
    half = rng.standard_normal((4, 2, 2)) * rng.uniform(0.3, 1.5, (4, 1, 1))
    return quadratic_sum(half @ half.transpose(0, 2, 1), rng.standard_normal((4, 2)))


def interpolated_least_squares(seed):
    """a_i x = b_i has solutions, three equations in four dimensions: PL, not strongly convex, C = 0."""
    rng = np.random.default_rng(seed)
    rows, solution = rng.standard_normal((3, 4)), rng.standard_normal(4)
    total = quadratic_sum(rows[:, :, None] * rows[:, None, :], np.tile(solution, (3, 1)))

    def gap(X):
        return 0.5 * np.mean(((X - solution) @ rows.T) ** 2, axis=1)

    return replace(total, gap=gap, centre=solution, spread=0.0)


def noisy_sines(seed):
    """f_i = sum_j w_j (x_j^2 + 3 sin^2 x_j) + <c_i, x>, sum c_i = 0: not convex, PL with 0.17553 min w."""
    rng = np.random.default_rng(seed)
    w, tilts = rng.uniform(0.5, 2, 2), rng.standard_normal((4, 2)) * 0.3
    tilts -= tilts.mean(axis=0)
    return Sum(
        lambda X: (w * (2 * X + 3 * np.sin(2 * X)))[:, None] + tilts,
        lambda X: (X**2 + 3 * np.sin(X) ** 2) @ w,
        np.zeros(2),
        np.full(4, 8 * w.max()),
        8 * w.max(),
        0.17553098587 * w.min(),
        np.mean(np.sum(tilts**2 / (4 * w), axis=1)),
    )


def bumps(seed):
    """f_i = w_i u^2/(1 + u^2), u = x - c_i: bounded, no PL; delta is measured from 0 <= f_inf, so C = 0."""
    rng = np.random.default_rng(seed)
    w, c = rng.uniform(0.5, 2, 4), rng.standard_normal(4)

    def gradients(X):
        u = X - c
        return (w * 2 * u / (1 + u**2) ** 2)[:, :, None]

    def value(X):
        u = X - c
        return np.mean(w * u**2 / (1 + u**2), axis=1)

    return Sum(gradients, value, np.zeros(1), 2 * w, 2 * w.mean(), None, 0.0)


def scaled(*h):
    """f_i = h_i x^2/2."""
    return quadratic_sum(np.array(h)[:, None, None], np.zeros((len(h), 1)))


def pair(c=1.0):
    """f_i = (x -+ c)^2/2: the textbook C is exact."""
    return quadratic_sum(np.ones((2, 1, 1)), np.array([[c], [-c]]))


SUMS = {
    "quadratics": random_quadratics(0),
    "more quadratics": random_quadratics(1),
    "interpolated least squares": interpolated_least_squares(2),
    "noisy sines": noisy_sines(3),
    "bumps": bumps(4),
    "scaled": scaled(0.1, 1.9),
    "pair": pair(),
}
SAMPLINGS = {
    "full": lambda n: Full(),
    "uniform": lambda n: Uniform(),
    "importance": lambda n: Importance(),
    "single": lambda n: Single(np.arange(1, n + 1) / (n * (n + 1) / 2)),
    "nice": lambda n: Nice(2),
    "replacement": lambda n: Replacement(2),
    "independent": lambda n: Independent(0.6),
}
LAMS = (0.0, 0.3, 1.0)
#: The paper's theorems and the rollout of their one-step inequality.
PAPER = {key: theorem for key, theorem in theorems().items() if key.startswith("unified-sam/")}


def moved(total, law, X, gamma, rho, lam):
    """x+ for every row of X and outcome, (R, K, d), and the probabilities."""
    (indices, weights), probability = law.outcomes()
    V = np.zeros((len(probability), law.n))
    np.add.at(V, (np.arange(len(V))[:, None], indices), weights)
    R, K = len(X), len(V)

    def gradient(Y, v):
        return np.einsum("rn,rnd->rd", v, total.gradients(Y)) / law.n

    after = step(np.repeat(X, K, axis=0), np.tile(V, (R, 1)), gradient, gamma, rho, lam)
    return after.reshape(R, K, -1), probability


def states(total):
    """The centre, and points around it at distances from 1e-4 to 100."""
    directions = np.random.default_rng(5).standard_normal((14, len(total.centre)))
    return np.vstack([total.centre, total.centre + np.geomspace(1e-4, 1e2, 14)[:, None] * directions])


def excess(total, law, parameters, inequality, X=None):
    """Largest (E delta+ - bound)/scale over the states: above 0 beyond rounding (1e-11) is a violation."""
    X = states(total) if X is None else X
    after, probability = moved(total, law, X, *parameters)
    measured = total.gap(after.reshape(-1, X.shape[1])).reshape(len(X), -1) @ probability
    p, q, r = inequality
    delta, G = total.gap(X), np.sum(total.gradients(X).mean(axis=1) ** 2, axis=1)
    scale = abs(p) * delta + abs(q) * G + r + measured + 1e-18  # at the centre, gradients are rounding
    return float(np.max((measured - (p * delta + q * G + r)) / scale))


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("key", PAPER)
def test_the_one_step_inequality_holds(key, name, sampling):
    total, theorem = SUMS[name], PAPER[key]
    law = SAMPLINGS[sampling](len(total.L_i)).law(total.L_i)
    constants = total.constants(law)
    if theorem.why_not_applicable(constants):
        with pytest.raises(NotApplicable):
            theorem.plan(constants)
        return
    for lam in (*LAMS, *(["1/t"] if theorem.varying_lam else [])):
        rho_max = theorem.admissible(constants, 0.0 if lam == "1/t" else lam)[0]
        largest = 0.97 * rho_max if np.isfinite(rho_max) else 0.97 / constants.Lambda
        for rho in (None, largest, 0.0):
            gamma = 1 / constants.L if rho and not np.isfinite(rho_max) else None
            plan = theorem.plan(constants, lam, rho, gamma)
            for t in (0,) if plan.schedule.constant else (0, 1, 30, 10**4):
                assert excess(total, law, plan.schedule.at(t), plan.step(t)) <= 1e-11


@pytest.mark.parametrize("lam", LAMS)
@pytest.mark.parametrize(("name", "sampling"), [("scaled", "uniform"), ("pair", "single"), ("noisy sines", "nice")])
@pytest.mark.parametrize("key", PAPER)
def test_bounds_hold_along_every_path(key, name, sampling, lam):
    """All paths of a few steps, each with its probability: the measure is at most the bound at every t."""
    total, theorem = SUMS[name], PAPER[key]
    law = SAMPLINGS[sampling](len(total.L_i)).law(total.L_i)
    constants = total.constants(law)
    if theorem.why_not_applicable(constants, lam):
        with pytest.raises(NotApplicable):
            theorem.plan(constants, lam)
        return
    plan = theorem.plan(constants, lam)
    X, weight = (total.centre + 0.7)[None], np.ones(1)
    delta0, smallest = float(total.gap(X)[0]), np.inf
    for t in range(5):
        gap = float(weight @ total.gap(X))
        if theorem.measure == "gap":
            assert gap <= plan.bound(t, delta0) * (1 + 1e-11)
        G = float(weight @ np.sum(total.gradients(X).mean(axis=1) ** 2, axis=1))
        smallest = min(smallest, G)
        if theorem.measure == "min_grad2":
            assert smallest <= plan.bound(t + 1, delta0) * (1 + 1e-11)
        after, probability = moved(total, law, X, *plan.schedule.at(t))
        X, weight = after.reshape(-1, X.shape[1]), np.outer(weight, probability).ravel()


# Wrong theorems, each found out.


def test_three_times_the_largest_step_is_found_out():
    """f_i = h_i x^2/2, h = (0.1, 1.9): A = 0, B = E h_v^2/mean(h)^2; E delta+ is about 2.6 times the claim."""
    total, law = scaled(0.1, 1.9), Uniform().law(np.array([0.1, 1.9]))
    B = (0.1**2 + 1.9**2) / 2
    constants = Constants.from_values({"L": 1, "L_max": 1.9, "mu": 1, "A": 0, "B": B, "C": 0})
    theorem = load_theorem("unified-sam/3.2")
    rho_max, gamma_max = theorem.admissible(constants, 0.0)
    right = theorem.plan(constants, 0.0, rho_max / 20, gamma_max(rho_max / 20))
    assert excess(total, law, right.schedule.at(0), right.step(0)) <= 0
    wrong = theorem.plan(constants, 0.0, right.rho, 3 * right.gamma, allow_outside=True)
    after, probability = moved(total, law, np.ones((1, 1)), *wrong.schedule.at(0))
    ratio = float(total.gap(after[0]) @ probability) / (wrong.step(0)[0] * 0.5)
    assert ratio == pytest.approx(2.6, abs=0.05)
    assert excess(total, law, wrong.schedule.at(0), wrong.step(0)) > 0.4


def test_a_missing_lam2_is_found_out():
    """SAM on x^2/2 next to the solution jumps by gamma rho: c0 is all that allows it."""
    total, law = scaled(1.0), Full().law(np.ones(1))
    near = np.array([[1e-9]])
    for key in ("unified-sam/3.2", "unified-sam/3.4", "unified-sam/3.7", "unified-sam/rollout"):
        plan = load_theorem(key).plan(total.constants(law), 1.0)
        p, q, r = plan.step(0)
        c0 = number(chain.c0, {"Lambda": 1, "L": 1, "lam": 1, "gamma": plan.gamma, "rho": plan.rho})
        assert excess(total, law, plan.schedule.at(0), (p, q, r), near) <= 0
        assert excess(total, law, plan.schedule.at(0), (p, q, r - c0), near) > 0.9


def test_a_third_of_the_noise_is_found_out():
    """f_i = (x -+ 1)^2/2 at 0 with rho = 0: E delta+ = L gamma^2 C/2, half of the theorem's noise."""
    total, law = pair(), Uniform().law(np.ones(2))
    plan = load_theorem("unified-sam/3.2").plan(total.constants(law), 0.0, rho=0.0)
    p, q, r = plan.step(0)
    assert excess(total, law, plan.schedule.at(0), (p, q, r), np.zeros((1, 1))) <= 0
    assert excess(total, law, plan.schedule.at(0), (p, q, r / 3), np.zeros((1, 1))) > 0.1


@pytest.mark.parametrize("key", ["unified-sam/3.2", "unified-sam/3.3", "unified-sam/3.4", "unified-sam/3.5"])
def test_a_doubled_mu_is_found_out(key):
    """f = (x^2 + y^2/10)/2 shrinks along y by (1 - gamma/10)^2, not by 1 - gamma/5."""
    total = quadratic_sum(np.diag([1.0, 0.1])[None], np.zeros((1, 2)))
    law, along = Full().law(np.ones(1)), np.array([[0.0, 1.0]])
    right = total.constants(law)
    wrong = Constants.from_values({"L": 1, "mu": 0.2, "A": 0, "B": 1, "C": 0})
    for constants, holds in ((right, True), (wrong, False)):
        plan = load_theorem(key).plan(constants, 0.0, rho=0.0, gamma=1e-2 if key != "unified-sam/3.3" else None)
        found = excess(total, law, plan.schedule.at(100), plan.step(100), along)
        assert (found <= 1e-11) == holds


# Theory, Proposition 2.2: the printed form is false for a sampling whose L_v exceeds L_max.

H = (Fraction(1, 100), Fraction(199, 100))
P = (Fraction(1, 40000), Fraction(39999, 40000))
SAMPLED = tuple(h / (2 * p) for h, p in zip(H, P, strict=True))  # g_v(x) = h_v x
K = sum(p * h**2 for p, h in zip(P, SAMPLED, strict=True))


def mean_factor(gamma, rho):
    """E delta+/delta of USAM on h_v x^2/2, exactly."""
    return sum(p * (1 - gamma * h * (1 + rho * h)) ** 2 for p, h in zip(P, SAMPLED, strict=True))


def value(formula, **numbers):
    known = {"L": 1, "L_max": H[1], "Lambda": SAMPLED[0], "mu": 1, "A": 0, "B": K, "C": 0, "lam": 0, **numbers}
    exact = formula.subs({symbol: sp.Rational(known[str(symbol)]) for symbol in formula.free_symbols})
    return Fraction(int(exact.p), int(exact.q))


def test_the_printed_form_is_false_in_exact_arithmetic():
    printed = unified_sam_3_2_as_printed.theorem
    rho = Fraction(1, 20)
    assert rho < value(printed.rho_max) < Fraction(1010, 10000)
    gamma = value(printed.gamma_max, rho=rho)
    assert float(gamma) == pytest.approx(0.0624571, abs=1e-7)
    claim, truth = 1 - gamma, mean_factor(gamma, rho)
    assert float(claim) == pytest.approx(0.937543, abs=1e-6)
    assert float(truth) == pytest.approx(1.338920, abs=1e-6)
    assert truth > claim
    assert (float(claim**20), float(truth**20)) == pytest.approx((0.275, 343), rel=2e-3)


def test_with_lambda_it_is_true_in_exact_arithmetic():
    for part in (Fraction(0), Fraction(1, 2), Fraction(99, 100)):
        rho = part * value(unified_sam_3_2.rho_max)
        gamma = value(unified_sam_3_2.gamma_max, rho=rho)
        assert mean_factor(gamma, rho) <= 1 - gamma


def test_the_printed_form_is_refused_there_and_found_out_where_allowed():
    total, law = scaled(*map(float, H)), Single(np.array([float(p) for p in P])).law(np.array([float(h) for h in H]))
    assert law.largest(total.L_i) == pytest.approx(200)
    constants = Constants.from_values(
        {"L": 1, "L_max": float(H[1]), "Lambda": 200, "mu": 1, "A": 0, "B": float(K), "C": 0}
    )
    printed = load_theorem("unified-sam/3.2/as-printed")
    with pytest.raises(NotApplicable, match=r"Lambda=200 above L_max=1\.99"):
        printed.plan(constants, 0.0, rho=0.05)
    plan = printed.plan(constants, 0.0, rho=0.05, allow_outside=True)
    assert excess(total, law, plan.schedule.at(0), plan.step(0)) > 0.1
    for theorem in PAPER.values():
        if not theorem.why_not_applicable(constants):
            plan = theorem.plan(constants, 0.0)
            assert excess(total, law, plan.schedule.at(0), plan.step(0)) <= 1e-11
