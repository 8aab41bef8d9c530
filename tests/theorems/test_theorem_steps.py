"""What is particular to each theorem: the printed 3.2, steps to epsilon in 3.3 and 3.7, the switch of 3.5, rollouts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory.catalogue import load_theorem
from samtheory.constants import Constants, claimed
from samtheory.errors import InputError, NotApplicable
from samtheory.theorems.numbers import number

CASES = {
    "general": Constants.from_values({"L": 2, "L_max": 5, "L_avg": 3, "mu": 0.1, "A": 4, "B": 0.5, "C": 0.3}),
    "C=0": Constants.from_values({"L": 2, "L_max": 5, "mu": 0.1, "A": 5, "B": 0, "C": 0}, ["interpolation"]),
    "A=0": Constants.from_values({"L": 1, "mu": 0.01, "A": 0, "B": 1, "C": 2}),
    "full batch": Constants.from_values({"L": 3, "mu": 3, "A": 0, "B": 1, "C": 0}, ["convex", "interpolation"]),
    "L above L_avg": Constants.from_values({"L": 9, "L_max": 4, "mu": 1, "A": 1, "B": 0, "C": 1e-3}),
}
LAMS = (0.0, 0.5, 1.0)
DELTA0 = 0.7

# Theorem 3.2 and its printed form.


@given(st.sampled_from(sorted(CASES)), st.sampled_from(LAMS), st.floats(0, 0.999), st.floats(1e-3, 1))
def test_the_rollout_is_never_worse_than_3_2(case, lam, rho_part, gamma_part):
    constants, paper = CASES[case], load_theorem("unified-sam/3.2")
    rho_max, gamma_max = paper.admissible(constants, lam)
    rho = rho_part * rho_max
    gamma = gamma_part * gamma_max(rho)
    one, other = (
        load_theorem(key).plan(constants, lam, rho, gamma) for key in ("unified-sam/rollout", "unified-sam/3.2")
    )
    assert one.contraction <= other.contraction * (1 + 1e-15)
    assert (one.bound(np.arange(0, 9000, 100), 1.0) <= other.bound(np.arange(0, 9000, 100), 1.0) * (1 + 1e-11)).all()


def test_the_printed_form_is_refused_where_it_is_false():
    printed = load_theorem("unified-sam/3.2/as-printed")
    bad = Constants.from_values({"L": 1, "L_max": 2, "Lambda": 2.1, "mu": 1, "A": 0, "B": 2, "C": 0})
    with pytest.raises(NotApplicable, match=r"Lambda=2.1 above L_max=2.*use unified-sam/3.2"):
        printed.plan(bad, 0.0)
    assert printed.plan(bad, 0.0, allow_outside=True).rho_max == 1 / (2 * 5)
    good = Constants.from_values({"L": 1, "L_max": 2, "Lambda": 2, "mu": 1, "A": 0, "B": 2, "C": 0})
    assert not printed.why_not_applicable(good)
    assert load_theorem("unified-sam/3.2").plan(bad, 0.0).rho_max == pytest.approx(1 / (2.1 * 5))


def test_no_default_where_there_is_no_largest_step():
    """A region with D = 0 gives gamma* = inf: gamma must be given, and 1 - gamma mu below 0 counts as 0."""
    known = {name: claimed(1.0) for name in ("L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "mu", "C")}
    local = Constants(
        {**known, "A": claimed(0.0), "B": claimed(0.0)}, frozenset({"smooth", "PL", "ER"}), region="a ball"
    )
    theorem = load_theorem("unified-sam/3.2")
    with pytest.raises(InputError, match="gamma=inf: must be given"):
        theorem.plan(local, 0.0)
    plan = theorem.plan(local, 0.0, gamma=3.0)
    assert plan.contraction == 0
    assert plan.step(0)[0] == 0
    noise = number(theorem.noise, local.values(lam=0.0, rho=plan.rho, gamma=3.0))
    np.testing.assert_allclose(plan.bound([0, 1, 2], 5.0), [5, noise, noise])
    with pytest.raises(NotApplicable, match="needs mu <= A"):
        load_theorem("unified-sam/3.3").plan(local, 0.0)
    for key in ("unified-sam/3.5", "unified-sam/rollout"):
        with pytest.raises(InputError, match="gamma=inf: must be given"):
            load_theorem(key).plan(local, 0.0)


# Corollary 3.3 and Theorem 3.7 with epsilon.


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lam", LAMS)
@pytest.mark.parametrize("epsilon", [1.0, 1e-3, 1e-9])
def test_corollary_3_3_gives_its_own_number_of_steps(case, lam, epsilon):
    plan = load_theorem("unified-sam/3.3").plan(CASES[case], lam, epsilon=epsilon)
    assert plan.neighbourhood <= epsilon / 2 * (1 + 1e-12)
    T = plan.iterations(epsilon, DELTA0)
    assert T == max(0, math.ceil(math.log(2 * DELTA0 / epsilon) / (plan.gamma * CASES[case].mu)))
    assert (plan.bound(T + np.arange(10), DELTA0) <= epsilon * (1 + 1e-12)).all()
    assert plan.iterations(epsilon, 0.0) == 0
    # Asked for another epsilon, it is the first time of the bound.
    other = plan.iterations(0.9 * epsilon, DELTA0)
    assert other is not None
    assert plan.bound(other, DELTA0) <= 0.9 * epsilon


def test_corollary_3_3_with_own_steps_keeps_its_number_to_itself():
    """With the user's rho the neighbourhood may be above epsilon: log(2 delta0/epsilon)/(gamma mu) would be a lie."""
    theorem, constants = load_theorem("unified-sam/3.3"), CASES["general"]
    rho_max, _ = theorem.admissible(constants, 0.5)
    plan = theorem.plan(constants, 0.5, rho=rho_max, epsilon=1e-6)
    assert plan.neighbourhood > 1e-6
    assert plan.iterations(1e-6, DELTA0) is None


