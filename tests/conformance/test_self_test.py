"""Every wrong variant is named by its own name, and the reference passes."""

import os
from pathlib import Path

import pytest

from samtheory.conformance import check_optimizer
from samtheory.conformance.reference import Reference
from samtheory.conformance.self_test import tried
from samtheory.conformance.variants import variants
from samtheory.report.conformance import markdown

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_reference_passes_every_check_with_no_note_but_epsilon():
    records = check_optimizer(Reference)
    assert {record.check for record in records if record.status == "na"} == {"same-draw", "same-mode"}
    assert [(record.check, record.message) for record in records if record.status not in ("pass", "na")] == [
        ("epsilon", "none")
    ]


#: Checks that are not relative to a mistake that was named before, so that a variant may fail several of them.
ABSOLUTE = ("starts", "rho-zero", "perturbed", "evaluations", "points", "zero-gradient", "contraction")
#: Every so many variants are run through all checks here, as `samtheory conform --self-test` does with every one.
EVERY = 1 if "SAMTHEORY_THOROUGH" in os.environ else 16


@pytest.mark.parametrize("variant", variants(), ids=lambda variant: variant.name)
def test_a_variant_is_named_by_its_own_name_and_fails_its_checks_alone(variant):
    whole = variants().index(variant) % EVERY == 0
    found = tried(variant, () if whole else {*ABSOLUTE, *variant.fails})
    assert found.named == (variant.name,)
    assert found.failed == variant.fails
    assert len(variant.sentence.split()) <= 12


def test_names_of_variants_are_unique():
    names = [variant.name for variant in variants()]
    assert len(names) == len(set(names)) > 80


def test_the_page_of_the_checks_is_the_registry():
    assert (DOCS / "conformance.md").read_text(encoding="utf-8") == markdown()
