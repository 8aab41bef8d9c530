"""Adaptive importance sampling with a floor: its law at any memory, and the constants with which theorems cover it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import samtheory as st
from samtheory.catalogue import load_method, theorems
from samtheory.constants import exact
from samtheory.engine.run import run
from samtheory.errors import InputError
from samtheory.methods import unified_sam
from samtheory.methods.adaptive_importance import AdaptiveImportance
from samtheory.request import Request
from samtheory.sampling.law import Draw
from samtheory.sampling.single import SingleLaw
from samtheory.verification.one_step import one_step
from samtheory.verification.states import gather

PROBLEM = st.load_problem("heterogeneous")
F, N, L = PROBLEM.objective, PROBLEM.n, PROBLEM.L_i.values


def adaptive(eta):
    return AdaptiveImportance(F.gradient_norms, L, eta)


def every_draw(step, x, norms, **steps):
    """The step for each i, shape (n, d), the memory after it, and p_t: u in the middle of the interval of i."""
    p = step.probabilities(norms[None])[0]
    u = p.cumsum() - p / 2
    draw = Draw(np.zeros((N, 2), dtype=np.intp), np.column_stack([np.ones(N), u]))
    asked = {"gamma": 1.0, "rho": 0.0, "lam": 0.0} | steps
    gradient = lambda y, v: F.stochastic_gradient(y, *v)  # noqa: E731
    moved, (memory,) = step(np.tile(x, (N, 1)), draw, gradient, **asked, memory=(np.tile(norms, (N, 1)),))
    return moved, memory, p


def states(draw):
    """A point and a memory: norms elsewhere, some of them 0."""
    rng = np.random.default_rng(draw(some.integers(0, 2**32 - 1)))
    scale = 10 ** draw(some.floats(-3, 3))
    x = PROBLEM.x_star + scale * rng.standard_normal(PROBLEM.d)
    return x, np.abs(rng.standard_normal(N)) * (rng.random(N) < draw(some.sampled_from([0.0, 0.5, 1.0])))


STATES = some.composite(states)()
ETAS = some.sampled_from([0.05, 0.5, 1.0])


@settings(deadline=None, max_examples=30)
@given(STATES, ETAS)
def test_the_mean_is_the_gradient_and_the_floor_bounds_the_second_moment(state, eta):
    """E g = grad f, and E||g||^2 <= 2A (f - f_inf) + C with A = L_avg/eta and C = 2A (f_inf - mean f_i_inf)."""
    x, norms = state
    moved, _, p = every_draw(adaptive(eta), x, norms)
    g = x - moved
    assert p.sum() == pytest.approx(1)
    assert (p >= eta * L / L.sum() * (1 - 1e-12)).all()
    assert np.abs(p @ g - F.gradient(x[None])[0]).max() <= 1e-12 * np.abs(g).max()
    gap = float(F.values(x[None]).mean() - PROBLEM.f_i_inf.values.mean())
    assert p @ np.sum(g * g, axis=1) <= 2 * L.mean() / eta * gap * (1 + 1e-9)


@settings(deadline=None, max_examples=30)
@given(STATES, ETAS)
def test_with_the_norms_at_x_the_floor_costs_nothing(state, eta):
    """A = L_avg for every eta, and the smallest second moment of all p as eta -> 0."""
    x, _ = state
    norms = F.gradient_norms(x[None])[0]
    for floor in (eta, 1e-9):
        moved, _, p = every_draw(adaptive(floor), x, norms)
        M = p @ np.sum((x - moved) ** 2, axis=1)
        assert M <= 2 * L.mean() * (F.values(x[None]).mean() - PROBLEM.f_i_inf.values.mean()) * (1 + 1e-9)
        assert M >= norms.mean() ** 2 * (1 - 1e-9)
    assert M == pytest.approx(norms.mean() ** 2, rel=1e-6)


def test_without_adaptation_it_is_importance_sampling():
    """eta = 1, or no norm above 0: p^L; each draw is the step of Unified SAM."""
    law = PROBLEM.law(st.Importance())
    for eta, norms in ((1.0, np.arange(N, dtype=float)), (0.3, np.zeros(N))):
        steps = {"gamma": 0.1, "rho": 0.2, "lam": 0.4}
        moved, _, p = every_draw(adaptive(eta), PROBLEM.x0, norms, **steps)
        assert p == pytest.approx(law.outcomes().probability)
        gradient = lambda y, v: F.stochastic_gradient(y, *v)  # noqa: E731
        unified = unified_sam.step(np.tile(PROBLEM.x0, (N, 1)), law.outcomes().draw, gradient, **steps)
        assert moved == pytest.approx(unified, rel=1e-12)


def test_the_memory_is_the_norm_at_the_last_draw():
    step, norms = adaptive(0.5), np.arange(1.0, N + 1)
    assert step.memory(PROBLEM.x0[None])[0] == pytest.approx(F.gradient_norms(PROBLEM.x0[None]))
    _, memory, _ = every_draw(step, PROBLEM.x0, norms, rho=0.3)
    here = F.gradient_norms(PROBLEM.x0[None])[0]
    assert memory == pytest.approx(np.where(np.eye(N) > 0, here, norms))


def test_a_run_draws_with_these_probabilities():
    """Relative frequencies of i in 2000 first steps within 5 standard errors each: false alarm below 1e-5."""
    step = load_method("adaptive-importance", PROBLEM).step
    trials, rho = 2000, 0.0
    found = run(PROBLEM, st.Uniform(), st.Schedule(1.0, rho, 0.0), steps=1, trials=trials, record=[1],
                keep=("points",), method=load_method("adaptive-importance", PROBLEM)).points[:, 0]  # fmt: skip
    moved, _, p = every_draw(step, PROBLEM.x0, F.gradient_norms(PROBLEM.x0[None])[0])
    index = np.abs(found[:, None] - moved).max(axis=2).argmin(axis=1)
    counts = np.bincount(index, minlength=N)
    assert (np.abs(counts - trials * p) <= 5 * np.sqrt(trials * p) + 1).all()


def test_theorems_with_its_constants_hold_along_its_path():
    """Theorems of one step with A = Lam = L_avg/eta and C = 2A Delta, at states and probabilities of a run."""
    eta, average = 0.25, float(L.mean())
    known = PROBLEM.constants(st.Importance())
    delta = float(PROBLEM.f_inf) - float(PROBLEM.f_i_inf.values.mean())
    A, root = exact(average / eta, "L_avg/eta"), exact(average / eta**0.5, "L_avg/sqrt(eta)")
    known = known.changed(A=A, B=exact(0.0, "0"), C=exact(2 * float(A) * delta, "2A Delta"), Lambda=A, Lambda2=root)
    plans = [theorems()[key].plan_for(known, Request(0.5), PROBLEM.delta0) for key in ("unified-sam/3.2", "ours/3.2+")]
    step, rng = adaptive(eta), np.random.default_rng(0)
    x, norms = PROBLEM.x0, F.gradient_norms(PROBLEM.x0[None])[0]
    for _ in range(3):
        law = SingleLaw(step.probabilities(norms[None])[0])
        curves = run(PROBLEM, st.Full(), st.Schedule(0.1 / PROBLEM.L), steps=1, x0=x)
        here = gather(PROBLEM, law, curves, []).first(5)
        for plan in plans:
            found = one_step(PROBLEM, law, plan, here, plan.schedule, unified_sam.step)
            assert found.verdict == "holds", found
        moved, memory, p = every_draw(step, x, norms, gamma=plan.schedule.gamma, rho=plan.schedule.rho, lam=0.5)
        i = rng.choice(N, p=p)
        x, norms = moved[i], memory[i]


def test_a_floor_outside_its_range_is_refused():
    for eta in (0.0, 1.5, float("nan")):
        with pytest.raises(InputError, match="eta"):
            adaptive(eta)