@given(
    st.sampled_from(sorted(CASES)),
    st.sampled_from(LAMS),
    st.floats(1e-4, 10),
    st.one_of(st.just(0.0), st.floats(1e-6, 1e3)),
)
def test_theorem_3_7_reaches_epsilon_at_its_T(case, lam, epsilon, delta0):
    constants = CASES[case]
    plan = load_theorem("unified-sam/3.7").plan(constants, lam, epsilon=epsilon, delta0=delta0)
    T = plan.iterations(epsilon, delta0)
    L, B, A, C = constants.L, max(constants.B, 1), constants.A, constants.C
    terms = [
        1,
        72 * B * L * delta0 / epsilon**2,
        144 * C * L * delta0 / epsilon**4,
        648 * A * L * delta0**2 / epsilon**4,
        5184 * (A * constants.Lambda * (1 - lam) ** 2 * delta0) ** 2 / epsilon**4,
    ]
    assert T >= max(terms) * (1 - 1e-12)
    assert T <= max(terms) * (1 + 1e-12) + 1
    assert plan.bound(T, delta0) <= epsilon**2 * (1 + 1e-9)
    p, q, _ = plan.step(0)
    assert -q >= plan.gamma / 2 * (1 - 1e-12)
    assert (p - 1) * T <= 1 + 1e-6
    assert plan.rho <= 1 / math.sqrt(T)


def test_theorem_3_7_answers_for_its_own_start_only():
    plan = load_theorem("unified-sam/3.7").plan(CASES["general"], 0.5, epsilon=0.1, delta0=DELTA0)
    T, further = plan.iterations(0.1, DELTA0), plan.iterations(0.1, 1.05 * DELTA0)
    assert plan.bound(T, DELTA0) <= 0.1**2
    assert further is None or plan.bound(further, 1.05 * DELTA0) <= 0.1**2
    assert plan.iterations(0.1, 100 * DELTA0) is None


