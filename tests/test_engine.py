"""Every engine takes the steps of the reference: the same draws, the same iterates, the same records."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import samtheory as st
from samtheory.catalogue import problem_names
from samtheory.engine import base, compiled, draws, run, run_many, vectorised
from samtheory.engine.run import engine_for, log_times
from samtheory.engine.span import Span
from samtheory.laws import NiceLaw, ReplacementLaw, SingleLaw
from samtheory.methods.unified_sam import step
from samtheory.objectives import LOSSES
from samtheory.sampling import samplings

numba = pytest.importorskip("numba", reason="the compiled engines need the extra `fast`")

#: The module, which the function of the same name hides.
engine_run = sys.modules["samtheory.engine.run"]

FAST = ("vectorised", "compiled")
#: Two engines may be this far apart, relative to the largest iterate ...
TOLERANCE = 1e-11
#: ... or this many times as far as the reference is from itself when its start is moved by one rounding.
SENSITIVITY = 1e4


def problem_of(f, x0):
    """A problem without claims worth anything: the engine only steps."""
    return st.Problem(
        objective=f,
        x0=x0,
        L_i=st.exact(np.linspace(1.0, 2.0, f.n), "none"),
        L=st.exact(2.0, "none"),
        f_inf=st.exact(f.reference - 0.25, "none"),
    )


def scale_of(f):
    """A number like the smoothness of f, to choose steps by."""
    x = np.random.default_rng(0).standard_normal((8, f.d))
    g = f.gradients(x) - f.gradients(x + 1e-3)
    return float(np.linalg.norm(g, axis=-1).max() / (1e-3 * np.sqrt(f.d)))


def linear(rng, n, d, loss, reg):
    A = rng.standard_normal((n, d))
    b = rng.standard_normal(n)
    return st.LinearModel(A, np.sign(b) if loss in ("logistic", "sigmoid") else b, loss, reg)


def quadratics(rng, n, d):
    H = rng.standard_normal((n, d, d))
    return st.Quadratics(H @ H.transpose(0, 2, 1), rng.standard_normal((n, d)))


def sines(rng, d):
    return st.SineSum(rng.uniform(0.5, 2.0, d), np.linalg.qr(rng.standard_normal((d, d)))[0], 2.0)


def tilted(rng, n, d, base):
    c = rng.standard_normal((n, d))
    return st.Tilted(base, c - c.mean(axis=0))


def user(f, batched):
    """f given by callables, as a person would."""
    if batched:
        return st.UserSum(
            lambda i, x: np.take_along_axis(f.values(x), i[:, None], axis=1)[:, 0],
            lambda i, x: f.gradients(x, i[:, None])[:, 0],
            f.n, f.d, batched=True, reference=f.reference,
        )  # fmt: skip
    return st.UserSum(
        lambda i, x: f.values(x[None])[0, i],
        lambda i, x: f.gradients(x[None], np.array([[i]]))[0, 0],
        f.n, f.d, reference=f.reference,
    )  # fmt: skip


KINDS = (*LOSSES, "quadratics", "sines", "tilted sines", "tilted quadratic", "user", "batched user")


def objective(kind, rng, n, d, reg):
    if kind in LOSSES:
        return linear(rng, n, d, kind, reg)
    if kind == "quadratics":
        return quadratics(rng, n, d)
    if kind == "sines":
        return sines(rng, d)
    if kind.startswith("tilted"):
        return tilted(rng, n, d, sines(rng, d) if kind.endswith("sines") else quadratics(rng, 1, d))
    return user(linear(rng, n, d, "squared", reg), kind.startswith("batched"))


def agree(found, expected, moved):
    """The engine's curves against the reference's, and those against the reference's from a start one rounding away."""
    for ours, right, near in zip(found, expected, moved, strict=True):
        np.testing.assert_array_equal(ours.t, right.t)
        close(ours.points, right.points, near.points, TOLERANCE)
        close(ours.gap[..., None], right.gap[..., None], near.gap[..., None], 100 * TOLERANCE)
        close(ours.grad2[..., None], right.grad2[..., None], near.grad2[..., None], 100 * TOLERANCE)


