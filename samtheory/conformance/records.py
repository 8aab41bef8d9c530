"""What a check found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from samtheory._version import __version__
from samtheory.io.result import Result, Results

#: Statuses in the order of the counts; the first two are failures.
STATUSES = ("fail", "xpass", "xfail", "note", "pass", "refused", "na", "blocked")
FAILURES = frozenset({"fail", "xpass"})
SCHEMA = "samtheory.conform/1"
KEYS = {
    SCHEMA: {
        "adapters": "one entry for each adapter",
        "adapters.checks": "one entry for each check",
        "adapters.checks.check": "key of the check",
        "adapters.checks.diagnosis": "names of the mistakes that the run equals, null where nothing is named",
        "adapters.checks.distance": "relative distance of the trajectories, or the fitted constant; null for none",
        "adapters.checks.level": "must or note",
        "adapters.checks.message": "what was found, or why the check does not apply",
        "adapters.checks.needs": "capability words that the check needs",
        "adapters.checks.relative_to": "mistakes found before that the expected run has, too; null for none",
        "adapters.checks.status": "pass, fail, note, na (not applicable), refused, blocked, xfail or xpass",
        "adapters.counts": "number of checks by status",
        "adapters.name": "the adapter",
        "adapters.relative_to": "mistakes that the last runs were compared with, null for none",
        "adapters.supports": "capability words of the adapter",
    }
}


class ConformanceError(AssertionError):
    """A check that an adapter fails; the message is complete without a traceback."""


@dataclass(frozen=True)
class CheckRecord:
    """One check of one adapter.

    Attributes
    ----------
    check : the key
    level : "must" or "note"
    status : pass, fail, note, na (not applicable), refused, blocked, xfail or xpass
    message : what was found, or why the check does not apply
    diagnosis : the names of the mistakes that the run equals, None where nothing is named
    distance : relative distance of the trajectories, or the fitted constant; None where none was measured
    relative_to : names of mistakes, found before, that the expected run has, too
    needs : capability words that the check needs
    """

    check: str
    level: str
    status: str
    message: str
    diagnosis: str | None = None
    distance: float | None = None
    relative_to: str | None = None
    needs: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the check counts as a failure."""
        return self.status in FAILURES

    def to_json(self) -> dict[str, Any]:
        """Plain data; the distance to two digits."""
        known = self.distance is not None and math.isfinite(self.distance)
        return {**vars(self), "needs": list(self.needs), "distance": float(f"{self.distance:.1e}") if known else None}


@dataclass(frozen=True, repr=False)
class Conformance(Result):
    """The checks of one adapter.

    Attributes
    ----------
    name : the adapter
    supports : its capability words, sorted
    checks : one record for each check
    command : the command that repeats the checks, None for a class without a file
    """

    name: str
    supports: tuple[str, ...]
    checks: tuple[CheckRecord, ...]
    command: str | None = None

    @property
    def failures(self) -> list[CheckRecord]:
        """The records that count as failures."""
        return [record for record in self.checks if record.failed]

    @property
    def conforms(self) -> bool:
        """Whether no check failed."""
        return not self.failures

    @property
    def diagnoses(self) -> list[str]:
        """The mistakes that are named, each once."""
        return list(dict.fromkeys(record.diagnosis for record in self.failures if record.diagnosis))

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of checks by status, in the order of `STATUSES`."""
        found = Counter(record.status for record in self.checks)
        return {status: found[status] for status in STATUSES if found[status]}

    def headline(self) -> str:
        """The counts, and the mistakes."""
        counts = ", ".join(f"{count} {status}" for status, count in self.counts.items())
        return f"{self.name}: {counts}" + "".join(f"; {words}" for words in self.diagnoses)

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each check."""
        return (record.to_json() for record in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Plain data, as in `adapters` of the document."""
        relative = [record.relative_to for record in self.checks if record.relative_to]
        return {
            "name": self.name,
            "supports": list(self.supports),
            "counts": dict(self.counts),
            "relative_to": relative[-1] if relative else None,
            "checks": [record.to_json() for record in self.checks],
        }


class ConformanceReport(Results[Conformance]):
    """The checks of several adapters."""

    unit, verdict = "checks", "status"

    @property
    def conforms(self) -> bool:
        """Whether no check of any adapter failed."""
        return all(each.conforms for each in self)

    def to_json(self) -> dict[str, Any]:
        """The document of `samtheory conform --json`."""
        return {"schema": SCHEMA, "version": __version__, "adapters": [each.to_json() for each in self]}


def strict(found: Conformance) -> Conformance:
    """The checks with notes as failures, but for a constant of at most 1e-8 in the norm."""
    checks = [
        replace(record, status="fail") if record.status == "note" and not small(record) else record
        for record in found.checks
    ]
    return replace(found, checks=tuple(checks))


def small(record: CheckRecord) -> bool:
    """Whether a note is the constant in the norm, and small."""
    return record.check == "epsilon" and record.distance is not None and record.distance <= 1e-8
