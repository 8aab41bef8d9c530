"""What a person asks: every value checked once, where it is made."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtheory.errors import InputError
from samtheory.request import DEFAULT, Request
from samtheory.schedules import LAM

REFUSED = {
    "lam": [-0.1, 1.1, math.nan, "2/t", None, True, [0.5, 1]],
    "rho": [-1, math.inf, "r", True],
    "rho_fraction": [-0.1, 1, "all", math.nan],
    "gamma": [0, -1, math.inf, "fast", 1j],
    "epsilon": [0, -1e-3, math.inf, "small", {}],
    "allow_outside": [1, "yes", None],
    "seed": [-1, 0.5, "x", None],
    "trials": [0, -1, 1.5, "many", None],
    "steps": [-1, 2.5, None],
    "alpha": [0, 1, math.nan, None],
}


def test_every_value_has_a_case_here_and_lam_has_one_default():
    assert set(REFUSED) == set(vars(DEFAULT))
    assert DEFAULT.lam == LAM


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_a_bad_value_is_named_with_what_is_allowed(name, value):
    with pytest.raises(InputError) as refused:
        Request(**{name: value})
    line = str(refused.value)
    assert line.startswith(f"{name.replace('_', '-')}=")
    assert "must be" in line
    assert "\n" not in line


def test_one_radius_is_asked_for_at_most():
    with pytest.raises(InputError, match=r"rho-fraction=0\.5: must be left out beside rho=1"):
        Request(rho=1, rho_fraction=0.5)


@given(lam=st.floats(0, 1), rho=st.floats(0, 1e300), seed=st.integers(0, 2**64))
def test_text_and_numbers_ask_for_the_same(lam, rho, seed):
    asked = Request(lam, rho, seed=seed)
    assert asked == Request(repr(lam), repr(rho), seed=str(seed) if seed < 2**53 else seed)
    assert hash(asked) == hash(asked.but())
    assert asked.but(seed=1).but(seed=seed) == asked
