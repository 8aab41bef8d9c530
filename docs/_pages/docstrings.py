"""Docstrings as reStructuredText: characters of formulas stand for themselves, indented formulas keep their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .rst import plain

#: A piece of code between backticks, or an emphasised word.
MARKED = re.compile(r"(`+[^`]+`+|(?<![\w*])\*[a-z][\w -]*\*(?![\w*]))")
SECTIONS = {"Parameters", "Attributes", "Returns", "Raises", "Yields", "Examples", "Notes", "See Also"}
#: Sections whose entries are `name : what it is`.
NAMED = {"Parameters", "Attributes"}
ENTRY = re.compile(r"(\S.*?) : (.*)")


def marked_up(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Change the lines of a docstring in place, before numpydoc reads its sections."""
    lines[:] = [*_converted(lines)]


def signature(
    app: Any, what: str, name: str, obj: Any, options: Any, arguments: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """A signature that Sphinx can parse: the default of a field that a function makes is an ellipsis."""
    return arguments and arguments.replace("<factory>", "..."), returned


def prose(text: str) -> str:
    """A docstring without sections as reStructuredText."""
    return "\n".join(_converted(text.splitlines())) + "\n\n"


def line_of(text: str) -> str:
    """A line of a docstring: `code` and *words* are marked up, other characters are plain."""
    return "".join(_piece(piece) for piece in MARKED.split(text))


def _converted(lines: Iterable[str]) -> Iterator[str]:
    section, before, block = "", "", False
    for line in lines:
        if line in SECTIONS:
            section, block = line, False
        if section == "Examples" or (line and set(line) == {"-"}):
            yield line
        elif section in NAMED and (entry := ENTRY.fullmatch(line)):
            yield entry[1]  # what follows the name describes it, and may take several lines
            yield f"    {line_of(entry[2])}"
        elif not section and line.startswith("    ") and (block or not before.strip()):
            if not block:
                yield from ("::", "")  # a displayed formula
            block = True
            yield line
        else:
            block = block and not line.strip()
            yield line_of(line)
        before = line


def _piece(piece: str) -> str:
    if piece.startswith("`"):
        return f"``{piece.strip('`')}``"
    return piece if MARKED.fullmatch(piece) else plain(piece)
