"""Tables of numbers in text: one optional header line, then rows of equal length."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
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
#: The bytes of plain rows, without delimiters and line ends; a cell of three digits that begins with 0.
PLAIN, THOUSANDS_AMONG = b"0123456789+-.eE", re.compile(rb",0\d\d,")
NEWLINE, COMMA = b"\n", b","
#: Characters of plain rows that are read at once, up to the end of a line.
CHUNK = 2**20


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
    lines: Sequence[int]
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
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # any of the three line ends
    first = next(_lines(text, named, separator), None)
    if first is None:
        raise InputError(f"{named}: empty: must have at least one row")
    odd = ODD.fullmatch(first[1][0]) or first[1][0].lower() in NO_NAMES
    names = None if odd or NUMBER.fullmatch(first[1][0]) else first[1]
    quoted = names is None and '"' in text  # the first row may have several lines
    above, width = first[0] - (names is None), len(first[1])
    numbers = None if quoted else plain_rows(text, above, width, separator)
    if numbers is not None and (infinite or np.isfinite(numbers).all()):
        return Table(names, numbers, range(above + 1, above + 1 + len(numbers)), first)
    rows = list(_lines(text, named, separator))[names is not None :]
    if not rows:
        raise InputError(f"{named}: a header only: must have at least one row")
    numbers = np.array([_row(line, cells, first, named, separator, infinite) for line, cells in rows])
    return Table(names, numbers, [line for line, _ in rows], first)


def plain_rows(text: str, above: int, width: int, separator: str) -> Array | None:
    """The rows of plain numbers below the first `above` lines, (rows, width); None where anything is not plain.

    Blanks around a delimiter, blank lines, quotes, words and rows of other lengths are not plain.
    """
    begin, parts = 0, []
    for _ in range(above):
        begin = text.find("\n", begin) + 1
    while begin < len(text):  # in parts: a call of compiled code cannot be interrupted
        end = text.find("\n", begin + CHUNK)
        end = len(text) if end < 0 else end + 1
        part = _plain(text[begin:end].removesuffix("\n"), width, separator)
        if part is None:
            return None
        parts.append(part)
        begin = end
    return np.concatenate(parts) if parts else None


def _plain(lines: str, width: int, separator: str) -> Array | None:
    """Some lines of `plain_rows`."""
    if not (lines.isascii() and separator.isascii()):
        return None
    rows = lines.encode()
    if separator == " ":
        rows = NEWLINE.join(COMMA.join(line.split()) for line in rows.split(NEWLINE))
    elif separator != ",":
        rows = rows.translate(bytes.maketrans(b"," + separator.encode(), b"\0,"))
    if not rows or rows.translate(None, PLAIN + NEWLINE + COMMA):
        return None
    letters = np.frombuffer(rows, dtype=np.uint8)
    ends = np.append(np.flatnonzero(letters == NEWLINE[0]), len(rows))
    commas = np.searchsorted(np.flatnonzero(letters == COMMA[0]), ends)
    cells = rows.replace(NEWLINE, COMMA)
    if (np.diff(commas, prepend=0) != width - 1).any() or THOUSANDS_AMONG.search(COMMA + cells + COMMA):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            numbers = np.fromstring(cells, sep=",")
        except (DeprecationWarning, ValueError):
            return None
    return numbers.reshape(-1, width) if numbers.size == width * len(ends) else None


def _row(
    line: int, cells: list[str], first: tuple[int, list[str]], named: str, separator: str, infinite: bool
) -> list[float]:
    """The numbers of a line."""
    if len(cells) != len(first[1]):
        raise InputError(f"{named}: line {line}: {len(cells)} columns: must be {len(first[1])} as in line {first[0]}")
    numbers = []
    for column, cell in enumerate(cells, 1):
        number = float(cell) if NUMBER.fullmatch(cell) and not THOUSANDS.fullmatch(cell) else math.nan
        if math.isnan(number) or (math.isinf(number) and not infinite):
            where = f"line {line}, column {column}: {cell[:SHOWN]!r}"
            allowed = "a number" if infinite else "a finite number"
            raise InputError(f"{named}: {where}: must be {allowed}{_hint(cell, first[1], separator)}")
        numbers.append(number)
    return numbers


def _lines(text: str, named: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells, without blanks around them, of each line that is not blank."""
    if separator == " ":
        split = ((number, line.split()) for number, line in enumerate(text.split("\n"), 1))
        yield from ((number, cells) for number, cells in split if cells)
        return
    reader = csv.reader(io.StringIO(text), delimiter=separator)
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
