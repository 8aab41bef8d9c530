"""Optimisers as users write them: right ones pass in every layout, wrong ones are named."""

import pytest
from right_optimisers import RIGHT
from wrong_optimisers import LATER, WRONG, SignDescent

from samtheory.conformance.python import conformance_of


@pytest.mark.parametrize("adapter", RIGHT)
def test_a_right_optimiser_has_no_failure(adapter):
    found = conformance_of(adapter)
    assert found.failures == []
    assert found.counts["pass"] >= 15


@pytest.mark.parametrize("adapter", WRONG)
def test_a_wrong_optimiser_gets_the_name_of_its_mistake(adapter):
    found = conformance_of(adapter)
    assert found.diagnoses == WRONG[adapter]


def test_an_unknown_method_is_one_failure_and_is_judged_by_itself():
    found = conformance_of(SignDescent)
    assert found.diagnoses == []
    failed = {record.check: record.message for record in found.failures}
    assert set(failed) == {"trajectory", "rho-zero", "resume", "resume-set"}
    assert "unknown; nearest" in failed["trajectory"]
    assert "a run of its own" in failed["resume"]


@pytest.mark.parametrize("adapter", LATER)
def test_what_is_wrong_later_fails_the_long_run_alone(adapter):
    assert [record.check for record in conformance_of(adapter).failures] == ["trajectory-long"]
