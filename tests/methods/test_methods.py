"""Methods beside Unified SAM, judged by their own theorem: Polyak steps, and wrong ones.  Theorem files copied."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import samtheory as st
from samtheory import cli
from samtheory.catalogue import load_method, load_theorem, methods, summary, theorems, user_file_errors
from samtheory.constants import exact
from samtheory.engine.run import run
from samtheory.errors import InputError, NotApplicable
from samtheory.falsification.search import falsify
from samtheory.methods import unified_sam
from samtheory.methods.polyak import Polyak
from samtheory.request import Request
from samtheory.sampling.base import parse_sampling
from samtheory.sampling.law import Draw
from samtheory.verification import judge
from samtheory.verification.cell import Cell

FULL, DRAWN = "oikonomou-2026/usam-ps", "oikonomou-2026/usam-sps"
PLACES = (
    (FULL, "ridge", "full"), (FULL, "logistic", "full"), (FULL, "rank-deficient-ls", "full"),
    (FULL, "tight-pair", "full"), (FULL + "-average", "huber", "full"), (FULL + "-average", "interpolated-ls", "full"),
    (DRAWN, "interpolated-ls", "uniform"), (DRAWN, "interpolated-ls", "importance"),
    (DRAWN, "scaled-quadratics", "independent:0.5"), (DRAWN, "tight-orthogonal", "nice:2"),
)  # fmt: skip


def judged(key, name, sampling, method=None, problem=None, steps=200):
    """The verdict on the theorem's method, or on another program in its place."""
    problem = problem or st.load_problem(name)
    cell = Cell(name, key, sampling, Request(0.0, trials=16, steps=steps))
    return judge.judged(
        judge.task(cell, problem, parse_sampling(sampling), load_theorem(key), method=method and method(problem))
    )


def caught(verdict):
    return {piece.kind for piece in verdict.violations}


@pytest.mark.parametrize(("key", "name", "sampling"), PLACES)
def test_polyak_steps_keep_their_promise(key, name, sampling):
    """False alarm at most 1e-6 a place, by e-values."""
    verdict = judged(key, name, sampling)
    assert verdict.verdict in ("holds", "undecided"), verdict.violations
    kinds = {piece.kind for piece in verdict.evidence if piece.verdict == "holds"}
    assert {"hypothesis", "one-step"} <= kinds
    assert "reference" not in kinds


class Raised(Polyak):
    """1 for f(y) - f*."""

    def above(self, y, draw):
        return 1.0 + 0 * super().above(y, draw)


class Eightfold(Polyak):
    """Eight times (f(x) - f*)/||h||^2, without a cap."""

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        h = gradient(x + rho * gradient(x, draw), draw)
        square = np.sum(h * h, axis=-1, keepdims=True)
        return x - 8 * self.above(x, draw) / np.where(square > 0, square, 1) * h


def test_wrong_polyak_steps_are_caught():
    for method in (Raised, Eightfold, lambda problem: unified_sam.step):
        found = caught(judged(FULL, "ridge", "full", method, steps=20))
        assert {"reference", "one-step"} <= found
    assert not caught(judged(FULL, "ridge", "full", Polyak))


def test_a_lower_bound_that_is_too_low_makes_the_steps_too_long():
    """Nothing but the promise itself shows it: f >= f_inf holds."""
    problem = st.load_problem("ridge")
    low = replace(problem, f_inf=exact(float(problem.f_inf) - 1.0, "too low"))
    assert "one-step" in caught(judged(FULL, "ridge", "full", lambda _: Polyak(low), problem))


def test_the_step_is_the_formula():
    """On f = x^2/2 at rho = 0: N/||h||^2 = 1/2 whatever x, unless the cap is below; and f_v with its own weights."""
    parabola = st.load_problem("tight-pair")
    L, x_star = float(parabola.L), parabola.x_star
    x = x_star + np.array([[3.0], [-2.0], [0.0]])
    step = load_method("polyak", parabola)
    gradient = lambda x, draw: parabola.objective.gradient(x)  # noqa: E731
    assert step(x, None, gradient, 1e9, 0.0, 0.0) - x_star == pytest.approx((x - x_star) / 2)
    assert step(x, None, gradient, 0.1 / L, 0.0, 0.0) - x_star == pytest.approx(0.9 * (x - x_star))
    problem = st.load_problem("interpolated-ls")
    lower = np.linspace(-3.0, -1.0, problem.n)  # any lower bounds, none of them 0
    problem = replace(problem, f_i_inf=lower)
    x = problem.x0[None]
    draw = Draw(np.array([[2, 4]]), np.array([[1.5, 3.0]]))
    rho = 0.1

    def drawn(x, draw):
        return problem.objective.stochastic_gradient(x, *draw)

    g = drawn(x, draw)[0]
    y = x[0] + rho * g
    h = drawn(y[None], draw)[0]
    f_v = (np.array([1.5, 3.0]) @ (problem.objective.values(y[None])[0] - lower)[[2, 4]]) / problem.n
    expected = x[0] - (f_v - h @ (rho * g)) / (h @ h) * h
    assert load_method("polyak", problem)(x, draw, drawn, 1e9, rho, 0.0)[0] == pytest.approx(expected)


def test_the_cap_of_usam_ps_is_never_met():
    for name in ("ridge", "logistic", "ravine", "rank-deficient-ls"):
        problem = st.load_problem(name)
        plan = load_theorem(FULL).plan(problem.constants(st.Full()), 0.0)
        free = replace(plan.schedule, gamma=1e9)
        capped, uncapped = (
            run(problem, st.Full(), each, steps=50, method=Polyak(problem)).points[0] for each in (plan.schedule, free)
        )
        assert np.array_equal(capped, uncapped)


