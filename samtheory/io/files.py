"""Files that a cell names (problems, theorems, probabilities, data), read here or sent along to another machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

#: Contents by path that came with a cell; they go before the disk.
_sent: dict[str, bytes] = {}


def send(contents: Mapping[str, bytes]) -> None:
    """Make `contents` known here, by the paths that cells name them by; a file that is here already stays itself."""
    for path, wanted in contents.items():
        _sent.pop(path, None)
        if not Path(path).is_file() or Path(path).read_bytes() != wanted:
            _sent[path] = wanted


def content(path: str | Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    OSError
        As `open` does.
    """
    sent = _sent.get(str(path))
    return Path(path).read_bytes() if sent is None else sent


def exists(path: str | Path) -> bool:
    """Whether there is such a file, here or sent along."""
    return str(path) in _sent or Path(path).is_file()
