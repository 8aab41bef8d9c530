"""The theorems beyond the paper: against the master inequality, against the paper's, against their special cases."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hyp

import samtheory as st
from samtheory.catalogue import load_theorem
from samtheory.constants import Constants, claimed
from samtheory.errors import NotApplicable
from samtheory.schedules import Schedule
from samtheory.theorems import ours_3_2_plus as plus
from samtheory.theorems import ours_any_sampling, ours_inverse_lam
from samtheory.theorems.chain import alpha, nu, s
from samtheory.theorems.forms.family import Grounds, best, fixed_point, member, shrinkage, tightest
from samtheory.theorems.forms.tight import Recursion
from samtheory.theorems.master import full_batch, master
from samtheory.theorems.numbers import number
from samtheory.theorems.rollout import rollout
from samtheory.verification.evidence import compare


def constants_of(seed: int, full: bool = False) -> Constants:
    """Random constants that some function could have."""
    rng = Random(seed)
    mu = 10 ** rng.uniform(-2, 0)
    L = mu * 10 ** rng.uniform(0, 2)
    if full:
        return Constants.from_values({"L": L, "mu": mu, "A": 0.0, "B": 1.0, "C": 0.0})
    Lambda1 = L * 10 ** rng.uniform(0, 1)
    Lambda2 = Lambda1 * 10 ** rng.uniform(0, 0.5)
    B = rng.choice([0.0, 0.5, 1.0])
    A = mu * 10 ** rng.uniform(0, 2) if B < 1 or rng.random() < 0.5 else 0.0
    C = rng.choice([0.0, 10 ** rng.uniform(-2, 1)])
    return Constants.from_values({
        "L": L, "L_max": Lambda1, "L_avg": Lambda1, "Lambda1": Lambda1, "Lambda2": Lambda2,
        "Lambda": Lambda2 * 10 ** rng.uniform(0, 0.5), "mu": mu, "A": A, "B": B, "C": C,
    })  # fmt: skip


def right_side(kappas, constants, gamma, rho, lam, delta, G):
    """delta + U(G, 2A delta + B G + C) of a master inequality, over arrays."""
    sign = -1.0 if constants.L * gamma <= 1 else 1.0
    now = constants.values(gamma=gamma, rho=rho, lam=lam, sign=sign)
    k = [number(each, now) for each in kappas]
    M = 2 * now["A"] * delta + now["B"] * G + now["C"]
    return delta - k[0] * G + k[1] * np.sqrt(G * M) + k[2] * np.sqrt(G) + k[3] * M + k[4] * np.sqrt(M) + k[5]


def wedge(constants, D, points=60):
    """delta and G over {0 <= delta <= D, 2 mu delta <= G <= 2 L delta}, edges included."""
    delta = D * np.linspace(0, 1, points)[:, None] ** 3
    G = 2 * delta * np.geomspace(float(constants.mu), float(constants.L), points)[None, :]
    return np.broadcast_to(delta, G.shape).ravel(), G.ravel()


def follows(constants, plan, kappas, changed=lambda p, q, r: (p, q, r), times=(0, 1, 7, 300)):
    """The plan's one-step claim, or a changed one, against the master inequality, over a wedge of several sizes."""
    claim, proved = [], []
    for t in times:
        gamma, rho, lam = plan.schedule.at(t)
        p, q, r = without_bonus(changed(*plan.step(t)), constants, plan.free(plan.delta0, t, t + 1))
        for D in (1e-6, 1e-3, 1.0, 1e3):
            delta, G = wedge(constants, D)
            claim.append(p * delta + q * G + r)
            proved.append(right_side(kappas, constants, gamma, rho, lam, delta, G))
    claim, proved = np.array(claim), np.array(proved)
    return compare("derivation", "claim follows", claim, proved, 1e-9 * np.abs(proved) + 1e-12 * np.abs(claim), str)


