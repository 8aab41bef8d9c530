"""check: wrong constants are falsified with witnesses that hold up by themselves, right ones are not."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import wrong_cards_sampled  # noqa: F401 - adds to the cards
from hypothesis import given, settings
from hypothesis import strategies as st
from witnesses import Again
from wrong_cards import CARDS, wrong

import samtheory
from samtheory import certified, claimed, exact, load_problem
from samtheory.catalogue import problems
from samtheory.certify import certificates
from samtheory.checking import certificates as proved
from samtheory.checking.card import check
from samtheory.checking.claim_search import finding_of
from samtheory.checking.search import ProblemSearch
from samtheory.checking.sweep import check_all, select
from samtheory.cli import main
from samtheory.io import json as documents
from samtheory.sampling.base import parse_sampling, samplings

UNIFORM = (parse_sampling("uniform"),)


def card_of(problem, sampling="uniform", **options):
    (card,) = check(problem, [parse_sampling(sampling)], **options)
    return card


def findings(problem, sampling="uniform", **options):
    return {finding.name: finding for finding in card_of(problem, sampling, **options).constants}


# Teeth


@pytest.mark.parametrize("wrong_card", CARDS, ids=lambda card: card.mistake.replace(" ", "-"))
def test_a_wrong_card_is_falsified_with_a_witness_that_holds_up(wrong_card):
    problem, sampling = wrong_card.build(), parse_sampling(wrong_card.sampling)
    found = findings(problem, wrong_card.sampling)[wrong_card.constant]
    assert found.verdict == "falsified"
    again = Again(problem, problem.law(sampling), found.witness)
    left, right = getattr(again, wrong_card.constant.replace("-", "_"))()
    assert left > right * (1 + 1e-9) if right > 0 else left > right
    if wrong_card.constant != "gradients" and right > 1e-9 * left:
        assert left / right == pytest.approx(found.witness["ratio"], rel=1e-5)


def test_there_are_at_least_forty_wrong_cards_of_different_mistakes():
    assert len({card.mistake for card in CARDS}) == len(CARDS) >= 40


@settings(max_examples=5)
@given(st.sampled_from(["L_i", "L", "mu"]), st.floats(0.6, 0.995), st.integers(0, 5))
def test_a_constant_that_is_wrong_by_any_factor_is_falsified(name, factor, seed):
    """The exact constants of ridge regression, which no search may miss by half a percent."""
    problem = load_problem("ridge", seed=seed)
    right = getattr(problem, name)
    value = right.values * factor if name == "L_i" else float(right) * (1 / factor if name == "mu" else factor)
    assert findings(replace(problem, **{name: claimed(value)}))[name].verdict == "falsified"


@pytest.mark.parametrize("name", [name for name in problems() if name not in ("breast-cancer", "diabetes")])
def test_three_percent_off_the_sharp_constant_is_seen_by_the_search_alone(name):
    """Certified L_i and mu tell what the best constants are, and so what a wrong one is."""
    pytest.importorskip("flint", reason="python-flint, the extra `certify`, is not installed")
    problem = load_problem(name)
    sharp = {} if problem.outside or problem.region else certificates(problem)
    if "L_i" in sharp and name != "nonconvex-logistic":  # its sup phi'' + sup r'' is not attained
        L_i = problem.L_i.values.copy()
        k = int(np.random.default_rng(0).integers(problem.n))
        L_i[k] = 0.97 * sharp["L_i"].lower[k]
        assert finding_of(search(replace(problem, L_i=claimed(L_i))), "smooth", "L_i").verdict == "falsified"
    if "mu" in sharp and problem.mu is not None and sharp["mu"].upper < 1.001 * sharp["mu"].lower:
        too_large = replace(problem, mu=claimed(1.03 * sharp["mu"].upper))
        assert finding_of(search(too_large), "PL", "mu").verdict == "falsified"


def search(problem):
    return ProblemSearch(problem, [0])


# The other side: right constants are never falsified


def right_card(name, seed):
    """The card of a problem, made with the seed where it has one, under one of the samplings in turn."""
    own = {"seed": seed} if "seed" in load_problem(name).params else {}
    problem = load_problem(name, **own)
    kinds = [sampling for kind in samplings().values() for sampling in kind.examples(problem.n)]
    (card,) = check(problem, [kinds[seed % len(kinds)]], seed=seed)
    return card


#: The problems of the catalogue with a seed each, so that the samplings take turns.
SEEDED = list(enumerate(name for name in problems() if name not in ("breast-cancer", "diabetes")))


@pytest.mark.parametrize("more", range(int(os.environ.get("SAMTHEORY_SEEDS", "1"))))
@pytest.mark.parametrize(("seed", "name"), SEEDED)
def test_a_right_card_is_not_falsified(name, seed, more):
    assert right_card(name, seed + more).falsified == []


@pytest.mark.parametrize("seed", [11, 59])
def test_a_slope_that_long_steps_cannot_see_is_not_a_mistake(seed):
    assert right_card("nonconvex-logistic", seed).falsified == []


@settings(max_examples=4)
@given(st.floats(1.0, 1.4), st.integers(0, 3))
def test_a_conservative_constant_is_not_falsified(factor, seed):
    problem = load_problem("ridge")
    careful = replace(
        problem,
        L=claimed(problem.L * factor),
        L_i=claimed(problem.L_i.values * factor),
        mu=claimed(problem.mu / factor),
        f_i_inf=claimed(problem.f_i_inf.values / factor),
    )
    assert card_of(careful, seed=seed).falsified == []


def test_an_ulp_is_not_a_mistake():
    problem = load_problem("ridge")
    off = replace(
        problem,
        L=exact(np.nextafter(problem.L, 0), ""),
        mu=exact(np.nextafter(problem.mu, 1), ""),
        L_i=exact(np.nextafter(problem.L_i.values, 0), ""),
        f_inf=exact(np.nextafter(problem.f_inf, 1), ""),
    )
    assert card_of(off).falsified == []


@pytest.mark.parametrize("shift", [0.0, 1e3])
def test_rounding_of_far_away_data_is_respected(shift):
    """Large terms that cancel: f_i and gradients are off by 1e3 ulps and more."""
    rng = np.random.default_rng(0)
    A, x = rng.standard_normal((8, 3)), shift * np.ones(3)
    problem = load_problem("interpolated-ls", rows=(np.hstack([A, rng.standard_normal((8, 7))]), A @ x))
    assert card_of(problem).falsified == []


def test_a_function_that_raises_far_out_is_reported_and_its_constants_are_not_called_wrong():
    def value(i, x):
        if abs(x[0]) > 50:
            raise OverflowError("math range error")
        return float(np.cosh(x[0]) - 1) if abs(x[0]) < 1 else float(np.cosh(1) - 1 + np.sinh(1) * (abs(x[0]) - 1))

    def gradient(i, x):
        if abs(x[0]) > 50:
            raise OverflowError("math range error")
        return np.array([np.sinh(np.clip(x[0], -1, 1))])

    f = samtheory.UserSum(value, gradient, 1, 1)
    problem = samtheory.Problem(f, np.ones(1), claimed(np.array([np.cosh(1)])), claimed(np.cosh(1)), claimed(0.0))
    (raises,) = card_of(problem, "full").falsified
    assert raises.name == "gradients"
    assert "OverflowError: math range error" in raises.method
    assert "region=" in raises.method


def test_single_precision_is_noticed_and_allowed_for():
    right = load_problem("ridge")
    f, A, b = right.objective, *(part.astype(np.float32) for part in (right.objective.A, right.objective.b))

    def value(i, x):
        x = x.astype(np.float32)
        return 0.5 * (np.sum(A[i] * x, axis=1) - b[i]) ** 2 + np.float32(f.reg / 2) * np.sum(x * x, axis=1)

    def gradient(i, x):
        x = x.astype(np.float32)
        return (np.sum(A[i] * x, axis=1) - b[i])[:, None] * A[i] + np.float32(f.reg) * x

    single = samtheory.UserSum(value, gradient, f.n, f.d, batched=True, reference=f.reference)
    assert card_of(replace(right, objective=single)).falsified == []
    half = replace(right, objective=single, L=claimed(right.L / 2), mu=claimed(2 * right.mu))
    assert {"L", "mu"} <= {finding.name for finding in card_of(half).falsified}


# Verdicts


def test_certified_loose_consistent_and_not_claimed():
    pytest.importorskip("flint", reason="python-flint, the extra `certify`, is not installed")
    sine = load_problem("sine-1d")
    assert findings(sine, "full")["mu"].verdict == "certified"
    folklore = findings(replace(sine, mu=certified(1 / 32, "folklore")), "full")["mu"]
    assert folklore.verdict == "loose"
    assert folklore.best_known == pytest.approx(0.17553098587, abs=1e-10)
    assert "phi" in folklore.method
    found = findings(load_problem("robust"))
    assert found["mu"].verdict == "not claimed"
    assert found["L_max"].verdict == "certified"
    assert findings(load_problem("scaled-quadratics"))["B"].verdict == "consistent"


def test_a_proof_refutes_what_a_search_cannot_see():
    pytest.importorskip("flint", reason="python-flint, the extra `certify`, is not installed")
    sine = load_problem("sine-1d")
    close = replace(sine, mu=claimed(0.17553098587 * (1 + 1e-8)))
    found = findings(close, "full")["mu"]
    assert found.verdict == "falsified"
    assert found.witness["left"] > found.witness["right"]


def test_without_flint_nothing_is_certified(monkeypatch):
    def missing(problem):
        raise samtheory.MissingExtra("a proof", "certify")

    monkeypatch.setattr(proved, "certificates", missing)
    card = card_of(load_problem("tight-pair"))
    assert {finding.verdict for finding in card.constants} == {"consistent", "not claimed"}
    assert "certify" in card.unproved


def test_bounded_variance_is_judged_where_it_is_claimed():
    noise = load_problem("additive-noise")
    assert findings(noise)["bounded-variance"].verdict == "certified"
    assert findings(load_problem("ridge"))["bounded-variance"].verdict == "not claimed"


def test_a_region_is_respected():
    problem = load_problem("robust-interpolated")
    assert problem.region
    assert card_of(problem).falsified == []


# The same answer, whatever else is asked for


def test_a_result_depends_on_the_problem_and_the_seed_only():
    problem = load_problem("logistic")
    alone = card_of(problem, "nice:2", seed=3)
    (_, among, _) = check(problem, [parse_sampling(text) for text in ("full", "nice:2", "uniform")], seed=3)
    assert documents.text(alone.to_json()) == documents.text(among.to_json())
    other = card_of(problem, "nice:2", seed=4)
    assert documents.text(alone.to_json()) != documents.text(other.to_json())


def test_thorough_searches_more():
    problem = load_problem("tight-pair")
    quick, thorough = (findings(problem, level=level) for level in ("quick", "thorough"))
    assert thorough["L_i"].evaluations > 4 * quick["L_i"].evaluations


# The command


def run(capsys, *words):
    code = main(["check", *words])
    return code, *capsys.readouterr()


def test_json_has_the_keys_of_the_schema(capsys):
    code, out, _ = run(capsys, "tight-pair", "--sampling", "uniform", "--seed", "5", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {"schema", "version", "seed", "problems"}
    assert (found["schema"], found["seed"]) == ("samtheory.check/1", 5)
    (entry,) = found["problems"]
    assert set(entry) == {"problem", "sampling", "complete", "note", "constants"}
    assert (entry["problem"], entry["sampling"]) == ("tight-pair", "uniform")
    keys = {"name", "claimed", "verdict", "best_known", "method", "evaluations", "witness", "command", "cause", "line"}
    assert all(set(constant) == keys for constant in entry["constants"])
    judged = {constant["name"] for constant in entry["constants"]}
    assert judged >= {"L_i", "L", "L_max", "L_avg", "mu", "f_inf", "f_i_inf", "gradients", "bounded-variance"}
    assert judged >= {"Lambda", "Lambda1", "Lambda2", "A", "B", "C", "Lcal", "R", "sigma2"}
    assert entry["constants"][0]["command"] == "samtheory check tight-pair --sampling uniform --seed 5"


WRONG = """from dataclasses import replace
from samtheory import claimed, load_problem
def problem(factor: float = 0.5):
    right = load_problem("ridge")
    return replace(right, L=claimed(factor * right.L))
