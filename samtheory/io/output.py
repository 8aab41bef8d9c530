"""Files that reports are written to: refused before any work where they cannot be, and never left half-written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from samtheory.errors import CannotWrite, InputError


def writer(path: str, name: str) -> Callable[[str | bytes], None]:
    """A function that writes one text, or bytes, to `path` (`-` is stdout), replacing a file only when it is complete.

    Parameters
    ----------
    name : the option that the path came from, for the error

    Raises
    ------
    InputError
        Now, before any work, if the path cannot be written.
    """
    if path == "-":
        return lambda text: print(text, end="")
    place = Path(path).resolve()
    try:
        if place.is_dir():
            raise IsADirectoryError(0, "is a directory")
        if place.exists() and not place.is_file():  # a device or a pipe: nothing to replace
            return lambda text: _put(place, text, name, path)
        beside = place.with_name(f"{place.name}.{os.getpid()}.tmp")
        beside.touch(exist_ok=False)
        beside.unlink()
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(0, "Permission denied")
    except OSError as error:
        raise InputError(f"{name}={path}: must be a file that can be written ({error.strerror})") from None

    def write(text: str | bytes) -> None:
        try:
            _put(beside, text, name, path)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)

    return write


def appender(path: str, name: str) -> Callable[[str], None]:
    """A function that appends one text to a file, which it makes if need be.

    Raises
    ------
    InputError
        Now, before any work, if the file cannot be written.
    """
    try:
        with Path(path).open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise InputError(f"{name}={path}: must be a file that can be written ({error.strerror})") from None

    def append(text: str) -> None:
        try:
            with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError as error:
            raise CannotWrite(f"{name}={path}: cannot be written ({error.strerror})") from None

    return append


def _put(place: Path, text: str | bytes, name: str, path: str) -> None:
    try:
        if isinstance(text, bytes):
            place.write_bytes(text)
        else:
            place.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CannotWrite(f"{name}={path}: cannot be written ({error.strerror})") from None


def replace(place: Path, content: bytes) -> None:
    """Write a file whole: what was there stays until the new content is complete, and nothing half-written is left.

    Raises
    ------
    OSError
        As `open` and `write` do.
    """
    beside = place.with_name(f"{place.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
