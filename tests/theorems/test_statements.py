"""The printed statement says what is calculated: read as a formula, it gives the numbers of the bound."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable, Mapping

import numpy as np
import pytest
import sympy as sp
from plans import plans
from statements import stated

from samtheory.assumptions import formula_symbols
from samtheory.calculator.explain import EXAMPLES, explain
from samtheory.catalogue import load_theorem, theorems
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.schedules import is_constant
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

#: Statements that are no closed formula in the constants, and why.
OTHERWISE = {
    "gower-2021/decreasing": "the largest first step is defined in its file",
    "khanh-2024/usam": "one step",
    "ours/3.2+": "the least over free numbers",
    "ours/usam-convex-noise": "the least over a free number",
    "ours/3.5+": "its constants are defined in its file",
    "ours/certified": "one step",
    "ours/deterministic": "one step",
    "ours/deterministic-at-y": "one step",
    "ours/deterministic-convex": "one step",
    "ours/non-convex": "a sum along the schedule",
    "ours/non-convex-explicit": "a number of steps",
    "ours/sam-convex": "one step",
    "ours/sam-deterministic": "one step",
    "ours/tight": "one step",
    "unified-sam/3.3": "a number of steps",
    "unified-sam/3.5": "its constants are defined in its file",
    "unified-sam/3.7": "a number of steps",
    "unified-sam/rollout": "one step",
}
#: Relative rounding.
ROUNDING = 1e-9
#: Seeds of random constants; more by hand.
SEEDS = int(os.environ.get("SAMTHEORY_SEEDS", "8"))


def statement_of(key: str) -> str:
    return load_theorem(key).statement


class Reader:
    """The formulas of a statement as functions: its definitions, its file's formulas and the constants fill them in."""

    def __init__(self, theorem: Theorem) -> None:
        said = stated(theorem.statement, statement_of)
        assert said is not None, theorem.statement
        named = {name: parts[0] for name, parts in explain(theorem).formulas.items() if len(parts) == 1}
        known = {**named, **said.definitions, "a": 1 - sp.Symbol("lam")}
        fixed = {name: each for name, each in said.definitions.items() if name in {"gamma", "rho", "C"}}
        self.known = {name: each for name, each in known.items() if name not in fixed}
        self.bound = self.function(said.bound)
        # Left of the relation minus its right, as something that is at most 0.
        sides = [(each.lhs - each.rhs) * (-1 if isinstance(each, sp.Ge | sp.Gt) else 1) for each in said.conditions]
        self.conditions = [self.function(each) for each in sides]
        self.fixed = {name: self.function(each) for name, each in fixed.items()}

    def function(self, formula: sp.Expr) -> Callable[[Mapping[str, float]], float]:
        """The formula as a function of numbers by name."""
        for _ in range(6):
            found = {each: self.known[each.name] for each in formula.free_symbols if each.name in self.known}
            formula = formula.subs(found)
        # Symbols of one name are one, whatever is assumed of them.
        formula = formula.xreplace({each: sp.Symbol(each.name) for each in formula.free_symbols})
        symbols = sorted(formula.free_symbols, key=str)
        compiled = sp.lambdify(symbols, formula, "math")

        def at(numbers: Mapping[str, float]) -> float:
            try:
                return float(compiled(*(numbers[each.name] for each in symbols)))
            except (OverflowError, ZeroDivisionError):
                return math.inf

        return at

    def applies(self, numbers: Mapping[str, float]) -> bool:
        """Whether the conditions hold, and gamma, rho and constants that are defined are those, up to rounding."""
        if any(side(numbers) > 1e-9 for side in self.conditions):
            return False
        return all(math.isclose(each(numbers), numbers[name]) for name, each in self.fixed.items())


def numbers_of(plan: Plan, t: int, start: float) -> dict[str, float]:
    """The numbers of a plan by the names of the formulas."""
    found = {**plan.constants.values(), "delta0": start, "R0": math.sqrt(start), "t": t, "T": t, "K": t}
    found |= dict(zip(("gamma", "rho", "lam"), plan.schedule.at(0), strict=True))
    return found | {"sigma": math.sqrt(found.get("sigma2", 0.0))}


@pytest.mark.parametrize("key", [key for key in theorems() if key not in OTHERWISE])
def test_a_statement_gives_the_numbers_of_the_bound(key: str) -> None:
    """Never below them, and equal to them somewhere: at late times, where + N stands for N (1 - (1 - x)^t)."""
    theorem = load_theorem(key)
    reader, ratios = Reader(theorem), []
    for seed in range(SEEDS):
        for plan, start in plans(theorem, seed):
            steps, lam = (plan.schedule.gamma, plan.schedule.rho), plan.schedule.lam
            if theorem.varying_lam and not (all(map(is_constant, steps)) and (is_constant(lam) or lam == theorem.only)):
                continue  # the statement is about constant steps
            times = [plan.horizon] if plan.horizon is not None else [plan.start, plan.start + 7, 400, 10**6]
            for t in times:
                numbers = numbers_of(plan, t, start)
                if t == 0 or not reader.applies(numbers):
                    continue
                with np.errstate(all="ignore"):
                    words, number = reader.bound(numbers), float(plan.bound(t, start))
                if number > 1e9 * (1 + start):
                    continue  # steps at the limit, where the descent is rounding
                assert number <= words * (1 + ROUNDING) + 1e-25 * start, (plan, t, start)
                ratios += [words / number] if number > 1e-25 * start else []
    assert len(ratios) > 5
    assert min(ratios) <= 1 + 1e-6


