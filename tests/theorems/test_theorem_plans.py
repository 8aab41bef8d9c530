"""What the theorems promise once they are put to work: admissible steps, bounds, iterations; and what all refuse."""

import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import constants_of

from samtheory.catalogue import load_theorem, theorems
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable

CASES = {
    "general": Constants.from_values({"L": 2, "L_max": 5, "L_avg": 3, "mu": 0.1, "A": 4, "B": 0.5, "C": 0.3}),
    "C=0": Constants.from_values({"L": 2, "L_max": 5, "mu": 0.1, "A": 5, "B": 0, "C": 0}, ["interpolation"]),
    "A=0": Constants.from_values({"L": 1, "mu": 0.01, "A": 0, "B": 1, "C": 2}),
    "full batch": Constants.from_values({"L": 3, "mu": 3, "A": 0, "B": 1, "C": 0}, ["convex", "interpolation"]),
    "L above L_avg": Constants.from_values({"L": 9, "L_max": 4, "mu": 1, "A": 1, "B": 0, "C": 1e-3}),
}
LAMS = (0.0, 0.5, 1.0)
DELTA0 = 0.7
#: The paper's theorems and the rollout of their one-step inequality.
PAPER = {key: theorem for key, theorem in theorems().items() if key.startswith("unified-sam/")}


def plans():
    """Every theorem on every case and lam that it covers."""
    for key, theorem in PAPER.items():
        for name, constants in CASES.items():
            for lam in LAMS:
                if not theorem.why_not_applicable(constants, lam):
                    yield pytest.param(theorem, constants, lam, id=f"{key}, {name}, lam={lam:g}")


each_plan = pytest.mark.parametrize(("theorem", "constants", "lam"), list(plans()))
each_theorem = pytest.mark.parametrize("theorem", PAPER.values(), ids=PAPER.keys())
each_of_all = pytest.mark.parametrize("theorem", theorems().values(), ids=theorems().keys())


def covered(theorem):
    """The first case that the theorem covers."""
    return next(constants for constants in CASES.values() if not theorem.why_not_applicable(constants, 0.0))


def test_the_cases_reach_every_theorem():
    assert list(PAPER) == [
        "unified-sam/3.2", "unified-sam/3.2/as-printed", "unified-sam/3.3", "unified-sam/3.4", "unified-sam/3.5",
        "unified-sam/3.7", "unified-sam/rollout",
    ]  # fmt: skip
    for theorem in PAPER.values():
        assert covered(theorem)


@each_plan
def test_default_steps_are_admissible(theorem, constants, lam):
    plan = theorem.plan(constants, lam)
    rho_max, gamma_max = theorem.admissible(constants, lam)
    assert (plan.rho_max, plan.gamma_max) == (rho_max, gamma_max(plan.rho))
    assert 0 <= plan.rho < rho_max or (theorem.closed and plan.rho == rho_max)
    assert 0 < plan.gamma <= plan.gamma_max
    gamma, rho, used = plan.schedule.at(0)
    assert gamma <= plan.gamma
    assert rho <= plan.rho
    assert used == lam
    # The steps themselves, given back, are accepted.
    again = theorem.plan(constants, lam, plan.rho, plan.gamma)
    assert (again.rho, again.gamma, again.contraction) == (plan.rho, plan.gamma, plan.contraction)


@each_plan
def test_the_bound_starts_at_delta0_and_takes_arrays(theorem, constants, lam):
    plan = theorem.plan(constants, lam)
    times = np.array([plan.start, plan.start + 1, 10, 500])
    bounds = plan.bound(times, DELTA0)
    assert bounds.shape == (4,)
    assert (bounds >= 0).all()
    for t, value in zip(times, bounds, strict=True):
        assert float(plan.bound(int(t), DELTA0)) == value
    if theorem.measure == "gap":
        assert plan.start == 0
        assert bounds[0] == DELTA0
    assert np.isfinite(plan.bound(times, 0.0)).all()


@each_plan
def test_the_bound_follows_from_the_one_step_inequality(theorem, constants, lam):
    """Gap: D+ = (p + 2 mu q or 2 L q) D + r is below.  Gradients: were every G_s larger, delta would turn negative."""
    plan = theorem.plan(constants, lam)
    horizon, D = 300, DELTA0
    bounds = plan.bound(np.arange(plan.start, horizon + 1), DELTA0)
    if theorem.measure == "gap":
        mu, L = float(constants.mu), float(constants.L)
        for t in range(horizon):
            p, q, r = plan.step(t)
            D = max(0.0, p + 2 * q * (mu if q <= 0 else L)) * D + r
            assert bounds[t + 1] >= D * (1 - 1e-12)
    elif theorem.measure == "min_grad2":
        for T in (1, 2, 10, horizon):
            D = DELTA0
            for t in range(T):
                p, q, r = plan.step(t)
                D = p * D + q * bounds[T - plan.start] * (1 + 1e-9) + r
            assert D <= 1e-12


