"""Results: an answer of the library in a shell, a notebook, a JSON document and a data frame."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar, TypeVar, overload

from samtheory.errors import MissingExtra

from . import tables
from .html import Html, fill

#: Characters of a repr, and rows of a table in a notebook, at most.
LONGEST, SHOWN = 400, 60


class Result(ABC):
    """An answer: one line as text, a table in a notebook, plain data, a data frame.

    A subclass says the answer in one line (`headline`), as a table (`records`) and as plain data (`to_json`). A
    dataclass sets repr=False, so that it keeps the repr of this class.
    """

    #: The columns of a table in a paper; all where it is empty.
    columns: ClassVar[Sequence[str]] = ()

    @abstractmethod
    def headline(self) -> str:
        """The answer in one line."""

    @abstractmethod
    def records(self) -> Iterator[Mapping[str, Any]]:
        """The rows of the table, each a value by column; all rows have the same columns."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Plain data: strings, numbers, lists and dictionaries."""

    def to_frame(self) -> Any:
        """The table as a `pandas.DataFrame`.

        Raises
        ------
        MissingExtra
            If pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtra("to_frame", "frame") from None
        return pd.DataFrame.from_records(list(self.records()))

    def to_csv(self) -> str:
        """The table as comma-separated values in full precision."""
        return tables.csv(self.records())

    def to_latex(self) -> str:
        """The table as a LaTeX tabular of the package booktabs, without empty columns."""
        return tables.latex(tables.filled(self.records(), self.columns))

    def to_markdown(self) -> str:
        """The table in GitHub's Markdown, without empty columns."""
        return tables.markdown(tables.filled(self.records(), self.columns))

    def _repr_latex_(self) -> str:
        return self.to_latex()

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"<{name}: {textwrap.shorten(self.headline(), LONGEST - len(name) - 4, placeholder=' …')}>"

    def _repr_html_(self) -> Html:
        """The headline and the first rows of the table, for notebooks; a single row column by column."""
        rows = list(islice(self.records(), SHOWN + 1))
        shown = tables.filled(rows[:SHOWN])
        return fill(
            '<p>$headline</p><div style="overflow-x: auto">$table</div>$more',
            headline=self.headline(),
            table=_upright(shown[0]) if len(rows) == 1 else _table(shown),
            more=fill("<p>…</p>") if len(rows) > SHOWN else "",
        )


def _table(rows: tables.Rows) -> Html:
    """A line for each row."""
    return fill(
        "<table><thead><tr>$heads</thead><tbody>$body</tbody></table>",
        heads=[fill("<th>$name", name=name) for name in (rows[0] if rows else ())],
        body=[fill("<tr>$cells", cells=map(_cell, row.values())) for row in rows],
    )


def _upright(row: Mapping[str, Any]) -> Html:
    """A line for each column of one row."""
    line = '<tr><th style="text-align: left">$name<td style="text-align: left; overflow-wrap: anywhere">$value'
    lines = [fill(line, name=name, value=_text(value)) for name, value in row.items()]
    return fill("<table><tbody>$lines</tbody></table>", lines=lines)


def _cell(value: Any) -> Html:
    right = ' style="text-align: right; white-space: nowrap"' if tables.is_number(value) else ""
    return fill(f"<td{right}>$value", value=_text(value))


def _text(value: Any) -> str:
    """A value in four digits, nothing for None."""
    return f"{value:.4g}" if isinstance(value, float) else "" if value is None else str(value)


Member = TypeVar("Member", bound=Result)


class Results(Result, Sequence[Member]):
    """Several results of one kind in order: their tables one below the other.

    Parameters
    ----------
    members : the results
    """

    #: What a row is, and the column of its verdict.
    unit, verdict = "rows", "verdict"

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = tuple(members)

    def headline(self) -> str:
        """The number of rows, and of each verdict."""
        counts = Counter(str(record[self.verdict]) for record in self.records())
        return f"{counts.total()} {self.unit}: " + ", ".join(f"{count} {word}" for word, count in counts.items())

    def records(self) -> Iterator[Mapping[str, Any]]:
        """The rows of every member."""
        for member in self.members:
            yield from member.records()

    @overload
    def __getitem__(self, index: int) -> Member: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Member]: ...
    def __getitem__(self, index: int | slice) -> Member | Sequence[Member]:
        return self.members[index]

    def __len__(self) -> int:
        return len(self.members)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.members == other.members

    def __hash__(self) -> int:
        return hash(self.members)
