"""falsify: what is false is found, proved and reproduced; what is true is not."""

from __future__ import annotations

import json
import os
import re
import shlex
import warnings
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy as sp

from samtheory import catalogue, cli
from samtheory.catalogue import load_theorem
from samtheory.falsification.candidate import Candidate
from samtheory.falsification.counterexample import confirmed
from samtheory.falsification.instances.quadratic_2d import Planar
from samtheory.falsification.instances.sines import Sines
from samtheory.falsification.search import Falsification, falsify
from samtheory.falsification.spaces import asked_samplings
from samtheory.io import json as documents
from samtheory.io import user_files
from samtheory.sampling.full import Full
from samtheory.sampling.single import Single
from samtheory.sampling.uniform import Uniform
from samtheory.theorems import unified_sam_3_2 as paper
from samtheory.theorems.symbols import D, L, gamma, lam, mu
from samtheory.verification.self_test import altered

PRINTED = "unified-sam/3.2/as-printed"
#: Seeds of each search that has to succeed, by default; ten by hand.
SEEDS = int(os.environ.get("SAMTHEORY_SEEDS", "1"))


@pytest.fixture(autouse=True)
def _quiet():
    """A diverging run overflows, as the command line knows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


# What is false


@cache
def printed(seed: int) -> Falsification:
    """What is found against the printed form of Theorem 3.2."""
    return falsify(load_theorem(PRINTED), seed=seed)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_printed_form_is_falsified_by_itself_whatever_the_seed(seed: int) -> None:
    found = printed(seed).counterexample
    assert found is not None
    assert found.evaluation.ratio > 1.0001
    assert "Lambda" in found.objection
    assert found.arithmetic in ("rational", "interval")


def test_the_proof_holds_in_rationals_of_ones_own() -> None:
    """Theorem 3.2 and E delta+ typed anew, from the numbers of the document alone."""
    found = falsify(load_theorem(PRINTED), seed=0, lam=0.0, sampling="single", budget=60).to_json()["counterexample"]
    assert (found["arithmetic"], found["family"]) == ("rational", "piecewise quadratics in one dimension")
    (line,) = (line for line in found["problem"].splitlines() if line.startswith("f = Quadratics("))
    h = [Fraction(text) for text in re.findall(r"\[([\d.e-]+)\]", line)]
    p = [Fraction(repr(each)) for each in found["probabilities"][:-1]]
    p.append(1 - sum(p))
    rho, g, (x,) = Fraction(repr(found["rho"])), Fraction(repr(found["gamma"])), map(Fraction, found["x0"])
    n, L_max, mean = len(h), max(h), sum(h) / len(h)
    A, B, C = (Fraction(repr(found["constants"][name])) for name in "ABC")
    h_v = [each / (n * q) for each, q in zip(h, p, strict=True)]
    second = sum(q * each**2 for q, each in zip(p, h_v, strict=True)) * x**2  # E||g||^2
    assert second <= 2 * A * mean * x**2 / 2 + B * (mean * x) ** 2 + C
    D_ = B * mean + A
    limit = mean / (L_max * (mean + 2 * D_))
    largest = (mean - L_max * rho * (mean + 2 * D_)) / (2 * L_max * D_ * (1 + 2 * (L_max * rho) ** 2))
    assert rho < limit
    assert 0 < g <= largest
    measured = sum(q * mean / 2 * (x - g * (1 + rho * each) * each * x) ** 2 for q, each in zip(p, h_v, strict=True))
    noise = g * C * (L_max * rho + L_max * g * (1 + 2 * (L_max * rho) ** 2))
    assert measured > (1 - g * mean) * mean / 2 * x**2 + noise
    assert Fraction(found["measured_exact"]) == measured


def test_the_printed_file_and_its_own_commands_reproduce_it(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    forget()
    assert cli.main(["falsify", PRINTED, "--seed", "3"]) == 1
    out, err = capsys.readouterr()
    assert "false" in err
    (tmp_path / "counterexample.py").write_text(out)
    printf, command = (line.strip() for line in out.splitlines() if re.match(" {4}(printf|samtheory verify) ", line))
    (tmp_path / "p.txt").write_text("\n".join(shlex.split(printf)[2:-2]))
    words = shlex.split(command)
    assert words[:2] == ["samtheory", "verify"]
    assert cli.main([*words[1:], "--json", "-"]) == 1
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    verdicts = {(piece["kind"], piece["verdict"]) for piece in cell["evidence"]}
    assert ("one-step", "violated") in verdicts
    assert ("hypothesis", "violated") not in verdicts
    assert cli.main(["check", "counterexample.py", "--sampling", words[6]]) == 0, "its own card must be right"


def forget() -> None:
    """Files of the same name in another folder, which one process of the command line never sees."""
    user_files._executed.cache_clear()
    catalogue._problem.cache_clear()


def wrong(**changes):
    return replace(paper.theorem, key="wrong", **changes)


WRONG = {
    "twice the rate": wrong(contraction=1 - 2 * gamma * mu),
    "rate squared": wrong(contraction=(1 - gamma * mu) ** 2),
    "no noise": wrong(noise=sp.Integer(0)),
    "noise without lam": wrong(noise=paper.noise.subs(lam, 0)),
    "three times the largest gamma": wrong(gamma_max=3 * paper.gamma_max),
    "no limit on rho": wrong(rho_max=sp.oo, gamma_max=mu / (2 * L * D)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_formula_is_falsified(name: str) -> None:
    found = falsify(WRONG[name], seed=0, budget=60).counterexample
    assert found is not None
    assert found.objection is None


def test_a_false_theorem_of_ones_own_is_falsified_from_its_file(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    forget()
    assert cli.main(["new", "theorem", "mine.py"]) == 0
    text = (tmp_path / "mine.py").read_text()
    assert cli.main(["falsify", "mine.py", "--budget", "2"]) == 0
    (tmp_path / "false.py").write_text(text.replace("gamma * mu * (1 - L * rho)", "gamma * mu * 2"))
    capsys.readouterr()
    assert cli.main(["falsify", "false.py", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "samtheory.falsify/1"
    assert "--theorem false.py" in found["counterexample"]["commands"][-1]
    assert "--allow-outside" not in found["counterexample"]["commands"][-1]


def test_the_same_seed_finds_the_same(capsys) -> None:
    assert cli.main(["falsify", PRINTED, "--seed", "0", "--json"]) == 1
    document = capsys.readouterr().out
    assert document == documents.text(printed(0).to_json())
    assert "NaN" not in document


@pytest.mark.parametrize("asked", [{"lam": 0.37}, {"sampling": "independent:0.26"}, {"sampling": "nice:3", "lam": 1.0}])
def test_what_was_asked_for_stays(asked) -> None:
    found = falsify(WRONG["twice the rate"], budget=60, **asked).counterexample
    assert found is not None
    assert found.evaluation.candidate.lam == asked.get("lam", found.evaluation.candidate.lam)
    assert found.cell.sampling == asked.get("sampling", found.cell.sampling)


def test_a_bound_of_nothing_is_exceeded_by_anything() -> None:
    found = falsify(wrong(contraction=sp.Integer(0), noise=sp.Integer(0)), budget=60).counterexample
    assert found is not None
    assert found.evaluation.bound == 0


def test_a_bound_that_its_own_steps_do_not_give_is_falsified() -> None:
    """The one-step inequality is right, and the bound at t = 1 half of what it adds up to."""
    half = altered(load_theorem("unified-sam/3.2"), lambda plan: replace(plan, bound=lambda t, V: plan.bound(t, V) / 2))
    found = falsify(half, budget=60).counterexample
    assert found is not None
    assert "t = 1" in found.evaluation.claim


@pytest.mark.parametrize(
    "instance",
    [
        Planar(Full(), None, ((1.0, 0.25, 2.0),), ()),
        Planar(Uniform(), (0.0, 1.0), ((1.0, 0.25, 2.0), (0.5, 0.0, 0.5)), ((0.0, 0.0),)),
        Sines(Full(), None, 3.0, (), ()),
        Sines(Single((0.25, 0.75)), (1.0, 0.5), 2.0, (0.5,), (0.25,)),
    ],
    ids=["plane", "plane-uniform", "sine", "sine-single"],
)
def test_square_roots_and_sines_are_proved_in_intervals(instance) -> None:
    """SAM does not converge to the solution; the true theorem stands at the same points."""
    x = (1e-3,) * instance.d
    candidate = Candidate(instance, x, 1.0, 0.5, 1.0)
    found = confirmed(WRONG["no noise"], "wrong", candidate)
    assert found is not None
    assert found.arithmetic == "interval"
    assert confirmed(paper.theorem, "unified-sam/3.2", candidate) is None


# What is true


@pytest.mark.parametrize(
    ("key", "restarts"),
    [("unified-sam/3.2", 8), ("unified-sam/3.5", 5), ("unified-sam/rollout", 4), ("ours/tight", 3), ("ours/3.2+", 3),
     ("ours/usam-convex", 3), ("ours/sam-any-sampling", 4)],
)  # fmt: skip
def test_no_counterexample_to_what_is_proved(key: str, restarts: int) -> None:
    found = falsify(load_theorem(key), seed=11, restarts=restarts, budget=600)
    assert found.counterexample is None
    assert found.evaluations > 0
    assert found.margin is not None
    assert found.margin >= 0


@pytest.mark.parametrize("sampling", ["uniform", "nice", "importance"])
def test_the_printed_form_stands_where_lambda_is_at_most_l_max(sampling: str) -> None:
    """Proposition 2.1."""
    assert falsify(load_theorem(PRINTED), sampling=sampling, restarts=3, budget=600).counterexample is None


def test_a_bound_that_is_attained_is_not_called_false() -> None:
    """The exact worst case of one step: only rounding lies between it and a violation."""
    found = falsify(load_theorem("ours/usam-deterministic"), seed=1, restarts=8, budget=600)
    assert found.counterexample is None
    assert found.margin < 1e-6


def test_a_candidate_that_holds_is_not_confirmed() -> None:
    found = printed(0).counterexample
    assert found is not None
    candidate = found.evaluation.candidate
    assert confirmed(load_theorem(PRINTED), "x", candidate) is not None
    assert confirmed(load_theorem("unified-sam/3.2"), "x", candidate) is None, "its steps are outside the Lambda form's"
    assert confirmed(load_theorem("unified-sam/3.2"), "x", replace(candidate, rho=None, gamma=None)) is None
    assert confirmed(load_theorem(PRINTED), "x", replace(candidate, gamma=10 * candidate.gamma)) is None, (
        "above gamma_max"
    )


# The command line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-theorem"], "no-such-theorem"),
        (["no-such-file.py"], "no-such-file.py"),
        ([PRINTED, "--budget", "0"], "budget=0"),
        ([PRINTED, "--budget", "nan"], "budget=nan"),
        ([PRINTED, "--seed", "-1"], "seed=-1"),
        ([PRINTED, "--lam", "1.2"], "lam=1.2"),
        ([PRINTED, "--lam", "1/t"], "lam=1/t"),
        ([PRINTED, "--sampling", "sometimes"], "sometimes"),
        ([PRINTED, "--sampling", "nice:9"], "nice:9"),
        ([PRINTED, "--sampling", "independent:2"], "2"),
        (["unified-sam/3.4", "--sampling", "uniform"], "full batch"),
        (["unified-sam/3.4", "--sampling", "independent:0.5"], "full batch"),
        (["ours/usam-convex", "--lam", "0.5"], "lam=0.5"),
    ],
)
def test_bad_input_is_one_line(arguments, words, capsys) -> None:
    assert cli.main(["falsify", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("samtheory: error:")
    assert err.count("\n") == 1
    assert words in err


def test_nothing_found_says_so_and_is_0(capsys) -> None:
    assert cli.main(["falsify", "unified-sam/3.4", "--budget", "1", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["counterexample"] is None
    assert found["evaluations"] > 0
    assert "no counterexample" in err


def test_the_full_batch_by_another_name_is_one() -> None:
    """Both of two components, always."""
    found = falsify(load_theorem("karimi-2016/gd"), sampling="nice:2", restarts=1)
    assert found.counterexample is None
    assert found.margin is not None


def test_a_sampling_is_kept_to() -> None:
    for text in ("nice:3", "independent:0.25", "replacement:2", "importance"):
        spaces = asked_samplings(text)
        assert spaces
        assert {space(n, lambda low, high: low).spec for n, space in spaces} == {text}
