"""Optimisers as users write them: right ones pass in every layout, wrong ones are named."""

import pytest
from optimisers import RIGHT, WRONG

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
