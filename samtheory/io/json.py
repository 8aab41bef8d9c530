"""JSON documents: the same text for the same answer, never NaN, and no half-written file."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from typing import Any

from . import output


def text(document: Any) -> str:
    """The document with sorted keys, null in the place of NaN and infinities, and a final newline."""
    return json.dumps(plain(document), sort_keys=True, indent=2, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """`value` with lists in the place of tuples, and None in the place of NaN and infinity."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def writer(path: str, name: str = "json") -> Callable[[Any], None]:
    """A function that writes one document to `path`, as `output.writer` writes a text; `name` is the option."""
    put = output.writer(path, name)
    return lambda document: put(text(document))


def show(document: Any) -> None:
    """The document on stdout."""
    sys.stdout.write(text(document))


def finite_or_none(value: float) -> float | None:
    """`value`, or None in the place of infinity."""
    return value if math.isfinite(value) else None
