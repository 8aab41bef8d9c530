"""Euclidean norms of numbers of any size."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array


def length(X: Array) -> Array:
    """Euclidean norms over the last axis, in the precision of X; no square overflows or underflows.  Shape (...)."""
    X = np.asarray(X)
    X = X if np.issubdtype(X.dtype, np.floating) else X.astype(np.float64)
    kind = np.finfo(X.dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        squares = np.asarray(np.sum(X * X, axis=-1))
        found = np.asarray(np.sqrt(squares))
        lost = ~((squares >= kind.tiny / kind.eps) & (squares <= kind.max))
        if lost.any():
            rows = X[lost]
            largest = np.max(np.abs(rows), axis=-1, initial=0.0)
            scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)[..., None]
            found[lost] = scale[..., 0] * np.sqrt(np.sum((rows / scale) ** 2, axis=-1))
    return found