def without_bonus(step, constants, free):
    """What a claim says of the terms of the descent lemma, before the bonus."""
    (p, q, r), sigma = step, float(free["bonus"].flat[0]) if "bonus" in free else 0.0
    heavy, more = 1 + sigma * constants.mu / (2 * constants.L * (1 + sigma)), 1 + sigma / 2
    return 1 + (heavy * p - 1) / more, (heavy * q - sigma / (4 * constants.L)) / more, heavy * r / more


lams = hyp.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])
seeds = hyp.integers(0, 2**32)


@settings(deadline=None, max_examples=60)
@given(seeds, lams, hyp.floats(-3, 0.5), hyp.floats(-3, 0.3), hyp.floats(-4, 4))
def test_the_tightest_member_is_the_largest_right_side_over_the_wedge(seed, lam, rho_power, gamma_power, D_power):
    """Theorem 5.2: duality without a gap; and every member is above the right side."""
    constants = constants_of(seed)
    rho, gamma, D = 10**rho_power / constants.Lambda, 10**gamma_power / constants.L, 10**D_power
    grounds = Grounds.of(constants)
    (kappa,), _ = Recursion(master, (), constants, Schedule(gamma, rho, lam)).steady
    x, r = shrinkage(kappa, grounds, tightest(kappa, grounds, D))
    delta, G = wedge(constants, D, 200)
    primal = right_side(master, constants, gamma, rho, lam, delta, G).max()
    assert (1 - x) * D + r >= primal * (1 - 1e-9)
    assert (1 - x) * D + r <= primal * (1 + 2e-3) + 1e-12
    b = tuple(10 ** Random(seed + k).uniform(-3, 3) for k in range(3))
    growth, q, r = member(kappa, grounds, b)
    above = (1 + growth) * delta + q * G + r - right_side(master, constants, gamma, rho, lam, delta, G)
    assert (above >= -1e-9 * D).all()


numbers_of_six = hyp.lists(hyp.floats(0, 50), min_size=6, max_size=6)


@settings(deadline=None)
@given(numbers_of_six, hyp.lists(hyp.floats(0.1, 10), min_size=3, max_size=3), hyp.floats(0.1, 1), hyp.floats(0, 1))
def test_a_member_is_followed_over_every_gap_up_to_D(kappa, b, mu, gap):
    """Also a member that falls faster than any function can: no gap below D may get a larger bound than D."""
    grounds, D = Grounds(A=0.5, B=1.0, C=0.1, mu=mu, L=1.0), 1.0
    growth, q, r = member(kappa, grounds, b)
    x, _ = shrinkage(kappa, grounds, b)
    for G in (2 * mu * gap, 2 * gap):
        assert (1 + growth) * gap + q * G + r <= (1 - x) * D + r + 1e-9 * (1 + abs(growth) + abs(q))


@settings(deadline=None, max_examples=12)
@given(seeds, lams, hyp.floats(0.01, 0.99))
def test_tight_and_plus_are_never_above_the_paper(seed, lam, fraction):
    """At every (rho, gamma) that Theorem 3.2 allows, 3.2+ allows them too and both bounds are at most the paper's."""
    constants = constants_of(seed)
    paper = load_theorem("unified-sam/3.2")
    rho = fraction * paper.admissible(constants, lam)[0]
    before = paper.plan(constants, lam, rho=rho)
    t = np.array([0, 1, 2, 10, 100, 1000, 10**5])
    for delta0 in (1e-4, 1.0, 1e4):
        tight = load_theorem("ours/tight").plan(constants, lam, rho, before.gamma, delta0=delta0)
        rolled = load_theorem("unified-sam/rollout").plan(constants, lam, rho, before.gamma)
        bound = tight.bound(t, delta0)
        assert (bound <= before.bound(t, delta0) * (1 + 1e-9)).all()
        assert (bound <= rolled.bound(t, delta0) * (1 + 1e-9)).all()
        closed = load_theorem("ours/3.2+").plan(constants, lam, rho, before.gamma)
        # At each step the best member is below 3.2+ at every theta and q; members are renewed less often later.
        assert (bound <= closed.bound(t, delta0) * (1 + 1e-4) + 1e-12 * delta0).all()
    assert tight.neighbourhood <= before.neighbourhood * (1 + 1e-9)
    assert tight.neighbourhood <= closed.neighbourhood * (1 + 1e-6)


