"""Tables for papers, and the numbers of a paper beside those that its theorem gives."""

import csv
import io
import json

import pytest

import samtheory as st
from samtheory.cli import main

COMMANDS = {
    "rates": "rates ridge --theorem 3.2 --theorem 3.7",
    "compare": "compare ridge --steps 0 --theorem 3.2",
    "check": "check tight-pair --level least --sampling uniform --workers 1",
}
RESULTS = {
    "rates": lambda: st.rates("ridge", theorem=["3.2", "3.7"]),
    "compare": lambda: st.compare("ridge", theorem="3.2", steps=0),
    "check": lambda: st.check("tight-pair", level="least", sampling="uniform"),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("form", ["csv", "latex", "markdown"])
def test_the_table_of_a_command_is_that_of_its_result(name, form, capsys):
    assert main([*COMMANDS[name].split(), f"--{form}"]) == 0
    shown = capsys.readouterr().out
    assert shown == getattr(RESULTS[name](), f"to_{form}")()
    if form == "csv":
        assert all(None not in row for row in csv.DictReader(io.StringIO(shown)))
    assert len(shown.splitlines()) > 1


def test_one_format_at_a_time(capsys):
    assert main(["rates", "ridge", "--json", "--csv"]) == 2
    assert "--csv: not allowed with argument --json" in capsys.readouterr().err


ridge = st.rates("ridge", theorem="3.2", epsilon=1.0)
plan = ridge.rates[0].plan


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        (f"rho_max={plan.rho_max!r}", 0),
        (f"rho_max={plan.rho_max:.3g},gamma_max={plan.gamma_max:.2g}", 0),
        (f"rho_max={plan.rho_max:.3g},N={2 * plan.neighbourhood:.3g}", 1),
        (f"N={1.04 * plan.neighbourhood!r}±5%", 0),
        (f"N={1.06 * plan.neighbourhood!r}+-5%", 1),
        (f"q={plan.contraction + 1e-4!r}±2e-4", 0),
        (f"q={plan.contraction + 3e-4!r}+/-2e-4", 1),
        (f"T={ridge.rates[0].iterations}", 0),
        (f"iterations={ridge.rates[0].iterations + 1}", 1),
    ],
)
def test_a_stated_number_is_right_within_its_tolerance(stated, code, capsys):
    words = ["rates", "ridge", "--theorem", "3.2", "--epsilon", "1", "--expect", stated]
    assert main(words) == code
    assert ("differs" in capsys.readouterr().out) == (code == 1)
    assert main([*words, "--json"]) == code
    assert json.loads(capsys.readouterr().out)["agrees"] == (code == 0)
    assert ridge.expect(stated).agrees == (code == 0)


def test_a_number_that_the_theorem_does_not_have_differs():
    assert not st.rates("ridge", theorem="3.5", epsilon=1e-3).expect("N=0.1").agrees


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--theorem", "3.2", "--expect", "rho_max"], "expect=rho_max: must be NAME=VALUE"),
        (["--theorem", "3.2", "--expect", "kappa=1"], "expect=kappa=1: must be NAME=VALUE"),
        (["--theorem", "3.2", "--expect", "N=x"], "expect neighbourhood=x: must be a finite number"),
        (["--theorem", "3.2", "--expect", "N=nan"], "expect neighbourhood=nan: must be a finite number"),
        (["--theorem", "3.2", "--expect", "N=1±-1"], "must be a finite tolerance, at least 0"),
        (["--theorem", "3.2", "--expect", "N=1,neighbourhood=1"], "each number once"),
        (["--theorem", "3.2", "--expect", "T=10"], "epsilon: must be given"),
        (["--expect", "N=1"], "must be exactly one theorem with --expect"),
        (["--theorem", "3.2", "--best", "--epsilon", "1", "--expect", "N=1"], "must be left out beside --best"),
    ],
)
def test_bad_statements_are_one_line(words, line, capsys):
    assert main(["rates", "ridge", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert line in err
