"""HTML that is escaped by default: text becomes `Html` only through a template."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template


class Html(str):
    """A piece of HTML; `fill` inserts it without escaping."""

    __slots__ = ()


def fill(template: str, **values: object) -> Html:
    """Substitute $name in an HTML template.

    Parameters
    ----------
    template : literal HTML with holes $name
    values : `Html`, inserted without escaping; an iterable of `Html`, joined; anything else, escaped

    Examples
    --------
    >>> fill("<td>$word", word="a < b")
    '<td>a &lt; b'
    >>> fill("<tr>$cells", cells=[fill("<td>$n", n=n) for n in (1, 2)])
    '<tr><td>1<td>2'
    """
    return Html(Template(template).substitute({name: _safe(value) for name, value in values.items()}))


def trusted(path: Path) -> Html:
    """The contents of a file of this package: a template, a style or a script."""
    return Html(path.read_text(encoding="utf-8"))


def _safe(value: object) -> Html:
    if isinstance(value, Html):
        return value
    if isinstance(value, str) or not isinstance(value, Iterable):
        return Html(escape(str(value)))
    return Html("".join(map(_safe, value)))