def close(ours, right, near, tolerance):
    """|ours - right| of shape (trials, K, d), where the reference itself does not move more."""
    largest = np.abs(right).max(axis=(1, 2), keepdims=True)
    own = np.maximum.accumulate(np.abs(near - right).max(axis=2, keepdims=True), axis=1)
    worst = np.max(np.abs(ours - right) - SENSITIVITY * own - tolerance * largest)
    assert worst <= 0, worst


def moved_start(problem):
    """The problem from a start that is one rounding away."""
    return replace(problem, x0=problem.x0 * (1 + 2.0**-52) + 2.0**-52)


@pytest.mark.parametrize("engine", FAST)
@settings(deadline=None, max_examples=120)
@given(data=some.data(), seed=some.integers(0, 10**6), kind=some.sampled_from(KINDS))
def test_every_engine_takes_the_steps_of_the_reference(engine, data, seed, kind):
    rng = np.random.default_rng(seed)
    n, d = data.draw(some.integers(1, 9), "n"), data.draw(some.integers(1, 6), "d")
    reg = data.draw(some.sampled_from([0.0, 0.03, 1.0]), "reg")
    f = objective(kind, rng, n, d, reg)
    problem = problem_of(f, rng.standard_normal(d))
    tau = data.draw(some.integers(1, f.n), "tau")
    sampling = data.draw(
        some.sampled_from(
            [st.Full(), st.Uniform(), st.Importance(), st.Nice(tau), st.Replacement(tau), st.Independent(0.4)]
        ),
        "sampling",
    )
    L = scale_of(f) * f.n / max(tau, 1)
    rule = some.sampled_from([0.0, 0.5, 1.0, "1/t", "1-1/t"])
    size = some.floats(0.01, 0.3)
    schedules = [
        st.Schedule(data.draw(size) / L, data.draw(some.sampled_from([0.0, 0.1, 1.0])) / L, data.draw(rule)),
        st.Schedule(lambda t: 0.3 / (L * (1 + 0.01 * t)), lambda t: 0.2 / (L * (1 + t)), data.draw(rule)),
    ][: data.draw(some.integers(1, 2))]
    asked = {
        "steps": data.draw(some.sampled_from([0, 1, 37, 300])), "trials": data.draw(some.integers(1, 3)), "seed": seed,
    }  # fmt: skip
    if engine == "compiled" and compiled.kernel_for(problem, problem.law(sampling)) is None:
        with pytest.raises(st.InputError, match="no kernel for UserSum"):
            run_many(problem, sampling, schedules, engine=engine, **asked)
        return
    found = run_many(problem, sampling, schedules, engine=engine, **asked)
    expected = run_many(problem, sampling, schedules, engine="reference", **asked)
    moved = run_many(moved_start(problem), sampling, schedules, engine="reference", **asked)
    agree(found, expected, moved)


@pytest.mark.parametrize("name", problem_names())
def test_every_problem_of_the_catalogue_under_every_sampling(name):
    try:
        problem = st.load_problem(name)
    except st.MissingExtra as error:
        pytest.skip(str(error))
    L = float(problem.L_i.values.max())
    schedules = [st.Schedule(0.2 / L, 0.1 / L, lam) for lam in (0.0, 1.0, "1/t")]
    for sampling in (example for kind in samplings().values() for example in kind.examples(problem.n)):
        asked = {"steps": 40, "trials": 2, "record": [0, 1, 7, 40]}
        expected = run_many(problem, sampling, schedules, engine="reference", **asked)
        moved = run_many(moved_start(problem), sampling, schedules, engine="reference", **asked)
        for engine in FAST:
            if engine == "compiled" and compiled.kernel_for(problem, problem.law(sampling)) is None:
                continue
            agree(run_many(problem, sampling, schedules, engine=engine, **asked), expected, moved)


# Long runs


