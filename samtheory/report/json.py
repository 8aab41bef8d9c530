"""JSON documents: the same text for the same answer, never NaN, and no half-written file."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import InputError


def text(document: Any) -> str:
    """The document with sorted keys, null in the place of NaN and infinities, and a final newline."""
    return json.dumps(_plain(document), sort_keys=True, indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def writer(path: str) -> Callable[[Any], None]:
    """A function that writes one document to `path` (`-` is stdout), replacing a file there only when it is complete.

    Raises
    ------
    InputError
        Now, before any work, if the path cannot be written.
    """
    if path == "-":
        return lambda document: print(text(document), end="")
    place = Path(path).resolve()
    try:
        if place.is_dir():
            raise IsADirectoryError(0, "is a directory")
        if place.exists() and not place.is_file():  # a device or a pipe: nothing to replace
            return lambda document: _put(place, text(document))
        beside = place.with_name(f"{place.name}.{os.getpid()}.tmp")
        beside.touch(exist_ok=False)
        beside.unlink()
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(0, "Permission denied")
    except OSError as error:
        raise InputError(f"json={path}: must be a file that can be written ({error.strerror})") from None

    def write(document: Any) -> None:
        try:
            _put(beside, text(document))
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)

    return write


def _put(place: Path, content: str) -> None:
    try:
        place.write_text(content)
    except OSError as error:
        raise InputError(f"json={place}: cannot be written ({error.strerror})") from None


def show(document: Any) -> None:
    """The document on stdout."""
    sys.stdout.write(text(document))
