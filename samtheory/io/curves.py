"""Another program's curves: a CSV of t and f(x_t) - f* for each trial."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.errors import InputError


def read_curves(path: str) -> tuple[npt.NDArray[np.intp], Array]:
    """Times (K,) and curves (trials, K) from a CSV: a column of t, then a column for each trial.

    A first line that is not numbers is a header. Blank lines are passed over. A curve may reach infinity.

    Raises
    ------
    InputError
        Naming the line, if t is not increasing whole numbers, or an entry is not a number of at least 0.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as file:
            lines = [(number, row) for number, row in enumerate(csv.reader(file), 1) if any(map(str.strip, row))]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "not a text file"
        raise InputError(f"curves={path}: must be a CSV file ({reason})") from None
    if lines and not any(map(_is_number, lines[0][1])):
        del lines[0]
    if not lines:
        raise InputError(f"curves={path}: has no numbers: must have a column of t and one for each trial")
    width = len(lines[0][1])
    if width < 2:
        raise InputError(f"curves={path}: has {width} column: must have a column of t and one for each trial")
    table = np.array([_row(path, number, row, width) for number, row in lines])
    t, curves = table[:, 0], table[:, 1:].T
    if not (np.isfinite(t).all() and (t == np.floor(t)).all() and (np.diff(t) > 0).all()):
        raise InputError(
            f"curves={path}: t={', '.join(f'{value:g}' for value in t[:8])}, ...:"
            " must be whole numbers, increasing, the first at least 0"
        )
    return t.astype(np.intp), curves


def _row(path: str, line: int, words: list[str], width: int) -> list[float]:
    if len(words) != width:
        raise InputError(f"curves={path}: line {line}: has {len(words)} columns: must have {width}")
    for word in words:
        if not (_is_number(word) and float(word) >= 0):
            raise InputError(f"curves={path}: line {line}: {word.strip() or 'nothing'}: must be a number, at least 0")
    return [float(word) for word in words]


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