def test_a_million_steps_end_where_the_reference_does():
    """The method itself on one row, its gradient written out, against the kernel: 1e-9 of the iterate at most."""
    rng = np.random.default_rng(0)
    f = linear(rng, 4, 3, "squared", 0.03)
    problem, schedule, steps = problem_of(f, rng.standard_normal(3)), st.Schedule(0.02, 0.05, 0.5), 10**6
    record = np.array([0, 10, 10**3, 10**5, steps])
    ours = run(problem, st.Uniform(), schedule, steps=steps, seed=5, record=record, engine="compiled")
    (stream,), law = draws.streams(5, 1), problem.law(st.Uniform())
    A, b, weight = list(f.A), f.b.tolist(), law.weight[0] / f.n

    def gradient(x, i):
        return weight * ((A[i] @ x - b[i]) * A[i] + 0.03 * x)

    x, t, found = problem.x0, 0, [problem.x0]
    for begin, end in draws.chunks(law, steps):
        for i in law.draw(stream, end - begin).indices[: steps - begin, 0].tolist():
            x = step(x, i, gradient, 0.02, 0.05, 0.5)
            t += 1
            if t in record:
                found.append(x)
    np.testing.assert_allclose(ours.points[0], found, rtol=0, atol=1e-9)


@pytest.mark.parametrize("shape", [(6, 4), (12, 3)], ids=["A x and A A^T", "x"])
def test_what_is_carried_along_does_not_drift(shape):
    """f from A x and ||x||^2 alone, against f from x, over 10^5 steps without a refresh and with them."""
    rng = np.random.default_rng(1)
    problem = problem_of(linear(rng, *shape, "squared", 0.1), 3 * rng.standard_normal(shape[1]))
    asked = {"steps": 100_000, "trials": 2, "engine": "compiled", "record": np.arange(0, 100_001, 1000)}
    schedule = st.Schedule(0.01, 0.01, 0.5)
    light = run(problem, st.Importance(), schedule, keep={"gap"}, **asked)
    heavy = run(problem, st.Importance(), schedule, **asked)
    assert light.points.shape[1] == light.grad2.shape[1] == 0
    np.testing.assert_allclose(light.gap, heavy.gap, rtol=1e-10)
    np.testing.assert_allclose(problem.suboptimality(heavy.points[1]), heavy.gap[1], rtol=1e-12)


@pytest.mark.parametrize("engine", ["reference", *FAST])
def test_memory_does_not_grow_with_the_steps(engine, monkeypatch):
    monkeypatch.setattr(draws, "MOST", 256)
    rng = np.random.default_rng(2)
    problem = problem_of(linear(rng, 20, 5, "squared", 0.1), np.zeros(5))

    def peak(steps):
        tracemalloc.start()
        run(problem, st.Uniform(), st.Schedule(0.01), steps=steps, trials=2, engine=engine)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # imports and compiles
    assert peak(4_000) <= 1.05 * peak(1_000)


# Edges


@pytest.mark.parametrize("engine", ["reference", *FAST])
@pytest.mark.parametrize("sampling", [st.Uniform(), st.Nice(2), st.Full()], ids=lambda sampling: sampling.key)
@pytest.mark.parametrize("reg", [0.0, 0.5])
def test_where_the_gradient_is_zero_nothing_moves(engine, sampling, reg):
    problem = problem_of(st.LinearModel(np.eye(3), np.zeros(3), "squared", reg), np.zeros(3))
    found = run(problem, sampling, st.Schedule(0.1, 1.0, 1.0), steps=20, engine=engine)
    assert not found.points.any()


@pytest.mark.parametrize("engine", FAST)
@pytest.mark.parametrize("size", [1e-161, 1e-170, 1e-290])
@pytest.mark.parametrize("kind", ["squared", "quadratics", "tilted quadratic"])
def test_a_tiny_gradient_has_a_direction(engine, size, kind):
    """Its square underflows, or keeps a digit or two; the normalised step is of size rho all the same."""
    f = objective(kind, np.random.default_rng(3), 3, 2, 0.3)
    f = st.LinearModel(f.A, 0 * f.b, "squared", 0.3) if kind == "squared" else f
    f = st.Quadratics(f.H, 0 * f.centres) if kind == "quadratics" else f
    f = st.Tilted(st.Quadratics(f.base.H, 0 * f.base.centres), size * f.tilts) if kind.startswith("tilted") else f
    problem = problem_of(f, size * np.array([1.0, -2.0]))
    asked = {"steps": 1, "trials": 4, "record": [1]}
    for sampling in (st.Uniform(), st.Replacement(2)):
        found = run(problem, sampling, st.Schedule(0.1, 0.5, 1.0), engine=engine, **asked)
        expected = run(problem, sampling, st.Schedule(0.1, 0.5, 1.0), engine="reference", **asked)
        assert np.abs(expected.points).max() > 1e-3
        np.testing.assert_allclose(found.points, expected.points, rtol=1e-12)


