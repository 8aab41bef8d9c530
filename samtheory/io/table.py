"""Tables of numbers in text: one optional header line, then rows of equal length."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError

from .data_file import DELIMITERS

#: A number: digits with at most one point and an exponent, or an infinity, or not-a-number; no `1_000`, no `1,5`.
NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)", re.IGNORECASE | re.ASCII)
#: A number or a date in another form: 1_000, 1,000, 0x1F, 1d3, 2+3j, 5%, 2020-01-31, digits of any script.
ODD = re.compile(r"[+-]?0x[\da-f]+|[-+$€£]?\d[\d.,_'’ :/-]*([de][+-]?\d+)?([+-][\d.]+)?[j%]?", re.IGNORECASE)
#: A value that is missing, or yes and no, in words.
NO_NAMES = {"na", "n/a", "nan", "null", "none", "?", "-", "true", "false"}
#: Three digits that begin with 0 are the rest of 1,000.
THOUSANDS = re.compile(r"0\d\d", re.ASCII)
#: A longer cell is cut in messages.
SHOWN = 40


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers from a text.

    Attributes
    ----------
    names : the header, None where there is none
    numbers : (rows, columns)
    lines : the number of each row's line
    first : the first line that is not blank: its number and its cells
    """

    names: list[str] | None
    numbers: Array
    lines: list[int]
    first: tuple[int, list[str]]

    @property
    def numbered(self) -> bool:
        """Whether the first line counts the columns, 0, 1, 2, ..., as pandas heads columns without names."""
        cells = self.first[1]
        return self.names is None and cells == [str(k) for k in range(len(cells))]


def read_table(text: str, named: str, separator: str = ",", *, infinite: bool = False) -> Table:
    """The table in a text.

    A first line whose first cell is not a number, nor a number or nothing in another form, is a header. Blank lines are
    passed over.

    Parameters
    ----------
    named : the option and its value, for the error
    separator : the delimiter; a blank stands for any run of blanks
    infinite : whether infinite numbers are allowed

    Raises
    ------
    InputError
        Naming the line, if there is no row, a row has another length than the first, or a cell is no number.
    """
    lines = list(_lines(text, named, separator))
    if not lines:
        raise InputError(f"{named}: empty: must have at least one row")
    first = lines[0]
    odd = ODD.fullmatch(first[1][0]) or first[1][0].lower() in NO_NAMES
    names = None if odd or NUMBER.fullmatch(first[1][0]) else first[1]
    rows = lines if names is None else lines[1:]
    if not rows:
        raise InputError(f"{named}: a header only: must have at least one row")
    width = len(first[1])
    numbers = np.empty((len(rows), width))
    for row, (line, cells) in enumerate(rows):
        if len(cells) != width:
            raise InputError(f"{named}: line {line}: {len(cells)} columns: must be {width} as in line {first[0]}")
        for column, cell in enumerate(cells):
            number = float(cell) if NUMBER.fullmatch(cell) and not THOUSANDS.fullmatch(cell) else math.nan
            if math.isnan(number) or (math.isinf(number) and not infinite):
                where = f"line {line}, column {column + 1}: {cell[:SHOWN]!r}"
                allowed = "a number" if infinite else "a finite number"
                raise InputError(f"{named}: {where}: must be {allowed}{_hint(cell, first[1], separator)}")
            numbers[row, column] = number
    return Table(names, numbers, [line for line, _ in rows], first)


def _lines(text: str, named: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells, without blanks around them, of each line that is not blank."""
    if separator == " ":
        split = ((number, line.split()) for number, line in enumerate(text.splitlines(), 1))
        yield from ((number, cells) for number, cells in split if cells)
        return
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=separator)  # any of the three line ends
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise InputError(f"{named}: line {reader.line_num}: {error}") from None


def other_delimiter(text: str, separator: str = ",") -> str:
    """A hint at a delimiter that the text holds, "" where there is none."""
    for name, mark in DELIMITERS.items():
        if mark in ";\t" and mark != separator and mark in text:
            return f" (--delimiter {name}?)"
    return ""


def _hint(cell: str, first: list[str], separator: str) -> str:
    """What may be meant by a cell that is no number."""
    if hint := other_delimiter(" ".join([cell, *first]), separator):
        return hint
    if "," in cell or "_" in cell or THOUSANDS.fullmatch(cell):
        return ", with a decimal point and without a separator of thousands"
    return " (categories must be coded as numbers)" if cell[:1].isalpha() and cell.lower() != "nan" else ""
