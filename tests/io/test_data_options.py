"""--data and the options beside it: shown, carried along in commands, and never in contradiction with parameters."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

from samtheory import cli
from samtheory.catalogue import load_problem, parameters_of, problem_module, problems, takes_rows
from samtheory.io.data_file import DataFile

TEXT = "a;y;b\n1;1;2.5\n0;-1;3\n4;1;0\n2;-1;1\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(TEXT)
    return str(path)


def options(file):
    return ["--data", file, "--target", "y", "--delimiter", ";", "--standardise", "--intercept"]


def test_heading_and_document_show_the_file_and_its_size(file, capsys):
    assert cli.main(["rates", "ridge", "--sampling", "uniform", *options(file)]) == 0
    heading = " ".join(capsys.readouterr().out.split("uniform")[0].split())
    assert heading.startswith("ridge reg=0.05 on ")
    assert heading.endswith("n=4 d=3")
    for command in (["rates"], ["compare", "--epsilon", "1"]):
        cli.main([*command[:1], "ridge", "--sampling", "uniform", *command[1:], *options(file), "--json"])
        document = json.loads(capsys.readouterr().out)
        assert document["params"] == {"reg": 0.05}
        assert (document["data"]["n"], document["data"]["d"]) == (4, 3)
        assert document["data"]["file"].startswith(file)


def test_a_verdict_is_repeated_by_its_command(file, capsys):
    call = ["verify", "ridge", "--theorem", "unified-sam/3.2", "--sampling", "uniform", "--lam", "0", "--steps", "20"]
    assert cli.main([*call, *options(file), "--json", "-"]) == 0
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert "--target y --delimiter ';' --standardise --intercept" in cell["command"]


@pytest.mark.parametrize("name", [name for name in problems() if takes_rows(name)])
def test_a_parameter_that_the_rows_replace_is_refused_beside_them(name, file, capsys):
    module = problem_module(name)
    replaced = parameters_of(module).keys() - parameters_of(module, replaced=True).keys()
    for key in replaced:
        assert cli.main(["rates", name, "--data", file, "--param", f"{key}=3"]) == 2
        assert f"param {key}=3: must be left out beside data={file}" in capsys.readouterr().err
    makes = getattr(module, "synthetic", None)
    assert replaced == (inspect.signature(makes).parameters.keys() if makes else set()) - (
        inspect.signature(module.problem).parameters.keys()
    )


def test_what_is_kept_beside_rows_still_counts():
    rows = (np.eye(3), np.arange(3.0))
    assert load_problem("ridge", rows=rows, reg=0.5).objective.reg == 0.5
    assert load_problem("ridge", rows=rows).params == {"reg": 0.05}


@pytest.mark.parametrize("option", [["--target", "y"], ["--delimiter", "tab"], ["--standardise"], ["--intercept"]])
def test_options_of_a_file_need_the_file(option, capsys):
    assert cli.main(["rates", "ridge", *option]) == 2
    assert f"{option[0][2:]}: data=FILE is missing beside it" in capsys.readouterr().err


def test_the_words_of_a_file_are_the_file(file):
    from argparse import ArgumentParser

    from samtheory.commands import options as shared

    parser = ArgumentParser()
    shared.add_problem(parser)
    given = DataFile(file, "y", "semicolon", standardise=True, intercept=True)
    assert shared.data(parser.parse_args(given.words)) == given
