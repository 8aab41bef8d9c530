"""pytest --samtheory and assert_bound, as people meet them in their own suites."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pytest

import samtheory as st
from samtheory.cli import main
from samtheory.pytest_plugin import assert_bound, is_problem_file
from samtheory.request import Request
from samtheory.templates.write import write
from samtheory.verification.judge import judge
from samtheory.verification.sweep import select

pytest_plugins = "pytester"

PROBLEM = '''"""A parabola."""

import numpy as np

from samtheory import Problem, Quadratics, exact


def problem():
    return Problem(
        objective=Quadratics(np.array([[[1.0]], [[3.0]]]), np.array([[1.0], [-1.0 / 3.0]])),
        x0=np.array([2.0]),
        L_i=exact(np.array([1.0, 3.0]), "f_i'"),
        L=exact(2.0, "f'"),
        mu=exact(MU, "f'"),
        f_inf=exact(1.0 / 3.0, "(f_1(0) + f_2(0))/2"),
        f_i_inf=exact(np.zeros(2), "squares"),
        x_star=np.zeros(1),
        properties=frozenset({"convex", "convex-components"}),
    )
'''
ONE = ("--samtheory-theorem", "unified-sam/3.2", "--samtheory-sampling", "uniform", "--samtheory-lam", "0")


@pytest.fixture(scope="module")
def _loaded() -> None:
    """Everything that a run of the plugin imports: one inside this process forgets what it has imported first."""
    cells, _ = select(["tight-pair"], ["unified-sam/3.2"], ["uniform"], [0.5], request=Request(steps=3))
    for cell in cells:
        judge(cell)


@pytest.fixture
def run(_loaded, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config):
    """Runs pytest in a folder of its own, with the plugin, installed or not."""
    plugin = [] if pytestconfig.pluginmanager.has_plugin("samtheory") else ["-p", "samtheory.pytest_plugin"]
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return lambda *arguments: pytester.runpytest_inprocess(*plugin, "-p", "no:cacheprovider", *arguments)


def put(pytester: pytest.Pytester, name: str, mu: float = 2.0) -> None:
    (pytester.path / name).write_text(PROBLEM.replace("MU", repr(mu)))


def test_a_problem_file_is_one_item_for_each_theorem_sampling_and_lam(pytester, run) -> None:
    put(pytester, "parabola_1.py")
    result = run("--samtheory", "--collect-only", "-q", "--samtheory-theorem", "unified-sam/3.2")
    lines = [line for line in result.outlines if "::" in line]
    assert "parabola_1.py::unified-sam/3.2-uniform-lam=0.5" in lines
    assert {line.rsplit("=", 1)[1] for line in lines} == {"0", "0.5", "1"}
    assert len(lines) == len(set(lines)) >= 9


def test_what_holds_passes(pytester, run) -> None:
    put(pytester, "parabola_2.py")
    run("--samtheory", *ONE).assert_outcomes(passed=1)


def test_every_theorem_that_applies_is_tried_by_itself_and_no_other(pytester, run) -> None:
    put(pytester, "parabola_3.py")
    result = run("--samtheory", "--collect-only", "-q", "--samtheory-sampling", "uniform", "--samtheory-lam", "0")
    named = {line.partition("::")[2].rpartition("-uniform")[0] for line in result.outlines if "::" in line}
    assert {"unified-sam/3.2", "unified-sam/3.7", "ours/3.2+"} <= named
    assert "unified-sam/3.4" not in named


def test_a_violation_is_told_with_number_seed_and_command(pytester, run) -> None:
    put(pytester, "too_steep.py", mu=2.5)
    result = run("--samtheory", *ONE, "--samtheory-seed", "7")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*mu=2.5: must be at most L=2*"])

    (pytester.path / "too_steep.py").unlink()
    put(pytester, "too_flat.py", mu=0.9)
    file = pytester.path / "too_flat.py"
    file.write_text(file.read_text().replace("L=exact(2.0", "L=exact(1.0"))
    result = run("--samtheory", *ONE, "--samtheory-seed", "7")
    result.assert_outcomes(failed=1)
    shown = result.stdout.str()
    assert "assumption-fails, seed 7" in shown
    assert "bound / measured = 0.5 at" in shown
    assert "samtheory verify too_flat.py --theorem unified-sam/3.2 --sampling uniform --lam 0 --seed 7" in shown
    assert "Traceback" not in shown
    assert "runtest" not in shown


def test_a_theorem_that_was_named_and_says_nothing_here_is_a_skip_with_its_reason(pytester, run) -> None:
    put(pytester, "parabola_4.py")
    result = run("--samtheory", "--samtheory-theorem", "unified-sam/3.4", *ONE[2:], "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*not claimed of this problem and sampling: full-batch*"])


@pytest.mark.parametrize("option", [("--samtheory-theorem", "nonsense"), ("--samtheory-lam", "7")])
def test_bad_input_is_one_line(pytester, run, option) -> None:
    put(pytester, "parabola_5.py")
    result = run("--samtheory", *option)
    result.assert_outcomes(errors=1)
    assert option[1] in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_a_theorem_of_ones_own_is_taken_from_its_file(pytester, run) -> None:
    put(pytester, "parabola_6.py")
    write("theorem", str(pytester.path / "mine.py"))
    full = ("--samtheory-sampling", "full", "--samtheory-lam", "0")
    run("--samtheory", "--samtheory-theorem", "mine.py", *full).assert_outcomes(passed=1)


def test_it_works_on_several_workers(pytester, run) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is in the extra test")
    put(pytester, "parabola_7.py")
    run("--samtheory", *ONE, "-n", "2").assert_outcomes(passed=1)


def test_nothing_is_collected_or_imported_unless_asked_for(pytester, run) -> None:
    put(pytester, "parabola_8.py")
    run().assert_outcomes()
    heavy = "import sys, samtheory.pytest_plugin; print(sorted({'numpy', 'scipy', 'sympy'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PROBLEM, True),
        ("from samtheory.problem.problem import Problem\ndef problem(): ...", True),
        ("def problem(): ...", False),
        ("import samtheory", False),
        ("import samtheory\ndef test_problem(): ...", False),
        ("import samtheory\nclass A:\n    def problem(self): ...", False),
        ("import samtheory as st\ndef problem(:", False),
        ("import samtheory_other\ndef problem(): ...", False),
        ("import samtheory, pytest\n@pytest.fixture\ndef problem(): ...", False),
        ("import samtheory\nfrom pytest import fixture\n@fixture(scope='module')\ndef problem(): ...", False),
        ("import samtheory\ndef problem(kind): ...", False),
        ("import samtheory\ndef problem(*, kind): ...", False),
        ("import samtheory\ndef problem(n=3, *, kind=2): ...", True),
        ("import samtheory\nfrom functools import cache\n@cache\ndef problem(): ...", True),
    ],
)
def test_a_problem_file_is_known_without_running_it(tmp_path, text, expected) -> None:
    file = tmp_path / "some.py"
    file.write_text(text)
    assert is_problem_file(file) is expected
    assert not is_problem_file(tmp_path / "nothing.py")


# assert_bound


def curves(trials: int, scale: float, seed: int = 0) -> np.ndarray:
    """Exponential curves with mean scale/(t + 1), shape (trials, 50)."""
    return np.random.default_rng(seed).exponential(scale / (1 + np.arange(50.0)), size=(trials, 50))


BOUND = 1 / (1 + np.arange(50.0))


def test_curves_below_the_bound_pass() -> None:
    assert_bound(curves(64, 0.5), BOUND)
    assert_bound(curves(64, 0.5), lambda t: 1 / (1 + t))
    assert_bound(curves(64, 0.5)[:, ::7], BOUND[::7], np.arange(50)[::7])
    assert_bound(0.9 * BOUND, BOUND)
    assert_bound(np.zeros(3), np.zeros(3))


ABOVE = {
    "random": curves(64, 3.0), "one": 1.01 * BOUND, "undefined": np.full((64, 50), np.nan),
    "infinite": np.full(50, np.inf), "equal": np.tile(1.1 * BOUND, (10, 1)), "few, far above": curves(10, 8.0),
}  # fmt: skip


@pytest.mark.parametrize("values", ABOVE.values(), ids=ABOVE)
def test_curves_above_the_bound_fail(values: np.ndarray) -> None:
    with pytest.raises(AssertionError, match="bound / mean = "):
        assert_bound(values, BOUND)


def test_the_message_has_the_place() -> None:
    with pytest.raises(AssertionError, match=r"bound / mean = 0\.5 at t=30, 1 trials"):
        assert_bound([1.0, 2.0], [1.0, 1.0], t=[10, 30])


def test_what_is_not_significant_yet_is_a_warning() -> None:
    with pytest.warns(UserWarning, match="not significant yet"):
        assert_bound([[1.0, 1.1], [1.2, 1.1]], np.ones(2))


def test_a_bound_that_is_attained_in_the_mean_is_not_an_alarm() -> None:
    """Means equal to the bound: each of 200 sets fails with probability at most 1e-6, by Ville's inequality."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for seed in range(200):
            assert_bound(curves(64, 1.0, seed), BOUND)