@settings(deadline=None, max_examples=20)
@given(seeds, lams)
def test_claims_follow_from_the_master_inequality(seed, lam):
    constants = constants_of(seed)
    for key in ("ours/tight", "ours/3.2+", "ours/3.5+", "ours/non-convex"):
        plan = load_theorem(key).plan(constants, lam, delta0=1.0)
        assert follows(constants, plan, master).verdict == "holds", key
    plan = load_theorem("ours/inverse-lam").plan(constants, "1/t")
    assert follows(constants, plan, master).verdict == "holds"
    full = constants_of(seed, full=True)
    for key in ("ours/deterministic", "ours/sam-deterministic", "ours/tight"):
        plan = load_theorem(key).plan(full, lam, delta0=1.0)
        assert follows(full, plan, full_batch).verdict == "holds", key
    usam = load_theorem("ours/usam-deterministic").plan(full, 0.0)
    assert follows(full, usam, full_batch).verdict == "holds"


def halved_noise(p, q, r):
    """A claim that follows for no constants with a noise."""
    return p, q, r / 2


def faster(p, q, r):
    """A tenth more rate."""
    return p, 1.1 * q, r


@pytest.mark.parametrize("key", ["ours/tight", "ours/3.2+", "ours/non-convex", "ours/deterministic"])
def test_half_of_the_noise_does_not_follow(key):
    found = set()
    for seed in range(30):
        constants = constants_of(seed, full=key == "ours/deterministic")
        plan = load_theorem(key).plan(constants, 0.7, delta0=1.0)
        found.add(follows(constants, plan, full_batch if key == "ours/deterministic" else master, halved_noise).verdict)
    assert "violated" in found


def test_a_tenth_more_rate_does_not_follow():
    verdicts = set()
    for seed in range(40):
        constants = constants_of(seed).changed(C=claimed(0.0))
        plan = load_theorem("ours/3.2+").plan(constants, 0.0)
        verdicts.add(follows(constants, plan, master, faster).verdict)
    assert "violated" in verdicts


def test_the_bounds_add_up_their_steps():
    """bound(t) of the closed forms is at least what the claimed steps add up to, and 3.5+ no less at its switch."""
    for name, sampling in (("ridge", st.Uniform()), ("tight-pair", st.Uniform()), ("bounded-variance", st.Nice(2))):
        problem = st.load_problem(name)
        constants = problem.constants(sampling)
        for key, lam in (
            ("ours/3.2+", 0.5),
            ("ours/3.5+", 0.0),
            ("ours/3.5+", 1.0),
            ("ours/inverse-lam", "1/t"),
            ("ours/sam-any-sampling", 1.0),
        ):
            plan = load_theorem(key).plan(constants, lam)
            added = rollout(plan, problem.delta0, 3000)
            bound = plan.bound(np.arange(3001), problem.delta0)
            assert (added <= bound * (1 + 1e-9)).all(), (name, key, lam)


