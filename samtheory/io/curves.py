"""Another program's curves: t and f(x_t) - f* for each trial, in CSV, JSON or a NumPy archive.

CSV: a column of t, then a column for each trial; see `table` for its header. JSON: a list "t" and a list "curves" with
a list for each trial. NumPy: an archive (.npz) with arrays `t`, shape (K,), and `curves`, shape (trials, K). The first
bytes of the file decide, whatever its name.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.errors import InputError, escaped, reject

from . import files
from .table import read_table

#: An f(x_t) - f* below 0 by at most this fraction of its curve's largest value is rounding of f*.
ROUNDING = 1e-9
#: How a NumPy archive begins.
ZIP = b"PK\x03\x04"
FORMAT = "must have t and, for each trial, f(x_t) - f*"


def read_curves(path: str) -> tuple[npt.NDArray[np.intp], Array]:
    """Times (K,) and curves (trials, K) of a file; a curve may reach infinity.

    Raises
    ------
    InputError
        If t is not increasing whole numbers from 0 on, or a value is not a number of at least 0.
    """
    named = f"curves={escaped(str(path))}"
    found = files.unpacked(path, named)
    if found.startswith(ZIP):
        return curves_of(*_archive(found, named), named)
    text = files.decoded(found, named, "CSV, JSON or .npz")
    if text.lstrip().startswith("{"):
        return curves_of(*_document(text, named), named)
    if not text.strip():
        raise InputError(f"{named}: empty: {FORMAT}")
    table = read_table(text, named, infinite=True)
    if table.numbers.shape[1] < 2:
        raise InputError(f"{named}: one column: must be a column of t and one for each trial")
    t = table.numbers[:, 0]
    if table.numbered and len(t) > 1 and t[1] <= t[0]:
        line, cells = table.first
        raise InputError(
            f"{named}: line {line}: {','.join(cells)} counts the columns, as pandas heads columns without names:"
            " must be left out, or be names such as t,trial1"
        )
    return curves_of(t, table.numbers[:, 1:].T, named, table.lines)


def curves_of(t: Any, curves: Any, named: str, lines: Sequence[int] = ()) -> tuple[npt.NDArray[np.intp], Array]:
    """Times of shape (K,) and curves of shape (trials, K), or (K,), checked.

    Parameters
    ----------
    named : the option and its value, for the error
    lines : the line of each time in a file, for the error

    Raises
    ------
    InputError
        As `read_curves`.
    """
    try:
        t, curves = np.asarray(t, dtype=np.float64), np.atleast_2d(np.asarray(curves, dtype=np.float64))
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{named}: not numbers, or rows of different lengths: {FORMAT}") from None
    if t.ndim != 1 or t.size == 0 or curves.shape[1:] != t.shape or len(curves) == 0:
        raise InputError(f"{named}: t has shape {t.shape}, curves {curves.shape}: must be (K,) and (trials, K)")
    if not (np.isfinite(t).all() and t[0] >= 0 and (t == np.floor(t)).all() and (np.diff(t) > 0).all()):
        shown = ", ".join(f"{value:g}" for value in t[:8]) + (", ..." if len(t) > 8 else "")
        raise InputError(f"{named}: t={shown}: must be whole numbers, increasing, the first at least 0")
    finite = np.where(np.isfinite(curves), curves, 0.0)
    least = -ROUNDING * np.abs(finite).max(axis=1, keepdims=True, initial=0.0)
    bad = np.argwhere(~(curves >= least))
    if len(bad):
        trial, k = bad[0]
        line = f"line {lines[k]}, " if len(lines) else ""
        where = f"{line}trial {trial + 1}, t={t[k]:g}: f(x_t) - f*={curves[trial, k]:g}"
        raise InputError(f"{named}: {where}: must be a number, at least 0 up to rounding")
    return t.astype(np.intp), np.maximum(curves, 0.0)


def curves_like(curves: Any) -> tuple[npt.NDArray[np.intp], Array]:
    """Times (K,) and curves (trials, K) of a file or a pair of arrays.

    Raises
    ------
    InputError
        As `read_curves`.
    """
    if isinstance(curves, (str, Path)):
        return read_curves(str(curves))
    try:
        times, values = curves
    except (TypeError, ValueError, OverflowError):
        raise reject("curves", type(curves).__name__, "a file, or times (K,) and curves (trials, K)") from None
    return curves_of(times, values, "curves")


def _archive(found: bytes, named: str) -> tuple[Any, Any]:
    """t and curves of a NumPy archive."""
    try:
        with np.load(io.BytesIO(found), allow_pickle=False) as archive:
            return archive["t"], archive["curves"]
    except KeyError:
        raise InputError(f"{named}: must have arrays t, shape (K,), and curves, shape (trials, K)") from None
    except (ValueError, OSError, zipfile.BadZipFile):
        raise InputError(f"{named}: not a NumPy archive of numbers") from None


def _document(text: str, named: str) -> tuple[Any, Any]:
    """t and curves of a JSON document."""
    try:
        document = json.loads(text)
        return document["t"], document["curves"]
    except ValueError as error:
        raise InputError(f"{named}: not JSON ({error})") from None
    except KeyError:
        raise InputError(f'{named}: must be {{"t": [...], "curves": [[...], ...]}}') from None
