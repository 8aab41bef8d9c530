"""Engines: many rows at once, draws, which engine is chosen, and what is refused."""

from __future__ import annotations

import importlib
import subprocess
import sys

import numpy as np
import pytest
from engine_objects import FAST, linear, problem_of, quadratics, sines, tilted, user
from hypothesis import given, settings
from hypothesis import strategies as some

import samtheory as st
from samtheory.engine import base, compiled, draws, run, run_many, vectorised
from samtheory.engine.run import engine_for, log_times
from samtheory.engine.span import Span
from samtheory.methods.unified_sam import step
from samtheory.objectives import LOSSES
from samtheory.sampling.nice import NiceLaw
from samtheory.sampling.replacement import ReplacementLaw
from samtheory.sampling.single import SingleLaw

numba = pytest.importorskip("numba", reason="the compiled engines need the extra `fast`")

#: The module, which the function of the same name hides.
engine_run = importlib.import_module("samtheory.engine.run")

# Many at once


@pytest.mark.parametrize("engine", ["reference", *FAST])
@pytest.mark.parametrize("sampling", [st.Importance(), st.Independent(0.5), st.Nice(3), st.Full()], ids=lambda s: s.key)
def test_schedules_trials_and_records_do_not_mix(engine, sampling):
    """Together or alone, with more trials or fewer, recorded here or there: the same runs."""
    rng = np.random.default_rng(7)
    problem = problem_of(linear(rng, 5, 4, "logistic", 0.1), rng.standard_normal(4))
    schedules = [st.Schedule(0.1, 0.1, 0.5), st.Schedule(0.2, 0.0, 0.0), st.Schedule(0.1, 0.3, "1/t")]
    asked = {"steps": 900, "engine": engine, "seed": [3, 1]}
    together = run_many(problem, sampling, schedules, trials=3, **asked)
    for schedule, found in zip(schedules, together, strict=True):
        alone = run(problem, sampling, schedule, trials=2, record=[0, 450, 900], **asked)
        at = np.searchsorted(found.t, [0, 900])
        np.testing.assert_allclose(alone.points[:, [0, 2]], found.points[:2, at], rtol=1e-9)
        np.testing.assert_allclose(alone.gap[:, [0, 2]], found.gap[:2, at], rtol=1e-9)


@pytest.mark.parametrize("engine", ["reference", *FAST])
def test_every_time_can_be_recorded_in_little_memory(engine, monkeypatch):
    problem = problem_of(linear(np.random.default_rng(8), 5, 4, "squared", 0.1), np.ones(4))
    asked = {"steps": 700, "trials": 2, "record": np.arange(701), "engine": engine}
    schedules = [st.Schedule(0.05, 0.1, 0.5), st.Schedule(0.05, 0.1, 1.0)]
    whole = run_many(problem, st.Uniform(), schedules, **asked)
    monkeypatch.setattr(engine_run, "BUFFER", 100)
    monkeypatch.setattr(base, "BLOCK", 50)
    monkeypatch.setattr(compiled, "BLOCK", 50)
    for found, expected in zip(run_many(problem, st.Uniform(), schedules, **asked), whole, strict=True):
        np.testing.assert_allclose(found.points, expected.points, rtol=1e-10)
        np.testing.assert_allclose(found.gap, expected.gap, rtol=1e-9)


def test_starts_of_their_own():
    problem = problem_of(linear(np.random.default_rng(9), 5, 4, "squared", 0.1), np.ones(4))
    starts = np.arange(8.0).reshape(2, 4)
    for engine in ("reference", *FAST):
        found = run(problem, st.Uniform(), st.Schedule(0.01), steps=3, trials=2, x0=starts, engine=engine)
        np.testing.assert_array_equal(found.points[:, 0], starts)
    with pytest.raises(st.InputError, match=r"x0: shape \(3,\): must be \(4,\) or \(2, 4\)"):
        run(problem, st.Uniform(), st.Schedule(0.01), steps=3, trials=2, x0=np.ones(3))


# Draws


