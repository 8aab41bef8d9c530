"""Linear models too large for n x d numbers: the same quantities and verdicts from the numbers a_i.x alone."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import sparse

import samtheory as st
from samtheory.problem.at_pairs import quantities_between
from samtheory.problem.at_span import InSpan
from samtheory.problem.evaluation import context_of
from samtheory.problem.families import components
from samtheory.schedules import Schedule
from samtheory.verification import claims, enumeration, runs
from samtheory.verification import states as states_file
from samtheory.verification.bracket import OneStepBracket
from samtheory.verification.one_step import expected
from samtheory.verification.states import States


def linear(seed, n, d, loss, reg, kind=np.asarray):
    rng = np.random.default_rng(seed)
    A, b = rng.standard_normal((n, d)) * (rng.random((n, d)) < 0.6), np.where(rng.random(n) < 0.5, -1.0, 1.0)
    return st.LinearModel(kind(A), b, loss, reg)


def problem_of(f):
    return st.Problem(f, np.ones(f.d), np.maximum(f.component_smoothness, 1e-9), f.smoothness, f.reference)


@pytest.fixture
def large(monkeypatch):
    """Nothing is affordable: no outcome is enumerated, no component has pairs of its own, records are few."""
    monkeypatch.setattr(enumeration, "WORK", 1)
    monkeypatch.setattr(runs, "RECORDED", 1000)
    monkeypatch.setattr(states_file, "NUMBERS", 100)
    monkeypatch.setattr(claims, "BLOCK", 20)


@settings(deadline=None, max_examples=30)
@given(
    seed=some.integers(0, 10**6), loss=some.sampled_from(["squared", "logistic", "cauchy"]),
    reg=some.sampled_from([0.0, 0.3]),
)  # fmt: skip
def test_pairs_in_the_span_of_a_row_have_the_quantities_of_the_pairs_written_out(seed, loss, reg):
    f = linear(seed, 7, 4, loss, reg)
    problem, rng = problem_of(f), np.random.default_rng(seed)
    family = components(context_of(problem))
    x, y, p, q = *rng.standard_normal((2, 4)), 0.3, rng.standard_normal(7)
    inside = InSpan(context_of(problem), f, np.ones(7))
    X, which = np.repeat(x[None], 7, axis=0), np.arange(7)
    for found, Y in ((inside.along(x, p, q), X + p * X + q[:, None] * f.A), (inside.between(x, y), 0 * X + y)):
        expected = quantities_between(family, X, Y, which)
        # A pair (y, x) has the quantities of (x, y).
        for name in ("distance", "change", "rise"):
            ours, theirs = getattr(found, name), getattr(expected, name)
            scale = 1e-12 * (1 + np.abs(theirs.value).max())
            np.testing.assert_allclose(ours.value, theirs.value, rtol=1e-10, atol=scale, err_msg=name)
        assert (np.abs(found.change.value - expected.change.value) <= found.change.rounding).all()


@settings(deadline=None, max_examples=30)
@given(
    seed=some.integers(0, 10**6), loss=some.sampled_from(["squared", "logistic", "cauchy"]),
    lam=some.sampled_from([0.0, 0.5, 1.0]), rho=some.sampled_from([0.0, 0.1]), importance=some.booleans(),
)  # fmt: skip
def test_the_expectation_of_one_step_is_within_its_bracket(seed, loss, lam, rho, importance):
    f = linear(seed, 6, 3, loss, 0.2)
    problem, rng = problem_of(f), np.random.default_rng(seed)
    law = problem.law(st.parse_sampling("importance" if importance else "uniform"))
    schedule = Schedule(0.2 / float(problem.L_i.values.max()), rho, lam)
    states = States(problem, law, rng.standard_normal((5, 3)), ["x"] * 5, np.arange(5))
    for of in ("gap", "distance2"):
        if of == "distance2":
            if f.strong_convexity() is None:
                continue
            problem = st.Problem(f, np.ones(3), problem.L_i, f.smoothness, f.reference, x_star=f.minimiser)
            states = States(problem, law, states.X, states.names, states.t)
        exact = expected(law, schedule, st.methods()["unified-sam"].step, states, of)
        bracket = OneStepBracket(problem, law, schedule, states, of)
        found = bracket.bracket()
        assert (found.low - found.rounding <= exact).all()
        assert (exact <= found.high + found.rounding).all()
        if of == "distance2" or loss == "squared":
            np.testing.assert_allclose(found.high, exact, rtol=1e-10)
        else:
            for k in range(2):
                low, high = bracket.sampled(k, np.random.default_rng(0))  # fails with probability below 1e-10
                assert low - 1e-9 <= exact[k] <= high + 1e-9


@pytest.mark.parametrize("sampling", ["uniform", "importance", "nice:3", "full"])
def test_verdicts_on_sparse_rows_are_those_on_dense_ones(large, sampling):
    """The kinds of evidence that are left are the same, and hold."""
    dense = st.load_problem("logistic", n=30, d=5)
    thin = st.load_problem("logistic", rows=(sparse.csr_array(dense.objective.A), dense.objective.b))
    found = [st.verify(each, sampling, "unified-sam/3.2", 0.5, steps=60, trials=8) for each in (dense, thin)]
    for one, other in zip(found[0].evidence, found[1].evidence, strict=True):
        assert (one.kind, one.name, one.verdict) == (other.kind, other.name, other.verdict)
        assert one.cases == other.cases or one.name == "search"  # a climb ends where rounding lets it
    assert found[1].holds
    if sampling in ("uniform", "importance"):
        kinds = {piece.name: piece for piece in found[1].evidence}
        assert kinds["L_i"].cases > 0
        assert kinds["L_v"].cases > 0
        (step,) = (piece for piece in found[1].evidence if piece.kind == "one-step")
        assert step.verdict == "holds"
        assert step.cases > 0


@pytest.mark.parametrize("name", ["L_i", "f_i_inf", "f_inf", "mu"])
def test_wrong_constants_of_large_problems_are_found(large, name):
    right = st.load_problem("logistic", n=30, d=5)
    wrong = {
        "L_i": right.L_i.values * np.where(np.arange(30) == 17, 0.05, 1), "mu": 0.95 * float(right.L),
        "f_inf": float(right.f_inf) + 0.02, "f_i_inf": right.f_i_inf.values + 0.3 * (np.arange(30) == 17),
    }  # fmt: skip
    problem = dataclasses.replace(right, **{name: wrong[name]})
    found = st.verify(problem, "uniform", "unified-sam/3.2", 0.5, steps=60, trials=8)
    assert found.verdict == "assumption-fails"


def test_a_false_bound_of_one_step_is_found_without_the_outcomes(large):
    """A step size far beyond the theorem's makes E delta+ larger than its bound."""
    problem = st.load_problem("ridge", n=30, d=5)
    law, x = problem.law(st.parse_sampling("uniform")), problem.x0[None] + 3
    states = States(problem, law, x, ["x"], np.zeros(1, dtype=np.intp))
    bracket = OneStepBracket(problem, law, Schedule(3.0, 0.0, 0.0), states, "gap").bracket()
    assert bracket.low[0] > states.gap[0]


def test_measures_that_need_all_points_are_skipped_with_the_reason(large):
    problem = st.load_problem("sigmoid", n=30, d=5)
    key = next(key for key, each in st.theorems().items() if each.measure == "min_grad2" and each.only is None
               and each.why_not_applicable(problem.constants(st.parse_sampling("uniform"))) is None)  # fmt: skip
    found = st.verify(problem, "uniform", key, 0.5, steps=60, trials=8)
    (piece,) = (piece for piece in found.evidence if piece.kind == "trajectory")
    assert piece.verdict == "skipped"
    assert "too many numbers" in str(piece.to_json())
