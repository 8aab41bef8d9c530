"""falsify: what is false is found, proved and reproduced; what is true is not; its instances are what they claim."""

from __future__ import annotations

import json
import math
import re
import shlex
import warnings
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import samtheory as st
from samtheory import catalogue, cli, verification
from samtheory.catalogue import load_theorem
from samtheory.certify.curves import pl_constant, sine
from samtheory.counterexample import confirmed
from samtheory.evidence.expectation import over_outcomes
from samtheory.falsify import LAWS, SIZES, asked_laws, falsify
from samtheory.instances.arithmetic import (
    FLOAT,
    INTERVAL,
    RATIONAL,
    decimal,
    root_above,
    root_below,
    rounded_down,
    rounded_up,
)
from samtheory.instances.base import NotThere
from samtheory.instances.dial import COORDINATES, Dial, Frame, point
from samtheory.instances.sines import PL
from samtheory.instances.weights import Weights
from samtheory.methods.unified_sam import step
from samtheory.problem_file import problem_file
from samtheory.sampling import parse_sampling
from samtheory.theorems import unified_sam_3_2 as paper
from samtheory.theorems.symbols import D, L, gamma, lam, mu
from samtheory.trials import constants_of, state

PRINTED = "unified-sam/3.2/as-printed"


@pytest.fixture(autouse=True)
def _quiet():
    """A diverging run overflows, as the command line knows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


# What is false


@pytest.mark.parametrize("seed", range(10))
def test_the_printed_form_is_falsified_by_itself_whatever_the_seed(seed: int) -> None:
    found = falsify(load_theorem(PRINTED), seed=seed, budget=60).counterexample
    assert found is not None
    assert found.finding.ratio > 1.0001
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
    catalogue._module.cache_clear()
    verification.problem_of.cache_clear()


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
    assert found.objection == ""


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
    documents = []
    for _ in range(2):
        assert cli.main(["falsify", PRINTED, "--seed", "5", "--json"]) == 1
        documents.append(capsys.readouterr().out)
    assert documents[0] == documents[1]
    assert "NaN" not in documents[0]


@pytest.mark.parametrize("asked", [{"lam": 0.37}, {"sampling": "independent:0.26"}, {"sampling": "nice:3", "lam": 1.0}])
def test_what_was_asked_for_stays(asked) -> None:
    found = falsify(WRONG["twice the rate"], budget=60, **asked).counterexample
    assert found is not None
    assert found.finding.trial.lam == asked.get("lam", found.finding.trial.lam)
    assert found.cell.sampling == asked.get("sampling", found.cell.sampling)


def test_a_bound_of_nothing_is_exceeded_by_anything() -> None:
    found = falsify(wrong(contraction=sp.Integer(0), noise=sp.Integer(0)), budget=60).counterexample
    assert found is not None
    assert found.finding.bound == 0


# What is true


@pytest.mark.parametrize(
    ("key", "restarts"),
    [("unified-sam/3.2", 16), ("unified-sam/3.5", 10), ("unified-sam/rollout", 8), ("ours/tight", 3), ("ours/3.2+", 6),
     ("ours/usam-convex", 6), ("ours/sam-any-sampling", 8)],
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
    assert falsify(load_theorem(PRINTED), sampling=sampling, restarts=6, budget=600).counterexample is None


def test_a_bound_that_is_attained_is_not_called_false() -> None:
    """The exact worst case of one step: only rounding lies between it and a violation."""
    found = falsify(load_theorem("ours/usam-deterministic"), seed=1, restarts=8, budget=600)
    assert found.counterexample is None
    assert found.margin < 1e-6


# The instances


def instances(seed: int, count: int):
    """Instances of every family and law, with a start."""
    rng = np.random.default_rng(seed)
    frames = [
        Frame(build, n, knots, kind, argument, sharp, tilted)
        for size in SIZES for build, knots in size for n, kind, argument in LAWS for sharp in (True, False)
        for tilted in (False, True)
    ]  # fmt: skip
    while count:
        frame = frames[rng.integers(len(frames))]
        dial = Dial(rng.random(COORDINATES).tolist())
        found = frame.build(dial, frame)
        try:
            card = found.card(FLOAT)
            found = found.settled(card.L_i)
            residual = found.residual(FLOAT, card)
        except NotThere:
            continue
        count -= 1
        yield found, card, residual, point(dial, found.d)


def written(found, card, residual, x):
    """The problem of an instance's file, and its sampling."""
    scope: dict = {}
    exec(compile(problem_file(["x"], [], x, found, card, residual), "instance.py", "exec"), scope)  # noqa: S102
    p = found.weights.probabilities if found.weights.kind == "single" else None
    return scope["problem"](), st.Single(np.array(p)) if p else parse_sampling(found.weights.spec)