"""


def test_a_falsified_constant_ends_with_1_and_its_command_finds_it_again(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "1000")
    Path("wrong.py").write_text(WRONG)
    code, out, err = run(capsys, "wrong.py", "--param", "factor=0.25", "--sampling", "uniform", "--seed", "2")
    assert code == 1
    (command,) = [line.strip() for line in out.splitlines() if line.strip().startswith("samtheory check")]
    assert "falsified: L of wrong.py" in out
    assert "4" in out
    assert "1 of 1 cards done" in err
    assert main([*command.split()[1:], "--json"]) == 1
    (entry,) = json.loads(capsys.readouterr().out)["problems"]
    (constant,) = [constant for constant in entry["constants"] if constant["verdict"] == "falsified"]
    assert constant["name"] == "L"
    assert constant["witness"]["ratio"] == pytest.approx(4, rel=1e-6)
    assert main(["check", "wrong.py", "--param", "factor=1", "--sampling", "uniform"]) == 0


def test_every_problem_of_the_catalogue_has_a_line(capsys):
    tasks, skipped = select(["tight-pair", "two-quadratics", "sine-1d"], ["full"])
    cards = check_all(tasks)
    assert [card.problem for card in cards] == ["tight-pair", "two-quadratics", "sine-1d"]
    assert skipped == []
    assert len(cards.to_json()["problems"]) == 3
    code, out, _ = run(capsys, "tight-pair", "two-quadratics", "sine-1d", "--sampling", "full")
    assert code == 0
    assert out.splitlines()[-1].startswith("3 problems: ")


def test_what_each_theorem_lacks_is_told(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    _, out, _ = run(capsys, "robust", "--sampling", "uniform")
    (line,) = [line for line in out.splitlines() if "unified-sam/3.2," in line]
    assert "PL" in line


# Real data


@pytest.mark.skipif(not __import__("importlib").util.find_spec("sklearn"), reason="scikit-learn, the extra `data`")
def test_real_data_and_a_users_own(capsys, tmp_path):
    assert card_of(load_problem("diabetes"), level="least").falsified == []
    file = tmp_path / "rows.svm"
    rng = np.random.default_rng(0)
    rows = [f"{rng.choice([-1, 1])} 1:{rng.normal():.3f} 3:{rng.normal():.3f}" for _ in range(60)]
    file.write_text("\n".join(rows) + "\n")
    code, out, _ = run(capsys, "logistic", "--data", str(file), "--sampling", "uniform", "--json")
    assert code == 0
    (entry,) = json.loads(out)["problems"]
    assert f"--data {file}" in entry["constants"][0]["command"]
    wrong_rows = wrong("logistic", {"mu": 0.5}, rows=str(file))
    assert findings(wrong_rows)["mu"].verdict == "falsified"


def test_a_check_for_a_theorem_has_its_constants_alone():
    whole, narrowed = (samtheory.check("ridge", "uniform", theorem) for theorem in (None, "unified-sam/3.2"))
    names = [finding.name for finding in narrowed[0].constants]
    assert {"L", "mu", "A", "B", "C", "gradients"} <= set(names)
    assert {"Lcal", "convex", "interpolation"} & set(names) == set()
    assert [finding for finding in whole[0].constants if finding.name in names] == list(narrowed[0].constants)
    assert narrowed[0].lacking == ()
    (lacking,) = samtheory.check("ridge", "uniform", "unified-sam/3.4")[0].lacking
    assert lacking[0] == "unified-sam/3.4"
