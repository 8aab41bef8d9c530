"""Schedules: gamma_t, rho_t and lam_t."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtheory.errors import InputError
from samtheory.schedules import Listed, Schedule, is_constant, parameter, rule

RULES = {
    "numbers": Schedule(0.1, 0.2, 0.5),
    "defaults": Schedule(0.1),
    "named": Schedule("1/t", "1/t", "1/t"),
    "other named": Schedule(1, 0, "1-1/t"),
    "callables": Schedule(lambda t: 2 / (t + 3), lambda t: 1 / (2 * t + 1), lambda t: t % 2),
    "listed": Schedule("30,0.5", "0,1,0", Listed((1.0, 0.25))),
    "numpy": Schedule(np.float64(0.1), np.int64(0), np.int64(1)),
}


@pytest.mark.parametrize("schedule", RULES.values(), ids=RULES.keys())
@given(start=st.integers(0, 10**9), length=st.integers(0, 20))
def test_arrays_are_the_values_one_by_one(schedule, start, length):
    rows = schedule.arrays(start, start + length)
    assert all(row.shape == (length,) and row.dtype == np.float64 for row in rows)
    for k in range(length):
        assert tuple(float(row[k]) for row in rows) == schedule.at(start + k)


def test_steps_count_from_one():
    assert [Schedule(1, 0, "1/t").at(t)[2] for t in range(4)] == [1, 1 / 2, 1 / 3, 1 / 4]
    assert [Schedule(1, 0, "1-1/t").at(t)[2] for t in range(4)] == [0, 1 / 2, 1 - 1 / 3, 3 / 4]


def test_constant_means_that_nothing_changes():
    assert [name for name, schedule in RULES.items() if schedule.constant] == ["numbers", "defaults", "numpy"]
    assert is_constant(0.5)
    assert not is_constant("1/t")
    assert RULES["numpy"].at(5) == (0.1, 0.0, 1.0)


def test_texts_are_numbers_or_names():
    assert rule("lam", "0.5") == 0.5
    assert rule("lam", "1/t") == "1/t"
    for text in ("1/2", "t", "", "nan"):
        with pytest.raises(InputError, match="lam="):
            rule("lam", text)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        *[("gamma", value) for value in (0, -1, math.nan, math.inf, "fast", True)],
        *[("rho", value) for value in (-1e-300, math.nan, math.inf)],
        *[("lam", value) for value in (-0.1, 1.2, math.nan, "abc")],
    ],
)
def test_what_is_out_of_range_is_refused(name, bad):
    good = {"gamma": 0.1, "rho": 0.2, "lam": 0.3}
    with pytest.raises(InputError, match=f"{name}={bad}"):
        Schedule(**{**good, name: bad})
    with pytest.raises(InputError, match=f"{name}={bad}"):
        parameter(name, bad)
    later = Schedule(**{**good, name: lambda t: good[name] if t < 3 else bad})
    assert later.at(2) == (0.1, 0.2, 0.3)
    for use in (lambda: later.at(3), lambda: later.arrays(0, 5)):
        with pytest.raises(InputError, match=f"{name}={bad}"):
            use()


def test_ends_of_the_ranges_are_allowed():
    assert Schedule(5e-324, 0, 0).at(0) == (5e-324, 0, 0)
    assert Schedule(1e300, 1e300, 1).at(7) == (1e300, 1e300, 1)


def test_a_named_rule_that_reaches_zero_is_no_step_size():
    schedule = Schedule("1-1/t")
    for use in (lambda: schedule.at(0), lambda: schedule.arrays(0, 3)):
        with pytest.raises(InputError, match="gamma=0"):
            use()
    assert schedule.arrays(1, 3)[0].tolist() == [1 / 2, 1 - 1 / 3]


def test_listed_values_are_text_and_back_and_their_later_box_is_known():
    schedule = Schedule("30,0.5", 0.0, "1/t")
    assert str(schedule.gamma) == "30,0.5"
    assert rule("gamma", str(schedule.gamma)) == schedule.gamma
    assert {gamma for gamma, _, _ in schedule.corners(0)} == {0.5, 30.0}
    assert {gamma for gamma, _, _ in schedule.corners(1)} == {0.5}
    for text in ("30,", "1,-1", "0.5,nan", ","):
        with pytest.raises(InputError, match="gamma="):
            rule("gamma", text)