@pytest.mark.parametrize("engine", FAST)
@pytest.mark.parametrize("kind", ["squared", "logistic", "quadratics", "tilted sines", "user"])
@pytest.mark.parametrize("sampling", [st.Uniform(), st.Replacement(2), st.Full()], ids=lambda sampling: sampling.key)
def test_a_run_that_overflows_records_inf(engine, kind, sampling):
    f = objective(kind, np.random.default_rng(4), 4, 3, 2.0)
    problem = problem_of(f, np.full(3, 1e3))
    if engine == "compiled" and compiled.kernel_for(problem, problem.law(sampling)) is None:
        engine = "auto"
    asked = {"steps": 800, "record": [0, 5, 20, 400, 800], "trials": 2}
    found = run(problem, sampling, st.Schedule(50.0, 0.1, 0.5), engine=engine, **asked)
    expected = run(problem, sampling, st.Schedule(50.0, 0.1, 0.5), engine="reference", **asked)
    assert np.isposinf(expected.gap[:, -1]).all()
    assert not np.isnan(found.gap).any()
    assert not np.isnan(found.grad2).any()
    np.testing.assert_allclose(found.gap, expected.gap, rtol=1e-9)


@pytest.mark.parametrize("engine", FAST)
@pytest.mark.parametrize("n", [2, 3], ids=["A x and A A^T", "x"])
@pytest.mark.parametrize("sampling", [st.Uniform(), st.Replacement(2)], ids=lambda sampling: sampling.key)
def test_a_gradient_that_is_a_small_difference_has_a_direction(engine, n, sampling):
    """g = c a + r x nearly 0 with x along a: every digit of ||g||^2 from c^2 ||a||^2 + 2 c r z + r^2 ||x||^2 is lost."""
    A = np.arange(1.0, n + 1)[:, None]
    f = st.LinearModel(A, np.ones(n), "squared", 1.0)
    for away in (1e-8, -1e-9, 1e-10, -1e-10):
        problem = problem_of(f, 1 / (1 + f.norms2[:1]) * (1 + away))
        assert compiled.InSpan(problem, problem.x0[None], {"gap"}).dual == (n == 2)
        asked = {"steps": 1, "trials": 12, "record": [1]}
        found = run(problem, sampling, st.Schedule(0.1, 0.5, 1.0), engine=engine, **asked)
        expected = run(problem, sampling, st.Schedule(0.1, 0.5, 1.0), engine="reference", **asked)
        np.testing.assert_allclose(found.points, expected.points, rtol=1e-4)


@pytest.mark.parametrize("gamma", [0.9999, 1.0, 1.5])
def test_scales_are_folded_in_before_they_leave_the_range(gamma):
    """x+ = p x + q a with p near 0, 0 or below for thousands of steps."""
    rng = np.random.default_rng(6)
    f = st.LinearModel(1e-3 * rng.standard_normal((4, 3)), np.zeros(4), "squared", 1.0)
    problem = problem_of(f, 1e6 * rng.standard_normal(3))
    asked = {"steps": 3000, "trials": 2}
    expected = run(problem, st.Uniform(), st.Schedule(gamma), engine="reference", **asked)
    found = run(problem, st.Uniform(), st.Schedule(gamma), engine="compiled", **asked)
    np.testing.assert_allclose(found.points, expected.points, rtol=1e-9, atol=1e-12)


def test_a_norm_that_falls_by_a_lot_is_added_up_anew():
    """||x||^2 from 1e12 to 1e-6 by differences would be left with 1e-4 of rounding; x itself keeps 1e-15 of its start."""
    f = st.LinearModel(np.eye(2), np.zeros(2), "squared", 1e-3)
    problem = problem_of(f, np.array([1e6, -2e6]))
    asked = {"steps": 200, "trials": 2, "record": np.arange(0, 201, 10)}
    schedule = st.Schedule(0.37, 1e-3, 0.5)
    expected = run(problem, st.Uniform(), schedule, engine="reference", **asked)
    found = run(problem, st.Uniform(), schedule, engine="compiled", **asked)
    assert np.abs(expected.points[:, -1]).max() < 0.01
    np.testing.assert_allclose(found.points, expected.points, rtol=1e-9, atol=1e-8)