def test_theorem_3_7_says_what_it_lacks():
    theorem = load_theorem("unified-sam/3.7")
    with pytest.raises(InputError, match="delta0 is missing"):
        theorem.plan(CASES["general"], epsilon=0.1)
    with pytest.raises(InputError, match="delta0=-1"):
        theorem.plan(CASES["general"], epsilon=0.1, delta0=-1.0)
    for key in ("unified-sam/3.7", "unified-sam/3.3"):
        for epsilon in (0.0, -1.0, math.nan, math.inf):
            with pytest.raises(InputError, match="epsilon="):
                load_theorem(key).plan(CASES["general"], epsilon=epsilon, delta0=1.0)
    with pytest.raises(InputError, match="epsilon=1e-100: must be larger"):
        theorem.plan(CASES["general"], epsilon=1e-100, delta0=1.0)
    with pytest.raises(InputError, match="no descent left"):
        theorem.plan(CASES["general"], gamma=100.0, allow_outside=True)


def test_theorem_3_7_promises_nothing_before_the_first_step():
    plan = load_theorem("unified-sam/3.7").plan(CASES["general"])
    assert plan.start == 1
    with np.errstate(all="raise"):
        assert plan.bound(0, DELTA0) == math.inf
        assert plan.bound(0, 0.0) == math.inf
    bounds = plan.bound(np.arange(1, 5000), DELTA0)
    assert (np.diff(bounds) <= 0).all()


# Theorem 3.5.


def closed_form_3_5(constants, lam, rho_hat, gamma_hat, T, delta0):
    """The decreasing steps of Theorem 3.5, written out once more."""
    L, l, mu, C, a = (float(value) for value in (constants.L, constants.Lambda, constants.mu, constants.C, 1 - lam))  # noqa: E741
    V = C * a**2 + lam**2
    noise = gamma_hat * rho_hat * l * V + gamma_hat**2 * L * (C + 2 * l**2 * rho_hat**2 * V)
    x = gamma_hat * mu
    N_hat = noise / x
    t0 = 0
    while (2 * t0 + 1) / (t0 + 1) ** 2 > x:
        t0 += 1
    K1 = l * V / mu + 4 * L / mu**2 * (C + 2 * l**2 * rho_hat**2 * V)
    if T <= t0:
        return t0, (1 - x) ** T * delta0 + N_hat * (1 - (1 - x) ** T)
    dbar = (1 - x) ** t0 * delta0 + N_hat * (1 - (1 - x) ** t0)
    return t0, (t0 / T) ** 2 * dbar + (T - t0) / T**2 * K1


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lam", LAMS)
def test_theorem_3_5_is_its_closed_form(case, lam):
    plan = load_theorem("unified-sam/3.5").plan(CASES[case], lam)
    t0, _ = closed_form_3_5(CASES[case], lam, plan.rho, plan.gamma, 1, DELTA0)
    for T in (1, 2, t0 - 1, t0, t0 + 1, 2 * t0, 10 * t0, 10**6):
        _, expected = closed_form_3_5(CASES[case], lam, plan.rho, plan.gamma, T, DELTA0)
        assert plan.bound(T, DELTA0) == pytest.approx(expected, rel=1e-9)
    mu = float(CASES[case].mu)
    for t in (0, 1, 7, t0, 10 * t0):
        gamma, rho, _ = plan.schedule.at(t)
        assert gamma == min((2 * t + 1) / ((t + 1) ** 2 * mu), plan.gamma)
        assert rho == min(1 / (2 * t + 1), plan.rho)


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(CASES)),
    st.sampled_from(LAMS),
    st.sampled_from([None, 0.0, 1e-5]),
    st.floats(-8, 3),
    st.floats(-8, 3),
)
def test_iterations_of_3_5_around_the_switch(case, lam, rho, log_epsilon, log_start):
    """The bound may fall, turn at the switch, rise to a peak and fall again: the first T after which all is below."""
    plan = load_theorem("unified-sam/3.5").plan(CASES[case], lam, rho)
    epsilon, start = 10.0**log_epsilon, 10.0**log_start
    T = plan.iterations(epsilon, start)
    t0, _ = closed_form_3_5(CASES[case], lam, plan.rho, plan.gamma, 1, start)
    later = np.concatenate([T + np.arange(3 * t0), np.rint(np.geomspace(T + 1, 1e4 * (T + t0), 500))])
    assert (plan.bound(later, start) <= epsilon * (1 + 1e-12)).all()
    assert T == 0 or plan.bound(T - 1, start) > epsilon


