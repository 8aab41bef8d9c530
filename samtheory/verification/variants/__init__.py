"""Faulty variants for `verify --self-test`, each with the evidence that must catch it.

A file holds one mistake or several of one kind, as values `Variant` or tuples of them; it is found by its presence.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from samtheory.verification.self_test import PARTS, Variant


@cache
def variants() -> tuple[Variant, ...]:
    """All variants, by what is wrong."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    values = [value for module in modules for value in vars(module).values()]
    each = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
    found = list(dict.fromkeys(one for one in each if isinstance(one, Variant)))
    return tuple(sorted(found, key=lambda variant: PARTS.index(variant.part)))