@each_plan
def test_iterations_is_the_first_time_from_which_on_the_bound_is_below(theorem, constants, lam):
    plan = theorem.plan(constants, lam)
    far = float(plan.bound(10**6 if plan.schedule.constant else 10**5, DELTA0))
    for epsilon in (3.0, DELTA0, 0.3, 0.05, 1.001 * far + 1e-9, 1e-3, 1e-6):
        target = epsilon**2 if theorem.measure == "min_grad2" else epsilon
        T = plan.iterations(epsilon, DELTA0)
        if T is None:
            assert far > target or float(plan.bound(10**6, DELTA0)) > target
            continue
        assert isinstance(T, int)
        later = np.concatenate([T + np.arange(50), np.rint(np.geomspace(T + 1, 1e3 * (T + 1), 200))])
        if not plan.schedule.constant and theorem.varying_lam:
            later = later[later <= 10**5]
        assert (plan.bound(later, DELTA0) <= target * (1 + 1e-12)).all()
        if T > plan.start:
            assert plan.bound(T - 1, DELTA0) > target


@each_plan
def test_linear_rates_name_their_limit(theorem, constants, lam):
    plan = theorem.plan(constants, lam)
    if plan.contraction is None:
        assert plan.neighbourhood is None
        return
    assert 0 <= plan.contraction < 1
    assert float(plan.bound(10**30, DELTA0)) == pytest.approx(plan.neighbourhood, rel=1e-12)
    bounds = plan.bound(np.arange(2000), DELTA0)
    towards = np.sign(plan.neighbourhood - DELTA0)
    assert (np.diff(bounds) * towards >= -1e-15).all()
    if N := plan.neighbourhood:
        assert plan.iterations(N, 0.5 * N) == 0
        assert plan.iterations(N, 2 * N) is None


@each_of_all
def test_the_steps_that_are_asked_for_are_those_of_the_plan(theorem):
    lam = 0.5 if theorem.only is None else theorem.only
    for seed in range(2):
        constants = constants_of(theorem, np.random.default_rng(seed))
        if theorem.why_not_applicable(constants, lam):
            continue
        usual = theorem.plan(constants, lam)
        assert usual.gamma <= usual.gamma_max * (1 + 1e-12)
        assert usual.rho <= usual.rho_max * (1 + 1e-12)
        for asked in ({"gamma": 0.7 * usual.gamma}, {"rho": 0.6 * usual.rho}):
            with suppress(NotApplicable):  # the statement fixes the steps
                plan = theorem.plan(constants, lam, **asked)
                assert {name: getattr(plan, name) for name in asked} == asked
                used = {"gamma": plan.schedule.at(0)[0], "rho": plan.schedule.at(0)[1]}
                assert all(used[name] == value for name, value in asked.items() if plan.schedule.constant)


@each_plan
def test_steps_outside_are_refused_unless_asked_for(theorem, constants, lam):
    rho_max, gamma_max = theorem.admissible(constants, lam)
    if math.isfinite(rho_max):
        barely, outside = (rho_max, 1.01 * rho_max) if theorem.closed else (rho_max * (1 - 1e-9), rho_max)
        gamma = gamma_max(barely)
        assert theorem.plan(constants, lam, barely, gamma).rho == barely
        with pytest.raises(InputError, match=r"^rho=.*rho_max=.*unified-sam|^rho=.*rho_max="):
            theorem.plan(constants, lam, outside, gamma)
        assert theorem.plan(constants, lam, outside, gamma, allow_outside=True).rho == outside
    rho = 0.3 * rho_max if math.isfinite(rho_max) else 0.1
    largest = gamma_max(rho)
    if math.isfinite(largest):
        assert theorem.plan(constants, lam, rho, largest).gamma == largest
        with pytest.raises(InputError, match=r"^gamma=.*gamma_max="):
            theorem.plan(constants, lam, rho, 1.001 * largest)
        outside = theorem.plan(constants, lam, rho, 1.001 * largest, allow_outside=True)
        assert outside.gamma == 1.001 * largest


@each_theorem
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lam": 1.2}, "lam=1.2"),
        ({"lam": "abc"}, "lam=abc"),
        ({"lam": math.nan}, "lam=nan"),
        ({"rho": -1e-9}, "rho=-1e-09"),
        ({"rho": math.nan}, "rho=nan"),
        ({"rho": math.inf}, "rho=inf"),
        ({"gamma": 0.0}, "gamma=0"),
        ({"gamma": -1.0}, "gamma=-1"),
        ({"gamma": math.nan}, "gamma=nan"),
        ({"rho": "wide"}, "rho=wide"),
    ],
)
@pytest.mark.parametrize("allow_outside", [False, True])
def test_bad_parameters_are_refused_in_one_line(theorem, given, words, allow_outside):
    with pytest.raises(InputError, match=words) as refused:
        theorem.plan(covered(theorem), **given, allow_outside=allow_outside)
    assert "\n" not in str(refused.value)


