"""Hypotheses of the proofs on the constants themselves: where one fails the theorem is refused, and would be false."""

import math

import pytest

from samtheory.catalogue import load_theorem
from samtheory.constants import Constants
from samtheory.errors import NotApplicable


def test_interpolation_alone_is_not_enough_for_shin():
    """f_i' = x ± h tanh x, h < 1: convex, one minimiser, E g^2 <= G + h^2, so A = 0, B = 1 and C = h^2 > 0."""
    h, x, gamma = 0.9, 0.1, 1.0
    theorem = load_theorem("shin-2025/H.3")
    numbers = {"L": 1, "L_max": 1 + h, "Lambda": 1 + h, "mu": 1, "A": 0, "B": 1}
    with pytest.raises(NotApplicable, match=r"needs C <= 0, not 0.81 > 0"):
        theorem.plan(Constants.from_values({**numbers, "C": h**2}, ["interpolation"]), 0.0, 0.0, gamma)
    # What it would promise there with C left out, and what the method does.
    plan = theorem.plan(Constants.from_values({**numbers, "C": 0}, ["interpolation"]), 0.0, 0.0, gamma)
    after = sum(((x - gamma * (x + sign * h * math.tanh(x))) ** 2 / 2 for sign in (1, -1)), 0.0) / 2
    assert float(plan.bound(1, x**2 / 2)) < 0.1 * after
