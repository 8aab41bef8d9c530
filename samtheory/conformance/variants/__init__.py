"""Wrong variants of SAM: every subclass of `Variant` in a file of this folder is found; a new file is all it takes."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from samtheory.conformance.reference import Reference

from .base import Variant


@cache
def variants() -> tuple[type[Variant], ...]:
    """All variants, by file and in the order of the file."""
    found = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        own = [thing for thing in vars(module).values() if getattr(thing, "__module__", None) == module.__name__]
        found += [thing for thing in own if isinstance(thing, type) and issubclass(thing, Variant) and thing.name]
    return tuple(found)


@cache
def program(mistakes: tuple[type[Variant], ...]) -> type[Reference]:
    """The reference with these mistakes; of a mistake and a special case of it, the special case."""
    general = {base for one in mistakes for base in one.__mro__[1:]}
    mistakes = tuple(one for one in dict.fromkeys(mistakes) if one not in general)
    return type("Program", mistakes, {"name": " + ".join(each.name for each in mistakes)}) if mistakes else Reference