def test_what_is_carried_along_is_computed_anew():
    """An A x that is wrong by 1e-3 is right again after `REFRESH` (n + d) steps."""
    problem = problem_of(linear(np.random.default_rng(11), 5, 4, "squared", 0.1), np.ones(4))
    f, steps = problem.objective, compiled.REFRESH * 9
    engine = compiled.InSpan(problem, np.tile(problem.x0, (3, 1)), {"points"})
    engine.S += 1e-3
    for size in (steps, 10):
        rules = [np.full((1, size), value) for value in (0.01, 0.1, 0.5)]
        draw = engine.draw(problem.law(st.Uniform()), draws.streams(0, 3), size)
        (x,) = engine.advance(base.Piece(draw, *rules, np.array([size])))["points"]
    np.testing.assert_allclose(engine.S, x @ f.A.T, rtol=1e-12)


def test_the_objective_from_a_x_alone_does_not_cancel():
    """Equal components: the run ends at x* itself, where ||x - x*||^2 from ||x||^2 would be rounding."""
    f = st.LinearModel(np.full((2, 1), 0.5), np.ones(2), "squared", 0.5)
    problem = replace(problem_of(f, np.ones(1)), f_inf=st.exact(f.reference, "minimiser"))
    asked = {"steps": 200, "engine": "compiled"}
    light = run(problem, st.Uniform(), st.Schedule(0.5), keep={"gap"}, **asked)
    heavy = run(problem, st.Uniform(), st.Schedule(0.5), **asked)
    assert heavy.gap[0, -1] < 1e-28
    np.testing.assert_allclose(np.sqrt(light.gap), np.sqrt(heavy.gap), rtol=1e-9, atol=1e-15)


def test_a_persons_function_may_write_into_its_argument():
    def gradient(i, x):
        x -= 1.0
        return x

    f = st.UserSum(lambda i, x: 0.5 * np.sum((x - 1.0) ** 2, axis=1), gradient, 2, 3, batched=True)
    problem, schedule = problem_of(f, np.array([1.0, 2.0, 3.0])), st.Schedule(0.1, 0.2, 0.5)
    found = run(problem, st.Uniform(), schedule, steps=9, engine="vectorised")
    expected = run(problem, st.Uniform(), schedule, steps=9, engine="reference")
    np.testing.assert_allclose(found.points, expected.points, rtol=1e-13)


@pytest.mark.parametrize("broken", [lambda i, x: x[0, 7], lambda i, x: x[:, :1]])
def test_what_is_wrong_with_a_persons_function_is_told(broken):
    f = st.UserSum(lambda i, x: np.zeros(len(x)), broken, 2, 3, batched=True)
    with pytest.raises(st.InputError, match="gradient: "):
        run(problem_of(f, np.ones(3)), st.Uniform(), st.Schedule(0.1), steps=3)


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
    engine = compiled.InSpan(problem, np.zeros((1, 2)), {"gap"})
    for law in (SingleLaw(p), ReplacementLaw(p, tau), NiceLaw(len(p), min(tau, len(p)))):
        found = engine.draw(law, draws.streams(seed, 3), 70)
        expected = draws.drawn(law, draws.streams(seed, 3), 70)
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
    engine = compiled.InSpan(problem, np.zeros((1, 2)), {"gap"})
    np.testing.assert_array_equal(
        engine.draw(law, [Stream()], len(u)).indices[0], law.draw(Stream(), len(u)).indices
    )


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


# Which engine


def chosen(problem, sampling, steps, rows=1, engine="auto", method=step):
    law = problem.law(sampling)
    X = np.tile(problem.x0, (rows, 1))
    return type(engine_for(problem, law, X, steps, method, engine, {"gap"}))


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


def test_small_work_imports_no_numba():
    script = (
        "import sys, samtheory as st; p = st.load_problem('ridge');"
        "st.verify(p, st.Uniform(), st.load_theorem('unified-sam/3.2'), trials=8, steps=50);"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_kernels_work_where_nothing_can_be_written(monkeypatch):
    from samtheory.engine import jit

    compile_ = numba.njit

    def njit(*args, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_(*args, **options)

    monkeypatch.setattr(numba, "njit", njit)
    assert jit.kernel(lambda x: x + 1)(2) == 3


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