def test_an_instance_and_its_problem_file_have_the_same_constants_and_steps() -> None:
    rng = np.random.default_rng(3)
    for found, card, residual, x in instances(0, 60):
        problem, sampling = written(found, card, residual, x)
        ours, theirs = constants_of(found, FLOAT, card, residual), problem.constants(sampling).values()
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            assert ours[name] == pytest.approx(value, rel=1e-9, abs=1e-12 * max(ours["L_max"], 1)), name
        g, r, weight = 0.1 / ours["L"], rng.uniform(0, 1) / ours["L"], rng.uniform()
        true = state(found, FLOAT, x, g, r, weight)
        assert true.gap == pytest.approx(problem.delta0, rel=1e-9)
        law = problem.law(sampling)

        def after(X, draw, _, problem=problem, law=law, g=g, r=r, weight=weight):
            f = problem.objective
            gradient = f.gradient if law.deterministic else None
            move = step(X, draw, lambda y, v: gradient(y) if gradient else f.stochastic_gradient(y, *v), g, r, weight)
            return problem.suboptimality(move)

        outcomes = law.outcomes()
        expected = over_outcomes(problem.x0[None], outcomes, after)[0] @ outcomes.probability
        assert true.gap_after == pytest.approx(expected, rel=1e-7, abs=1e-9 * problem.delta0)


def test_no_point_contradicts_the_card_of_an_instance() -> None:
    """L_i, L, mu, the minima and the expected residual at many scales, from the definitions."""
    rng = np.random.default_rng(4)
    for found, card, (A, B, C), _ in instances(1, 120):
        n = found.n
        for _ in range(60):
            size = 10 ** rng.uniform(-4, 5)
            x = tuple((size * rng.standard_normal(found.d)).tolist())
            y = tuple((np.array(x) + size * 10 ** rng.uniform(-3, 1) * rng.standard_normal(found.d)).tolist())
            here, there = (np.array(found.gradients(each, FLOAT)) for each in (x, y))
            far = np.linalg.norm(np.subtract(x, y))
            noise = 1e-9 * (1 + np.abs(here).max())
            assert (np.linalg.norm(here - there, axis=1) <= np.array(card.L_i) * far * (1 + 1e-9) + noise).all()
            grad = here.mean(axis=0)
            assert np.linalg.norm(grad - there.mean(axis=0)) <= card.L * far * (1 + 1e-9) + noise
            delta, G = found.value(x, FLOAT) - card.f_inf, grad @ grad
            assert delta >= -1e-12 * (1 + size**2)
            if card.mu is not None:
                assert np.sqrt(G) >= np.sqrt(2 * card.mu * max(delta, 0.0)) * (1 - 1e-9) - 1e-15 * np.abs(here).max()
            second = sum(
                q * np.sum((sum(v * here[i] for i, v in chosen) / n) ** 2)
                for q, chosen in found.weights.outcomes(FLOAT) if chosen
            )  # fmt: skip
            assert second <= (2 * A * delta + B * G + C) * (1 + 1e-7) + 1e-12