def test_the_bound_of_3_5_does_turn():
    """Down to the switch, up to a peak and down again; otherwise the test above would show less than it says."""
    plan, start = load_theorem("unified-sam/3.5").plan(CASES["C=0"], 1.0, rho=1e-5), 1e-3
    t0, _ = closed_form_3_5(CASES["C=0"], 1.0, plan.rho, plan.gamma, 1, start)
    bounds = plan.bound(np.arange(20 * t0), start)
    peak = int(np.argmax(bounds[t0:])) + t0
    assert bounds[0] > bounds[t0] < bounds[t0 + 1] < bounds[peak] > bounds[-1]
    between = (bounds[t0] + min(bounds[0], bounds[peak])) / 2
    assert plan.iterations(between, start) > peak > t0 > np.argmax(bounds <= between) > 0


@pytest.mark.parametrize("start", [1e-4, 3e-4, 5e-4, 7e-4, 9e-4])
def test_not_even_the_top_of_the_peak_is_overlooked(start):
    plan = load_theorem("unified-sam/3.5").plan(CASES["C=0"], 1.0, rho=1e-5)
    t0, _ = closed_form_3_5(CASES["C=0"], 1.0, plan.rho, plan.gamma, 1, start)
    bounds = plan.bound(np.arange(5 * t0), start)
    peak = int(np.argmax(bounds[t0:])) + t0
    for neighbour in (bounds[peak - 1], bounds[peak + 1]):
        target = (bounds[peak] + neighbour) / 2
        assert plan.iterations(target, start) == np.flatnonzero(bounds > target)[-1] + 1 > peak
    assert plan.iterations(bounds[peak], start) == np.argmax(bounds <= bounds[peak])


