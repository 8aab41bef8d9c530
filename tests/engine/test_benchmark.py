"""The benchmark compares like with like: plain loop, engines and C take the same steps; and it says what it found."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import samtheory as st
from samtheory.engine import run

pytest.importorskip("numba", reason="the benchmark compares the compiled engines, which need the extra `fast`")

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def scripts(monkeypatch):
    """The modules in scripts/."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module
    for name in ("_benchmark", "_growth", "_large", "_limit", "_plain"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_the_plain_loop_takes_the_steps_of_the_reference(scripts, monkeypatch, loss):
    """On the full batch, and on the reference's own draws with their weights."""
    benchmark, plain = scripts("_benchmark"), scripts("_plain")
    f = benchmark.linear(6, 3, loss)
    problem, start = benchmark.posed(f, f), np.full(3, 0.5)
    loop = (plain.Logistic if loss == "logistic" else plain.Ridge)(f.A, f.b, f.reg)
    asked = {"steps": 30, "record": np.arange(0, 30, 3), "x0": start, "engine": "reference"}
    iterates, values = plain.unified_sam(loop, start, 0.1, 0.05, 0.5, 30, asked["record"], batch_size=6)
    expected = run(problem, st.Full(), st.Schedule(0.1, 0.05, 0.5), **asked)
    np.testing.assert_allclose(np.array(iterates)[asked["record"]], expected.points[0], rtol=1e-12)
    np.testing.assert_allclose(np.array(values) - float(problem.f_inf), expected.gap[0], rtol=1e-9)

    law = problem.law(st.Importance())
    (child,) = np.random.SeedSequence(0).spawn(1)
    drawn = iter(law.draw(np.random.default_rng(child), 256).indices)

    class Drawn:
        def choice(self, _, size, p):
            np.testing.assert_allclose(p, law.p)
            return next(drawn)[:size]

    monkeypatch.setattr(np.random, "default_rng", lambda _: Drawn())
    iterates, _ = plain.unified_sam(loop, start, 0.1, 0.05, 0.5, 30, asked["record"], p=law.p)
    monkeypatch.undo()
    expected = run(problem, st.Importance(), st.Schedule(0.1, 0.05, 0.5), **asked)
    np.testing.assert_allclose(np.array(iterates)[asked["record"]], expected.points[0], rtol=1e-12)


def test_a_persons_functions_are_those_of_the_ridge(scripts):
    benchmark = scripts("_benchmark")
    f = benchmark.linear(5, 4, "squared")
    X = np.random.default_rng(0).standard_normal((3, 4))
    np.testing.assert_allclose(benchmark.batched(f).values(X), f.values(X), rtol=1e-12)
    np.testing.assert_allclose(benchmark.batched(f).gradients(X), f.gradients(X), rtol=1e-12)


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_c_takes_the_steps_of_the_kernel(scripts):
    benchmark, limit = scripts("_benchmark"), scripts("_limit")
    span = limit.compiled()
    for loss, dual in (("squared", True), ("squared", False), ("logistic", True), ("logistic", False)):
        f = benchmark.linear(7, 5, loss)
        side = limit.Side(f, dual, 500, 2, 0.01, 0.1)
        for ours, theirs in zip(side.kernel(), side.in_c(span), strict=True):
            np.testing.assert_allclose(ours[:, :3], theirs[:, :3], rtol=1e-9, atol=1e-12)


def lines(benchmark, ratio=2.0):
    """One line of each kind: in time, asked for `ratio` or not at all, and of memory."""
    time = benchmark.Line("a", "compiled", "us", least=ratio, theirs=[2e-6, 3e-6, 8e-6], ours=[1e-6, 1e-6, 1e-6])
    memory = benchmark.Line("b", "plain loop", "MB", most=1.5, theirs=[1024.0], ours=[1280.0])
    return [time, benchmark.Line("c", "reference", "us", theirs=[1.0], ours=[9.0]), memory]


@pytest.mark.parametrize(("asked", "quick", "reached"), [(3, False, True), (4, False, False), (6, True, True)])
def test_the_median_decides_and_half_is_enough_in_a_hurry(scripts, asked, quick, reached):
    benchmark = scripts("_benchmark")
    found = lines(benchmark, asked)
    assert [line.reached(quick) for line in found] == [reached, True, True]
    found[2].ours[0] = 2048.0
    assert not found[2].reached(quick)
    assert ("MISSED" in benchmark.table(found[:2], quick)) is not reached


def test_the_document_has_ratios_only(scripts):
    benchmark = scripts("_benchmark")
    document = benchmark.document(lines(benchmark), quick=False)
    assert [line["ratio"]["median"] for line in document["lines"]] == [3.0, pytest.approx(1 / 9), 1.25]
    assert {key for line in document["lines"] for key in line} == {
        "engine", "least", "most", "name", "ratio", "reached"
    }  # fmt: skip
    assert document["schema"] == "samtheory.benchmark/1"


@pytest.mark.parametrize("least", [1e-9, 1e9])
def test_a_miss_is_exit_code_1_and_the_file_is_written(scripts, monkeypatch, tmp_path, capsys, least):
    benchmark = scripts("_benchmark")
    work = benchmark.work("small", "vectorised", least, (4, 3), 40, 40)
    monkeypatch.setattr(benchmark, "engines", lambda quick: [work])
    monkeypatch.setattr(benchmark, "limits", lambda quick: [])
    monkeypatch.setattr(benchmark, "peaks", list)
    file = tmp_path / "found.json"
    assert benchmark.main(["--repeats", "2", "--json", str(file)]) == (least > 1)
    (line,) = json.loads(file.read_text())["lines"]
    assert line["reached"] is (least < 1)
    assert 0 < line["ratio"]["min"] <= line["ratio"]["max"]
    out, err = capsys.readouterr()
    assert out == ""
    assert "small" in err


@pytest.mark.parametrize(
    "arguments", [["--repeats", "0"], ["--repeats", "x"], ["--json", "/no/such/folder/x"], ["--all"], ["--repeats"]]
)
def test_bad_input_is_one_line_and_exit_code_2(scripts, capsys, arguments):
    assert scripts("_benchmark").main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("benchmark: error: ")
    assert err.count("\n") == 1


def test_the_peak_of_a_run_is_that_of_its_process(scripts):
    benchmark = scripts("_benchmark")
    short, long = benchmark.peak_of("plain loop", 10), benchmark.peak_of("plain loop", 10_000)
    assert long - short > 10_000 * 100 * 8 / 1024 / 2  # every iterate is kept


def test_help_says_what_it_does():
    found = subprocess.run(
        [sys.executable, str(SCRIPTS / "_benchmark.py"), "--help"], capture_output=True, text=True, check=True
    )
    assert "--quick" in found.stdout


def test_the_scipy_loop_takes_the_steps_of_the_reference(scripts):
    large = scripts("_large")
    A, b = large.generated("rcv1", 0.0)
    f = st.LinearModel(A[:, :200], b, "logistic", 0.1)
    problem = st.Problem(f, np.ones(200), f.component_smoothness, f.smoothness, 0.0)
    (child,) = np.random.SeedSequence(0).spawn(1)
    indices = problem.law(st.Uniform()).draw(np.random.default_rng(child), 256).indices[:20, 0].tolist()
    found = large.plain_scipy(f, np.ones(200), 0.5, 0.1, 0.5, indices)
    expected = run(problem, st.Uniform(), st.Schedule(0.5, 0.1, 0.5), steps=20, record=[20], engine="reference")
    np.testing.assert_allclose(found, expected.points[0, 0], rtol=1e-12)


def test_the_growth_of_a_step_is_the_slope_of_its_logarithm(scripts, monkeypatch):
    growth = scripts("_growth")
    times = {100: 1e-6, 300: 3e-6}

    def seconds(n, d, engine, steps, clock, workers=1):
        return 1e-6 / workers if n == d else times[n] if n != growth.OTHER else times[d] ** 2 * 1e6

    assert growth.exponent((100, 300), [1.0, 9.0]) == pytest.approx(2)
    monkeypatch.setattr(growth, "seconds", seconds)
    _, *lines, last = growth.table(quick=True).splitlines()
    assert [float(line.split()[-1]) for line in lines] == pytest.approx([1, 2, 1, 2], abs=0.01)
    assert "2.00 times" in last
    monkeypatch.undo()
    assert 0 < growth.seconds(8, 3, "vectorised", 20, iter(range(1, 99)).__next__) < 1