@settings(deadline=None, max_examples=60)
@given(some.lists(some.integers(0, 5), min_size=2, max_size=40).filter(any), some.integers(1, 4), some.integers(0, 99))
def test_the_compiled_search_draws_what_the_law_draws(numerators, tau, seed):
    p = np.array(numerators) / sum(numerators)
    problem = problem_of(linear(np.random.default_rng(0), 2, 2, "squared", 0.0), np.zeros(2))
    engine = compiled.InSpan(problem, np.zeros((1, 2)), {"gap"}, problem.objective)
    for law in (SingleLaw(p), ReplacementLaw(p, tau), NiceLaw(len(p), min(tau, len(p)))):
        found = engine.draw(law, draws.streams(seed, range(3)), 70)
        expected = draws.drawn(law, draws.streams(seed, range(3)), 70)
        np.testing.assert_array_equal(found.indices, expected.indices)
        np.testing.assert_array_equal(found.weights, expected.weights)


def test_the_compiled_search_at_the_edges_of_its_slots():
    """Uniform numbers on, just below and just above every cumulative probability."""
    p = np.array([0.1, 0.2, 0.3, 1e-17, 0.4])
    law = SingleLaw(p / p.sum())
    edges = np.concatenate([[0.0], law._cumulative / law._cumulative[-1]])
    u = np.clip(np.concatenate([edges, np.nextafter(edges, 0), np.nextafter(edges, 2)]), 0, 1 - 2.0**-53)

    class Stream:
        def random(self, size=None, out=None):
            assert size in (None, len(u))
            return u.copy() if out is None else np.copyto(out, u)

    problem = problem_of(linear(np.random.default_rng(0), 2, 2, "squared", 0.0), np.zeros(2))
    engine = compiled.InSpan(problem, np.zeros((1, 2)), {"gap"}, problem.objective)
    np.testing.assert_array_equal(engine.draw(law, [Stream()], len(u)).indices[0], law.draw(Stream(), len(u)).indices)


