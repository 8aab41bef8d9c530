"""svmlight/LIBSVM text, `target index:value ...`, as sparse rows.

Indices count from 1, or from 0 where an index 0 occurs. A comment begins with #; `qid:` is passed over.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Bytes that are read at once, up to the end of a line.
CHUNK = 2**22
#: Lines without comments: a target, then features by index, or nothing; that the words are numbers is checked later.
LINES = re.compile(rb"(?:[ \t]*+(?:[^\s:]++(?:[ \t]++[0-9]++:[^\s:]++)*+[ \t]*+)?\r?\n)*+")
COMMENT, QUERY = re.compile(rb"#[^\n]*"), re.compile(rb"\bqid:\S*")
#: Places of so many numbers fit in 32 bits; the largest index: every point has a number for each feature.
LARGEST, FEATURES = 2**31 - 2, 100_000_000
NEWLINE, COLON, BLANK = b"\n"[0], b":"[0], b" "[0]


def read_svmlight(content: bytes, named: str) -> tuple[csr_array, Array]:
    """Rows of shape (n, d) and targets, shape (n,); d is the largest index.

    Parameters
    ----------
    content : the text, decompressed
    named : the option and its value, for the error

    Raises
    ------
    InputError
        If a line is not svmlight, a feature occurs twice in a row, or there is no feature.
    """
    most, filled = content.count(b":"), 0
    columns, values = np.empty(most, dtype=np.int32), np.empty(most)
    targets, counts = [], []
    for chunk, first in _chunks(content):
        target, count, index, value = _numbers(chunk, first, named)
        here = slice(filled, filled + len(index))
        columns[here], values[here], filled = index, value, here.stop
        targets.append(target)
        counts.append(count)
    columns, values = columns[:filled], values[:filled]
    if filled == 0:
        raise InputError(f"{named}: no number but targets: must have at least one row and one feature")
    shift = int(columns.min() > 0)
    columns -= shift
    indptr = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(
        np.int32 if filled <= LARGEST else np.int64
    )
    from scipy.sparse import csr_array  # slow to import

    n, d = len(indptr) - 1, int(columns.max()) + 1
    rows = csr_array((values, columns, indptr), shape=(n, d))
    rows.sort_indices()
    again = np.flatnonzero(np.diff(rows.indices) == 0)
    begins = np.zeros(filled + 1, dtype=np.bool_)
    begins[indptr] = True
    again = again[~begins[again + 1]]
    if len(again):
        row = int(np.searchsorted(indptr, again[0], side="right"))
        told = f"feature {rows.indices[again[0]] + shift} occurs twice"
        raise InputError(f"{named}: line {line_of(content, row)}: {told}: must occur once")
    return rows, np.concatenate(targets)


def _chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Parts of the text that end with a line, and the number of the first line of each."""
    begin, first = 0, 1
    while begin < len(content):
        end = len(content) if begin + CHUNK >= len(content) else content.rfind(b"\n", begin, begin + CHUNK) + 1
        end = end if end > begin else (content.find(b"\n", begin) + 1 or len(content))
        chunk = content[begin:end]
        yield chunk if chunk.endswith(b"\n") else chunk + b"\n", first
        begin, first = end, first + chunk.count(b"\n")


def _numbers(chunk: bytes, first: int, named: str) -> tuple[Array, Indices, Array, Array]:
    """Targets, numbers of features, indices and values of the lines of a chunk."""
    if b"#" in chunk:
        chunk = COMMENT.sub(b"", chunk)
    if b"qid:" in chunk:
        chunk = QUERY.sub(b"", chunk)
    match = LINES.match(chunk)
    if match is not None and match.end() < len(chunk):
        raise _refusal(chunk, match.end(), first, named)
    counts = _features(chunk)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            numbers = np.fromstring(chunk.replace(b":", b" "), sep=" ") if len(counts) else np.empty(0)
        except (DeprecationWarning, ValueError):
            numbers = np.empty(0)
    if len(numbers) != len(counts) + 2 * counts.sum():
        raise _refusal(chunk, _bad_word(chunk), first, named)
    starts = np.concatenate([[0], np.cumsum(1 + 2 * counts)])[:-1].astype(np.intp)
    features = np.delete(numbers, starts)
    if (index := features[0::2].max(initial=0)) > FEATURES:
        raise InputError(f"{named}: index {index:.0f}: must be at most {FEATURES}: a point has a number for each one")
    return numbers[starts], counts, features[0::2], features[1::2]


def _features(chunk: bytes) -> Indices:
    """The number of features in each line that is not blank."""
    letters = np.frombuffer(chunk, dtype=np.uint8)
    starts = np.concatenate([[0], np.flatnonzero(letters == NEWLINE) + 1])
    counts = np.diff(np.searchsorted(np.flatnonzero(letters == COLON), starts))
    return np.asarray(counts[np.maximum.reduceat(letters, starts[:-1]) > BLANK], dtype=np.intp)


def _bad_word(chunk: bytes) -> int:
    """The place of the first word that is not a number."""
    for word in re.finditer(rb"[^\s:]+", chunk):
        try:
            if b"_" in word[0]:
                return word.start()
            float(word[0])
        except ValueError:
            return word.start()
    return 0


def _refusal(chunk: bytes, place: int, first: int, named: str) -> InputError:
    """The error for the line at a place of a chunk."""
    begin, end = chunk.rfind(b"\n", 0, place) + 1, chunk.find(b"\n", place)
    shown = chunk[begin:end].strip().decode("utf-8", "replace")
    shown = shown if len(shown) <= 40 else shown[:40] + "..."
    number = first + chunk.count(b"\n", 0, begin)
    return InputError(f"{named}: line {number}: not svmlight: {shown}: must be `target index:value ...`")


def line_of(content: bytes, row: int) -> int:
    """The number of the line that holds the row number `row`, from 1: blank lines and comments hold none."""
    lines = (k for k, line in enumerate(content.splitlines(), 1) if line.partition(b"#")[0].strip())
    return next(islice(lines, row - 1, None))
