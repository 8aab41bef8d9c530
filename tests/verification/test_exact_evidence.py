"""All sample paths, and exact expectations against a theorem's bound."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

import samtheory as st
from samtheory.constants import claimed
from samtheory.methods.unified_sam import step
from samtheory.verification.all_paths import all_paths, expectations, paths
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judged, task
from samtheory.verification.second_moments import moments, second_moments

SAMPLINGS = ("full", "uniform", "importance", "nice:2", "replacement:2", "independent:0.5")


def bound_to(name: str, sampling: str, **params):
    problem = st.load_problem(name, **params)
    return problem, problem.law(st.parse_sampling(sampling))


@pytest.mark.parametrize(("name", "lam"), [("sine-sum", 0.5), ("logistic", 1.0), ("tight-pair", 0.3)])
def test_all_paths_are_those_of_the_equation(name: str, lam: float) -> None:
    """Two steps of x+ = x - gamma g(x + rho (1 - lam + lam/||g||) g), written out for every pair of components."""
    problem, law = bound_to(name, "uniform")
    f, n, gamma, rho = problem.objective, problem.n, 0.02, 0.05
    total = 0.0
    for pair in itertools.product(range(n), repeat=2):
        x = problem.x0
        for i in pair:
            g = f.gradients(x[None])[0, i]
            y = x + rho * (1 - lam + lam / np.linalg.norm(g)) * g
            x = x - gamma * f.gradients(y[None])[0, i]
        total += problem.suboptimality(x[None])[0] / n**2
    assert expectations(problem, law, st.Schedule(gamma, rho, lam), 2).gap[2] == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_the_probabilities_of_all_paths_add_up_to_one(sampling: str) -> None:
    problem, law = bound_to("tight-orthogonal", sampling)
    for t, (x, p) in enumerate(all_paths(problem, law, st.Schedule(0.1, 0.1, 0.5), 3)):
        assert x.shape == (law.count**t, problem.d)
        assert p.sum() == pytest.approx(1, abs=1e-13)


def test_the_engine_agrees_with_all_paths_where_no_recursion_exists() -> None:
    """4000 runs of SAM on a non-convex sum: a mean within 5.5 standard errors, normal false alarm below 1e-7."""
    problem, law = bound_to("sine-sum", "uniform", n=4)
    schedule = st.Schedule(0.05, 0.1, 1.0)
    gap = st.run(problem, st.Uniform(), schedule, steps=4, trials=4000, seed=3, record=[4]).gap[:, 0]
    exact = expectations(problem, law, schedule, 4).gap[4]
    assert abs(gap.mean() - exact) < 5.5 * gap.std(ddof=1) / np.sqrt(len(gap))


def plan_of(problem, sampling: str, key: str = "3.2", lam: float = 0.0, **more):
    constants = problem.constants(st.parse_sampling(sampling))
    return st.load_theorem(f"unified-sam/{key}").plan(constants, lam, delta0=problem.delta0, **more)


@pytest.mark.parametrize("key", ["3.2", "3.3", "3.5", "3.7"])
@pytest.mark.parametrize("name", ["heterogeneous", "interpolated-ls", "ridge"])
def test_the_theorems_hold_against_exact_expectations(name: str, key: str) -> None:
    problem, law = bound_to(name, "uniform")
    plan = plan_of(problem, "uniform", key)
    by_moments, by_paths = moments(problem, law, plan, [0, 1, 10, 300]), paths(problem, law, plan)
    for found, kind in ((by_moments, "moments"), (by_paths, "paths")):
        assert (found.kind, found.verdict, found.basis) == (kind, "holds", "exact")
        assert found.cases >= 2
        assert found.bound_ratio > 1 - 1e-9


@pytest.mark.parametrize(("factor", "verdict"), [(1 - 1e-6, "violated"), (1 + 1e-6, "holds")])
def test_a_bound_is_compared_to_a_millionth(factor: float, verdict: str) -> None:
    problem, law = bound_to("heterogeneous", "uniform")
    plan = plan_of(problem, "uniform")
    exact = second_moments(problem, law, plan.schedule, range(51)).gap
    claim = replace(plan, bound=lambda t, _: factor * exact[t])
    found = (moments(problem, law, claim, range(51)), paths(problem, law, claim))
    assert [each.verdict for each in found] == [verdict] * 2
    assert [each.bound_ratio for each in found] == pytest.approx([factor] * 2, rel=1e-9)


def test_a_bound_on_gradients_is_compared_with_the_smallest_mean() -> None:
    problem, law = bound_to("heterogeneous", "uniform")
    plan = plan_of(problem, "uniform", "3.7")
    grad2 = second_moments(problem, law, plan.schedule, range(21)).grad2
    smallest = np.minimum.accumulate(grad2)
    tight = replace(plan, bound=lambda T, _: smallest[np.asarray(T) - 1])
    late = replace(plan, bound=lambda T, _: 0.999 * smallest[np.asarray(T) - 1])
    assert moments(problem, law, tight, [0, 20]).verdict == "holds"
    assert moments(problem, law, tight, [0, 20]).cases == 20
    assert moments(problem, law, late, [0, 20]).verdict == "violated"
    assert paths(problem, law, late).verdict == "violated"


@pytest.mark.parametrize("evidence", ["moments", "paths"])
def test_three_times_the_largest_step_is_violated(evidence: str) -> None:
    problem, law = bound_to("scaled-quadratics", "uniform", h="0.1,1.9")
    right = plan_of(problem, "uniform")
    plan = plan_of(problem, "uniform", rho=right.rho_max / 20)
    wrong = plan_of(problem, "uniform", rho=plan.rho, gamma=3 * plan.gamma_max, allow_outside=True)
    check = paths if evidence == "paths" else lambda *about, **more: moments(*about, range(10), **more)
    assert check(problem, law, plan).verdict == "holds"
    assert check(problem, law, wrong).verdict == "violated"
    assert check(problem, law, plan, schedule=st.Schedule(3.0, 0.0, 0.0)).verdict == "violated"


def test_a_diverging_run_is_violated_and_not_a_crash() -> None:
    problem, law = bound_to("scaled-quadratics", "uniform")
    plan = plan_of(problem, "uniform")
    assert moments(problem, law, plan, [0, 5000], schedule=st.Schedule(50.0, 0.1, 0.0)).verdict == "violated"


def test_a_bound_that_underflows_holds() -> None:
    problem, law = bound_to("scaled-quadratics", "uniform")
    assert moments(problem, law, plan_of(problem, "uniform"), [0, 20_000]).verdict == "holds"


def test_a_wrong_method_is_seen_by_all_paths() -> None:
    problem, law = bound_to("scaled-quadratics", "uniform")
    plan = plan_of(problem, "uniform", lam=0.5)
    assert paths(problem, law, plan, method=step).verdict == "holds"

    def eightfold(x, draw, gradient, gamma, rho, lam):
        return x + 8 * (step(x, draw, gradient, gamma, rho, lam) - x)

    assert paths(problem, law, plan, method=eightfold).verdict == "violated"


@pytest.mark.parametrize(
    ("name", "sampling", "lam", "reason"),
    [
        ("heterogeneous", "uniform", 0.5, "lam = 0"),
        ("logistic", "uniform", 0.0, "quadratic"),
        ("bounded-variance", "uniform", 0.0, "quadratic"),
        ("many", "independent:0.9", 0.0, "entries"),
        ("many", "nice:9", 0.0, "entries"),
    ],
)
def test_what_has_no_exact_moments_is_told_with_its_reason(name, sampling, lam, reason) -> None:
    problem, law = bound_to("ridge", sampling, n=2000) if name == "many" else bound_to(name, sampling)
    found = moments(problem, law, plan_of(problem, sampling, lam=lam), [0, 10])
    assert (found.kind, found.verdict, found.bound_ratio) == ("moments", "skipped", None)
    assert reason in found.location


def test_too_many_steps_and_paths_are_refused() -> None:
    problem, law = bound_to("ridge", "uniform")
    with pytest.raises(st.NotApplicable, match="multiplications"):
        second_moments(problem, law, st.Schedule(0.01, 0.0, 0.0), [10**5], work=1e6)
    assert "nothing is random" in paths(problem, problem.law(st.Full()), plan_of(problem, "full")).location
    many = problem.law(st.Independent(0.5))
    found = paths(problem, many, plan_of(problem, "independent:0.5"))
    assert found.verdict == "skipped"
    assert "paths" in found.location


@pytest.mark.parametrize("measure", ["avg_gap", "avg_grad2", "distance2"])
@pytest.mark.parametrize("lyapunov", ["gap", "distance2"])
def test_every_measure_is_compared(measure: str, lyapunov: str) -> None:
    """A bound that is the exact value, from the right start, holds; a thousandth less is violated."""
    problem, law = bound_to("heterogeneous", "uniform")
    plan = plan_of(problem, "uniform")
    found = second_moments(problem, law, plan.schedule, range(21))
    exact = {
        "avg_gap": np.cumsum(found.gap) / np.arange(1, 22),
        "avg_grad2": np.cumsum(found.grad2) / np.arange(1, 22),
        "distance2": found.distance2,
    }[measure]
    shift = 0 if measure == "distance2" else 1
    start = problem.delta0 if lyapunov == "gap" else np.sum((problem.x0 - problem.x_star) ** 2)

    def verdicts(problem, factor: float) -> list[str]:
        theorem = replace(plan.theorem, measure=measure, lyapunov=lyapunov)
        claim = replace(plan, theorem=theorem, bound=lambda T, V: factor * V / start * exact[np.asarray(T) - shift])
        return [moments(problem, law, claim, [20]).verdict, paths(problem, law, claim).verdict]

    assert verdicts(problem, 1.0) == ["holds", "holds"]
    assert verdicts(problem, 0.999) == ["violated", "violated"]
    # Moments know the minimiser of a quadratic; where a bound begins, only a claimed one counts.
    needed = [lyapunov == "distance2", "distance2" in (measure, lyapunov)]
    expected = ["skipped" if each else "holds" for each in needed]
    assert verdicts(replace(problem, x_star=None), 1.0) == expected


def test_what_underflows_breaks_no_hypothesis() -> None:
    problem = st.load_problem("scaled-quadratics", h="0.01,1.99")
    verdict = st.verify(problem, st.Uniform(), st.load_theorem("ours/interpolated"), 0.0, rho=0.05)
    assert verdict.holds, verdict.violations


@pytest.mark.parametrize("L", [1e-12, 1.0, 1e12])
def test_a_tenth_off_Lambda_is_seen_in_every_unit(L: float) -> None:
    problem, sampling = st.load_problem("tight-pair", L=L), st.Uniform()
    constants, theorem = problem.constants(sampling), st.load_theorem("unified-sam/3.2")
    cell = Cell("tight-pair", theorem.key, "uniform")
    assert judged(task(cell, problem, sampling, theorem)).holds
    names = ("Lambda", "Lambda1", "Lambda2")
    wrong = constants.changed(**{name: claimed(0.9 * getattr(constants, name)) for name in names})
    found = {piece.name for piece in judged(task(cell, problem, sampling, theorem, constants=wrong)).violations}
    assert set(names) <= found
