"""svmlight/LIBSVM text, `target index:value ...`, as sparse rows.

Indices count from 1, or from 0 where an index 0 occurs. A comment begins with #; `qid:` is passed over.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

import numpy as np
from scipy import sparse

from samtheory._typing import Array, Indices
from samtheory.errors import InputError

#: Bytes that are read at once, up to the end of a line.
CHUNK = 2**23
#: A line without its comment: a target, then features by index; what follows a colon is checked as a number later.
LINE = re.compile(rb"[^\s:]+(?:[ \t]+[0-9]+:[^\s:]+)*+[ \t\r]*", re.ASCII)
COMMENT, QUERY = re.compile(rb"#[^\n]*"), re.compile(rb"\bqid:\S*")
#: The largest index, so that it fits in 32 bits.
LARGEST = 2**31 - 2


def read_svmlight(content: bytes, named: str) -> tuple[sparse.csr_array, Array]:
    """Rows of shape (n, d) and targets, shape (n,); d is the largest index.

    Parameters
    ----------
    content : the text, decompressed
    named : the option and its value, for the error

    Raises
    ------
    InputError
        If a line is not svmlight, or there is no feature.
    """
    parts = [_numbers(chunk, first, named) for chunk, first in _chunks(content)]
    targets, counts, indices, values = (np.concatenate(each) for each in zip(*parts, strict=True))
    if len(indices) == 0:
        raise InputError(f"{named}: no number but targets: must have at least one row and one feature")
    if indices.max() > LARGEST:
        raise InputError(f"{named}: not svmlight: index {indices.max():.0f}: must be at most {LARGEST}")
    shift = indices.min() > 0
    if shift:
        indices -= 1
    indptr = np.concatenate([[0], np.cumsum(counts)])
    rows = sparse.csr_array((values, indices.astype(np.int32), indptr), shape=(len(targets), int(indices.max()) + 1))
    rows.sort_indices()
    again = np.flatnonzero((np.diff(rows.indices) == 0) & (np.diff(np.repeat(np.arange(len(targets)), counts)) == 0))
    if len(again):
        row = np.searchsorted(indptr, again[0], side="right")
        told = f"feature {rows.indices[again[0]] + int(shift)} occurs twice"
        raise InputError(f"{named}: row {row}: {told}: must occur once")
    return rows, targets


def _chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Parts of the text that end with a line, and the number of the first line of each."""
    begin, first = 0, 1
    while begin < len(content):
        end = len(content) if begin + CHUNK >= len(content) else content.rfind(b"\n", begin, begin + CHUNK) + 1
        end = end if end > begin else (content.find(b"\n", begin) + 1 or len(content))
        chunk = content[begin:end]
        yield chunk, first
        begin, first = end, first + chunk.count(b"\n")


def _numbers(chunk: bytes, first: int, named: str) -> tuple[Array, Indices, Array, Array]:
    """Targets, numbers of features, indices and values of the lines of a chunk."""
    if b"#" in chunk:
        chunk = COMMENT.sub(b"", chunk)
    if b"qid:" in chunk:
        chunk = QUERY.sub(b"", chunk)
    lines = chunk.split(b"\n")
    for k, line in enumerate(lines):
        if not LINE.fullmatch(line) and line.strip():
            _refuse(line, first + k, named)
    counts = np.array([line.count(b":") for line in lines if line.strip()], dtype=np.intp)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            numbers = np.fromstring(chunk.replace(b":", b" "), sep=" ") if len(counts) else np.empty(0)
        except (DeprecationWarning, ValueError):
            numbers = np.empty(0)
    if len(numbers) != len(counts) + 2 * counts.sum():
        _find_bad(lines, first, named)
    starts = np.concatenate([[0], np.cumsum(1 + 2 * counts)])[:-1].astype(np.intp)
    features = np.delete(numbers, starts)
    return numbers[starts], counts, features[0::2], features[1::2].copy()


def _find_bad(lines: list[bytes], first: int, named: str) -> None:
    """Refuse the first line with something that is not a number."""
    for k, line in enumerate(lines):
        for word in line.replace(b":", b" ").split():
            try:
                found = b"_" not in word and float(word) is not None
            except ValueError:
                found = False
            if not found:
                _refuse(line, first + k, named)
    raise InputError(f"{named}: not svmlight: must be lines of `target index:value ...`")


def _refuse(line: bytes, number: int, named: str) -> None:
    shown = line.strip().decode("utf-8", "replace")
    shown = shown if len(shown) <= 40 else shown[:40] + "..."
    raise InputError(f"{named}: line {number}: not svmlight: {shown}: must be `target index:value ...`")