@each_theorem
def test_a_lam_that_varies_is_for_theorems_that_cover_it(theorem):
    constants = covered(theorem)
    for lam in ("1/t", lambda t: 0.5):
        if theorem.varying_lam:
            assert theorem.plan(constants, lam).schedule.at(1)[2] == 0.5
        else:
            assert "constant lam" in theorem.why_not_applicable(constants, lam)
            with pytest.raises(NotApplicable, match="constant lam"):
                theorem.plan(constants, lam)
    assert theorem.plan(constants, "0.5").schedule.at(3)[2] == 0.5


@each_of_all
def test_an_assumption_that_is_not_claimed_is_named(theorem):
    bare = Constants.from_values({"L": 1.0})
    lacking = set(theorem.assumptions) - {"smooth"}
    if not lacking:
        assert not theorem.why_not_applicable(bare)
        return
    with pytest.raises(NotApplicable) as refused:
        theorem.plan(bare, theorem.only or 0.0)
    assert all(word in str(refused.value) for word in lacking)
    assert theorem.key in str(refused.value)


@each_theorem
def test_nothing_at_all_may_move(theorem):
    """rho = 0 (SGD), and delta0 = 0 (start at the solution)."""
    for constants in CASES.values():
        if not theorem.why_not_applicable(constants, 0.0):
            plan = theorem.plan(constants, 0.5, rho=0.0)
            assert plan.rho == 0
            T = plan.iterations(1e-2, 0.0)
            assert T is None or plan.bound(T, 0.0) <= 1e-2


@each_theorem
@pytest.mark.parametrize("c", [2.0**-300, 2.0**-20, 2.0**300])
def test_the_scale_of_f_does_not_matter_to_usam(theorem, c):
    """f -> c f: L, mu, A times c, C times c^2, rho and gamma over c; then the bound is c times as large."""
    constants = covered(theorem)
    powers = dict.fromkeys(constants.values(), 1) | {"B": 0, "C": 2}
    scaled = {name: value * c ** powers[name] for name, value in constants.values().items()}
    plain = theorem.plan(constants, 0.0)
    other = theorem.plan(Constants.from_values(scaled, constants.properties), 0.0)
    assert other.rho * c == pytest.approx(plain.rho, rel=1e-12)
    assert other.gamma * c == pytest.approx(plain.gamma, rel=1e-12)
    factor = c**2 if theorem.measure.endswith("grad2") else c
    if theorem.key != "unified-sam/3.5":  # its rho_t = 1/(2t+1) has a scale of its own
        times = np.array([plain.start, 5, 5000])
        np.testing.assert_allclose(other.bound(times, c * DELTA0) / factor, plain.bound(times, DELTA0), rtol=1e-11)


@each_of_all
def test_usual_steps_have_the_units_of_steps(theorem):
    """f -> c f: gamma and rho over c; a rho of SAM, by the theorems' rho_max, too."""
    lam = 0.0 if theorem.only is None else theorem.only
    constants, c = constants_of(theorem, np.random.default_rng(3)), 2.0**40
    powers = dict.fromkeys(constants.values(), 1) | dict.fromkeys(("B", "B_h", "b"), 0)
    powers |= dict.fromkeys(("C", "c", "C_h", "sigma2"), 2)
    scaled = {name: value * c ** powers[name] for name, value in constants.values().items()}
    with suppress(NotApplicable):
        plain = theorem.plan(constants, lam)
        other = theorem.plan(Constants.from_values(scaled, constants.properties), lam)
        assert other.gamma * c == pytest.approx(plain.gamma, rel=1e-6)
        assert other.rho * c == pytest.approx(plain.rho, rel=1e-6)


@each_theorem
def test_step_is_that_of_the_plan_at_constant_steps(theorem):
    constants = covered(theorem)
    plan = theorem.plan(constants, 0.5)
    p, q, r = theorem.step(constants, plan.rho, plan.gamma, 0.5)
    if plan.schedule.constant:
        assert (p, q, r) == plan.step(0) == plan.step(17)
    assert q <= 0 <= min(p, r)


AROUND = ["ES", "convex", "convex-components", "strongly-convex", "minimiser"]


@pytest.mark.parametrize("key", ["unified-sam/3.5", "ours/3.5+", "gower-2021/decreasing", "gower-2019/3.2"])
@settings(max_examples=15)
@given(st.floats(0.01, 1), st.floats(0, 10), st.floats(0.05, 1))
def test_no_bound_of_decreasing_steps_is_below_what_its_own_steps_add_up_to(key, mu, noise, part):
    known = {"L": 1, "mu": mu, "A": 1, "B": 1, "C": noise, "Lcal": 1, "R": 1, "sigma2": noise}
    constants, theorem = Constants.from_values(known, AROUND), load_theorem(key)
    plan, gap = theorem.plan(constants, 0.0), theorem.lyapunov == "gap"
    if gap:  # the other fixes its steps
        plan = theorem.plan(constants, 0.0, gamma=part * plan.gamma)
    value, bound = 1.0, plan.bound(np.arange(301), 1.0)
    for t in range(300):
        p, q, r = plan.step(t)
        other = (2 if q > 0 else 2 * mu) if gap else (0.5 if q > 0 else mu / 2)
        value = max(p * value + q * other * value + r, 0.0)
        assert value <= bound[t + 1] * (1 + 1e-9), t + 1
