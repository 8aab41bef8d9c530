"""Theorems about Unified SAM read for the class ||e|| <= rho (alpha ||g|| + beta), whatever the direction of e."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import samtheory as st
from samtheory import cli
from samtheory.calculator.classes import Reading, reading_of
from samtheory.catalogue import load_method, load_theorem, methods, theorems
from samtheory.engine.laws import law_of
from samtheory.engine.run import run
from samtheory.errors import InputError, NotApplicable
from samtheory.methods.base import Deviation
from samtheory.methods.presam import PreSam
from samtheory.methods.unified_sam import unit
from samtheory.request import Request
from samtheory.verification.one_step import one_step
from samtheory.verification.states import gather
from samtheory.verification.within import within


class Against:
    """e = -rho (alpha g + beta g/||g||): the longest perturbation of the class, against the gradient."""

    def __init__(self, alpha, beta, longer=1.0):
        self.alpha, self.beta, self.longer, self.deviation = alpha, beta, longer, Deviation(alpha, beta)

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        g = gradient(x, draw)
        return x - gamma * gradient(x - self.longer * rho * (self.alpha * g + self.beta * unit(g)), draw)


#: Theorem, alpha, beta, gamma, rho, x on f = x^2/2, with delta+ and the bound of a class that is not scaled.
COUNTEREXAMPLES = (
    ("ours/sam-deterministic", 0, 2, 1.0, 0.1, 0.0, 0.02, 0.01),
    ("ours/sam-deterministic", 1, 1, 1.0, 0.1, 0.1, 0.00605, 0.00505),
    ("ours/non-convex-explicit", 0, 2, 0.01, 0.1, 0.4, 0.079202, 0.079066),
    ("ours/ball", 0, 2, 0.001, 0.1, 0.133, 0.0088534, 0.0088451),
    ("ours/sam-any-sampling", 0, 2, 0.05, 0.9, 1.8, 1.62, 1.588),
    ("ours/usam-deterministic", 2, 0, 1.0, 0.4, 1.0, 0.32, 0.08),
)


@pytest.mark.parametrize(("key", "alpha", "beta", "gamma", "rho", "x", "new", "unscaled"), COUNTEREXAMPLES)
def test_a_class_is_read_at_its_own_radius(key, alpha, beta, gamma, rho, x, new, unscaled):
    """The formulas with alpha for a and beta for lam, or with rho for rho (alpha + beta), are violated here."""
    theorem, of = load_theorem(key), Deviation(alpha, beta)
    one = dict.fromkeys(("mu", "L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "B"), 1.0)
    known = st.Constants.from_values({**one, "A": 0.0, "C": 0.0}, theorem.assumptions)
    delta, G = x**2 / 2, x**2
    y = x - rho * (alpha * x + beta)
    if x == 0:  # e is free where g = 0
        y = -rho * beta
    step = Against(alpha, beta)
    moved = x - gamma * y
    if x:
        assert step(np.array([[x]]), None, lambda z, draw: z, gamma, rho, of.lam)[0, 0] == pytest.approx(moved)
    assert moved**2 / 2 == pytest.approx(new, rel=2e-3)

    def bound(radius):
        asked = Request(of.lam, radius, gamma=gamma, allow_outside=True)
        p, q, r = theorem.plan_for(known, asked, 1.0).step_at(gamma, radius, of.lam)
        return p * delta + q * G + r

    right = Reading("", of).request(theorem, Request(0.5, rho, gamma=gamma))
    assert (right.rho, right.lam) == (pytest.approx(rho * (alpha + beta)), beta / (alpha + beta))
    assert moved**2 / 2 <= bound(right.rho) * (1 + 1e-12)
    assert moved**2 / 2 > unscaled * (1 - 1e-3)


PLACES = (
    ("tight-pair", "uniform"),
    ("tight-pair", "full"),
    ("interpolated-ls", "uniform"),
    ("bounded-variance", "full"),
)


@cache
def place(name, sampling):
    """A problem, a sampling and states along short runs and around the minimiser."""
    problem, drawn = st.load_problem(name), st.parse_sampling(sampling)
    schedule = st.Schedule(0.2 / problem.L, 0.1 / problem.L, 1.0)
    curves = run(problem, drawn, schedule, steps=20, trials=2, seed=1)
    return problem, drawn, gather(problem, problem.law(drawn), curves, [7]).first(40)


def evidence(step, reading, places=PLACES, **steps):
    """The one-step inequality of each theorem that covers a method, and the class itself."""
    for name, sampling in places:
        problem, drawn, states = place(name, sampling)
        method, known = load_method(step, problem), reading.constants(problem, drawn)
        own = law_of(problem, drawn, method)
        for key, theorem in theorems().items():
            if reading.why_not_covered(theorem) or theorem.why_not_applicable(known):
                continue
            try:
                asked = reading.request(theorem, Request(reading.lam(theorem, None), **steps))
                plan = theorem.plan_for(known, asked, problem.delta0)
            except NotApplicable:
                continue
            ran = reading.schedule(plan.schedule)
            yield name, key, one_step(problem, own, plan, states, ran, method)
            if key == "ours/3.2+" and reading.deviation.lam is not None:
                yield name, "class", within(problem, problem.law(drawn), own, states, ran, method, reading.deviation)


#: Those of which no class is known, and the method that the theorems are about.
OTHERS = {"adaptive-importance", "polyak", "looksam", "adasam", "heavy-ball", "past-extragradient", "unified-sam"}
COVERED = sorted(methods().keys() - OTHERS)
#: The least theorems that cover a method, by the lam of its class.
LEAST = {None: 20, 0.0: 14, 1.0: 14}
FEWER = {"functional-sam": 8, "different-sample-usam": 6}


@pytest.mark.parametrize("name", COVERED)
def test_every_theorem_that_covers_a_method_holds_for_it(name):
    places = PLACES[2:3] if name == "functional-sam" else PLACES
    reading = reading_of(load_method(name, st.load_problem(places[0][0])), name)
    found = list(evidence(name, reading, places))
    assert not [each for each in found if each[2].verdict.failed]
    keys = {key for _, key, each in found if each.verdict == "holds"}
    assert len(keys) >= FEWER.get(name, LEAST[reading.deviation.lam])
    assert reading.deviation.lam is None or "class" in keys


@pytest.mark.parametrize(("alpha", "beta"), [(0.0, 2.0), (2.0, 0.0), (1.0, 1.0), (0.7, 0.7), (0.0, 1.2), (0.3, 0.0)])
def test_every_theorem_holds_for_the_longest_perturbation_against_the_gradient(alpha, beta):
    step = Against(alpha, beta)
    found = list(evidence(step, reading_of(step), PLACES[:2]))
    assert not [each for each in found if each[2].verdict.failed]
    assert len(found) >= 14


def test_a_longer_perturbation_is_out_of_the_class():
    """Four times as long, the class is seen to fail everywhere, and theorems are."""
    step = Against(0.0, 1.0, longer=4.0)
    found = list(evidence(step, reading_of(step), PLACES[:2]))
    assert {each.verdict for _, key, each in found if key == "class"} == {"assumption-fails"}
    assert "violated" in {each.verdict for _, key, each in found if key != "class"}


def momentum(x, draw, gradient, gamma, rho, lam):
    """No step of the class: twice as long."""
    return x - 2 * gamma * gradient(x, draw)


momentum.deviation = Deviation(0.0, 1.0)


def test_a_step_that_is_none_from_its_last_point_is_out_of_the_class():
    (found,) = [each for _, key, each in evidence(momentum, reading_of(momentum), PLACES[:1]) if key == "class"]
    assert found.verdict == "assumption-fails"
    verdict = st.verify("tight-pair", "uniform", "unified-sam/3.2", method=momentum, steps=20, trials=2)
    assert verdict.verdict == "assumption-fails"


def backwards(x, draw, gradient, gamma, rho, lam):
    """As long as USAM, the other way."""
    return x - gamma * gradient(x - rho * gradient(x, draw), draw)


backwards.deviation = Deviation(1.0, 0.0, along=True)


def test_a_direction_that_is_not_that_of_unified_sam_is_out_of_its_class():
    (found,) = [each for _, key, each in evidence(backwards, reading_of(backwards), PLACES[:1]) if key == "class"]
    assert found.verdict == "assumption-fails"


def test_what_is_unified_sam_has_its_exact_moments():
    for name in ("usam", "sgd"):
        found = st.verify("tight-pair", "uniform", "ours/3.2+", method=name, steps=50)
        assert found.holds
        assert "moments" in {piece.kind for piece in found.evidence}


def test_theorems_that_use_the_direction_are_refused_and_false_for_others():
    """f = x^2/2, gamma = 1/2, rho = 0.1, x = 1, e = -rho: delta+ = 0.15125 is above the convex bound."""
    for key in ("ours/deterministic-convex", "ours/sam-convex", "dai-2023/1"):
        with pytest.raises(NotApplicable, match="direction of the perturbation"):
            st.verify("tight-pair", "full", key, method="sam-on")
        assert st.verify("tight-pair", "full", key, method="sam", steps=50).holds
    moved = Against(0.0, 1.0)(np.ones((1, 1)), None, lambda z, draw: z, 0.5, 0.1, 1.0)[0, 0]
    one = dict.fromkeys(("mu", "L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2"), 1.0)
    theorem = load_theorem("ours/sam-convex")
    known = st.Constants.from_values(one, theorem.assumptions)
    p, q, r = theorem.step(known, 0.1, 0.5, 1.0)
    assert moved**2 / 2 == pytest.approx(0.15125)
    assert moved**2 / 2 > p / 2 + q + r


def test_convex_rows_need_a_step_from_one_point():
    """h = g + d with ||d|| <= rho is not enough: f = (x_1^2 + 0.01 x_2^2)/2, d across the gradient."""
    x, rho, gamma = np.array([0.0, 10.0]), 0.1, 0.5
    new = x - gamma * (np.array([1.0, 0.01]) * x + np.array([0.0, -rho]))
    one = {"L": 1.0, "L_max": 1.0, "Lcal": 1.0, "R": 1.0, "sigma2": 0.0, "mu": 0.01}
    theorem = load_theorem("ours/convex")
    known = st.Constants.from_values(one, theorem.assumptions)
    p, q, r = theorem.step(known, rho, gamma, 1.0)
    assert new @ new > p * (x @ x) + q * 0.01 * x[1] ** 2 / 2 + r
    for key in ("ours/convex", "ours/convex-average"):
        with pytest.raises(NotApplicable, match="one point y"):
            st.verify("tight-pair", "uniform", key, method="m-sam")


def test_a_radius_is_that_of_the_class_and_the_method_runs_at_its_own():
    scale = np.array([2.0, *np.full(7, 0.5)])
    asked = {"rho": 0.01, "steps": 30, "trials": 4}
    found = st.verify("interpolated-ls", "uniform", "unified-sam/3.2", method=PreSam(scale), **asked)
    assert found.holds
    assert "class of the method: ‖e‖ ≤ 2ρ" in {piece.name for piece in found.evidence}
    (piece,) = [piece for piece in found.evidence if piece.name.startswith("class")]
    assert 1.0 <= piece.bound_ratio < 1.2  # nearly along the long axis
    with pytest.raises(InputError, match=r"scale: shape \(8,\): must be \(1,\)"):
        st.verify("tight-pair", "uniform", "unified-sam/3.2", method=PreSam(scale), steps=30)


def test_a_mean_of_perturbed_gradients_needs_the_constants_of_the_components():
    """m-SAM does not profit from a Lipschitz constant of g_v below (1/n) sum v_i L_i, nor from that of grad f."""
    problem, drawn = st.load_problem("ridge"), st.parse_sampling("nice:3")
    law, L_i = problem.law(drawn), problem.L_i.values
    sharper = {"Lambda1": 1.1, "Lambda2": 1.2, "Lambda": 1.4}
    smaller = problem.claiming(lambda law: {name: st.exact(value, "") for name, value in sharper.items()})
    found = reading_of(load_method("m-sam", problem), "m-sam").constants(smaller, drawn)
    assert float(smaller.constants(drawn).Lambda) == 1.4
    assert float(found.Lambda) == pytest.approx(law.largest(L_i))
    assert float(found.Lambda1) == pytest.approx(L_i.mean())
    assert float(found.Lambda2) == pytest.approx(np.sqrt(law.mean_square(L_i)))
    with pytest.raises(NotApplicable, match="full-batch"):
        st.verify("ridge", "full", "ours/sam-deterministic", method="m-sam")


def test_the_gradient_of_another_draw_bounds_means_only():
    with pytest.raises(NotApplicable, match="the gradient of its own draw"):
        st.rates("tight-pair", "uniform", "unified-sam/3.2", method="different-sample-usam")
    assert st.verify("tight-pair", "uniform", "ours/3.2+", method="different-sample-usam", steps=40, trials=8).holds


def test_what_no_theorem_covers_is_refused_in_one_line(capsys):
    for words, message in (
        (["verify", "tight-pair", "--method", "adasam"], "method=adasam: no theorem covers it"),
        (["compare", "tight-pair", "--method", "looksam"], "method=looksam: compare tunes rho"),
        (["verify", "tight-pair", "--method", "sam-on", "--lam", "0.5"], "lam=0.5: must be 1 or left out"),
        (["rates", "tight-pair", "--method", "vasso", "--theorem", "gower-2019/3.1"], "covers lam=0 only"),
        (["compare", "tight-pair", "--method", "adasam"], "no theorem"),
        (["plot", "tight-pair", "--method", "heavy-ball"], "method=heavy-ball: no theorem covers it"),
        (["rates", "tight-pair", "--method", "functional-sam"], "needs the model"),
    ):
        assert cli.main(words) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert message in err


def test_rates_name_the_theorems_that_cover_a_method(capsys):
    assert cli.main(["rates", "tight-pair", "--method", "vasso", "--json"]) == 0
    shown = capsys.readouterr().out
    assert '"method": "vasso"' in shown
    table = st.rates("tight-pair", "uniform", method="vasso")
    assert {each.theorem.key for each in table.rates} >= {"unified-sam/3.2", "ours/3.2+", "ours/tight", "ours/convex"}
    assert dict(table.skipped)["ours/sam-convex"].startswith("the proof uses the direction of the perturbation")
    assert table.lam == 1.0


def test_compare_and_plot_run_the_method():
    table = st.compare("tight-pair", "uniform", method="vasso", theorem=["ours/tight", "unified-sam/3.2"], steps=400)
    assert [row.to_json()["method"] for row in table.rows] == ["vasso"] * 2
    assert all(row.ratio >= 1 for row in table.rows)
    lines = st.trajectories("tight-pair", "uniform", "3.2", method="usam", steps=60, trials=2).lines
    assert [line.label for line in lines] == ["unified-sam/3.2, λ=0"]


def test_a_memory_without_a_class_is_refused_in_a_verification():
    with pytest.raises(NotApplicable, match="the theorem is about the method unified-sam, not LookSam"):
        st.verify("tight-pair", "uniform", "unified-sam/3.2", method=methods()["looksam"].step)


def test_the_method_of_the_documentation_is_judged(tmp_path, capsys):
    """The file of docs/methods.md: a class, a memory, and a name that the command line takes."""
    page = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "smoothed.py").write_text(code)
    asked = ["--theorem", "3.2", "--sampling", "uniform", "--workers", "1", "--steps", "40", "--json", "-"]
    assert cli.main(["verify", "tight-pair", "--method", str(tmp_path / "smoothed.py"), *asked]) == 0
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert cell["lam"] == "1"
    assert {"class of the method: ‖e‖ ≤ ρ"} <= {piece["name"] for piece in cell["evidence"]}
    (tmp_path / "longer.py").write_text(code.replace("rho * unit", "2 * rho * unit"))
    assert cli.main(["verify", "tight-pair", "--method", str(tmp_path / "longer.py"), *asked]) == 1
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert cell["verdict"] == "assumption-fails"


@pytest.mark.parametrize("seed", range(6))
def test_the_ball_is_dominated_at_every_time(seed):
    """ours/tight has the member theta = q = 1 of ours/3.2+, whose noise and contraction are never larger."""
    rng = np.random.default_rng(seed)
    L, spread = 10 ** rng.uniform(-2, 2), np.sort(rng.uniform(1, 5, 3))
    numbers = dict(zip(("Lambda1", "Lambda2", "Lambda"), L * spread, strict=True))
    numbers |= {"L": L, "L_max": L * spread[2], "L_avg": L * spread[0], "mu": L * 10 ** rng.uniform(-3, 0)}
    known = st.Constants.from_values(
        {**numbers, "A": 0.0, "B": 1.0, "C": 10 ** rng.uniform(-4, 2)}, {"bounded-variance", "smooth", "PL", "ER"}
    )
    ball = load_theorem("ours/ball").plan(known, 1.0, rho=10 ** rng.uniform(-4, 1), delta0=1.0)
    tight = load_theorem("ours/tight").plan(known, 1.0, rho=ball.rho, gamma=ball.gamma, delta0=1.0)
    t = np.array([1, 2, 5, 20, 100])
    for start in (0.0, 1e-3, 1.0, 1e3):
        assert (tight.bound(t, start) <= ball.bound(t, start) * (1 + 1e-9)).all()
    assert tight.bound(100, 0.0) < ball.bound(100, 0.0)
    # Without PL, the one step of ours/ball added up.
    plan, gamma = load_theorem("ours/ball-non-convex").plan(known, 1.0, rho=ball.rho, gamma=ball.gamma), ball.gamma
    l_rho, l_gamma = L * spread[2] * ball.rho, L * spread[2] * gamma
    added = 8.0 / (gamma * t) + 4 * l_gamma * float(known.C) + (2 + 4 * l_gamma) * l_rho**2
    assert (plan.bound(t, 2.0) <= added).all()
