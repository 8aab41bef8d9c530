"""Checks of an adapter: every function with the decorator `registry.check` in a file of this folder is found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from .registry import REGISTRY, Check


@cache
def checks() -> Mapping[str, Check]:
    """All checks by key, in their order."""
    for info in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{info.name}")
    return {check.key: check for check in sorted(REGISTRY.values(), key=lambda check: check.place)}
