"""The checks against every wrong variant: it is named by its own name, and fails no check that it has no part in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from samtheory._version import __version__

from .adapter import Adapter
from .checks import checks
from .records import Conformance
from .suite import conformance
from .variants import program, variants
from .variants.base import Variant

SCHEMA = "samtheory.conform.self-test/1"
KEYS = {
    SCHEMA: {
        "variants": "one entry for each wrong variant",
        "variants.expected": "checks that it is to fail",
        "variants.failed": "checks that it fails",
        "variants.named": "mistakes that the checks name",
        "variants.variant": "name of the variant",
    }
}


@dataclass(frozen=True)
class Tried:
    """What the checks say of one variant.

    Attributes
    ----------
    variant : the wrong program
    found : its checks
    """

    variant: type[Variant]
    found: Conformance

    @property
    def failed(self) -> tuple[str, ...]:
        """The checks that failed."""
        return tuple(record.check for record in self.found.failures)

    @property
    def named(self) -> tuple[str, ...]:
        """The variants that the diagnoses name, without fitted numbers."""
        return tuple(dict.fromkeys(base_name(words) for words in self.found.diagnoses))

    @property
    def good(self) -> bool:
        """Whether the variant is named by its own name alone, and fails the checks that it has a part in."""
        return self.named == (self.variant.name,) and self.failed == self.variant.fails

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        expected, named = list(self.variant.fails), list(self.named)
        return {"variant": self.variant.name, "failed": list(self.failed), "expected": expected, "named": named}


def base_name(words: str) -> str:
    """The name of the variant in a diagnosis that may add a fitted number."""
    names = (each.name for each in variants())
    return max(
        (name for name in names if words == name or words.startswith((f"{name}, ", f"{name}: "))),
        key=len,
        default=words,
    )


def tried(variant: type[Variant], only: Collection[str] = ()) -> Tried:
    """Check one variant, as an adapter with every capability; all checks, or some."""
    return Tried(variant, conformance(Adapter(program((variant,)), frozenset(checks())), only))


def self_test(on_done: Callable[[Any], None] = lambda _: None) -> list[Tried]:
    """Check every variant; `on_done` is called with each."""
    found = []
    for variant in variants():
        found.append(tried(variant))
        on_done(found[-1])
    return found


def document(found: Sequence[Tried]) -> dict[str, Any]:
    """The JSON document of the self-test."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "variants": [each.to_json() for each in found],
    }
