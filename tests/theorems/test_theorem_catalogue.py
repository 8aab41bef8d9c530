"""Every theorem of the catalogue on problems that it covers: one step exactly, and wrong constants found out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import sympy as sp

import samtheory as st
from samtheory.catalogue import load_method, theorems
from samtheory.constants import claimed
from samtheory.engine.run import run
from samtheory.errors import InputError, NotApplicable
from samtheory.problem.distance import distance_to_set
from samtheory.problem.expected_residual import sharp_residuals
from samtheory.proofs.run import proof_of
from samtheory.sampling.base import parse_sampling
from samtheory.theorems.forms.descent import Descent
from samtheory.theorems.listed_only import REMEMBERED
from samtheory.verification.claims import hypotheses
from samtheory.verification.judge import monte_carlo
from samtheory.verification.one_step import one_step
from samtheory.verification.states import gather

NEW = {key: theorem for key, theorem in theorems().items() if not key.startswith("unified-sam/")}

#: Interpolated or not, convex or not, with and without PL; the names of problems and samplings to enumerate.
PLACES = (
    ("ridge", "uniform"), ("ridge", "full"), ("ridge", "independent:0.5"), ("rank-deficient-ls", "nice:2"),
    ("interpolated-ls", "uniform"), ("interpolated-ls", "importance"), ("scaled-quadratics", "independent:0.5"),
    ("tight-pair", "uniform"), ("tight-pair", "full"), ("sine-1d", "full"), ("sine-sum", "nice:2"),
    ("bounded-variance", "replacement:2"), ("robust", "uniform"), ("robust", "full"),
)  # fmt: skip
LAMS = (0.0, 0.3, 1.0, "1/t", "1-1/t")


@cache
def problem_of(name):
    return st.load_problem(name)


@cache
def states_of(name, sampling, lam):
    """Points along short runs of Unified SAM and around the minimiser."""
    problem = problem_of(name)
    schedule = st.Schedule(0.2 / problem.L, 0.1 / problem.L, lam)
    curves = run(problem, parse_sampling(sampling), schedule, steps=20, trials=2, seed=1)
    return gather(problem, problem.law(parse_sampling(sampling)), curves, [7])


def one_step_of(theorem, name, sampling, lam, method=None, **steps):
    problem, drawn = problem_of(name), parse_sampling(sampling)
    method = method or load_method(theorem.method, problem)
    plan = theorem.plan(problem.constants(drawn), lam, delta0=problem.delta0, **steps)
    return one_step(problem, problem.law(drawn), plan, states_of(name, sampling, lam), plan.schedule, method)


def about_time_alone(theorem):
    """Whether a theorem states no inequality of one step: one that is quoted, or whose bounds over time are proved."""
    return not theorem.inequality and (theorem.status == "as remembered" or bool(proof_of(theorem.key).bounds))


@pytest.mark.parametrize("theorem", NEW.values(), ids=NEW)
def test_one_step_holds_exactly_wherever_the_theorem_applies(theorem):
    checked = []
    for name, sampling in PLACES:
        constants = problem_of(name).constants(parse_sampling(sampling))
        for lam in LAMS:
            try:
                found = one_step_of(theorem, name, sampling, lam)
            except NotApplicable:
                assert theorem.why_not_applicable(constants, lam) or theorem.only != lam
                continue
            if found.verdict == "skipped":
                assert about_time_alone(theorem), found.location
                continue
            assert found.verdict == "holds", (name, sampling, lam, found)
            checked.append(found)
    # What no problem claims by itself, a method has to: `tests/methods/test_bias.py`.
    assert checked or about_time_alone(theorem) or "biased" in theorem.assumptions


#: A theorem, a place where it is attained or nearly so, and by how much the descent may not be larger there.
ATTAINED = (
    ("ours/usam-deterministic", "ridge", "full", 0.0, "1.001"),
    ("ours/usam-non-convex", "ridge", "full", 0.0, "1.001"),
    ("ours/usam-convex", "tight-pair", "full", 0.0, "1.001"),
    ("ours/sam-deterministic", "tight-pair", "full", 1.0, "1.001"),
    ("ours/sam-at-y", "tight-pair", "full", 1.0, "1.001"),
    ("ours/sam-non-convex", "tight-pair", "full", 1.0, "1.001"),
    ("ours/sam-convex", "tight-pair", "full", 1.0, "1.001"),
    ("dai-2023/1", "tight-pair", "full", 1.0, "1.001"),
    ("ours/interpolated", "interpolated-ls", "importance", 0.0, "1.001"),
    ("ours/interpolated-average", "interpolated-ls", "importance", 0.0, "1.001"),
    ("ours/sam-convex-average", "tight-pair", "full", 0.0, "2"),
    ("ours/sam-strongly-convex", "tight-pair", "full", 0.0, "2"),
    ("ours/convex", "tight-pair", "full", 0.0, "2"),
    ("ours/convex-average", "tight-pair", "full", 0.0, "2"),
    ("shin-2025/H.3", "scaled-quadratics", "full", 0.0, "6"),
    ("ours/strong-growth", "scaled-quadratics", "full", 0.0, "6"),
    ("khanh-2024/usam", "ridge", "full", 0.0, "6"),
    ("khaled-richtarik-2020/2", "tight-pair", "full", 0.0, "2"),
    ("oikonomou-2026/usam-ps", "tight-pair", "full", 0.0, "8"),
    ("oikonomou-2026/usam-ps-average", "tight-pair", "full", 0.0, "8"),
    ("oikonomou-2026/usam-sps", "scaled-quadratics", "full", 0.0, "8"),
    ("ours/ball", "tight-pair", "full", 1.0, "4"),
    ("ours/ball-non-convex", "tight-pair", "full", 1.0, "4"),
    ("ours/non-convex-explicit", "tight-pair", "full", 1.0, "4"),
)


@pytest.mark.parametrize(("key", "name", "sampling", "lam", "factor"), ATTAINED, ids=[each[0] for each in ATTAINED])
def test_more_descent_than_the_theorem_says_is_too_much(key, name, sampling, lam, factor):
    theorem = NEW[key]
    wrong = replace(theorem, descent=theorem.descent * sp.Rational(factor))
    right, found = (one_step_of(each, name, sampling, lam) for each in (theorem, wrong))
    assert (right.verdict, found.verdict) == ("holds", "violated")


def test_the_noise_of_sam_is_attained_too():
    """At gamma = 1/L a parabola near its minimum steps to (L/2) rho^2, which is the noise of R2 and R3."""
    for key in ("ours/sam-deterministic", "ours/sam-at-y", "ours/sam-convex", "dai-2023/1"):
        theorem = NEW[key]
        wrong = replace(theorem, noise=theorem.noise * sp.Rational(99, 100))
        assert one_step_of(theorem, "tight-pair", "full", 1.0).verdict == "holds"
        assert one_step_of(wrong, "tight-pair", "full", 1.0).verdict == "violated"


@pytest.mark.parametrize("name", ["ridge", "interpolated-ls", "rank-deficient-ls", "tight-pair"])
def test_distances_are_bounded_along_runs(name):
    problem = problem_of(name)
    for key, theorem in NEW.items():
        if theorem.lyapunov != "distance2":
            continue
        for sampling in ("uniform", "full"):
            try:
                plan = theorem.plan(problem.constants(parse_sampling(sampling)), 0.0, delta0=problem.delta0)
            except NotApplicable:
                continue
            record = monte_carlo.record_times(plan, 100)
            curves = run(
                problem, parse_sampling(sampling), plan.schedule, steps=100, trials=16, seed=3, record=record,
                method=load_method(theorem.method, problem),
            )  # fmt: skip
            found = monte_carlo.trajectory(problem, plan, curves, sampling != "full", 1e-6)
            assert found.verdict in ("holds", "undecided"), (key, sampling, found)
            assert found.cases == len(record) - 1


def test_the_distance_is_that_from_the_set_of_minimisers():
    problem = problem_of("interpolated-ls")
    _, _, V = np.linalg.svd(problem.objective.A)
    away = problem.x_star + 3.0 * V[-1]
    assert distance_to_set(problem, away[None])[0] < 1e-20
    assert distance_to_set(problem, (problem.x_star + 2.0 * V[0])[None])[0] == pytest.approx(4.0)
    logistic = problem_of("logistic")
    assert distance_to_set(logistic, logistic.x0[None])[0] == pytest.approx(logistic.x_star @ logistic.x_star)
    with pytest.raises(NotApplicable, match="no minimiser"):
        distance_to_set(problem_of("robust"), np.zeros((1, problem_of("robust").d)))


def claims_of(name, sampling, key, constants=None, problem=None):
    problem, drawn = problem or problem_of(name), parse_sampling(sampling)
    theorem = NEW[key]
    plan = theorem.plan(problem.constants(drawn), 0.0, delta0=problem.delta0)
    constants = constants or problem.constants(drawn)
    checked = hypotheses(constants, plan, states_of(name, sampling, 0.0))
    return {piece.name: piece.verdict for piece in checked}


def test_claims_of_convexity_and_of_the_noise_at_a_minimiser_are_checked():
    right = claims_of("ridge", "uniform", "gower-2019/3.1")
    assert set(right.values()) == {"holds"}
    assert set(right) >= {"strongly-convex", "expected smoothness", "centred expected smoothness", "noise at x*"}
    constants = problem_of("ridge").constants(st.Uniform())
    names = {"Lcal": "expected smoothness", "R": "centred expected smoothness", "sigma2": "noise at x*"}
    for field, name in names.items():
        factor = 0.99 if field == "sigma2" else 0.25
        wrong = constants.changed(**{field: claimed(getattr(constants, field) * factor)})
        assert claims_of("ridge", "uniform", "gower-2019/3.1", wrong)[name] == "assumption-fails"
    doubled = constants.changed(mu=claimed(1.5 * constants.mu))
    assert claims_of("ridge", "uniform", "gower-2019/3.1", doubled)["strongly-convex"] == "assumption-fails"


def test_a_false_claim_of_convexity_or_interpolation_is_seen():
    sine = problem_of("sine-sum")
    bent = replace(sine, properties=sine.properties | {"convex-components", "convex"})
    assert (
        claims_of("sine-sum", "uniform", "ours/interpolated", problem=bent)["convex-components"] == "assumption-fails"
    )
    ridge = problem_of("ridge")
    apart = replace(ridge, properties=ridge.properties | {"interpolation"})
    assert claims_of("ridge", "uniform", "ours/interpolated", problem=apart)["interpolation"] == "assumption-fails"


def test_steps_outside_a_theorem_are_refused_and_sgd_has_no_rho():
    constants = problem_of("ridge").constants(st.Uniform())
    for key, theorem in NEW.items():
        if theorem.why_not_applicable(constants, 0.0 if theorem.only is None else theorem.only):
            continue
        lam = 0.0 if theorem.only is None else theorem.only
        largest_rho, largest_gamma = theorem.admissible(constants, lam)
        if key.startswith(("gower", "khaled", "karimi")):
            assert largest_rho == 0
            assert theorem.plan(constants, lam, delta0=1.0).schedule.at(3)[1] == 0
            with pytest.raises((InputError, NotApplicable), match="rho"):
                theorem.plan(constants, lam, rho=1e-3, delta0=1.0)
        elif np.isfinite(largest_rho):
            with pytest.raises(InputError, match="rho"):
                theorem.plan(constants, lam, rho=1.01 * largest_rho, delta0=1.0)
        rho = 0.5 * largest_rho if np.isfinite(largest_rho) else 0.1
        if np.isfinite(largest_gamma(rho)) and isinstance(theorem, Descent):
            with pytest.raises(InputError, match="gamma"):
                theorem.plan(constants, lam, rho=rho, gamma=1.01 * largest_gamma(rho), delta0=1.0)


@pytest.mark.parametrize("name", ["ridge", "heterogeneous", "two-quadratics", "logistic", "interpolated-ls"])
def test_sharper_residuals_are_valid_and_not_by_much(name):
    """E||g||^2 by enumeration at random points; on the frontier some of them are close."""
    problem, rng = problem_of(name), np.random.default_rng(0)
    law = problem.law(st.Uniform())
    X = problem.x_star + rng.standard_normal((400, problem.d)) * 10.0 ** rng.uniform(-3, 4, (400, 1))
    g = problem.objective.gradients(X)
    second, grad2 = np.mean(np.sum(g**2, axis=-1), axis=1), np.sum(problem.objective.gradient(X) ** 2, axis=-1)
    gap = problem.suboptimality(X)
    own, *sharper = sharp_residuals(problem, law)
    assert sharper
    for each in (own, *sharper):
        bound = 2 * each.A * gap + each.B * grad2 + each.C
        assert (second <= bound * (1 + 1e-9) + 1e-18).all()
    # On the frontier C is the smallest for its A.
    frontier = [each for each in sharper if "^+" in each.C.source and each.C > 0]
    for each in frontier:
        assert np.min((2 * each.A * gap + each.B * grad2 + each.C - second) / second) < 0.2
    if name in ("ridge", "heterogeneous"):
        assert min(each.C for each in sharper) < 0.55 * own.C
        assert min(each.A for each in frontier) < own.A


def test_what_is_only_listed_has_its_own_keys_and_points_to_theorems():
    keys = [each.key for each in REMEMBERED]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set(theorems())
    assert {each.instead for each in REMEMBERED} - {""} <= set(theorems())
    assert all(each.source and each.statement for each in REMEMBERED)