def test_3_5_with_a_full_first_step():
    """gamma_hat mu >= 1 (a region's residual): the switch is at 0 and the bound K1/T."""
    known = {name: claimed(1.0) for name in ("L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "mu", "C")}
    local = Constants(
        {**known, "A": claimed(0.05), "B": claimed(0.0)}, frozenset({"smooth", "PL", "ER"}), region="a ball"
    )
    plan = load_theorem("unified-sam/3.5").plan(local, 0.0, rho=0.0)
    assert plan.gamma == 1 / (8 * 0.05) > 1
    np.testing.assert_allclose(plan.bound([0, 1, 2, 10], 7.0), [7, 5, 2.5, 0.5])
    assert plan.iterations(0.5, 7.0) == 10
    assert plan.step(0) == (0, 0, pytest.approx(1.0))


def test_the_one_step_of_3_5_is_that_of_any_steps():
    """rho = 1.2 stays 1.2, though the schedule itself starts at rho_0 = min{1, rho_hat}."""
    constants = Constants.from_values({"L": 0.1, "mu": 0.01, "A": 0.1, "B": 0, "C": 1})
    steps = 1.2, 1e-3, 0.9
    expected = load_theorem("unified-sam/3.2").step(constants, *steps)
    assert load_theorem("unified-sam/3.5").step(constants, *steps) == expected
    assert load_theorem("unified-sam/3.5").plan(constants, 0.9, 1.2, 1e-3).step(0) != expected


def test_3_5_far_out():
    constants = Constants.from_values({"L": 1, "mu": 1e-20, "A": 1, "B": 0, "C": 1})
    plan = load_theorem("unified-sam/3.5").plan(constants, 0.5)
    T = plan.iterations(1e-3, 1.0)
    assert T > 10**40
    assert plan.bound(T, 1.0) <= 1e-3 * (1 + 1e-12)
    with pytest.raises(InputError, match="gamma mu >= 1e-300"):
        load_theorem("unified-sam/3.5").plan(constants, 0.5, gamma=1e-300)


# The rollout.


def test_the_rollout_follows_its_schedule():
    """A schedule against the recursion of the rollout in plain floats."""
    constants = CASES["general"]
    v = constants.values()
    plan = load_theorem("unified-sam/rollout").plan(
        constants, "1/t", rho=lambda t: 0.1 / (t + 1), gamma=lambda t: 3.0 if t < 3 else 0.01
    )
    D = [DELTA0]
    for t in range(50):
        gamma, rho, lam = plan.schedule.at(t)
        a, r = 1 - lam, v["Lambda"] * rho
        c2 = gamma * r * a**2 + v["L"] * gamma**2 * (1 + 2 * r**2 * a**2)
        c0 = lam**2 * (gamma * r + 2 * v["L"] * gamma**2 * r**2)
        e = gamma * (1 - r / 2) - v["B"] * c2
        fac = max(0, 1 + 2 * v["A"] * c2 - 2 * v["mu"] * e) if e >= 0 else 1 + 2 * v["A"] * c2 - 2 * v["L"] * e
        D.append(fac * D[-1] + c2 * v["C"] + c0)
    assert D[3] > 1e3 * D[0]  # s < 0 there
    for times in (20, np.arange(51), 7):
        np.testing.assert_allclose(plan.bound(times, DELTA0), np.take(D, times), rtol=1e-12)
    assert plan.step(4)[1] != plan.step(0)[1]


def test_the_rollout_looks_no_further_than_asked():
    table = [0.01] * 10
    plan = load_theorem("unified-sam/rollout").plan(CASES["general"], 0.5, rho=0.0, gamma=lambda t: table[t])
    assert plan.bound(np.arange(11), DELTA0).shape == (11,)
    with pytest.raises(InputError, match="IndexError"):
        plan.bound(11, DELTA0)


def test_the_rollout_may_grow():
    plan = load_theorem("unified-sam/rollout").plan(CASES["general"], 0.5, rho=0.1, gamma=1.0)
    assert (plan.contraction, plan.neighbourhood) == (None, None)
    bounds = plan.bound(np.arange(6), DELTA0)
    assert (np.diff(bounds) > 0).all()
    assert plan.bound(10**6, DELTA0) == math.inf
    assert plan.iterations(1e-3, DELTA0) is None


def test_the_rollout_reaches_the_solution_where_sam_turns_into_usam():
    """lam_t = 1/(t+1) and C = 0: E delta_T -> 0, and the first time is found."""
    plan = load_theorem("unified-sam/rollout").plan(CASES["C=0"], "1/t")
    T = plan.iterations(1e-3, DELTA0)
    assert plan.bound(T, DELTA0) <= 1e-3 < plan.bound(T - 1, DELTA0)
    constant = load_theorem("unified-sam/rollout").plan(CASES["C=0"], 1.0, rho=plan.rho, gamma=plan.gamma)
    assert constant.neighbourhood > 1e-3


def test_the_rollout_refuses_what_overflows():
    theorem = load_theorem("unified-sam/rollout")
    with pytest.raises(InputError, match="overflows"):
        theorem.plan(CASES["general"], 0.5, rho=1e200, gamma=1.0)
    with pytest.raises(InputError, match=r"gamma=.*must be given.*rho=5"):
        theorem.plan(CASES["general"], 0.5, rho=5.0)
    with pytest.raises(InputError, match="t=2000000: must be at most 1000000"):
        theorem.plan(CASES["general"], "1/t").bound(2 * 10**6, 1.0)
