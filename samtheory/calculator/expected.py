"""The numbers of a paper beside those that its theorem gives."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from samtheory._version import __version__
from samtheory.errors import InputError, finite, reject
from samtheory.io.result import Result

from .rates import TheoremRate

SCHEMA = "samtheory.expect/1"
KEYS = {
    SCHEMA: {
        "agrees": "whether every number agrees",
        "numbers": "the numbers that were stated",
        "numbers.agrees": "whether the theorem's number is within the tolerance",
        "numbers.number": "name of the number",
        "numbers.stated": "what was stated",
        "numbers.theorem": "the theorem's own number, null where it has none",
        "numbers.tolerance": "largest admissible distance",
    }
}

#: The numbers of a theorem that can be expected; the short names are those of the papers.
NAMES = ("rho", "rho_max", "gamma", "gamma_max", "contraction", "neighbourhood", "iterations")
SHORT = {"q": "contraction", "N": "neighbourhood", "T": "iterations"}

ALLOWED = f"NAME=VALUE or NAME=VALUE±TOLERANCE, NAME one of {', '.join((*NAMES, *SHORT))}"


@dataclass(frozen=True)
class Expectation:
    """A number that somebody states.

    Attributes
    ----------
    name : one of `NAMES`
    value, tolerance : the statement is right where the theorem's number is within `tolerance` of `value`
    """

    name: str
    value: float
    tolerance: float


@dataclass(frozen=True, repr=False)
class Expected(Result):
    """Stated numbers of one theorem beside its own.

    Attributes
    ----------
    rate : the theorem with its guarantee
    stated : what is expected of it
    """

    rate: TheoremRate
    stated: tuple[Expectation, ...]

    @property
    def agrees(self) -> bool:
        """Whether every number is within its tolerance."""
        return all(row["agrees"] for row in self.records())

    def headline(self) -> str:
        """The theorem, and the numbers that differ."""
        wrong = [str(row["number"]) for row in self.records() if not row["agrees"]]
        return f"{self.rate.theorem.key}: " + (f"{', '.join(wrong)} not as stated" if wrong else "all as stated")

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each stated number."""
        for each in self.stated:
            found = self._found(each.name)
            within = found is not None and abs(found - each.value) <= each.tolerance
            yield {
                "number": each.name,
                "stated": each.value,
                "tolerance": each.tolerance,
                "theorem": found,
                "agrees": within,
            }

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.expect/1`."""
        return {
            "schema": SCHEMA,
            "version": __version__,
            "theorem": self.rate.theorem.key,
            "agrees": self.agrees,
            "numbers": [dict(row) for row in self.records()],
        }

    def _found(self, name: str) -> float | None:
        """The theorem's own number, None where it has none or no limit."""
        value = self.rate.iterations if name == "iterations" else getattr(self.rate.plan, name)
        return None if value is None or math.isinf(value) else value


def expectations(text: str) -> tuple[Expectation, ...]:
    """Read NAME=VALUE[±TOLERANCE],...; without a tolerance, half a unit of the last digit given.

    A tolerance that ends in % is relative; +- stands for ±.

    Raises
    ------
    InputError
        If a name is unknown or repeated, or a value is no finite number.

    Examples
    --------
    >>> expectations("rho_max=0.0123, N=2e-3±1%")
    (Expectation(name='rho_max', value=0.0123, tolerance=5e-05), Expectation(name='neighbourhood', value=0.002, tolerance=2e-05))
    """  # noqa: E501
    found = [_expectation(each.strip()) for each in text.split(",")]
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise reject("expect", text, f"each number once, not {name} twice")
    return tuple(found)


def _expectation(text: str) -> Expectation:
    name, equals, number = (part.strip() for part in text.partition("="))
    name = SHORT.get(name, name)
    if name not in NAMES or not equals:
        raise reject("expect", text, ALLOWED)
    value, _, tolerance = re.sub(r"\+-|\+/-", "±", number).partition("±")
    stated = finite(f"expect {name}", value.strip())
    if tolerance:
        relative = tolerance.strip().endswith("%")
        size = finite(f"expect {name}", tolerance.strip().removesuffix("%"), "a finite tolerance, at least 0")
        if size < 0:
            raise reject(f"expect {name}", tolerance, "a finite tolerance, at least 0")
        return Expectation(name, stated, abs(stated) * size / 100 if relative else size)
    return Expectation(name, stated, _half_unit(value.strip()))


def _half_unit(value: str) -> float:
    """Half a unit of the last digit of a number as it is written."""
    exponent = Decimal(value).as_tuple().exponent
    if not isinstance(exponent, int):
        raise InputError(f"expect={value}: must be a finite number")
    return 0.5 * 10.0**exponent
