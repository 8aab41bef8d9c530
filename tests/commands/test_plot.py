"""`samtheory plot` and `st.plot`: trajectories beside bounds, in files that are the same each time."""

import csv
import inspect
import io
from argparse import ArgumentParser

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

import samtheory as st
from samtheory.cli import main
from samtheory.commands import plot

SHORT = ["plot", "two-quadratics", "--sampling", "full", "--steps", "20"]


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_a_plot_is_the_same_file_each_time_and_leaves_nothing_behind(kind, begins, tmp_path, capsys):
    style, open_before = dict(matplotlib.rcParams), pyplot.get_fignums()
    contents = set()
    for number in range(2):
        path = tmp_path / f"{number}.{kind}"
        assert main([*SHORT, "--theorem", "3.4", "--lam", "0", "--lam", "1", "--out", str(path)]) == 0
        contents.add(path.read_bytes())
    assert len(contents) == 1
    assert contents.pop().startswith(begins)
    assert f"wrote {path}" in capsys.readouterr().err
    assert (dict(matplotlib.rcParams), pyplot.get_fignums()) == (style, open_before)


def test_the_table_of_a_plot_is_the_run_and_the_bound(tmp_path, capsys):
    out = str(tmp_path / "fig.svg")
    assert main([*SHORT, "--theorem", "3.4", "--lam", "1", "--out", out, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    plan = st.load_theorem("3.4").plan(st.load_problem("two-quadratics").constants(st.Full()), 1.0)
    t = [int(row["t"]) for row in rows]
    run = st.run("two-quadratics", "full", plan, steps=20, record=t)
    assert [float(row["mean"]) for row in rows] == run.gap[0].tolist()
    assert np.allclose([float(row["bound"]) for row in rows], plan.bound(np.array(t), run.gap[0, 0]))


MEASURES = {"gap": "3.2", "min_grad2": "3.7", "avg_gap": "ours/convex-average", "distance2": "ours/convex"}


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_plotted_and_ends_below_its_bound(measure):
    found = st.trajectories("ridge", "uniform", MEASURES[measure], steps=50, trials=5)
    assert found.measure == measure
    (line,) = found.lines
    assert line.mean[-1] <= line.bound[-1]  # five trials; a third of the bound
    assert (line.low is None) == (measure == "min_grad2")
    axes = found.plot(Figure().subplots())
    assert np.array_equal(axes.get_lines()[0].get_ydata(), line.mean)


def test_one_plots_the_curves_of_another_program():
    t, curves = np.array([0, 5]), np.array([[4.0, 1.0], [4.0, 3.0]])
    found = st.trajectories("ridge", "uniform", ["3.2", "ours/tight"], curves=(t, curves))
    assert [line.mean.tolist() for line in found.lines] == [[4.0, 2.0]] * 2
    assert (found.trials, found.seed) == (2, None)
    assert st.plot("ridge", "uniform", "3.2", curves=(t, curves), ax=(axes := Figure().subplots())) is axes


def test_the_method_is_that_of_the_theorem_unless_another_is_named():
    found = st.trajectories("ridge", "full", "oikonomou-2026/usam-ps", 0.0, steps=30)
    assert (found.lines[0].mean <= found.lines[0].bound).all()
    other = st.trajectories("ridge", "full", "oikonomou-2026/usam-ps", 0.0, steps=30, method="unified-sam")
    assert not np.array_equal(found.lines[0].mean, other.lines[0].mean)


def test_the_command_and_the_verb_have_the_same_defaults():
    parser = ArgumentParser()
    plot.arguments(parser)
    asked = vars(parser.parse_args(["ridge"]))
    parameters = inspect.signature(st.trajectories).parameters
    shared = asked.keys() & parameters.keys() - {"problem", "sampling", "theorem", "lam"}  # lists: repeated options
    assert {"trials", "steps", "method", "seed", "gamma", "rho"} <= shared
    assert {name: asked[name] for name in shared} == {name: parameters[name].default for name in shared}


def test_the_theorems_of_the_paper_are_plotted_where_none_is_named():
    found = st.trajectories("robust", "uniform", steps=5, trials=2)
    assert [line.theorem for line in found.lines] == ["unified-sam/3.7"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--out", "fig.jpg"], "out=fig.jpg: must be a file that ends in .pdf, .svg or .png"),
        (["--out", "no/such/folder/fig.svg"], "out=no/such/folder/fig.svg: must be a file that can be written"),
        (["--width", "three"], "width=three: must be a finite number above 0"),
        (["--theorem", "3.4", "--theorem", "3.7"], "must bound one quantity in one plot"),
        (["--theorem", "3.7", "--curves", "CURVES"], "which bounds min_grad2, not f(x_t) - f*"),
        (["--steps", "0"], "steps=0: must be a whole number, at least 1"),
    ],
)
def test_bad_input_is_one_line_and_no_file(words, line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "CURVES").write_text("t,a\n0,1\n1,0.5\n")
    assert main([*SHORT, *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert line in err
    assert [path.name for path in tmp_path.iterdir()] == ["CURVES"]
