"""`samtheory rates` against the formulas of the paper, evaluated here in exact fractions."""

import json
from fractions import Fraction

import pytest

from samtheory import InputError, Nice, NotApplicable, catalogue, cli, load_problem, rates
from samtheory.report import tables

NUMBERS = ("rho_max", "rho", "gamma_max", "gamma", "contraction", "neighbourhood", "iterations")


def asked(capsys, *argv: str) -> dict:
    """The document of `samtheory rates ... --json`."""
    assert cli.main(["rates", *argv, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def words(constants: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in constants.items())


# Theorem 3.2, by hand

CASES = [
    ({"mu": "0.031", "L_max": "3.1", "A": "3.1", "B": "0", "C": "0"}, "0.5", "0.5"),
    ({"mu": "0.5", "L_max": "4", "L": "2", "Lambda": "6", "A": "3", "B": "0.5", "C": "0.75"}, "0.25", "0.125"),
    ({"mu": "1", "L_max": "1", "A": "0", "B": "1", "C": "2"}, "1", "0.75"),
    ({"mu": "0.25", "L_max": "8", "A": "8", "B": "0", "C": "5"}, "0", "0"),
]


@pytest.mark.parametrize(("constants", "lam", "fraction"), CASES)
def test_theorem_3_2(capsys, constants, lam, fraction):
    at = ("--theorem", "unified-sam/3.2", "--lam", lam, "--rho-fraction", fraction)
    found = asked(capsys, "--constants", words(constants), *at)
    given = {name: Fraction(value) for name, value in constants.items()}
    mu, A, B, C = (given[name] for name in ("mu", "A", "B", "C"))
    L = given.get("L", given["L_max"])
    ell = given.get("Lambda", given["L_max"])
    a, D = 1 - Fraction(lam), B * mu + A
    largest = mu / (ell * (mu + 2 * D * a**2))
    rho = Fraction(fraction) * largest
    gamma = (mu - ell * rho * (mu + 2 * D * a**2)) / (2 * L * D * (1 + 2 * ell**2 * rho**2 * a**2))
    twice = 1 + 2 * L * gamma * ell * rho
    N = (C * (L * gamma + ell * rho * a**2 * twice) + Fraction(lam) ** 2 * ell * rho * twice) / mu
    expected = {
        "rho_max": largest,
        "rho": rho,
        "gamma_max": gamma,
        "gamma": gamma,
        "contraction": 1 - gamma * mu,
        "neighbourhood": N,
    }
    assert {name: found[name] for name in expected} == pytest.approx(
        {name: float(value) for name, value in expected.items()}, rel=1e-12, abs=0
    )
    assert found["iterations"] is None


def test_default_steps_are_half_of_rho_max_and_all_of_gamma_max():
    (found,) = rates(constants={"mu": 0.5, "L_max": 4, "A": 4, "B": 0, "C": 1}, theorem="unified-sam/3.2").rates
    assert found.plan.rho == found.plan.rho_max / 2
    assert found.plan.gamma == found.plan.gamma_max


def test_gamma_max_is_that_of_the_rho_in_force_even_where_gamma_is_given():
    given = {"mu": 0.5, "L_max": 4, "A": 4, "B": 0, "C": 1}
    (free,) = rates(constants=given, theorem="unified-sam/3.2", rho=0.01).rates
    (held,) = rates(constants=given, theorem="unified-sam/3.2", rho=0.01, gamma=free.plan.gamma / 3).rates
    assert held.plan.gamma_max == free.plan.gamma_max
    assert held.plan.gamma == free.plan.gamma / 3


# Iterations


@pytest.mark.parametrize(("epsilon", "delta0"), [(0.7, 1.5), (1.4, 1.5), (0.36, 80.0), (1.6, 1.5)])
def test_iterations_is_the_first_t_with_the_bound_at_most_epsilon(capsys, epsilon, delta0):
    constants = f"mu=0.5,L_max=2,A=2,B=0,C=0.2,delta0={delta0}"
    found = asked(
        capsys,
        "--constants",
        constants,
        "--theorem",
        "unified-sam/3.2",
        "--lam",
        "0.5",
        "--rho-fraction",
        "0.125",
        "--epsilon",
        str(epsilon),
    )
    D, t = delta0, 0
    while D > epsilon:
        D, t = found["contraction"] * D + (1 - found["contraction"]) * found["neighbourhood"], t + 1
    assert found["iterations"] == t
    assert found["epsilon"] == epsilon


def test_iterations_is_null_where_the_neighbourhood_is_larger_than_epsilon(capsys):
    constants = "mu=0.5,L_max=2,A=2,B=0,C=0.2,delta0=1.5"
    found = asked(capsys, "--constants", constants, "--theorem", "unified-sam/3.2", "--epsilon", "1e-6")
    assert found["neighbourhood"] > 1e-6
    assert found["iterations"] is None


@pytest.mark.parametrize("key", ["unified-sam/3.3", "unified-sam/3.5"])
def test_theorems_that_reach_every_epsilon(key):
    given = {"mu": 0.5, "L_max": 2, "A": 2, "B": 0, "C": 0.2, "delta0": 1.5}
    (found,) = rates(constants=given, theorem=key, epsilon=1e-3).rates
    assert found.iterations is not None
    assert float(found.plan.bound(found.iterations, 1.5)) <= 1e-3


# The document


def test_keys_and_what_a_theorem_has_not_is_null(capsys):
    constants = ("--constants", "mu=0.5,L_max=2,A=2,B=0,C=0.2")
    for key in ("unified-sam/3.2", "unified-sam/3.5", "unified-sam/3.7", "unified-sam/rollout"):
        found = asked(capsys, *constants, "--theorem", key)
        assert found["schema"] == "samtheory.rates/1"
        assert found["theorem"] == key
        assert set(NUMBERS) <= found.keys()
    assert found["rho_max"] is None  # the rollout takes any rho
    assert found["gamma_max"] is None
    decreasing = asked(capsys, *constants, "--theorem", "unified-sam/3.5")
    assert decreasing["contraction"] is None
    assert decreasing["neighbourhood"] is None


def test_bare_constants_have_defaults(capsys):
    short = "mu=0.5,L_max=2,A=2,B=0,C=0.2"
    long = short + ",L=2,L_avg=2,Lambda=2,Lambda1=2,Lambda2=2"
    shorter, longer = (asked(capsys, "--constants", numbers) for numbers in (short, long))
    values = [{name: each["value"] for name, each in found.pop("constants").items()} for found in (shorter, longer)]
    assert shorter == longer
    assert values[0] == values[1]
    given = asked(capsys, "--constants", "mu=0.5,L_max=2,Lambda=3,A=2,B=0,C=0.2")["constants"]
    assert {name: entry["value"] for name, entry in given.items()} == {
        "mu": 0.5,
        "L": 2,
        "L_max": 2,
        "L_avg": 2,
        "Lambda": 3,
        "Lambda1": 3,
        "Lambda2": 3,
        "A": 2,
        "B": 0,
        "C": 0.2,
    }
    assumed = {"L", "L_avg", "Lambda1", "Lambda2"}
    assert {name: entry["known"] for name, entry in given.items()} == {
        name: "assumed" if name in assumed else "claimed" for name in given
    }


def test_without_a_theorem_there_is_a_block_for_each_that_applies(capsys):
    found = asked(capsys, "ridge")
    keys = [each["theorem"] for each in found["rates"]]
    assert {"unified-sam/3.2", "unified-sam/3.5", "unified-sam/3.7", "unified-sam/rollout"} <= set(keys)
    assert "unified-sam/3.4" not in keys
    reasons = {entry["theorem"]: entry["reason"] for entry in found["skipped"]}
    assert "full-batch" in reasons["unified-sam/3.4"]
    for each in found["rates"]:
        assert set(NUMBERS) <= each.keys()
        single = asked(capsys, "ridge", "--theorem", each["theorem"])
        assert {name: single[name] for name in NUMBERS} == {name: each[name] for name in NUMBERS}


def test_constants_say_how_they_are_known(capsys):
    found = asked(capsys, "ridge", "--theorem", "unified-sam/3.2", "--sampling", "nice:3")
    constants = load_problem("ridge").constants(Nice(3))
    for name, entry in found["constants"].items():
        assert set(entry) == {"value", "known", "source"}
        assert entry["source"]
        if name != "delta0":
            mine = getattr(constants, name)
            assert entry == {"value": float(mine), "known": mine.provenance, "source": mine.source}
    assert found["constants"]["delta0"]["value"] == load_problem("ridge").delta0
    assert {each["name"] for each in found["assumptions"]} == {"smooth", "PL", "ER"}
    used = {name for each in found["assumptions"] for name in each["constants"]}
    assert used <= found["constants"].keys()
    assert found["sampling"] == "nice:3"


def test_default_sampling_is_uniform_and_full_for_a_single_component(capsys):
    assert asked(capsys, "ridge")["sampling"] == "uniform"
    assert asked(capsys, "sine-1d")["sampling"] == "full"
    assert asked(capsys, "ridge")["lam"] == "0.5"


def test_parameters_reach_the_problem(capsys):
    found = asked(capsys, "ridge", "--param", "condition=50", "--theorem", "unified-sam/3.2")["constants"]
    assert found["L"]["value"] / found["mu"]["value"] == pytest.approx(50)


def test_a_schedule_of_lam_is_only_for_theorems_that_cover_it(capsys):
    found = asked(capsys, "ridge", "--lam", "1/t")
    assert found["lam"] == "1/t"
    keys = [each["theorem"] for each in found["rates"]]
    assert "unified-sam/rollout" in keys
    assert all(catalogue.theorems()[key].varying_lam for key in keys)
    assert "constant lam" in next(e["reason"] for e in found["skipped"] if e["theorem"] == "unified-sam/3.2")


def test_steps_that_one_theorem_refuses_leave_the_others(capsys):
    simple = asked(capsys, "ridge", "--theorem", "unified-sam/3.3")
    rho = 1.5 * simple["rho_max"]
    found = asked(capsys, "ridge", "--rho", repr(rho))
    assert {each["rho"] for each in found["rates"]} == {rho}
    assert "unified-sam/3.2" in [each["theorem"] for each in found["rates"]]
    assert "unified-sam/3.3" in [entry["theorem"] for entry in found["skipped"]]


def test_steps_that_every_limit_forbids_are_an_error():
    with pytest.raises(InputError, match="rho=50"):
        rates("ridge", rho=50.0)


def test_a_theorem_asked_for_must_apply():
    with pytest.raises(NotApplicable, match="full-batch"):
        rates("ridge", "uniform", "unified-sam/3.4")


def test_nothing_applies():
    with pytest.raises(NotApplicable, match=r"no theorem applies.*ER"):
        rates(constants={"L_max": 2.0, "mu": 0.1})


# The table


def test_a_number_of_steps_in_words():
    assert [tables.count(steps) for steps in (0, 1234567, 10**400)] == ["0", "1,234,567", "1.000e+400"]


@pytest.mark.parametrize("columns", [80, 120])
def test_table_shows_numbers_assumptions_and_sources(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert cli.main(["rates", "ridge", "--theorem", "unified-sam/3.2", "--epsilon", "20"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert all(len(line) <= columns for line in out.splitlines())
    found = rates("ridge", theorem="unified-sam/3.2", epsilon=20.0)
    plan = found.rates[0].plan
    for number in (plan.rho, plan.neighbourhood, plan.rho_max, plan.gamma_max):
        assert f"{number:.4g}" in out
    for text in ("ρ*", "γ*", f"{plan.contraction:.10g}", "Theorem 3.2", "smooth", "PL", "ER", "iterations"):
        assert text in out
    for constant in found.constants.values():
        assert f"{float(constant):.4g}" in out
        assert constant.provenance in out


def test_first_reached_is_a_number_of_its_own(capsys):
    """With lam = 1 - 1/t the bound of the rollout is small at once and large later."""
    asked = ["rates", "ridge", "--theorem", "unified-sam/rollout", "--sampling", "full", "--lam", "1-1/t"]
    assert cli.main([*asked, "--epsilon", "0.2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["iterations"], found["reached"]) == (None, 0)
    assert cli.main([*asked, "--epsilon", "0.2"]) == 0
    table = capsys.readouterr().out
    assert "none is certain within 1,000,000 steps" in table
    assert "first reached" in table
    assert cli.main([*asked, "--epsilon", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["iterations"] == found["reached"] == 0
    assert cli.main([*asked, "--epsilon", "2"]) == 0
    assert "first reached" not in capsys.readouterr().out
