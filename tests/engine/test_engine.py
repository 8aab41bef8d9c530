"""Every engine takes the steps of the reference: the same draws, the same iterates, the same records."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from engine_objects import FAST, KINDS, agree, linear, objective, problem_of, rounded_runs, scale_of
from hypothesis import given, settings
from hypothesis import strategies as some

import samtheory as st
from samtheory.catalogue import problems
from samtheory.engine import base, compiled, draws, run, run_many
from samtheory.methods.unified_sam import step
from samtheory.sampling.base import samplings

numba = pytest.importorskip("numba", reason="the compiled engines need the extra `fast`")


@pytest.mark.parametrize("engine", FAST)
@settings(deadline=None, max_examples=25)
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
    agree(found, expected, rounded_runs(problem, sampling, schedules, **asked))


@pytest.mark.parametrize("name", problems())
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
        rounded = rounded_runs(problem, sampling, schedules, **asked)
        for engine in FAST:
            if engine == "compiled" and compiled.kernel_for(problem, problem.law(sampling)) is None:
                continue
            agree(run_many(problem, sampling, schedules, engine=engine, **asked), expected, rounded)


# Long runs


def test_a_long_run_ends_where_the_reference_does():
    """The method itself on one row, its gradient written out, against the kernel: 1e-9 of the iterate at most."""
    rng = np.random.default_rng(0)
    f = linear(rng, 4, 3, "squared", 0.03)
    problem, schedule, steps = problem_of(f, rng.standard_normal(3)), st.Schedule(0.02, 0.05, 0.5), 4 * 10**4
    record = np.array([0, 10, 10**3, 10**4, steps])
    ours = run(problem, st.Uniform(), schedule, steps=steps, seed=5, record=record, engine="compiled")
    (stream,), law = draws.streams(5, range(1)), problem.law(st.Uniform())
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
    """g = c a + r x nearly 0, x along a: c^2 ||a||^2 + 2 c r z + r^2 ||x||^2 has lost every digit of ||g||^2."""
    A = np.arange(1.0, n + 1)[:, None]
    f = st.LinearModel(A, np.ones(n), "squared", 1.0)
    for away in (1e-8, -1e-9, 1e-10, -1e-10):
        problem = problem_of(f, 1 / (1 + f.norms2[:1]) * (1 + away))
        assert compiled.InSpan(problem, problem.x0[None], {"gap"}, f).dual == (n == 2)
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
    """||x||^2 from 1e12 to 1e-6 by differences would keep 1e-4 of rounding; x itself keeps 1e-15 of its start."""
    f = st.LinearModel(np.eye(2), np.zeros(2), "squared", 1e-3)
    problem = problem_of(f, np.array([1e6, -2e6]))
    asked = {"steps": 200, "trials": 2, "record": np.arange(0, 201, 10)}
    schedule = st.Schedule(0.37, 1e-3, 0.5)
    expected = run(problem, st.Uniform(), schedule, engine="reference", **asked)
    found = run(problem, st.Uniform(), schedule, engine="compiled", **asked)
    assert np.abs(expected.points[:, -1]).max() < 0.01
    np.testing.assert_allclose(found.points, expected.points, rtol=1e-9, atol=1e-8)


def test_a_norm_is_not_lost_in_steps_that_expand():
    """x+ = p x + q a with |p| about 10 and q a nearly -p x: ||x||^2 from its terms would lose two digits a step."""
    f = st.LinearModel(np.array([[-0.316], [0.057]]), np.array([1.0, -1.0]), "sigmoid", 0.03)
    problem, schedules = problem_of(f, np.array([-0.76])), [st.Schedule(1.43, 31.0, 1.0)]
    asked = {"steps": 300, "trials": 4, "seed": 2}
    expected = run_many(problem, st.Importance(), schedules, engine="reference", **asked)
    found = run_many(problem, st.Importance(), schedules, engine="compiled", **asked)
    agree(found, expected, rounded_runs(problem, st.Importance(), schedules, **asked))


def test_what_is_carried_along_is_computed_anew():
    """An A x that is wrong by 1e-3 is right again after `REFRESH` (n + d) steps."""
    problem = problem_of(linear(np.random.default_rng(11), 5, 4, "squared", 0.1), np.ones(4))
    f, steps = problem.objective, compiled.REFRESH * 9
    engine = compiled.InSpan(problem, np.tile(problem.x0, (3, 1)), {"points"}, f)
    engine.S += 1e-3
    for size in (steps, 10):
        rules = [np.full((1, size), value) for value in (0.01, 0.1, 0.5)]
        draw = engine.draw(problem.law(st.Uniform()), draws.streams(0, range(3)), size)
        (x,) = engine.advance(base.Piece(draw, *rules, np.array([size])))["points"]
    np.testing.assert_allclose(engine.S[:, : f.n], x @ f.A.T, rtol=1e-12)
    assert engine.S.ctypes.data % 64 == engine.M.ctypes.data % 64 == 0


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
