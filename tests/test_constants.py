"""Constants and errors: what they refuse, and what they remember."""

import math
import pickle

import numpy as np
import pytest

from samtheory.constants import (
    ASSUMPTIONS,
    PROVENANCE,
    ComponentConstants,
    Constant,
    Constants,
    certified,
    claimed,
    exact,
    labelled,
    numerical,
    weakest,
)
from samtheory.errors import InputError, MissingExtra, NotApplicable, finite, nonnegative, positive, reject, whole

GOOD = {"L": 1.0, "L_max": 2.0, "mu": 0.5, "A": 2.0, "B": 0.0, "C": 1.0}


def test_a_constant_is_a_float_that_remembers():
    L = exact(3.0, "lambda_max")
    assert L == 3
    assert L * 2 == 6
    assert (L.provenance, L.source) == ("exact", "lambda_max")
    again = pickle.loads(pickle.dumps(L))  # noqa: S301
    assert (again, again.provenance, again.source) == (L, L.provenance, L.source)


@pytest.mark.parametrize(
    ("make", "known"), [(exact, "exact"), (certified, "certified"), (numerical, "numerical"), (claimed, "claimed")]
)
def test_numbers_and_arrays_become_constants(make, known):
    assert make(2.0, "why") == Constant(2.0)
    assert make(2.0, "why").provenance == known
    many = make(np.array([1, 5]), "why")
    assert isinstance(many, ComponentConstants)
    assert many.values.dtype == np.float64
    assert (many.provenance, many.source) == (known, "why")
    largest = many.reduce(np.max, "max L_i")
    assert (largest, largest.provenance, largest.source) == (5, known, "max L_i")


def test_how_a_number_is_known_is_one_of_six():
    for known in PROVENANCE:
        assert labelled(known, 1.0, "").provenance == known
    with pytest.raises(InputError, match="provenance=guessed"):
        Constant(1.0, "guessed")
    with pytest.raises(InputError, match="provenance=guessed"):
        labelled("guessed", np.ones(2), "")


def test_a_product_has_the_provenance_of_its_weakest_part():
    parts = [exact(1.0, ""), numerical(1.0, ""), None, certified(np.ones(2), "")]
    assert weakest(parts) == "numerical"
    assert weakest([]) == "exact"
    assert weakest([claimed(1.0), *parts]) == "claimed"


def test_values_are_plain_numbers():
    values = Constants.from_values({**GOOD, "Lambda": 3.0}).values(lam=0.5, rho=0.1)
    assert values == {
        "L": 1, "L_max": 2, "L_avg": 2, "Lambda": 3, "Lambda1": 3, "Lambda2": 3,
        "mu": 0.5, "A": 2, "B": 0, "C": 1, "lam": 0.5, "rho": 0.1,
    }  # fmt: skip
    assert all(type(value) is float for value in values.values())
    assert "mu" not in Constants.from_values({"L": 1.0}).values()


def test_bare_constants_have_defaults():
    constants = Constants.from_values({"L": 2.0})
    assert {float(getattr(constants, name)) for name in ("L_max", "L_avg", "Lambda", "Lambda1", "Lambda2")} == {2.0}
    assert constants.properties == {"smooth"}
    assert constants.L.provenance == "claimed"


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({"L": 2.0}, {"L_max": "L", "L_avg": "L_max", "Lambda": "L_max", "Lambda1": "Lambda", "Lambda2": "Lambda"}),
        ({"L_max": 2.0, "Lambda": 3.0}, {"L": "L_max", "L_avg": "L_max", "Lambda1": "Lambda", "Lambda2": "Lambda"}),
        ({"L": 1.0, "L_max": 2.0, "L_avg": 1.5, "Lambda": 2.0, "Lambda1": 1.5, "Lambda2": 1.75}, {}),
    ],
)
def test_what_is_not_given_is_assumed_and_says_by_which_rule(given, rules):
    constants = Constants.from_values(given)
    assumed = {name: value for name, value in constants.numbers.items() if value.provenance == "assumed"}
    assert assumed.keys() == rules.keys()
    for name, default in rules.items():
        assert assumed[name] == constants.numbers[default]
        assert assumed[name].source == f"not given: {name} = {default}"
    assert all(constants.numbers[name].provenance == "claimed" for name in given)


def test_a_constant_that_is_not_claimed_is_none_and_another_word_is_no_constant():
    constants = Constants.from_values({"L": 2.0})
    assert constants.mu is None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = constants.nonsense
    again = pickle.loads(pickle.dumps(constants))  # noqa: S301
    assert (again, again.L) == (constants, 2.0)


