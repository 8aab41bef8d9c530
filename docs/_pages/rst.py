"""Pieces of reStructuredText."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

#: The lines below titles, by level.
UNDERLINES = "=-~"


def plain(text: object) -> str:
    """A text without markup: its characters stand for themselves."""
    return re.sub(r"([\\*`|_])", r"\\\1", str(text))


def literal(text: object) -> str:
    """A piece of code within a line; empty where the text is."""
    return f"``{text}``" if str(text).strip() else ""


def title(text: str, level: int = 0) -> str:
    """A title; level 0 is that of the page."""
    return f"{plain(text)}\n{UNDERLINES[level] * (2 * len(text) + 4)}\n\n"


def label(name: str) -> str:
    """A target for references."""
    return f".. _{name}:\n\n"


def directive(name: str, argument: str = "", body: str = "", **options: object) -> str:
    """A directive with its options; an option of the value True has none."""
    lines = [f".. {name}:: {argument}".rstrip()]
    lines += [f"   :{key}:" + ("" if value is True else f" {value}") for key, value in options.items()]
    if body:
        lines += ["", textwrap.indent(body.strip("\n"), "   ")]
    return "\n".join(lines) + "\n\n"


def code(text: str, language: str = "text") -> str:
    """A block of code."""
    return directive("code-block", language, text)


def paragraph(text: str) -> str:
    """A paragraph of marked-up text."""
    return f"{text}\n\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of marked-up cells; nothing where there are no rows."""
    lines = list(rows)
    if not lines:
        return ""
    body = "\n".join(
        f"{'-' if column else '* -'} {cell}".rstrip() if column == 0 else f"  - {cell}".rstrip()
        for row in [heads, *lines]
        for column, cell in enumerate(row)
    )
    return directive("list-table", "", body, **{"header-rows": 1})


def tree(names: Iterable[str], depth: int = 1) -> str:
    """A list of pages."""
    return directive("toctree", "", "\n".join(names), maxdepth=depth)