@pytest.mark.parametrize("seed", range(10))
def test_at_rho_0_they_are_those_of_sgd(seed):
    """3.2+ is Theorem 4.6 of Gower, Sebbouh & Loizou 2021; the non-convex recursion that of Khaled & Richtarik 2020."""
    rng = Random(seed)
    mu, L, R, sigma2 = 0.1, rng.uniform(1, 5), rng.uniform(1, 9), rng.uniform(0.1, 3)
    constants = Constants.from_values(
        {
            "L": L,
            "L_max": 2 * L,
            "mu": mu,
            "A": 2 * R,
            "B": 1.0,
            "C": 2 * sigma2,
            "Lcal": L + R,
            "R": R,
            "sigma2": sigma2,
        },
        ["minimiser"],
    )
    gower = load_theorem("gower-2021/4.6").plan(constants, 0.0)
    assert load_theorem("ours/3.2+").admissible(constants, 0.0)[1](0.0) == pytest.approx(gower.gamma, rel=1e-12)
    ours = load_theorem("ours/3.2+").plan(constants, 0.0, rho=0.0, gamma=gower.gamma)
    assert ours.contraction == pytest.approx(gower.contraction, rel=1e-12)
    assert ours.neighbourhood == pytest.approx(gower.neighbourhood, rel=1e-12)
    gamma = rng.uniform(0.1, 1) / L
    khaled = load_theorem("khaled-richtarik-2020/2").plan(constants, 0.0, gamma=gamma)
    p, q, r = load_theorem("ours/non-convex").plan(constants, 0.3, rho=0.0, gamma=gamma).step(0)
    assert (p, r) == pytest.approx((khaled.step(0)[0], khaled.step(0)[2]), rel=1e-12)
    assert q == pytest.approx(-gamma * (1 - L * gamma / 2), rel=1e-12)
    assert khaled.bound(50, 1.0) <= 2 * (1 + L * 2 * R * gamma**2) ** 50 / (gamma * 50) + L * 2 * sigma2 * gamma


def test_convex_at_rho_0_is_gower_2019_where_Lcal_is_Lambda():
    problem = st.load_problem("ridge")
    constants = problem.constants(st.Uniform())
    assert constants.Lcal == pytest.approx(constants.Lambda)
    ours = load_theorem("ours/convex").plan(constants, 0.0, rho=0.0)
    theirs = load_theorem("gower-2019/3.1").plan(constants, 0.0)
    assert (ours.gamma, ours.contraction, ours.neighbourhood) == pytest.approx(
        (theirs.gamma, theirs.contraction, theirs.neighbourhood)
    )


def test_varying_lam_has_a_bound_at_every_t_and_interpolation_goes_to_0():
    problem = st.load_problem("interpolated-ls")
    for sampling in (st.Uniform(), st.Full()):
        constants = problem.constants(sampling)
        for lam in ("1/t", "1-1/t", lambda t: 0.5 + 0.5 * math.sin(t)):
            bound = load_theorem("ours/tight").plan(constants, lam).bound(np.arange(2000), problem.delta0)
            chain = load_theorem("unified-sam/rollout").plan(constants, lam).bound(np.arange(2000), problem.delta0)
            assert np.isfinite(bound).all()
            assert (bound <= chain * (1 + 1e-9)).all()
    plan = load_theorem("ours/inverse-lam").plan(problem.constants(st.Uniform()), "1/t")
    T = np.array([10**5, 10**6, 10**7])
    assert plan.bound(T, problem.delta0) * T**2 == pytest.approx(plan.bound(10**8, problem.delta0) * 1e16, rel=1e-3)
    rolled = load_theorem("unified-sam/rollout").plan(problem.constants(st.Uniform()), "1/t")
    times = np.arange(0, 5000, 50)
    assert (rolled.bound(times, problem.delta0) <= plan.bound(times, problem.delta0) * (1 + 1e-9)).all()
    with pytest.raises(NotApplicable, match="1/t"):
        load_theorem("ours/inverse-lam").plan(problem.constants(st.Uniform()), 0.5)
    assert number(ours_inverse_lam.n_C, problem.constants(st.Uniform()).values(rho=0.1, gamma=0.1)) == 0


def test_a_schedule_is_asked_for_no_parameter_beyond_the_bound_that_is_wanted():
    def only_ten(t):
        assert t < 10
        return 0.5

    constants = st.load_problem("ridge").constants(st.Uniform())
    for key in ("ours/tight", "ours/non-convex"):
        plan = load_theorem(key).plan(constants, only_ten)
        assert np.isfinite(plan.bound(np.arange(plan.start, 11), 1.0)).all()


def test_a_curve_does_not_depend_on_what_is_asked_first():
    constants = st.load_problem("ridge").constants(st.Uniform())
    for lam in ("1/t", 0.5):
        whole, pieces = (load_theorem("ours/tight").plan(constants, lam) for _ in range(2))
        for t in (3, 700, 50, 2000):
            pieces.bound(t, 1.0)
        assert np.array_equal(whole.bound(np.arange(2001), 1.0), pieces.bound(np.arange(2001), 1.0))