@pytest.mark.parametrize(
    ("given", "properties"),
    [
        (GOOD, {"smooth", "PL", "ER"}),
        ({"L": 1.0, "A": 1.0, "B": 1.0, "C": 0.0}, {"smooth", "ER"}),
        ({"L": 1.0, "mu": 1.0}, {"smooth", "PL"}),
        ({"L": 1.0, "mu": 1.0, "A": 0.0, "B": 1.0, "C": 2.0}, {"smooth", "PL", "ER", "bounded-variance"}),
        ({"L": 1.0, "mu": 1.0, "A": 0, "B": 1, "C": 0}, {"smooth", "PL", "ER", "bounded-variance", "full-batch"}),
    ],
)
def test_bare_constants_claim_what_they_say(given, properties):
    assert Constants.from_values(given).properties == properties
    assert Constants.from_values(given, ["convex"]).properties == properties | {"convex"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mu": -0.5}, "mu=-0.5"),
        ({"mu": 0.0}, "mu=0"),
        ({"L": math.nan}, "L=nan"),
        ({"L": math.inf}, "L=inf"),
        ({"L_max": 0.0}, "L_max=0"),
        ({"Lambda": -1.0}, "Lambda=-1"),
        ({"A": -1.0}, "A=-1"),
        ({"C": -1e-300}, "C=-1e-300"),
        ({"C": "much"}, "C=much"),
        ({"L": True}, "L=True"),
        ({"mu": 1.01}, "mu=1.01: must be at most L=1"),
        ({"A": 0.0, "B": 0.9}, "B mu \\+ A must be at least mu=0.5"),
        ({"K": 1.0}, "constants=K"),
    ],
)
def test_bad_constants_are_refused_in_one_line(change, words):
    with pytest.raises(InputError, match=words) as refused:
        Constants.from_values({**GOOD, **change})
    assert "\n" not in str(refused.value)


def test_missing_constants_are_named():
    with pytest.raises(InputError, match="L_max is missing"):
        Constants.from_values({"mu": 1.0})
    with pytest.raises(InputError, match="B, C missing beside A"):
        Constants.from_values({"L": 1.0, "A": 1.0})


def test_a_property_needs_its_numbers():
    with pytest.raises(InputError, match="properties=PL: needs mu"):
        Constants.from_values({"L": 1.0}, ["PL"])
    with pytest.raises(InputError, match="properties=ER: needs A, B, C"):
        Constants.from_values({"L": 1.0}, ["ER"])
    with pytest.raises(InputError, match="properties=sunny"):
        Constants.from_values({"L": 1.0}, ["sunny"])


def test_constants_of_a_region_may_have_a_smaller_residual():
    """D >= mu is a theorem about residuals that hold everywhere (theory, Lemma 0.1)."""
    known = {name: claimed(1.0) for name in ("L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "mu", "C")}
    local = Constants({**known, "A": claimed(0.0), "B": claimed(0.5)}, region="the unit ball")
    assert local.B == 0.5
    with pytest.raises(InputError, match="B mu"):
        Constants({**known, "A": claimed(0.0), "B": claimed(0.5)})


def test_rounding_does_not_falsify():
    mu = np.nextafter(1.0, 2.0)
    assert Constants.from_values({"L": 1.0, "mu": mu, "A": 0.0, "B": np.nextafter(1.0, 0.0), "C": 0.0}).mu == mu


def test_assumptions_are_in_words():
    assert all(ASSUMPTIONS.values())


# Errors.


def test_an_error_is_one_line_that_names_parameter_value_and_what_is_allowed():
    assert str(reject("rho", 2, "below 1")) == "rho=2: must be below 1"
    assert "\n" not in str(reject("x0", np.zeros((30, 30)), "finite"))
    assert isinstance(reject("rho", 2, "below 1"), ValueError)
    assert not issubclass(NotApplicable, ValueError)
    assert "samtheory[data]" in str(MissingExtra("reading LIBSVM", "data"))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "one", None, [1.0, 2.0], True, 1j, 10**400])
def test_what_is_no_finite_number_is_refused(value):
    for check in (finite, positive, nonnegative, whole):
        with pytest.raises(InputError, match=r"^gamma="):
            check("gamma", value)


def test_numbers_are_taken_as_they_are():
    assert finite("x", "-1e3") == -1000
    assert positive("x", 5e-324) == 5e-324
    assert nonnegative("x", 0) == 0
    assert whole("n", "3") == 3
    assert whole("n", 3.0) == 3
    assert whole("n", 2**60 + 1) == 2**60 + 1
    assert whole("n", np.int64(4)) == 4
    for check, value in ((positive, 0), (nonnegative, -1e-9), (whole, 2.5), (whole, -1)):
        with pytest.raises(InputError, match=f"x={value}"):
            check("x", value)
    with pytest.raises(InputError, match="at least 2"):
        whole("n", 1, least=2)


def test_bounded_variance_needs_its_own_residual():
    """With A > 0 or B > 1 the C of the expected residual is no variance; the rounding of a computed B is none of it."""
    for numbers in ({"A": 1, "B": 1}, {"A": 0, "B": 2}, {"A": 0, "B": 1 + 1e-9}, {"A": 5e-324, "B": 1}):
        with pytest.raises(InputError, match="bounded-variance: needs A = 0 and B <= 1"):
            Constants.from_values({"L": 2, "mu": 1, "C": 1, **numbers}, ["bounded-variance"])
    for B in (1, 0.5, np.nextafter(1, 0), np.nextafter(1, 2), sum([0.1] * 10)):
        assert "bounded-variance" in Constants.from_values({"L": 2, "A": 0, "B": B, "C": 1}).properties