def test_the_pl_constant_of_a_piecewise_quadratic_is_the_best() -> None:
    """Not just valid: it is attained on a fine grid."""
    seen = 0
    for found, card, *_ in instances(2, 100):
        if found.family != "piecewise quadratics in one dimension" or not found.knots or card.mu is None:
            continue
        near, far = min(map(abs, found.knots)), max(map(abs, found.knots))
        out = np.concatenate([np.geomspace(1e-3 * near, 3 * far, 1000), np.geomspace(3 * far, 1e9 * far, 50)])
        grid = np.concatenate([out, -out, found.knots])
        values = np.array([found.value((x,), FLOAT) for x in grid])
        slopes = np.array([np.mean(found.gradients((x,), FLOAT)) for x in grid])
        assert np.min(slopes**2 / (2 * values)) == pytest.approx(card.mu, rel=0.05)
        seen += 1
    assert seen > 5


def test_the_laws_are_those_of_the_library() -> None:
    rng = np.random.default_rng(0)
    for n in (2, 3, 4):
        p = rng.dirichlet(np.ones(n))
        L_i = rng.uniform(0.1, 2.0, n)
        cases = [
            (Weights("uniform", n), st.Uniform()), (Weights("full", n), st.Full()),
            (Weights("single", n, p=tuple(p[:-1])), st.Single(p)),
            (Weights("nice", n, tau=2), st.Nice(2)), (Weights("replacement", n, tau=2), st.Replacement(2)),
            (Weights("independent", n, p=(0.3,)), st.Independent(0.3)),
        ]  # fmt: skip
        for ours, sampling in cases:
            law = sampling.law(L_i)
            B, w = ours.moments(FLOAT)
            assert pytest.approx(law.B) == B
            assert list(w) == pytest.approx(law.w.tolist(), abs=1e-12)
            second = np.zeros((n, n))
            total = np.zeros(n)
            for probability, chosen in ours.outcomes(FLOAT):
                v = np.zeros(n)
                for i, weight in chosen:
                    v[i] += weight
                second += probability * np.outer(v, v)
                total += probability * v
            assert total == pytest.approx(np.ones(n))
            assert second == pytest.approx(law.B * np.ones((n, n)) + np.diag(law.w))
            if not ours.deterministic:
                assert ours.largest(FLOAT, L_i) == pytest.approx(law.largest(L_i))


@pytest.mark.parametrize("a", PL)
def test_the_pl_constants_of_sines_are_certified(a: int) -> None:
    certificate = pl_constant(sine(float(a)))
    assert PL[a] <= certificate.lower <= PL[a] * (1 + 1e-6)


# Numbers


def test_rounding_and_roots_are_on_the_safe_side() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        value = Fraction(int(rng.integers(1, 10**9)), int(rng.integers(1, 10**9)))
        assert rounded_down(value, 5) <= value <= rounded_up(value, 5)
        assert rounded_up(value, 5) - rounded_down(value, 5) <= value / 1000
        assert root_below(value) ** 2 <= value <= root_above(value) ** 2
    assert rounded_up(Fraction(1, 8)) == rounded_down(Fraction(1, 8)) == Fraction(1, 8)
    assert root_above(Fraction(9, 4)) == Fraction(3, 2)
    assert decimal(0.1) == Fraction(1, 10)


def test_an_interval_holds_the_number_and_a_rational_has_no_sine() -> None:
    x = INTERVAL.root(INTERVAL.number(2))
    assert x.a**2 <= 2 <= x.b**2
    assert float(x.a) == pytest.approx(math.sqrt(2))
    with pytest.raises(ArithmeticError):
        RATIONAL.sine(Fraction(1))


def test_a_trial_that_holds_is_not_confirmed() -> None:
    found = falsify(load_theorem(PRINTED), seed=0, budget=60).counterexample
    assert found is not None
    trial = found.finding.trial
    assert confirmed(load_theorem(PRINTED), "x", trial) is not None
    assert confirmed(load_theorem("unified-sam/3.2"), "x", trial) is None, "its steps are outside the Lambda form's"
    assert confirmed(load_theorem("unified-sam/3.2"), "x", replace(trial, rho=None, gamma=None)) is None
    assert confirmed(load_theorem(PRINTED), "x", replace(trial, gamma=10 * trial.gamma)) is None, "above gamma_max"


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


def test_a_sampling_is_kept_to() -> None:
    assert {kind for _, kind, _ in asked_laws("nice:3")} == {"nice"}
    assert asked_laws("independent:0.25")[0][2] == 0.25
