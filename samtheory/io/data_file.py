"""A data file of the user's, with how it is to be read, as one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from samtheory.errors import escaped, reject

from .shell import command

if TYPE_CHECKING:
    from samtheory._typing import Array

#: Delimiters by name; a single character is itself.
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " "}


def delimiter(word: str) -> str:
    """The character that separates cells.

    Raises
    ------
    InputError
        If the word is neither a name in `DELIMITERS` nor a single character that can separate numbers.
    """
    found = DELIMITERS.get(word, {"\\t": "\t"}.get(word, word))
    if len(found) != 1 or found.isalnum() or found in "+-.\"'\n\r":
        raise reject("delimiter", word, "comma, semicolon, tab, space, or one character such as | or :")
    return found


@dataclass(frozen=True)
class DataFile:
    """Rows (A, b) in a file.

    Parameters
    ----------
    path : CSV or svmlight, compressed with gzip, bzip2 or xz or not
    target : the column of b: a name in the header, or its number from 1; the last by default
    delimiter : of CSV: comma, semicolon, tab, space or one character
    standardise : shift every feature to mean 0 and scale it to variance 1
    intercept : append a feature that is 1 everywhere

    Raises
    ------
    InputError
        If the delimiter is unknown.

    Examples
    --------
    >>> print(DataFile("wine.csv", target="quality", delimiter="semicolon"))
    wine.csv --target quality --delimiter semicolon
    """

    path: str
    target: str | None = None
    delimiter: str = "comma"
    standardise: bool = False
    intercept: bool = False

    def __post_init__(self) -> None:
        delimiter(self.delimiter)

    @property
    def named(self) -> str:
        """The option and its value, for errors."""
        return f"data={escaped(self.path)}"

    @property
    def words(self) -> list[str]:
        """The options of the command line."""
        return ["--data", self.path, *self._options()]

    @property
    def canonical(self) -> str:
        """The file's name without its folder, and the options."""
        return " ".join([PurePath(self.path).name, *self._options()])

    def _options(self) -> list[str]:
        words = [] if self.target is None else ["--target", self.target]
        words += [] if self.delimiter == "comma" else ["--delimiter", self.delimiter]
        words += ["--standardise"] if self.standardise else []
        return words + (["--intercept"] if self.intercept else [])

    def __str__(self) -> str:
        return " ".join([escaped(self.path), *([command(self._options())] if self._options() else [])])

    def read(self) -> tuple[Array, Array]:
        """The rows A, shape (n, d), and the targets b, shape (n,); see `rows.read_rows`."""
        from .rows import read_rows

        return read_rows(self)


def as_data_file(data: Any) -> DataFile | None:
    """The file of a path or a DataFile; None for rows given as arrays, or for no data."""
    if isinstance(data, (str, Path)):
        return DataFile(str(data))
    if data is None or isinstance(data, (DataFile, tuple, list)):
        return data if isinstance(data, DataFile) else None
    raise reject("data", type(data).__name__, "a path, a samtheory.DataFile, or a pair (A, b)")


def named_files(names: Iterable[str], sampling: str, data: DataFile | None) -> list[str]:
    """Those of `names` that are files, and the files of the data and of a sampling's probabilities."""
    _, _, probabilities = sampling.partition("single:")
    given = [name for name in names if name.endswith(".py")]
    return given + [path for path in (data.path if data else None, probabilities) if path]
