"""The reference of the Python API: a page for every public name, in the rooms that define them."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

import samtheory

from . import rst
from .docstrings import line_of, prose

#: What is no class and no function has no docstring of its own.
CONSTANTS = {"__version__": "The version of the package, a string."}


def pages() -> Iterator[tuple[str, str]]:
    """The index, and a page for every name."""
    groups: dict[str, list[str]] = {}
    for name in samtheory.__all__:
        groups.setdefault(_room(name), []).append(name)
    text = rst.title("Python API") + rst.directive("currentmodule", "samtheory")
    text += rst.paragraph("Names of ``samtheory``, here written ``st``: ``import samtheory as st``.")
    for room in sorted(groups, key=_order):
        text += rst.title(room.strip("_").capitalize(), 1) + prose(_purpose(room))
        rows = [(f":doc:`{name} <python/{_file(name)}>`", line_of(_summary(name))) for name in groups[room]]
        text += rst.table(["name", "purpose"], rows)
    listed = [f"python/{_file(name)}" for name in samtheory.__all__]
    yield "reference/python.rst", text + rst.directive("toctree", "", "\n".join(listed), hidden=True)
    for name in samtheory.__all__:
        yield f"reference/python/{_file(name)}.rst", _page(name)


def _file(name: str) -> str:
    """The file of a name, without the underscores of `__version__`."""
    return name.strip("_")


def _room(name: str) -> str:
    return samtheory._HOME.get(name, "_version").partition(".")[0]


def _order(room: str) -> tuple[int, str]:
    """The questions first, the version last."""
    return (0 if room == "verbs" else 2 if room.startswith("_") else 1, room)


def _purpose(room: str) -> str:
    return (importlib.import_module(f"samtheory.{room}").__doc__ or "").partition("\n\n")[0]


def _summary(name: str) -> str:
    text = CONSTANTS.get(name) or inspect.getdoc(getattr(samtheory, name)) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _page(name: str) -> str:
    value, head = getattr(samtheory, name), rst.title(name) + rst.directive("currentmodule", "samtheory")
    if name in CONSTANTS:
        return head + rst.directive("py:data", name, CONSTANTS[name])
    if inspect.isclass(value):
        return head + rst.directive("autoclass", name, members=True, **{"show-inheritance": True})
    return head + rst.directive("autofunction", name)
