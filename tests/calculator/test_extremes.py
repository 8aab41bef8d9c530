"""Constants anywhere in float64: an answer or one line, and never an error of the arithmetic."""

import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as some

import samtheory
from samtheory import Problem, UserSum, claimed
from samtheory.errors import InputError, NotApplicable
from samtheory.theorems.numbers import number

positive = some.floats(-307, 308).map(lambda power: 10.0**power)
anywhere = some.one_of(some.just(0.0), positive)


@settings(max_examples=15, deadline=None)
@example(0.0, 1e78, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0)
@example(0.5, 1.0, 1e-150, 1.0, 0.0, 1.0, 1.0, 0.1)
@example(0.0, 1.0, 1e-307, 1.0, 0.0, 1.0, 1.0, 0.1)
@given(some.sampled_from([0.0, 0.5, 1.0]), positive, anywhere, anywhere, anywhere, anywhere, anywhere, positive)
def test_rates_of_any_constants_are_an_answer_or_one_line(lam, L, ratio, A, B, C, delta0, epsilon):
    given = {"L_max": L, "mu": L * min(ratio, 1.0), "A": A, "B": B, "C": C, "delta0": delta0}
    if given["mu"] == 0:
        del given["mu"]
    try:
        found = samtheory.rates(constants=given, lam=lam, epsilon=epsilon)
    except (InputError, NotApplicable):
        return
    for each in found.rates:
        assert each.plan.gamma > 0
        assert each.iterations is None or each.iterations >= 0


def test_a_constant_function_is_told_which_smoothness_to_claim():
    def constant(L_i, L):
        f = UserSum(lambda i, x: 2.0, lambda i, x: np.zeros(2), 3, 2)
        return Problem(
            f, np.ones(2), claimed(np.full(3, L_i)), claimed(L), claimed(2.0), f_i_inf=claimed(np.full(3, 2.0))
        )

    for L_i, L in ((0.0, 1.0), (0.0, 0.0)):
        with pytest.raises(InputError, match=r"L(_max)?=0.0: must be .*: a constant function is smooth with any"):
            samtheory.rates(constant(L_i, L), "uniform")
    assert math.isfinite(samtheory.rates(constant(1.0, 1.0), "uniform").rates[0].plan.gamma)


def test_a_limit_is_right_where_its_powers_leave_float64():
    """An overflow in a denominator once made a limit infinite: any rho would have been admitted."""
    mu, L = sp.symbols("mu L", positive=True)
    assert number(mu / L**2, {"mu": 1e150, "L": 1e200}) == pytest.approx(1e-250)
    assert number(mu / L**2, {"mu": 1e-200, "L": 1e-200}) == pytest.approx(1e200)
    assert number(mu / L**2, {"mu": 1.0, "L": 0.0}) == math.inf
    assert number(L**2, {"L": 1e200}) == math.inf


@pytest.mark.parametrize("scale", ["1e150", "1e-150"])
def test_theorems_of_a_problem_whose_squares_overflow_are_compared_or_left_out(scale):
    problem = samtheory.load_problem("scaled-quadratics", h=f"{scale},{scale}")
    found = samtheory.compare(problem, "uniform", steps=10)
    assert all(row.choice.plan.gamma > 0 for row in found.rows)