@pytest.mark.parametrize("law", [SingleLaw(np.ones(3) / 3), NiceLaw(3000, 300)], ids=["width 1", "width 300"])
def test_chunks_depend_on_the_law_alone(law):
    long = list(draws.chunks(law, 50_000))
    assert list(draws.chunks(law, 700)) == long[: sum(begin < 700 for begin, _ in long)]
    assert [end for _, end in long[:-1]] == [begin for begin, _ in long[1:]]
    assert max(end - begin for begin, end in long) * law.width <= max(draws.INDICES, draws.FEW * law.width)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_a_compiled_slope_is_the_loss_own(loss):
    from samtheory.engine import kernels

    t = np.concatenate([np.linspace(-700, 700, 57), np.random.default_rng(0).normal(0, 3, 60), [0.0, 1e-300, 1e300]])
    for b in (-1.0, 1.0, 0.3):
        found = [kernels.slope(kernels.PLACE[loss], value, b) for value in t]
        with np.errstate(over="ignore"):
            np.testing.assert_allclose(found, loss.slope(t, np.full(len(t), b)), rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("engine", ["vectorised", "compiled"])
def test_threads_that_share_the_trials_take_the_same_steps(engine):
    problem = problem_of(linear(np.random.default_rng(0), 9, 6, "logistic", 0.1), np.ones(6))
    schedules = [st.Schedule(0.05, 0.1, lam) for lam in (0.0, 1.0)]
    asked = {"steps": 700, "trials": 5, "record": [0, 1, 300, 700], "engine": engine, "seed": 3}
    alone = run_many(problem, st.Uniform(), schedules, **asked)
    for workers in (2, 3, 9):
        shared = run_many(problem, st.Uniform(), schedules, **asked, workers=workers)
        for one, other in zip(alone, shared, strict=True):
            np.testing.assert_allclose(other.points, one.points, rtol=1e-10, atol=1e-13)
            np.testing.assert_allclose(other.gap, one.gap, rtol=1e-9)


# Which engine


def chosen(problem, sampling, steps, rows=1, engine="auto", method=step):
    law = problem.law(sampling)
    X = np.tile(problem.x0, (rows, 1))
    return type(engine_for(problem, law, X, steps, method, engine, {"gap"}, len(X)))


def test_the_engine_suits_the_structure_and_the_size(monkeypatch):
    rng = np.random.default_rng(10)
    wide, tall = (problem_of(linear(rng, n, 4, "squared", 0.1), np.ones(4)) for n in (8, 300))
    cubes, sine = problem_of(quadratics(rng, 3, 2), np.ones(2)), problem_of(sines(rng, 3), np.ones(3))
    noise = problem_of(tilted(rng, 3, 2, quadratics(rng, 1, 2)), np.ones(2))
    own = problem_of(user(linear(rng, 3, 2, "squared", 0.1), True), np.ones(2))
    large = 10**7
    expected = [
        (wide, st.Uniform(), Span, compiled.InSpan),
        (tall, st.Importance(), Span, compiled.InSpan),
        (tall, st.Nice(3), vectorised.Vectorised, compiled.Gram),
        (tall, st.Nice(30), vectorised.Vectorised, compiled.Explicit),
        (wide, st.Full(), vectorised.Vectorised, compiled.Rotated),
        (cubes, st.Uniform(), vectorised.OneIndex, compiled.Explicit),
        (cubes, st.Full(), vectorised.Vectorised, compiled.Rotated),
        (sine, st.Full(), vectorised.Vectorised, compiled.Rotated),
        (noise, st.Nice(2), vectorised.Vectorised, compiled.Rotated),
        (own, st.Uniform(), vectorised.OneIndex, vectorised.OneIndex),
    ]
    for problem, sampling, small, big in expected:
        assert chosen(problem, sampling, 300, 64) is small
        assert chosen(problem, sampling, large) is big
        assert chosen(problem, sampling, large, engine="reference") is vectorised.Reference
        assert chosen(problem, sampling, large, engine="vectorised") is small
        assert chosen(problem, sampling, large, method=lambda *_: None) is vectorised.Reference
    monkeypatch.setattr(engine_run, "installed", lambda: False)
    for problem, sampling, small, _ in expected:
        assert chosen(problem, sampling, 300, 64) is small
        assert chosen(problem, sampling, large) is small
    with pytest.raises(st.MissingExtra, match=r"samtheory\[fast\]"):
        chosen(wide, st.Uniform(), 5, engine="compiled")


def test_a_class_of_its_own_is_not_taken_for_its_base():
    class Shifted(st.LinearModel):
        def gradients(self, X, indices=None):
            return super().gradients(X - 1.0, indices)

        def stochastic_gradient(self, X, indices, weights):
            return super().stochastic_gradient(X - 1.0, indices, weights)

    f = Shifted(np.eye(3), np.ones(3), "squared", 0.1)
    problem = problem_of(f, np.zeros(3))
    assert compiled.kernel_for(problem, problem.law(st.Uniform())) is None
    asked = {"steps": 30, "record": [30]}
    found = run(problem, st.Uniform(), st.Schedule(0.1, 0.1, 0.5), **asked)
    expected = run(problem, st.Uniform(), st.Schedule(0.1, 0.1, 0.5), engine="reference", **asked)
    np.testing.assert_allclose(found.points, expected.points, rtol=1e-12)


def test_small_work_imports_neither_numba_nor_scipy():
    script = (
        "import sys, samtheory as st; p = st.load_problem('ridge'); st.rates(p);"
        "assert not any(name.startswith('scipy') for name in sys.modules);"
        "st.verify(p, st.Uniform(), st.load_theorem('unified-sam/3.2'), trials=8, steps=50);"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"engine": "fastest"}, "engine=fastest: must be one of auto, reference, vectorised, compiled"),
        ({"keep": ("gap", "points", "x")}, "keep="),
        ({"keep": ()}, "keep="),
        ({"record": [3, 2]}, "record="),
        ({"record": [11]}, "record="),
        ({"steps": -1}, "steps=-1"),
        ({"trials": 0}, "trials=0"),
        ({"engine": "compiled", "method": lambda *_: None}, "engine=compiled"),
    ],
)
def test_bad_input_is_told(asked, message):
    problem = problem_of(linear(np.random.default_rng(0), 3, 2, "squared", 0.1), np.ones(2))
    with pytest.raises(st.InputError, match=message):
        run(problem, st.Uniform(), st.Schedule(0.1), **{"steps": 10, **asked})
    with pytest.raises(st.InputError, match="schedules"):
        run_many(problem, st.Uniform(), [], steps=3)


def test_log_times_are_whole_and_include_both_ends():
    for steps in (0, 1, 5, 10**6):
        t = log_times(steps)
        assert t[0] == 0
        assert t[-1] == steps
        assert (np.diff(t) > 0).all()
