"""check and estimate end within their budget, with what is known by then."""

import time
from dataclasses import replace

import numpy as np
import pytest

import samtheory
from samtheory import claimed, load_problem
from samtheory.checking.card import check
from samtheory.checking.sweep import check_all, select
from samtheory.sampling.base import parse_sampling


def card_of(problem, **options):
    (card,) = check(problem, [parse_sampling("uniform")], **options)
    return card


def slow_sum(clock, n=12, d=3):
    """Least squares whose every value and every gradient takes a second of the clock."""
    rng = np.random.default_rng(0)
    A, b = rng.standard_normal((n, d)), rng.standard_normal(n)

    def value(i, x):
        clock[0] += 1.0
        return float(A[i] @ x - b[i]) ** 2 / 2

    def gradient(i, x):
        clock[0] += 1.0
        return (A[i] @ x - b[i]) * A[i]

    x = np.linalg.lstsq(A, b, rcond=None)[0]
    values = np.linalg.svd(A, compute_uv=False) ** 2 / n
    return samtheory.Problem(
        samtheory.UserSum(value, gradient, n, d),
        np.ones(d),
        claimed(np.sum(A**2, axis=1)),
        claimed(values[0]),
        claimed(float(np.mean((A @ x - b) ** 2) / 2)),
        mu=claimed(values[-1]),
        f_i_inf=claimed(np.zeros(n)),
        x_star=x,
    )


@pytest.fixture
def clock(monkeypatch):
    """A clock that the functions of `slow_sum` alone move."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("budget", [1e-9, 30.0, 3000.0, 30000.0])
def test_after_the_budget_no_function_is_called_and_all_constants_are_there(budget, clock):
    card = card_of(slow_sum(clock), budget=budget)
    assert clock[0] <= budget + 1
    assert card.cut
    assert card.to_json()["complete"] is False
    assert card.falsified == []
    verdicts = {finding.name: finding.verdict for finding in card.constants}
    assert verdicts.keys() == {each.name for each in card_of(load_problem("tight-pair"), level="least").constants}
    assert all((each.evaluations > 0) == (each.verdict == "consistent") for each in card.constants)
    if budget < 100:
        assert set(verdicts.values()) <= {"not claimed", "undecided"}
        assert "budget" in card.undecided
    elif budget > 10000:
        assert {verdicts[name] for name in ("gradients", "L_i", "L", "mu", "f_inf")} == {"consistent"}


def test_a_claim_that_is_wrong_at_once_is_falsified_within_a_budget(clock):
    wrong = replace(slow_sum(clock), L=claimed(0.1))
    assert "L" in {finding.name for finding in card_of(wrong, budget=20000.0).falsified}


def test_a_budget_that_is_not_used_up_changes_nothing():
    problem = load_problem("tight-pair")
    whole, with_budget = (card_of(problem, budget=budget) for budget in (None, 1e6))
    assert not with_budget.cut
    assert {each.name: each.verdict for each in whole.constants} == {
        each.name: each.verdict for each in with_budget.constants
    }


@pytest.mark.parametrize("budget", [5000.0, 20000.0])
def test_an_estimate_keeps_its_budget(budget, clock):
    problem = slow_sum(clock)
    found = samtheory.estimate(problem.objective, problem.x0, budget=budget)
    assert clock[0] <= budget + 1
    assert found.L_i.source.startswith("search cut short by its budget")


@pytest.mark.parametrize("budget", [1e-9, 20.0, 0, -1, float("nan")])
def test_a_budget_that_nothing_can_be_seen_in_is_refused(budget, clock):
    problem = slow_sum(clock)
    with pytest.raises(samtheory.InputError, match=r"budget=\S+: must be"):
        samtheory.estimate(problem.objective, problem.x0, budget=budget)
    assert clock[0] <= 21


def test_a_budget_is_shared_by_the_problems_that_are_left():
    asked = [["sine-sum", "sine-1d"], ["full", "uniform"]]
    (tasks, _), (short, _) = select(*asked), select(*asked, budget=1e-9)
    assert [task.left for task in tasks] == [task.left for task in short] == [2, 2, 1, 1]
    assert len({task.end for task in short}) == 1
    assert all(card.cut for card in check_all(short))
