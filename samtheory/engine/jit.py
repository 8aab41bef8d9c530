"""What numba compiles: kernels, kept on disk, and the scalar losses written for NumPy.  Imported only where needed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numba
import numpy as np

from samtheory.objectives.losses import ScalarLoss

#: What may be rearranged; that a number is NaN or infinite is never assumed away, for runs may diverge.
FASTMATH = {"reassoc", "contract", "nsz", "arcp"}

HERE = Path(__file__).parent


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` compiled on first use, or from disk; without it where a file there is damaged or cannot be written."""
    try:
        kept = _compiled(function, cache=True)
    except RuntimeError:  # no folder to write to
        return _compiled(function)
    fresh: list[Callable[..., Any]] = []

    @wraps(function)
    def call(*arguments: Any) -> Any:
        if not fresh:
            try:
                return kept(*arguments)
            except Exception:  # noqa: BLE001 - a damaged file raises anything, a full disk OSError; kernels raise nothing
                fresh.append(_compiled(function))
        return fresh[0](*arguments)

    return call


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` for use in kernels."""
    return _compiled(function)


def _compiled(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    found: Callable[..., Any] = numba.njit(fastmath=FASTMATH, nogil=True, **options)(function)
    return found


@lru_cache(maxsize=1)
def stamp() -> np.ndarray:
    """An empty array whose type names the sources that kernels are made from.

    Numba keeps kernels by the file they stand in and the types of their arguments; a kernel that takes this one is made
    anew when another of its sources changes.
    """
    sources = [*sorted(HERE.glob("*.py")), HERE.parent / "objectives" / "losses.py"]
    digest = hashlib.blake2b(b"".join(source.read_bytes() for source in sources), digest_size=8).hexdigest()
    return np.empty(0, dtype=[("s" + digest, np.float64)])


@inlined
def _same(t: float) -> float:
    return t


@inlined
def _expit(t: float) -> float:
    e = math.exp(-abs(t))
    return (1.0 if t >= 0 else e) / (1.0 + e)


def scalar(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of arrays, as the losses are written, compiled for numbers."""
    numbers = ModuleType("numbers of numpy")
    numbers.__dict__.update(vars(math), asarray=_same, abs=abs)
    names = {**function.__globals__, "np": numbers, "expit": _expit}
    return inlined(FunctionType(function.__code__, names, function.__name__))


def switch(functions: Sequence[Callable[..., Any]]) -> Callable[..., Any]:
    """(k, t, b) -> functions[k](t, b)."""
    first = functions[0]
    if len(functions) == 1:
        return inlined(lambda k, t, b: first(t, b))
    rest = switch(functions[1:])
    return inlined(lambda k, t, b: first(t, b) if k == 0 else rest(k - 1, t, b))


def slopes(losses: Sequence[type[ScalarLoss]]) -> Callable[..., Any]:
    """(k, t, b) -> phi'(t, b) of the k-th loss."""
    return switch([scalar(loss.slope) for loss in losses])
