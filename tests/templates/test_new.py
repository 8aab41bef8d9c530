"""A problem of one's own: the template, estimated constants, automatic derivatives."""

import re
import subprocess
import sys
import types

import numpy as np
import pytest

from samtheory import InputError, LinearModel, Uniform, UserSum, automatic, exact, load_problem
from samtheory.checking.card import check
from samtheory.checking.estimate import estimate
from samtheory.cli import main
from samtheory.templates.write import KINDS, write

# The template


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_written_once_and_names_its_own_file(kind, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["new", kind, "mine.py"]) == 0
    text = (tmp_path / "mine.py").read_text()
    assert "mine.py" in text
    assert "THIS_FILE" not in text
    (tmp_path / "mine.py").write_text("precious")
    assert main(["new", kind, "mine.py"]) == 2
    assert "mine.py: exists already" in capsys.readouterr().err
    assert (tmp_path / "mine.py").read_text() == "precious"


def test_the_problem_template_is_a_problem_that_check_finds_consistent(tmp_path, capsys):
    file = str(write("problem", str(tmp_path / "mine.py")))
    problem = load_problem(file, n="2", d="2")
    assert {problem.L_i.provenance, problem.L.provenance, problem.mu.provenance, problem.f_inf.provenance} == {
        "numerical"
    }
    assert main(["check", file, "--param", "n=2", "--param", "d=2", "--sampling", "uniform", "--level", "quick"]) == 0
    out = capsys.readouterr().out
    assert "numerical" in out
    assert "consistent" in out
    assert not re.search(r"(?<!/)certified", out)  # `ours/certified` is a theorem
    assert "theorems that do not apply" in out
    assert (
        main(
            ["rates", file, "--param", "n=2", "--param", "d=2", "--theorem", "unified-sam/3.2", "--sampling", "uniform"]
        )
        == 0
    )


# Estimates


@pytest.mark.parametrize("name", ["ridge", "sine-1d", "logistic", "interpolated-ls", "heterogeneous"])
def test_estimates_are_a_little_on_the_safe_side_of_the_truth(name):
    right = load_problem(name)
    found = estimate(right.objective, right.x0)
    assert np.all(found.L_i.values >= right.L_i.values)
    assert np.all(found.L_i.values <= 1.05 * right.L_i.values)
    assert right.L <= found.L <= 1.05 * right.L
    assert 0.9 * right.mu <= found.mu <= right.mu
    assert found.f_inf == pytest.approx(right.f_inf, abs=1e-9)
    assert np.all(found.f_i_inf.values <= right.f_i_inf.values + 1e-12)
    assert "search" in found.L.source
    (card,) = check(found, [Uniform()], seed=1)
    assert {each.provenance for each in card.constants if each.name in ("L_i", "L", "mu", "f_inf")} == {"numerical"}
    assert card.falsified == []


def test_what_is_given_is_kept():
    right = load_problem("ridge")
    found = estimate(right.objective, right.x0, L=exact(1.5, "mine"), mu=0.05, properties={"convex"})
    assert (found.L, found.L.provenance, found.L.source) == (1.5, "exact", "mine")
    assert (found.mu, found.mu.provenance) == (0.05, "claimed")
    assert found.properties == {"convex"}


def test_no_pl_constant_is_made_up_where_there_is_none():
    assert estimate(load_problem("sigmoid").objective, np.zeros(3)).mu is None


def test_a_function_without_a_minimum_is_refused_and_a_component_without_one_left_out():
    down = UserSum(lambda i, x: float(-(x @ x)), lambda i, x: -2 * x, 1, 1)
    with pytest.raises(InputError, match="f_inf"):
        estimate(down, np.ones(1))
    tilted = UserSum(lambda i, x: float(x @ x / 2 * (1, -0.5)[i]), lambda i, x: (1, -0.5)[i] * x, 2, 1)
    found = estimate(tilted, np.ones(1))
    assert found.f_i_inf is None
    assert found.mu == pytest.approx(0.25, rel=0.05)


def test_an_estimate_that_is_too_good_is_falsified():
    """An estimate is judged like any other claim."""
    right = load_problem("ridge")
    found = estimate(right.objective, right.x0, L=0.9 * float(right.L))
    (card,) = check(found, [Uniform()])
    assert "L" in {finding.name for finding in card.falsified}


# Automatic derivatives, with a stand-in for the libraries that are never required


def central(function, argument):
    """What autograd.grad does, by differences."""
    assert argument == 1

    def gradient(i, x):
        steps = 1e-6 * np.eye(len(x))
        return np.array([(function(i, x + step) - function(i, x - step)) / 2e-6 for step in steps])

    return gradient


def test_automatic_derivatives_come_from_the_library_that_is_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    monkeypatch.setitem(sys.modules, "autograd", types.SimpleNamespace(grad=central))
    A, b = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]]), np.array([1.0, 0.0, 2.0])
    f = automatic(lambda i, x: 0.5 * (A[i] @ x - b[i]) ** 2, 3, 2)
    X = np.array([[0.3, -0.7], [2.0, 1.0]])
    np.testing.assert_allclose(f.gradients(X), LinearModel(A, b, "squared").gradients(X), atol=1e-6)


def test_jax_is_put_into_double_precision(monkeypatch):
    asked = {}
    config = types.SimpleNamespace(update=asked.__setitem__)
    monkeypatch.setitem(sys.modules, "jax", types.SimpleNamespace(grad=central, config=config))
    automatic(lambda i, x: x @ x, 1, 2)
    assert asked == {"jax_enable_x64": True}


def test_without_a_library_automatic_says_what_to_do(monkeypatch):
    for name in ("jax", "autograd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match="jax nor autograd"):
        automatic(lambda i, x: x @ x, 1, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of the size of files are POSIX")
def test_a_template_that_does_not_fit_on_the_disk_leaves_nothing(tmp_path):
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));"
        "from samtheory.cli import main; sys.exit(main(['new', 'problem', 'mine.py']))"
    )
    run = subprocess.run(
        [sys.executable, "-c", limited], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 2
    assert run.stderr.startswith("samtheory: error: file=mine.py: cannot be written")
    assert not (tmp_path / "mine.py").exists()
