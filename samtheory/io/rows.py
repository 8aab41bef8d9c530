"""The rows (A, b) of a linear model from a file of the user's, and what is done to them before they are used.

CSV: numbers separated by commas, the target in the last column, one optional header line (a first line without any
number).  svmlight/LIBSVM: `target index:value ...`, read by scikit-learn (the extra `data`).  A name in .csv is CSV,
one in .svm, .svmlight or .libsvm is svmlight; otherwise the first line tells.
"""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, MissingExtra, reject

from . import files

SVMLIGHT = (".svm", ".svmlight", ".libsvm")

#: How a svmlight file begins: comment lines, then `target index:`.
FIRST_LINE = re.compile(r"(\s*#.*\n)*\s*[^\s,]+\s+(qid|\d+):")

#: Rows are held dense; larger tables are refused.
LARGEST = 50_000_000

#: The pairs of labels that are understood, each as (the one for -1, the one for +1).
LABELS = ((-1, 1), (0, 1), (1, 2))


def read_rows(path: str | Path) -> tuple[Array, Array]:
    """The rows and targets of a CSV or svmlight file.

    Parameters
    ----------
    path : see the top of this file for how its format is told

    Returns
    -------
    A : (n, d)
    b : (n,)

    Raises
    ------
    InputError
        If the file cannot be read, holds something that is not a finite number, is ragged, or has no row or no feature.
    MissingExtra
        If it is svmlight and scikit-learn is not installed.
    """
    text = _text(path)
    suffix = Path(path).suffix.lower()
    sparse = suffix in SVMLIGHT or (suffix != ".csv" and FIRST_LINE.match(text) is not None)
    return _svmlight(path, text) if sparse else _csv(path, text)


def signed_labels(b: Array) -> Array:
    """Labels -1/1, 0/1 or 1/2, shape (n,), as -1/+1.

    Raises
    ------
    InputError
        If they are anything else.
    """
    found = np.unique(b)
    for pair in LABELS:
        if np.array_equal(found, pair):
            return np.where(np.asarray(b) == pair[1], 1.0, -1.0)
    shown = ", ".join(f"{value:g}" for value in found[:4]) + (", ..." if len(found) > 4 else "")
    raise reject("labels", shown, "two values, -1 and 1, or 0 and 1, or 1 and 2")


def standardised(A: Array) -> Array:
    """Every column shifted to mean 0 and scaled to variance 1; a constant column becomes 0.  Shape as given.

    Raises
    ------
    InputError
        If an entry is not finite.
    """
    A = np.asarray(A, dtype=np.float64)
    if not np.isfinite(A).all():
        raise InputError("A, b: every entry must be finite")
    centred = A - A.mean(axis=0)
    spread = centred.std(axis=0)
    varies = spread > 1e-12 * np.abs(A).max(axis=0)
    return np.asarray(np.where(varies, centred / np.where(varies, spread, 1.0), 0.0))


def _text(path: str | Path) -> str:
    """The text in a file."""
    try:
        content = files.content(path)
    except (OSError, ValueError) as error:
        raise InputError(f"data={path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputError(f"data={path}: not a text file: must be CSV or svmlight")
    if not text.strip():
        raise InputError(f"data={path}: empty: must have at least one row")
    return text


def _csv(path: str | Path, text: str) -> tuple[Array, Array]:
    """A table of numbers, the last column apart."""
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError(f"data={path}: line {reader.line_num}: {error}") from None
    first, cells = lines[0]
    if all(_number(cell) is None for cell in cells):
        lines = lines[1:]
    if not lines:
        raise InputError(f"data={path}: a header only: must have at least one row")
    if len(cells) < 2:
        raise InputError(f"data={path}: one column: must have at least one feature and, last, the target")
    table = np.empty((len(lines), len(cells)))
    for row, (line, found) in enumerate(lines):
        if len(found) != len(cells):
            raise InputError(f"data={path}: line {line}: {len(found)} columns: must be {len(cells)} as in line {first}")
        for column, cell in enumerate(found):
            number = _number(cell)
            if number is None or not math.isfinite(number):
                where = f"line {line}, column {column + 1}"
                raise InputError(f"data={path}: {where}: {cell[:40]!r}: must be a finite number")
            table[row, column] = number
    return np.ascontiguousarray(table[:, :-1]), table[:, -1].copy()


def _number(cell: str) -> float | None:
    """The number in a cell of a table, or None."""
    try:
        return float(cell)
    except ValueError:
        return None


def _svmlight(path: str | Path, text: str) -> tuple[Array, Array]:
    """scikit-learn's reading of a svmlight file, made dense."""
    try:
        from sklearn.datasets import load_svmlight_file
    except ImportError:
        raise MissingExtra(f"data={path}: reading svmlight", "data") from None
    try:
        rows, b = load_svmlight_file(io.BytesIO(text.encode()))
    except (ValueError, OverflowError) as error:
        raise InputError(f"data={path}: not svmlight: {' '.join(str(error).split())}") from None
    n, d = rows.shape
    if rows.nnz == 0:
        raise InputError(f"data={path}: no number but targets: must have at least one row and one feature")
    if n * d > LARGEST:
        raise InputError(f"data={path}: {n} rows x {d} features: must be at most {LARGEST} numbers (held dense)")
    A, b = np.asarray(rows.toarray()), np.asarray(b, dtype=np.float64)
    bad = np.flatnonzero(~(np.isfinite(A).all(axis=1) & np.isfinite(b)))
    if len(bad):
        raise InputError(f"data={path}: row {bad[0] + 1}: every number must be finite")
    return A, b
