"""The registry of the checks: the decorator `check` enters a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samtheory.conformance.suite import Outcome, Suite


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes
    ----------
    key : its name
    place : its place in the order; causes that one check names are known to later ones
    passes : what is done and what passes, in one sentence
    matters : what a failure means for a user
    needs : capability words, separated by blanks
    level : "must" or "note"
    function : (suite) -> Outcome
    """

    key: str
    place: int
    passes: str
    matters: str
    needs: tuple[str, ...]
    level: str
    function: Callable[[Suite], Outcome]


REGISTRY: dict[str, Check] = {}


def check(
    key: str, place: int, passes: str, matters: str, needs: str = "", level: str = "must"
) -> Callable[[Callable[[Suite], Outcome]], Callable[[Suite], Outcome]]:
    """Enter a function as a check; the parameters are those of `Check`."""

    def enter(function: Callable[[Suite], Outcome]) -> Callable[[Suite], Outcome]:
        REGISTRY[key] = Check(key, place, passes, matters, tuple(needs.split()), level, function)
        return function

    return enter
