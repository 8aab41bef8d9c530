"""The figures, one file each: `numbers(quick)` computes what it shows, `draw(numbers)` draws it.

A file `figN.py` in this folder is found by its name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Any

from samtheory.errors import reject


def names() -> list[str]:
    """The names of all figures, sorted."""
    return sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name.startswith("fig"))


def chosen(words: Sequence[str]) -> list[str]:
    """The figures that `words` name: all of them for `all` or nothing.

    Raises
    ------
    InputError
        If there is no such figure.
    """
    for word in words:
        if word not in ("all", *names()):
            raise reject("figure", word, "all or one of " + ", ".join(names()))
    return names() if not words or "all" in words else sorted(set(words))


def module(name: str) -> Any:
    """The file of a figure."""
    return importlib.import_module(f"{__name__}.{name}")