@pytest.mark.parametrize("key", [key for key, reason in OTHERWISE.items() if "one step" in reason or "sum" in reason])
def test_other_statements_are_not_read_as_bounds(key: str) -> None:
    assert stated(statement_of(key), statement_of) is None


def plan_is_refused(theorem: Theorem, constants: Constants, **steps: float) -> bool:
    try:
        theorem.plan(constants, 0.0 if theorem.only is None else theorem.only, delta0=1.0, epsilon=0.1, **steps)
    except (InputError, NotApplicable):
        return True
    return False


@pytest.mark.parametrize("key", theorems())
def test_the_printed_conditions_are_those_that_are_evaluated(key: str) -> None:
    """Strict and not, with limits and without, from the printed words alone."""
    theorem, printed = load_theorem(key), explain(load_theorem(key)).conditions
    lam = 0.0 if theorem.only is None else theorem.only
    constants = Constants.from_values(EXAMPLES[0], theorem.assumptions)
    rho_max, gamma_max = theorem.limits(constants, lam)
    rho, gamma = printed[0], printed[1].partition(",")[0]
    own = theorem.plan(constants, lam, delta0=1.0, epsilon=0.1)
    if plan_is_refused(theorem, constants, rho=own.rho, gamma=own.gamma) or not own.schedule.constant:
        pytest.skip("the statement fixes its steps")
    used = {"gamma": min(own.gamma, gamma_max(rho_max) if math.isfinite(rho_max) else math.inf)}
    far = 2 * rho_max + 1 if math.isfinite(rho_max) else 1e3
    assert plan_is_refused(theorem, constants, rho=far, gamma=own.gamma * 1e-8) == (rho != "ρ ≥ 0")
    assert not plan_is_refused(theorem, constants, rho=0.0, gamma=own.gamma * 1e-3)
    if rho.startswith("0 ≤ ρ"):
        at_limit = {"rho": rho_max, "gamma": used["gamma"] or own.gamma * 1e-3}
        if gamma_max(rho_max) > 0:
            assert plan_is_refused(theorem, constants, **at_limit) == (rho != "0 ≤ ρ ≤ ρ*")
    largest = gamma_max(own.rho)
    if gamma == "0 < γ ≤ γ*(ρ)":
        assert plan_is_refused(theorem, constants, rho=own.rho, gamma=1.001 * largest)
        assert not plan_is_refused(theorem, constants, rho=own.rho, gamma=0.999 * largest)
    else:
        assert (gamma, largest) == ("γ > 0", math.inf)


@pytest.mark.parametrize("key", theorems())
def test_the_printed_inequality_of_one_step_is_the_one_that_is_followed(key: str) -> None:
    """p, q and r of the document, read back from its text, at random constants."""
    theorem = load_theorem(key)
    document = explain(theorem).to_json()
    names = {
        name: sp.Symbol(name)
        for name in [*formula_symbols(), "gamma", "rho", "lam", "b1", "b2", "b3", "theta", "q", "sign"]
    }
    read = {name: sp.sympify(text, locals=names) for name, text in document["one_step"].items()}
    assert bool(read) == bool(theorem.inequality)
    for plan, start in itertools.chain(*(plans(theorem, seed) for seed in range(3 if read else 0))):
        one = plan.inequality(start, 0, 1)
        numbers = {
            **numbers_of(plan, 0, start),
            **{k: float(np.ravel(v)[0]) for k, v in plan.free(start, 0, 1).items()},
        }
        for name, formula in read.items():
            letter, _, case = name.partition("_")
            part = {"p": 1 + one.growth, "q": one.q, "r": one.r, "h": one.h}[letter][int(case or 1) - 1, 0, 0]
            found = sp.lambdify(list(formula.free_symbols), formula, "math")(
                *(numbers[str(s)] for s in formula.free_symbols)
            )
            found = max(found, 0.0) if letter == "p" else found
            assert found == pytest.approx(float(part), rel=1e-9, abs=1e-12 * abs(float(one.r.max()) + 1)), (key, name)


def test_conditions_on_the_constants_are_printed_and_evaluated() -> None:
    theorem = load_theorem("shin-2025/H.3")
    (words,) = (each for each in explain(theorem).conditions if each.startswith("needs"))
    reason = theorem.unmet(Constants.from_values({**EXAMPLES[0], "C": 0.5}, theorem.assumptions))
    assert reason is not None
    assert reason.startswith(words)


def test_the_statement_for_a_schedule_of_lam_gives_the_numbers_of_the_bound() -> None:
    """ours/sam-non-convex with lam_t: r_t and s_t as its statement defines them."""
    theorem = load_theorem("ours/sam-non-convex")
    assert "r_t = γλ_tL²ρ²/2, s_t = γ(1 − (1 − λ_t)L²ρ²)/2" in theorem.statement
    for lam in ("1/t", "1-1/t", "0.25,1"):
        plan = theorem.plan(Constants.from_values(EXAMPLES[0], theorem.assumptions), lam, 0.6, 0.7)
        lams, V0, L = plan.schedule.arrays(0, 9)[2], 3.0, 1.0
        r, s = 0.7 * lams * L**2 * 0.36 / 2, 0.7 * (1 - (1 - lams) * L**2 * 0.36) / 2
        for T in (1, 4, 9):
            assert float(plan.bound(T, V0)) == pytest.approx((V0 + r[:T].sum()) / (T * s[:T].min()))
