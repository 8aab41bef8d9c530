"""Theorems, one file each. The package is callable: `samtheory.theorems()` lists them."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import Theorem


@cache
def listed() -> Mapping[str, Theorem]:
    """Theorems of the package by key, sorted."""
    found: dict[str, Theorem] = {}
    for info in pkgutil.iter_modules(__path__):
        theorem = getattr(importlib.import_module(f"{__name__}.{info.name}"), "theorem", None)
        if theorem is not None:
            found[theorem.key] = theorem
    return dict(sorted(found.items()))


class _Package(ModuleType):
    """A package that is also the listing function of the same name."""

    def __call__(self) -> Mapping[str, Theorem]:
        """Theorems of the catalogue by key, sorted."""
        return listed()


sys.modules[__name__].__class__ = _Package
