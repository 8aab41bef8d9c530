"""No bound promises less than its own one-step inequality, followed step after step: every theorem, every schedule."""

import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import constants_of, plans

from samtheory.catalogue import theorems
from samtheory.errors import InputError, NotApplicable
from samtheory.theorems import ours_non_convex
from samtheory.theorems.forms import followed, telescoped
from samtheory.theorems.forms.tight import Recursion, TightRollout, VaryingCurve
from samtheory.theorems.ours_deterministic_convex import ConvexWorstCase, WorstCase
from samtheory.theorems.rollout import rollout

each_theorem = pytest.mark.parametrize("theorem", theorems().values(), ids=theorems())
varying = {key: theorem for key, theorem in theorems().items() if theorem.varying_lam}
seeds = st.integers(0, 2**32)

#: Steps that are followed.
STEPS = 80
#: Values below this lose digits.
DENORMAL = 1e-290
ROUNDING = 1e-9


@pytest.fixture(autouse=True, scope="module")
def followed_for_fewer_steps():
    """Schedules are searched for 2000 steps, so that what comes later is certified, not looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(followed, "LENGTHS", (200, 2000))
        patch.setattr(followed, "LONGEST", 2000)
        patch.setattr(telescoped, "LONGEST", 2000)
        patch.setattr(ours_non_convex, "LONGEST", 500)
        yield patch


@each_theorem
@settings(max_examples=15)
@given(seeds)
def test_no_bound_is_below_the_rollout(theorem, seed):
    for plan, start in plans(theorem, seed):
        if not theorem.inequality:
            continue
        times = np.arange(plan.start, STEPS + 1) if plan.horizon is None else np.array([plan.horizon])
        bound, least = plan.bound(times, start), rollout(plan, start, int(times.max()))[times]
        assert (bound >= least * (1 - ROUNDING) - DENORMAL).all(), plan
        assert np.isfinite(bound[np.isfinite(least)]).all(), plan


@each_theorem
@settings(max_examples=10)
@given(seeds)
def test_iterations_stay_and_reached_is_the_first(theorem, seed):
    rng = np.random.default_rng(seed)
    for plan, start in plans(theorem, seed):
        times = np.arange(plan.start, 300) if plan.horizon is None else np.array([plan.horizon])
        bound = plan.bound(times, start)
        finite = bound[(bound > 0) & (bound < 1e300)]
        if not len(finite):
            continue
        for level in (*rng.choice(finite, 2), finite.min() * 0.3, finite.max() * 2):
            near = float(level * 10 ** rng.uniform(-0.01, 0.01))
            epsilon = near if theorem.goal(2.0) == 2 else math.sqrt(near)
            goal = theorem.goal(epsilon) * (1 + ROUNDING)
            stays, first = plan.iterations(epsilon, start), plan.reached(epsilon, start)
            assert (stays is None) or (first is not None and first <= stays)
            if stays is not None:
                assert (bound[times >= stays] <= goal).all(), plan
                if plan.horizon is None:
                    later = np.unique(np.rint(np.geomspace(stays + 1.0, 30 * (stays + 1.0), 20)))
                    with pytest.MonkeyPatch.context() as longer:
                        longer.setattr(followed, "LONGEST", 10**6)
                        assert (plan.bound(later, start) <= goal).all(), plan
            if first is None:
                assert (bound >= goal * (1 - 2 * ROUNDING)).all(), plan
            else:
                assert float(plan.bound(first, start)) <= goal, plan
                assert (bound[times < first] >= goal * (1 - 2 * ROUNDING)).all(), plan


@each_theorem
@settings(max_examples=5)
@given(seeds)
def test_the_neighbourhood_is_a_target_like_any_other(theorem, seed):
    """From above the bound falls towards the limit that it names, and is not below it."""
    for plan, _ in plans(theorem, seed):
        N = plan.neighbourhood
        if N is not None and 1e-280 < N < 1e280:
            T = plan.iterations(math.sqrt(N) if theorem.goal(2.0) == 4 else N, 2 * N)
            assert T is None or plan.bound(T, 2 * N) <= N * (1 + ROUNDING), plan
            for start in (1e-3 * N, 2 * N, 1e9 * N):
                with suppress(InputError):  # a bound that is followed step after step
                    assert float(plan.bound(10**15, start)) <= max(N, start) * (1 + 1e-6), plan


@each_theorem
@settings(max_examples=10)
@given(seeds)
def test_steps_for_an_epsilon_keep_their_promise(theorem, seed):
    """With an epsilon and a delta0 a statement may choose its steps and name their number."""
    rng = np.random.default_rng(seed)
    constants, lam = constants_of(theorem, rng), theorem.only
    lam = float(rng.choice([0.0, 0.5, 1.0])) if lam is None else lam
    start = float(10 ** rng.uniform(-3, 3))
    goal = start * 10 ** rng.uniform(-4, 1) * (constants.L if theorem.measure in ("min_grad2", "avg_grad2") else 1)
    epsilon = float(goal if theorem.goal(2.0) == 2 else math.sqrt(goal))
    with suppress(NotApplicable):
        plan = theorem.plan(constants, lam, epsilon=epsilon, delta0=start)
        T = plan.iterations(epsilon, start)
        assert T is None or plan.bound(T, start) <= theorem.goal(epsilon) * (1 + ROUNDING)


@each_theorem
def test_a_theorem_speaks_from_the_same_time_on_whatever_the_schedule(theorem):
    """A minimum or a mean is over s < t: it begins at t = 1; what is about x_t begins at t = 0 or 1."""
    starts = {plan.start for seed in range(4) for plan, _ in plans(theorem, seed) if plan.horizon is None}
    assert len(starts) <= 1
    assert starts <= ({0, 1} if theorem.measure in ("gap", "distance2") else {1})


def test_with_a_schedule_of_lam_iterations_stay_where_reached_does_not():
    """The bound is below a target at once, and above it later."""
    found = set()
    for key in varying:
        for seed in range(20):
            for plan, start in plans(varying[key], seed):
                for epsilon in (1.01 * start + 1e-9, 3 * start + 1e-9):
                    stays, first = plan.iterations(epsilon, start), plan.reached(epsilon, start)
                    found |= {key} if first is not None and (stays is None or stays > first) else set()
    assert found >= set(varying) - {"ours/non-convex", "ours/sam-non-convex"}


@each_theorem
@settings(max_examples=15)
@given(seeds)
def test_no_number_is_undefined_whatever_the_constants(theorem, seed):
    """delta0 = 0, rho = 0, lam in {0, 1}, C = 0, mu = L, constants from 1e-80 to 1e80: no NaN, no warning, no crash."""
    rng = np.random.default_rng(seed)
    for plan, start in plans(theorem, seed, extreme=True):
        times = np.array([plan.start, plan.start + 1, plan.start + 7, plan.start + 90])
        for value in (plan.rho, plan.gamma, plan.rho_max, plan.gamma_max, plan.contraction, plan.neighbourhood):
            assert value is None or not math.isnan(value), plan
        assert not np.isnan(plan.bound(times, start)).any(), plan
        if theorem.inequality:
            try:
                least = rollout(plan, start, 100)
            except InputError:
                continue
            assert not np.isnan(least).any(), plan
        for epsilon in rng.choice([1e-100, 1e-3, 1.0, 1e100, start + 1e-290], 1).tolist():
            for found in (plan.iterations(epsilon, start), plan.reached(epsilon, start)):
                assert found is None or found >= 0


def test_every_theorem_is_tried():
    """Enough plans, with schedules of every kind where the theorem takes them, and starts at the minimum."""
    for key, theorem in theorems().items():
        tried = [(plan, start) for seed in range(15) for plan, start in plans(theorem, seed)]
        assert len(tried) >= 15, key
        assert any(start == 0 for _, start in tried)
        assert key not in varying or any(isinstance(plan.schedule.lam, str) for plan, _ in tried)
        if key in varying and math.isinf(tried[0][0].rho_max) and math.isinf(tried[0][0].gamma_max):
            for name in ("gamma", "rho"):
                assert any(callable(getattr(plan.schedule, name)) for plan, _ in tried), key


def curve_of(theorem, plan, D):
    """What follows the bound of a plan along its schedule."""
    if isinstance(theorem, ConvexWorstCase):
        return WorstCase(plan.constants.values(), plan.schedule, D)
    if isinstance(theorem, TightRollout):
        return VaryingCurve(Recursion(theorem.kappas, theorem.others, plan.constants, plan.schedule), D)
    return followed.RolledOut(plan, D)


@pytest.mark.parametrize("key", sorted(varying.keys() - {"ours/inverse-lam", "ours/non-convex"}))
@settings(max_examples=30)
@given(seed=seeds)
def test_a_step_is_convex_in_each_parameter(key, seed):
    """What `iterations` relies on: no later parameter is worse than those at the corners of their box."""
    theorem, rng = varying[key], np.random.default_rng(seed)
    plan = theorem.plan(constants_of(theorem, rng), "1/t")
    least = np.array([plan.gamma * rng.random(), plan.rho * rng.random(), rng.random()])
    most, axis, D = least.copy(), rng.integers(3), float(10 ** rng.uniform(-6, 6))
    most[axis] = rng.uniform(least[axis], (2 * plan.gamma, 2 * plan.rho, 1.0)[axis])

    def step(parameters):
        if theorem.measure == "avg_grad2":
            one = plan.inequality_at(dict(zip(("gamma", "rho", "lam"), parameters, strict=True)))
            return np.array([one.q[0, 0, 0], one.r[0, 0, 0]])
        return curve_of(theorem, plan, D).after(tuple(parameters.tolist()), D)

    ends = np.array([step(least), step(most)])
    assert (step((least + most) / 2) <= ends.max(axis=0) + 1e-7 * np.abs(ends).max(axis=0)).all()
