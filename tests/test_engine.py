"""Every engine takes the steps of the reference: the same draws, the same iterates, the same records."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings, strategies as some

import samtheory as st
from samtheory.catalogue import problem_names
from samtheory.engine import base, compiled, draws, run as engine_run, run, run_many, vectorised
from samtheory.engine.run import engine_for, log_times
from samtheory.engine.span import Span
from samtheory.laws import Law, NiceLaw, ReplacementLaw, SingleLaw
from samtheory.methods.unified_sam import step
from samtheory.objectives import LOSSES
from samtheory.sampling import samplings

numba = pytest.importorskip("numba", reason="the compiled engines need the extra `fast`")

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


@pytest.mark.parametrize("engine", ["vectorised", "reference", "compiled"])
def test_memory_does_not_grow_with_the_steps(engine):
    rng = np.random.default_rng(2)
    problem = problem_of(linear(rng, 20, 5, "squared", 0.1), np.zeros(5))
    peaks = []
    for steps in (17_000, 68_000) if engine != "reference" else (9_000, 18_000):
        if engine == "reference":
            draws_most, draws.MOST = draws.MOST, 1024
        run(problem, st.Uniform(), st.Schedule(0.01), steps=10, engine=engine)
        tracemalloc.start()
        run(problem, st.Uniform(), st.Schedule(0.01), steps=steps, engine=engine)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        if engine == "reference":
            draws.MOST = draws_most
    assert peaks[1] <= 1.05 * peaks[0]
