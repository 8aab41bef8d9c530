"""Outcomes of verification and of checks of constants, in one order, the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """Outcome of one comparison, one cell, or one constant; the members are declared worst first.

    A member is the string of the JSON documents: ``Status.HOLDS == "holds"``.
    """

    #: A claimed constant is wrong; a point at which it fails is known.
    FALSIFIED = "falsified"
    #: An inequality of a theorem fails although every assumption held where it was tested.
    VIOLATED = "violated"
    #: A claimed constant or property that the theorem assumes is false.
    ASSUMPTION_FAILS = "assumption-fails"
    #: The program under test is not the method of the theorem.
    DIFFERS = "differs"
    #: Neither confirmed nor refuted.
    UNDECIDED = "undecided"
    #: A claimed constant is valid and far from the best proved value.
    LOOSE = "loose"
    #: A claimed constant survived a search.
    CONSISTENT = "consistent"
    #: A claimed constant is proved.
    CERTIFIED = "certified"
    #: Nothing was found against the statement.
    HOLDS = "holds"
    #: The comparison does not apply.
    SKIPPED = "skipped"
    #: The problem does not claim the constant.
    NOT_CLAIMED = "not claimed"

    @property
    def rank(self) -> int:
        """Position in the order of statuses: 0 for the worst."""
        return _RANK[self]

    @property
    def failed(self) -> bool:
        """Whether the status is evidence against a theorem, a constant or a program."""
        return self in FAILED


_RANK = {status: rank for rank, status in enumerate(Status)}
FAILED = frozenset({Status.FALSIFIED, Status.VIOLATED, Status.ASSUMPTION_FAILS, Status.DIFFERS})


def worst_of(statuses: Iterable[Status]) -> Status:
    """The first of the statuses in the order of `Status`.

    Raises
    ------
    ValueError
        If there are no statuses.

    Examples
    --------
    >>> str(worst_of([Status.HOLDS, Status.UNDECIDED, Status.SKIPPED]))
    'undecided'
    """
    return min(statuses, key=_RANK.__getitem__)


def exit_code(statuses: Iterable[Status]) -> int:
    """Exit code of a command: 1 if a status failed, else 3 if one is undecided, else 0.

    Examples
    --------
    >>> exit_code([Status.HOLDS, Status.UNDECIDED])
    3
    """
    found = set(statuses)
    return 1 if found & FAILED else 3 if Status.UNDECIDED in found else 0
