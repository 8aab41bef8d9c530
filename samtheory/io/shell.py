"""Command lines for a shell, each on one line."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from samtheory.errors import CONTROL, escaped


def quoted(word: str) -> str:
    """A word as a shell reads it; one with control characters as $'...', which bash, zsh and POSIX of 2024 know.

    Examples
    --------
    >>> print(quoted("my file.csv"), quoted("a\\nb"))
    'my file.csv' $'a\\nb'
    """
    if CONTROL.search(word) is None:
        return shlex.quote(word)
    return "$'" + CONTROL.sub(_escape, word.replace("\\", "\\\\").replace("'", "\\'")) + "'"


def _escape(found: re.Match[str]) -> str:
    """A character as an escape, by its bytes where it is not ASCII."""
    return escaped(found[0]) if found[0].isascii() else "".join(f"\\{byte:03o}" for byte in found[0].encode())


def command(words: Iterable[str]) -> str:
    """Words as a command line."""
    return " ".join(map(quoted, words))
