"""One wrong constant, one cause: what is wrong only because of it says so; and the whole witness is kept."""

import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from witnesses import Again

import samtheory as st
from samtheory import InputError, LinearModel, Problem, Quadratics, claimed, load_problem
from samtheory.checking.card import check
from samtheory.cli import main
from samtheory.io import witness
from samtheory.sampling.base import parse_sampling


def falsified(problem, sampling="uniform"):
    (card,) = check(problem, [parse_sampling(sampling)], level="least")
    return {finding.name: finding for finding in card.falsified}


@pytest.mark.parametrize(
    ("factor", "k", "sampling"),
    [(0.01, 0, "importance"), (0.9, 4, "uniform"), (0.5, 7, "importance"), (0.99, 2, "nice:2")],
)
def test_a_single_wrong_L_i_is_the_only_cause(factor, k, sampling):
    right = load_problem("ridge")
    values = right.L_i.values.copy()
    values[k] *= factor
    found = falsified(replace(right, L_i=claimed(values)), sampling)
    assert found["L_i"].cause is None
    assert {each.cause for name, each in found.items() if name != "L_i"} <= {f"L_i[{k}]"}
    fixed = {
        name: value
        for values in right.claimed(right.law(parse_sampling(sampling))).values()
        for name, value in values.items()
    }
    for name, each in found.items():
        if name in ("L_max", "L_avg"):
            assert each.best_known == pytest.approx(float(fixed[name]), rel=2e-3)


@pytest.mark.parametrize("sampling", ["full", "uniform"])
@pytest.mark.parametrize(("name", "factor"), [("L", 0.7), ("mu", 1.3), ("f_inf", 1.05)])
def test_a_single_wrong_constant_of_f_is_the_only_cause(name, factor, sampling):
    """Under the full batch L is Λ₁, Λ₂ and Λ too."""
    right = load_problem("ridge")
    found = falsified(replace(right, **{name: claimed(factor * float(getattr(right, name)))}), sampling)
    assert [each for each, finding in found.items() if finding.cause is None] == [name]


def test_f_inf_too_high_explains_what_is_measured_from_it():
    found = falsified(replace(load_problem("ridge"), f_inf=claimed(float(load_problem("ridge").f_inf) + 0.1)))
    assert found["f_inf"].cause is None
    assert {each.cause for name, each in found.items() if name != "f_inf"} == {"f_inf"}


def test_a_constant_that_is_wrong_by_itself_has_no_cause():
    right = load_problem("ridge")
    values = right.L_i.values.copy()
    values[0] /= 2
    found = falsified(
        replace(right, L_i=claimed(values), mu=claimed(3 * float(right.mu)), L=claimed(float(right.L) / 2))
    )
    assert {name for name, each in found.items() if each.cause is None} == {"L_i", "mu", "L"}
    assert found["strongly-convex"].cause == "mu"


def test_two_wrong_constants_are_one_cause_together_where_neither_is_alone():
    rng = np.random.default_rng(0)
    f = LinearModel(rng.standard_normal((6, 2)), np.zeros(6), "squared", 0.1)
    right = Problem(
        f,
        np.ones(2),
        claimed(f.component_smoothness),
        claimed(f.smoothness),
        claimed(0.0),
        f_i_inf=claimed(np.zeros(6)),
    )
    found = falsified(
        replace(right, L_i=claimed(f.component_smoothness / 9), f_inf=claimed(0.2), f_i_inf=claimed(np.full(6, 0.1)))
    )
    causes = {each.cause for each in found.values() if each.cause}
    assert any("6 components" in cause for cause in causes)
    assert {name for name, each in found.items() if each.cause is None} == {"L_i", "f_inf", "f_i_inf"}


def test_the_witness_file_reproduces_the_inequality(tmp_path, capsys):
    source = tmp_path / "wrong.py"
    source.write_text(
        "from dataclasses import replace\nfrom samtheory import claimed, load_problem\n"
        "def problem():\n    p = load_problem('ridge')\n"
        "    return replace(p, L_i=claimed(p.L_i.values / 2), mu=claimed(2 * float(p.mu)))\n"
    )
    archive = tmp_path / "w.npz"
    assert main(["check", str(source), "--sampling", "uniform", "--witness", str(archive), "--json"]) == 1
    (entry,) = json.loads(capsys.readouterr().out)["problems"]
    wrong = {each["name"]: each for each in entry["constants"] if each["verdict"] == "falsified"}
    problem, found = load_problem(str(source)), witness.read(archive)
    assert {each["constant"] for each in found} == set(wrong)
    assert found[0]["constant"] in ("L_i", "mu")
    assert {each.get("cause") for each in found} == {each["cause"] for each in wrong.values()}
    for each in found:
        if each["constant"] == "strongly-convex":
            continue
        left, right = getattr(Again(problem, problem.law(parse_sampling("uniform")), each), each["constant"])()
        assert left > right
        assert left / right == pytest.approx(each["ratio"], rel=1e-5)


def test_a_witness_file_that_cannot_be_is_refused(tmp_path, capsys):
    for path, words in ((tmp_path / "w.txt", "ends in .npz"), (tmp_path / "none" / "w.npz", "can be written")):
        assert main(["check", "ridge", "--witness", str(path)]) == 2
        assert words in capsys.readouterr().err
    (tmp_path / "bad.npz").write_text("no archive")
    with pytest.raises(InputError, match="bad"):
        witness.read(tmp_path / "bad.npz")


def test_a_constant_that_the_corrected_card_does_not_claim_follows_from_the_correction():
    """Where f_inf is lowered, the components' infima no longer say how strongly the noise grows."""
    f = Quadratics(np.ones((2, 1, 1)), np.zeros((2, 1)))
    claimed = {"x_star": np.zeros(1), "properties": frozenset({"convex", "convex-components", "interpolation"})}
    card = Problem(f, np.ones(1), np.ones(2), 1.0, 0.3, np.full(2, 0.3), 1.0, **claimed)
    (found,) = check(card, [parse_sampling("uniform")], level="least")
    causes = {each.name: each.cause for each in found.falsified}
    assert causes["f_inf"] is None
    assert causes["alpha"] is not None


def test_a_witness_is_drawn_on_a_line_through_it():
    problem = st.load_problem("ridge")
    wrong = replace(problem, L=st.claimed(0.8 * float(problem.L)), mu=st.claimed(2 * float(problem.mu)))
    report = st.check(wrong, "uniform", level="least")
    for name in ("L", "mu"):
        (finding,) = (each for each in report[0].falsified if each.name == name)
        at = finding.line["s"].index(1.0)
        for side in ("left", "right"):
            assert finding.line[side][at] == pytest.approx(finding.witness[side], rel=1e-6)
        axes = report.plot(Figure().subplots(), constant=name)
        assert list(axes.get_lines()[0].get_ydata()) == finding.line["left"]
    with pytest.raises(st.NotApplicable, match="no witness against sigma2 to plot"):
        report.plot(constant="sigma2")