@settings(deadline=None, max_examples=12)
@given(seeds, lams, hyp.floats(-3, -0.5), hyp.floats(-2, -0.1))
def test_iterations_are_the_first_time_and_the_limit_is_reached(seed, lam, rho_power, gamma_power):
    constants = constants_of(seed)
    rho, gamma = 10**rho_power / constants.Lambda, 10**gamma_power * constants.mu / (constants.L * constants.Lambda)
    plan = load_theorem("ours/tight").plan(constants, lam, rho, gamma)
    if plan.neighbourhood is None or plan.neighbourhood > 1e6:
        return
    goal = 1.5 * plan.neighbourhood + 1e-3
    start = 100 * goal
    T = plan.iterations(goal, start)
    assert plan.bound(T, start) <= goal < plan.bound(T - 1, start)
    assert plan.bound(10**9, start) == pytest.approx(plan.neighbourhood, rel=1e-4, abs=1e-12)
    if plan.neighbourhood > 0:
        assert plan.iterations(0.99 * plan.neighbourhood, start) is None


def test_the_fixed_point_is_one():
    for seed in range(20):
        constants = constants_of(seed)
        rho, gamma = 0.05 / constants.Lambda, 0.2 * constants.mu / (constants.L * (constants.A + constants.mu))
        mixtures, _ = Recursion(master, (), constants, Schedule(gamma, rho, 0.5)).steady
        _, D, member_ = fixed_point(mixtures, Grounds.of(constants))
        assert member_.after(D) == pytest.approx(D, rel=1e-9)
        assert best(mixtures, Grounds.of(constants), D).after(D) >= D * (1 - 1e-3)


def test_sam_with_L_avg_is_refused_where_its_proof_does_not_reach():
    problem = st.load_problem("scaled-quadratics")
    theorem = ours_any_sampling.theorem
    constants = problem.constants(st.Uniform()).changed(A=claimed(0.0), B=claimed(1.0))
    assert "Lambda2" in theorem.why_not_applicable(constants)
    textbook = replace(problem, claims=None).constants(st.Independent(0.5))
    assert theorem.why_not_applicable(textbook) is None
    assert textbook.Lambda > textbook.L_max
    assert theorem.plan(textbook, 1.0).rho_max == pytest.approx(1 / textbook.L_avg)
    with pytest.raises(NotApplicable, match="lam"):
        theorem.plan(textbook, 0.5)


def test_theta_and_q_are_the_best():
    """No theta and q on a grid has a smaller neighbourhood."""
    for seed in range(12):
        constants = constants_of(seed)
        plan = load_theorem("ours/3.2+").plan(constants, 0.6)
        values = constants.values(lam=0.6, rho=plan.rho, gamma=plan.gamma)
        least = math.inf
        for theta in np.geomspace(1e-4, 1, 60):
            for q in np.geomspace(1e-4, 10, 60):
                found = plus.chosen(values, theta, q)
                if found.loss < 1:
                    least = min(least, found.noise / (2 * values["mu"] * (1 - found.loss)))
        assert plan.neighbourhood <= least * (1 + 1e-9)
        assert plan.neighbourhood >= least * 0.98


def test_the_paper_chain_is_dominated_by_a_member():
    """Lemma 5.1, at random constants."""
    for seed in range(100):
        constants = constants_of(seed)
        rho, gamma, lam = 0.3 / constants.Lambda, 0.4 / constants.L, 0.35
        recursion_ = Recursion(master, load_theorem("ours/tight").others, constants, Schedule(gamma, rho, lam))
        (kappa,), (paper,) = recursion_.steady
        growth, q, r = member(kappa, recursion_.grounds, paper)
        now = constants.values(rho=rho, gamma=gamma, lam=lam)
        delta, G = wedge(constants, 1.0)
        chain = (1 + number(alpha, now)) * delta - number(s, now) * G + number(nu, now)
        assert ((1 + growth) * delta + q * G + r <= chain * (1 + 1e-12) + 1e-12).all()