@pytest.mark.parametrize(("values", "bound"), [(np.ones((2, 3)), np.ones(4)), (np.ones((2, 3, 4)), np.ones(3))])
def test_shapes_must_fit(values, bound) -> None:
    with pytest.raises(st.InputError, match="shapes"):
        assert_bound(values, bound)


def test_the_fixture_is_the_function(pytester, run) -> None:
    pytester.makepyfile(
        """
        import samtheory as st

        def test_mine(assert_bound):
            problem, sampling = st.load_problem("tight-pair"), st.Uniform()
            plan = st.load_theorem("unified-sam/3.2").plan(problem.constants(sampling), lam=0.5)
            runs = st.run(problem, sampling, plan.schedule, steps=50, trials=32, seed=0)
            assert_bound(runs.gap, lambda t: plan.bound(t, problem.delta0), runs.t, rounding=1e-12)

        def test_wrong(assert_bound):
            assert_bound([1.0], [0.5])
        """
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*bound / mean = 0.5 at t=0*"])


# [tool.samtheory]


def project(pytester: pytest.Pytester, **table: str) -> None:
    """A pyproject.toml with this table, and a problem in `theory/`."""
    lines = [f"{key} = {value}" for key, value in table.items()]
    (pytester.path / "pyproject.toml").write_text("\n".join(["[tool.samtheory]", *lines]), encoding="utf-8")
    (pytester.path / "theory").mkdir(exist_ok=True)
    (pytester.path / "tests").mkdir(exist_ok=True)
    (pytester.path / "tests" / "test_own.py").write_text("def test_own(): pass\n")
    put(pytester, "theory/parabola.py")


NARROW = {"problems": '"theory/*.py"', "theorems": '["3.2"]', "samplings": '["uniform"]', "lam": "[0, 0.5]"}


def test_plain_pytest_verifies_what_the_project_names(run, pytester):
    project(pytester, **NARROW)
    run().assert_outcomes(passed=3)
    run("tests").assert_outcomes(passed=1)
    run("theory/parabola.py").assert_outcomes(passed=2)
    put(pytester, "theory/parabola.py", mu=1.0)
    text = (pytester.path / "theory/parabola.py").read_text()
    (pytester.path / "theory/parabola.py").write_text(text.replace("np.array([1.0, 3.0])", "np.array([1.0, 2.9])"))
    run().assert_outcomes(passed=1, failed=2)


def test_the_project_is_visited_beside_testpaths(run, pytester):
    project(pytester, **NARROW)
    with (pytester.path / "pyproject.toml").open("a") as file:
        file.write('\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n')
    run().assert_outcomes(passed=3)


def test_every_cell_is_compared_with_the_baseline_of_the_project(run, pytester, capfd):
    project(pytester, **NARROW, baseline='"baseline.json"')
    found = run()
    found.assert_outcomes(passed=1, failed=2)
    found.stdout.fnmatch_lines(["*baseline.json: has no samtheory verify theory/parabola.py*"])
    words = ["theory/parabola.py", "--theorem", "3.2", "--sampling", "uniform", "--lam", "0", "--lam", "0.5"]
    assert main(["verify", *words, "--workers", "1", "--baseline", "baseline.json"]) == 0
    run().assert_outcomes(passed=3)
    put(pytester, "theory/parabola.py", mu=1.9)  # true, but another number
    found = run()
    found.assert_outcomes(passed=1, failed=2)
    found.stdout.fnmatch_lines(["*mu*2 → 1.9*"])


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ({"problem": '"a.py"'}, "tool.samtheory=problem: must be one of problems, theorems"),
        ({"problems": '"none/*.py"'}, "tool.samtheory.problems=none/*.py: must match a file"),
        ({"problems": '""'}, "tool.samtheory.problems=: must match a file"),
        ({"problems": '"/*.py"'}, "tool.samtheory.problems=/*.py: must match a file"),
        ({"problems": "3"}, "tool.samtheory.problems=3: must be a text or a list of texts"),
        ({"lam": "[2]"}, "lam=2: must be"),
        ({"seed": "-1"}, "tool.samtheory.seed=-1: must be a whole number"),
        ({"baseline": "1"}, "tool.samtheory.baseline=1: must be the name of a file"),
    ],
)
def test_a_bad_table_is_one_line(run, pytester, table, line):
    project(pytester, **table)
    found = run()
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    found.stderr.fnmatch_lines([f"*{line.replace('[', '[[]')}*"])
