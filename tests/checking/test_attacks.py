"""Attacks on `check`: nothing false is certified, whatever the objective, its code or its numbers are.

Every attack is judged with no time for the search too, so that no search hides what a proof would say.
"""

import attacks
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("flint", reason="python-flint, the extra `certify`, is not installed")

FAMILIES = ["out_of_domain", "other_code", "changed_data", "scales", "rank", "of_another"]


@pytest.mark.parametrize("file", FAMILIES)
def test_no_false_claim_is_certified(file):
    false = {}
    for case in attacks.cases(file):
        proved = attacks.judged(file, case, level="least").proved(attacks.false_claims(file, case))
        false |= {case: proved} if proved else {}
    assert false == {}


def test_there_are_more_than_forty_attacks():
    assert sum(len(attacks.cases(file)) for file in FAMILIES) > 150


@settings(max_examples=25)
@given(st.sampled_from(attacks.cases("beyond_the_truth")))
def test_no_claim_a_hair_beyond_the_truth_is_certified(case):
    verdicts = attacks.judged("beyond_the_truth", case, level="least")
    assert verdicts.proved(attacks.false_claims("beyond_the_truth", case)) == []


@pytest.mark.parametrize(
    "case",
    [
        "method-of-the-class",
        "method-of-the-loss",
        "loss-in-the-table",
        "numpy-of-the-module",
        "every-answer-of-the-class",
    ],
)
def test_nothing_is_certified_of_patched_code(case):
    assert attacks.judged_apart("patched", case).proved(attacks.false_claims("patched", case)) == []


def test_no_number_that_no_function_has_is_consistent():
    """Refused in one line that names the constant, or falsified."""
    for case in attacks.cases("out_of_domain"):
        verdicts, named = (
            attacks.judged("out_of_domain", case, level="least"),
            attacks.false_claims("out_of_domain", case),
        )
        if case != "x_star=1e+308":
            assert verdicts.exit != 0, case
        if verdicts.refused:
            first = verdicts.refused.partition("=")[0].partition(":")[0].removesuffix("1")
            _, overflows, of = verdicts.refused.partition("too large for float64: ")
            assert {*named, "x_star"} & {*(of.split(", ") if overflows else [first])}, verdicts.refused
