"""The numbers behind a figure: tables whose rows have a key, and how far each column may move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.io.kept_numbers import Kept, Tolerance, rounded

KEYS = {
    "columns": "columns of equal length, by name; null where there is no number",
    "key": "columns that name a row",
    "open": "whether more rows may come, as new theorems bring them",
    "tolerance": "how far each column may move, by its name",
    "tolerance.*.absolute": "by this much",
    "tolerance.*.errors": "by so many standard errors",
    "tolerance.*.relative": "by this part of the value",
}

#: Numbers are kept to this many digits.
DIGITS = 10


#: A closed formula; one deterministic run; a mean over trials; a 10 % quantile, whose error is about 1.7 of the mean's.
FORMULA = Tolerance()
RUN = Tolerance(relative=1e-4, absolute=1e-13)
MEAN = Tolerance(relative=1e-4, absolute=1e-13, errors=6)
QUANTILE = Tolerance(relative=1e-4, absolute=1e-13, errors=10)


@dataclass(frozen=True)
class Table:
    """Columns of equal length.

    Attributes
    ----------
    key : the columns that name a row
    columns : numbers, words, or None where there is no number; `se` is the standard error of the column beside it
    tolerance : by column, for those that `check` compares
    open : whether more rows may come, as a new theorem of the catalogue brings them
    """

    key: Sequence[str]
    columns: Mapping[str, Sequence[Any]]
    tolerance: Mapping[str, Tolerance] = field(default_factory=dict)
    open: bool = False

    def __getitem__(self, name: str) -> Array:
        """A column of numbers, not-a-number where there is none."""
        return np.array([np.nan if value is None else value for value in self.columns[name]], dtype=np.float64)

    def words(self, name: str) -> list[str]:
        """A column of words."""
        return [str(value) for value in self.columns[name]]

    def rows(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """The rows by their key."""
        listed = [dict(zip(self.columns, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]
        return {tuple(_plain(row[name]) for name in self.key): row for row in listed}

    def to_json(self) -> dict[str, Any]:
        """Plain data, the numbers to `DIGITS` digits."""
        return {
            "key": list(self.key),
            "columns": {name: [_plain(value) for value in values] for name, values in self.columns.items()},
            "open": self.open,
            "tolerance": {name: vars(allowed) for name, allowed in self.tolerance.items()},
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Table:
        """The table that `to_json` made."""
        allowed = {name: Tolerance(**numbers) for name, numbers in plain["tolerance"].items()}
        return cls(plain["key"], plain["columns"], allowed, plain["open"])


def moved(kept: Table, found: Table) -> Iterator[str]:
    """What differs in `found` beyond the tolerance, in words; its rows may be some of the kept ones."""
    rows = kept.rows()
    for key, row in found.rows().items():
        place = ", ".join(f"{name}={value}" for name, value in zip(found.key, key, strict=True))
        if key not in rows:
            if not kept.open:
                yield f"{place}: not among the numbers kept"
            continue
        for name, allowed in kept.tolerance.items():
            old, new = rows[key].get(name), row.get(name)
            if not allowed.admits(_with_error(old, rows[key], allowed), _with_error(new, row, allowed)):
                yield f"{place}: {name} was {_shown(old)}, is {_shown(new)}"


def _with_error(value: Any, row: Mapping[str, Any], allowed: Tolerance) -> Kept:
    """The number with the standard error beside it, where the tolerance counts in standard errors."""
    return [value, row.get("se") or 0.0] if allowed.errors and isinstance(value, float) else value


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, np.integer):
        return int(value)
    return rounded(value, DIGITS)


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