def test_draws_need_lower_bounds():
    problem = replace(st.load_problem("interpolated-ls"), f_i_inf=None)
    with pytest.raises(InputError, match="f_i_inf"):
        run(problem, st.Uniform(), st.Schedule(0.1), steps=1, method=Polyak(problem))


def test_falsify_and_best_are_about_unified_sam_and_compare_runs_the_method(capsys):
    with pytest.raises(NotApplicable, match="method=polyak"):
        falsify(load_theorem(FULL), budget=1.0)
    assert cli.main(["falsify", FULL]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert FULL in err
    ridge = st.load_problem("ridge")
    assert st.best(ridge, "full", FULL, 0.0, 1e-3).choice is None
    (row,) = st.compare(ridge, "full", FULL, 0.0, steps=500).rows
    assert row.measured is not None
    assert row.ratio >= 1
    assert row.to_json()["method"] == "polyak"
    assert cli.main(["compare", "ridge", "--sampling", "full", "--lam", "0", "--steps", "0"]) == 0
    shown = capsys.readouterr().out
    assert f"{FULL} *" in shown
    assert "* of another method" in shown


def test_every_theorem_names_a_method_that_is_there():
    problem = st.load_problem("ridge")
    for theorem in theorems().values():
        assert callable(load_method(theorem.method, problem))
    assert load_method("unified-sam", problem) is unified_sam.step
    with pytest.raises(InputError, match=r"method=polyac: no such method: did you mean polyak"):
        load_method("polyac", problem)


def test_every_method_that_is_offered_loads_and_is_listed(capsys):
    problem = st.load_problem("ridge")
    for name, module in methods().items():
        assert callable(load_method(name, problem))
        assert summary(module)
        assert module.SOURCE
    assert cli.main(["list", "methods", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["methods"]
    assert [entry["name"] for entry in listed] == list(methods())


FILE = '''"""Gradient descent, and another."""


def step(x, draw, gradient, gamma, rho, lam):
    return x - gamma * gradient(x, draw)


def twice(x, draw, gradient, gamma, rho, lam):
    return x - 2 * gamma * gradient(x, draw)


number = 1
'''


def test_an_error_in_a_method_file_names_the_file_and_an_error_elsewhere_does_not(tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text("def step(x, draw, gradient, gamma, rho, lam):\n    return x - gamma * undefined(x)\n")
    words = ["--theorem", "unified-sam/3.4", "--sampling", "full", "--lam", "0", "--workers", "1"]
    assert cli.main(["verify", "ridge", *words, "--method", str(path)]) == 2
    assert f"file={path}: line 2: NameError: name 'undefined' is not defined" in capsys.readouterr().err
    with pytest.raises(ZeroDivisionError), user_file_errors(path):
        1 / 0  # noqa: B018 - raised here, in no user's file


def test_a_method_under_test_is_named_by_its_file(tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    words = ["--theorem", "unified-sam/3.4", "--sampling", "full", "--lam", "0", "--workers", "1", "--json", "-"]
    assert cli.main(["verify", "ridge", *words, "--method", f"{path}:twice"]) == 1
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert f"--method {path}:twice" in cell["command"]
    right = "unified-sam"
    assert cli.main(["verify", "ridge", *words, "--method", right]) == 0


def test_a_method_file_gives_its_step_or_a_named_function(tmp_path):
    path, problem = tmp_path / "mine.py", st.load_problem("ridge")
    path.write_text(FILE)
    arguments = (np.ones((1, 1)), None, lambda x, draw: x, 0.25, 0.1, 0.5)
    assert load_method(str(path), problem)(*arguments) == pytest.approx(0.75)
    assert load_method(f"{path}:twice", problem)(*arguments) == pytest.approx(0.5)
    for name, message in ((f"{path}:number", "number"), (f"{path}:thrice", "thrice"), ("missing.py", "cannot be read")):
        with pytest.raises(InputError, match=message):
            load_method(name, problem)
    path.write_text("def step_for(problem):\n    raise KeyError('nothing')\n")
    with pytest.raises(InputError, match=r"mine.py: line 2: KeyError: 'nothing'"):
        load_method(str(path), problem)


@pytest.mark.parametrize("key", ["unified-sam/3.2", "unified-sam/3.5", "ours/tight", "ours/convex-average", FULL])
def test_a_theorem_file_works_where_it_is_copied_to(key, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    original = next(
        file for file in (Path(st.__file__).parent / "theorems").glob("*.py") if f'key="{key}"' in file.read_text()
    )
    shutil.copy(original, tmp_path)
    copied = load_theorem(original.name)
    assert copied.key == key
    assert copied is not theorems()[key]
    lam = "0" if copied.only is None else str(copied.only)
    sampling = "full" if key == FULL else "uniform"
    words = ["--sampling", sampling, "--lam", lam, "--json"]
    shown = []
    for theorem in (f"./{original.name}", key):
        assert cli.main(["rates", "interpolated-ls", "--theorem", theorem, *words]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]


def test_a_relative_import_of_what_is_not_there_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("from .bases import ConstantSteps\n")
    with pytest.raises(InputError, match=r"file=mine.py: line 1: ModuleNotFoundError: .* 'samtheory.theorems.bases'"):
        load_theorem("mine.py")
