"""The rows (A, b) of a linear model from a file of the user's.

CSV: numbers, the target in the last column unless another is named; see `table` for its header. svmlight/LIBSVM:
`target index:value ...`, see `svmlight`; its rows stay sparse where few of the numbers are not 0. A name in .csv is
CSV, one in .svm, .svmlight or .libsvm is svmlight, .gz, .bz2 and .xz behind it or not; otherwise the first lines
decide.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, float_array, reject

from . import files
from .data_file import DataFile, delimiter
from .svmlight import line_of, read_svmlight
from .table import Table, other_delimiter, read_table

SVMLIGHT = (".svm", ".svmlight", ".libsvm")

#: A line of svmlight: a target, then features by index; and one that has a target alone.
FEATURES, TARGET_ALONE = re.compile(rb"[^\s,;|]+\s+(qid|\d+):"), re.compile(rb"[^\s,;|:]+")
#: The bytes in which the format is looked for, where the name does not say it.
HEAD = 2**20

#: Rows of svmlight are dense where so large a part of their numbers is stored, or there are at most so many of them.
DENSE_PART, DENSE_NUMBERS = 0.3, 100_000
#: Rows that are made dense may have so many numbers.
LARGEST = 50_000_000

#: Names that pandas gives to a first column of row numbers; the names of such a column where it counts from 0.
UNNAMED, COUNTERS = ("", "unnamed: 0"), ("index", "id", "level_0")
#: So many rows that the first column counts from 0 are row numbers, where the column has no name.
COUNTED = 3
#: What a data file has.
COLUMNS = "at least one feature and, last, the target"


def read_rows(data: str | Path | DataFile) -> tuple[Any, Array]:
    """The rows and targets of a CSV or svmlight file.

    Parameters
    ----------
    data : a path, or a file with how it is to be read; see the top of this file for how its format is recognised

    Returns
    -------
    A : (n, d), an array, or a `scipy.sparse.csr_array` of svmlight rows
    b : (n,)

    Raises
    ------
    InputError
        If the file cannot be read, holds something that is not a finite number, is ragged, has no row or no feature, or
        begins with column or row numbers; or there is no such target.
    """
    file = data if isinstance(data, DataFile) else DataFile(str(data))
    content = files.without_mark(files.unpacked(file.path, file.named), file.named, "CSV or svmlight")
    if not content.strip():
        raise InputError(f"{file.named}: empty: must have at least one row")
    suffixes = [suffix.lower() for suffix in Path(file.path).suffixes]
    kind = next((suffix for suffix in reversed(suffixes) if suffix not in files.COMPRESSED_SUFFIXES), "")
    if kind in SVMLIGHT or (kind != ".csv" and _begins_as_svmlight(content)):
        A, b = _svmlight(file, content)
    else:
        A, b = _csv(file, files.decoded(content, file.named, "CSV or svmlight"))
    A = standardised(_made_dense(A, file.named)) if file.standardise else A
    return (_with_intercept(A) if file.intercept else A), b


def _begins_as_svmlight(content: bytes) -> bool:
    """Whether the first line with more than a target, comments left out, has features by index."""
    lines = (line.partition(b"#")[0].strip() for line in content[:HEAD].splitlines())
    more = next((line for line in lines if line and not TARGET_ALONE.fullmatch(line)), b"")
    return FEATURES.match(more) is not None


def signed_labels(b: Array) -> Array:
    """Two different labels, shape (n,), as -1 for the smaller and +1 for the larger.

    Raises
    ------
    InputError
        If there are more than two, or one.
    """
    found = np.unique(b)
    if len(found) == 2:
        return np.where(np.asarray(b) == found[1], 1.0, -1.0)
    shown = ", ".join(f"{value:g}" for value in found[:4]) + (", ..." if len(found) > 4 else "")
    raise reject("labels", shown, "two values, such as -1 and 1")


def standardised(A: Array) -> Array:
    """Every column shifted to mean 0 and scaled to variance 1.  Shape as given.

    A constant column becomes 0; a column of ones, which is an intercept, stays.

    Raises
    ------
    InputError
        If an entry is not finite.
    """
    A = float_array("A", A, "finite numbers of shape (n, d)")
    if not np.isfinite(A).all():
        raise InputError("A, b: every entry must be finite")
    centred = A - A.mean(axis=0)
    spread = centred.std(axis=0)
    varies = spread > 1e-12 * np.abs(A).max(axis=0)
    return np.where((A == 1).all(axis=0), 1.0, np.where(varies, centred / np.where(varies, spread, 1.0), 0.0))


def _csv(file: DataFile, text: str) -> tuple[Array, Array]:
    """A table of numbers, the column of the target apart."""
    table = read_table(text, file.named, delimiter(file.delimiter))
    if table.numbers.shape[1] < 2:
        raise InputError(f"{file.named}: one column: must have {COLUMNS}{other_delimiter(text)}")
    _refuse_counters(file, table)
    target = _target(file, table)
    return np.ascontiguousarray(np.delete(table.numbers, target, axis=1)), table.numbers[:, target].copy()


def _refuse_counters(file: DataFile, table: Table) -> None:
    """InputError where the first line counts the columns or the first column the rows, as pandas writes them."""
    (line, cells), n = table.first, len(table.numbers)
    counts = bool((table.numbers[:, 0] == np.arange(n)).all())
    name = None if table.names is None else table.names[0].lower()
    if table.numbered:
        raise InputError(
            f"{file.named}: line {line}: {','.join(cells)} counts the columns, as pandas heads columns without names:"
            " must be left out (to_csv(header=False)); a first row of data needs a header above it"
        )
    if name in UNNAMED or (counts and name in COUNTERS):
        raise InputError(
            f"{file.named}: line {line}: the first column, {cells[0] or 'without a name'}, is the row numbers of"
            " pandas: must be left out (to_csv(index=False)), or have another name"
        )
    if counts and name is None and n >= COUNTED and cells[0] == "0":
        raise InputError(
            f"{file.named}: line {line}: the first column counts the rows from 0, as pandas does:"
            " must be left out (to_csv(index=False)); a feature needs a header with its name"
        )


def _target(file: DataFile, table: Table) -> int:
    """The place of the target among the columns."""
    width: int = table.numbers.shape[1]
    if file.target is None:
        return width - 1
    names = table.names or []
    if names.count(file.target) == 1:
        return names.index(file.target)
    if file.target.isdecimal() and 1 <= int(file.target) <= width:
        return int(file.target) - 1
    allowed = f"a number from 1 to {width}" + (f", or one of {', '.join(names)}" if names else "; there is no header")
    raise reject("target", file.target, allowed)


def _svmlight(file: DataFile, content: bytes) -> tuple[Any, Array]:
    """The rows of a svmlight file, dense where they are small or full."""
    if file.target is not None:
        raise reject("target", file.target, f"left out beside {file.named}, which is svmlight: its target is first")
    A, b = read_svmlight(content, file.named)
    finite = np.isfinite(b)
    finite[np.repeat(np.arange(len(b)), np.diff(A.indptr))[~np.isfinite(A.data)]] = False
    if not finite.all():
        line = line_of(content, int(np.flatnonzero(~finite)[0]) + 1)
        raise InputError(f"{file.named}: line {line}: every number must be finite")
    size = A.shape[0] * A.shape[1]
    full = A.nnz >= DENSE_PART * size and size <= LARGEST
    return (A.toarray() if full or size <= DENSE_NUMBERS else A), b


def _made_dense(A: Any, named: str) -> Array:
    """Rows as an array, where there are not too many numbers."""
    if not hasattr(A, "toarray"):
        return np.asarray(A)
    if A.shape[0] * A.shape[1] > LARGEST:
        raise InputError(
            f"{named}: {A.shape[0]} rows x {A.shape[1]} features: must be at most {LARGEST} numbers to be standardised"
        )
    return np.asarray(A.toarray())


def _with_intercept(A: Any) -> Any:
    """The rows with a last feature that is 1 everywhere."""
    ones = np.ones((A.shape[0], 1))
    if not hasattr(A, "toarray"):
        return np.hstack([A, ones])
    from scipy.sparse import csr_array, hstack  # slow to import

    return csr_array(hstack([A, ones], format="csr"))
