"""The arithmetic under the bounds: powers close to 1, unrolled recursions, first times, the switch time of 3.5."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from samtheory.theorems.forms.decreasing import switch_time
from samtheory.theorems.numbers import (
    accumulated,
    ceiling,
    decay,
    evaluate,
    first_at_most,
    number,
    recursion,
    summed,
    unrolled,
    unrolled_once,
)

X = [1e-300, 1e-18, 1e-16, 1e-9, 0.1, 0.5, 1 - 1e-9, -1e-18, -1e-3]


@pytest.mark.parametrize("x", X)
@pytest.mark.parametrize("t", [0, 1, 2, 10**3, 10**6, 10**15, 10**18])
def test_powers_keep_their_digits(x, t):
    """To 1e-13 (times the exponent, which no formula in float64 can do better than) of mpmath's value."""
    with mpmath.workdps(400):
        power = (1 - mpmath.mpf(x)) ** t
        expected = [power, 1 - power, (1 - power) / mpmath.mpf(x)]
        exponent = float(abs(t * mpmath.log1p(-mpmath.mpf(x))))
    if exponent > 700:
        assert (decay(x, t) == 0) == (x > 0)
        return
    for found, value in zip((decay(x, t), accumulated(x, t), summed(x, t)), expected, strict=True):
        assert abs(found - float(value)) <= 1e-15 * (1 + exponent) * abs(float(value)) * 4


def test_powers_at_the_ends():
    t = np.array([0, 1, 2])
    for x in (1.0, 1.5):
        np.testing.assert_array_equal(decay(x, t), [1, 0, 0])
        np.testing.assert_array_equal(accumulated(x, t), [0, 1, 1])
    np.testing.assert_array_equal(decay(0.0, t), 1)
    np.testing.assert_array_equal(accumulated(0.0, t), 0)
    np.testing.assert_array_equal(summed(0.0, t), t)
    assert decay(0.5, 10**300) == 0
    assert summed(0.5, 10**300) == 2


@given(st.floats(-0.5, 1), st.floats(0, 10), st.floats(0, 10))
def test_unrolled_is_the_recursion(x, noise, start):
    D = recursion(np.full(30, x), np.full(30, noise), start)
    np.testing.assert_allclose(unrolled(x, noise, np.arange(31), start), D, rtol=1e-12)
    np.testing.assert_allclose([unrolled_once(x, noise, t, start) for t in range(1, 31)], D[1:], rtol=1e-12)


def test_recursion_follows_each_step():
    x, noise = np.array([0.5, -1.0, 1.0, 0.0]), np.array([1.0, 0.0, 3.0, 0.5])
    np.testing.assert_array_equal(recursion(x, noise, 4.0), [4, 3, 6, 3, 3.5])
    np.testing.assert_array_equal(recursion(x[:0], noise[:0], 4.0), [4])
    # A full step forgets even what has overflowed.
    np.testing.assert_array_equal(recursion(x[2:], noise[2:], math.inf), [math.inf, 3, 3.5])


def test_nothing_grows_out_of_nothing():
    """0 times an overflowed power is still 0."""
    for x, start in ((-1.0, 0.0), (-1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (1e-18, 2.0)):
        assert unrolled_once(x, 0.5, 10**5, start) == pytest.approx(float(unrolled(x, 0.5, 10**5, start)))
    assert unrolled(-1.0, 0.0, 10**5, 0.0) == 0
    assert unrolled(-1.0, 0.0, 10**5, 1.0) == math.inf
    assert unrolled(-1.0, 1.0, 10**5, 0.0) == math.inf


@given(st.integers(0, 10**40), st.integers(0, 100))
def test_first_at_most_finds_the_first(answer, start):
    found = first_at_most(lambda t: 0.0 if t >= answer else 1.0, 0.5, start)
    assert found == max(answer, start)


def test_first_at_most_gives_up():
    assert first_at_most(lambda t: 1.0, 0.5) is None
    assert first_at_most(lambda t: 0.5, 0.5, 7) == 7


@given(st.floats(1e-300, 1))
def test_switch_time_is_the_first(x):
    """(2t+1)/(t+1)^2 <= x in exact arithmetic, and not one step before."""
    t = switch_time(x)
    assert Fraction(2 * t + 1, (t + 1) ** 2) <= Fraction(x)
    if t:
        assert Fraction(2 * t - 1, t**2) > Fraction(x)


def test_switch_time_by_hand():
    assert [switch_time(x) for x in (1.0, 0.75, 0.74, 5 / 9, 0.5)] == [0, 1, 2, 2, 3]
    assert switch_time(0.25) == math.ceil((1 + math.sqrt(0.75)) / 0.25) - 1


def test_numbers_of_formulas():
    x, y = sp.symbols("x y")
    assert number(x / y, {"x": 1.0, "y": 4.0}) == 0.25
    assert number(x / y, {"x": 1.0}, y=0.0) == math.inf
    assert number(x**2, {"x": 1e200}) == math.inf
    assert number(3, {}) == 3
    assert number(sp.Max(x, 1), {"x": 0.0}) == 1
    np.testing.assert_array_equal(evaluate(x**2 + y, {"x": np.arange(3.0), "y": 1.0}), [1, 2, 5])


def test_ceiling():
    assert [ceiling(value) for value in (2.0, 2.1, -3.0, math.inf, math.nan)] == [2, 3, 0, None, None]
