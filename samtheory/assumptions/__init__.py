"""What theorems may assume: one file for each assumption, found by its presence."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from .base import Assumption, Symbol


@cache
def assumptions() -> dict[str, Assumption]:
    """Every assumption by its word, in the order of listings."""
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = [module.assumption for module in modules if hasattr(module, "assumption")]
    return {each.word: each for each in sorted(found, key=lambda each: each.place)}


@cache
def vocabulary() -> dict[str, str]:
    """The meaning of every word that a theorem may list."""
    return {word: each.meaning for word, each in assumptions().items() if not each.always}


@cache
def symbols() -> dict[str, Symbol]:
    """Every constant by its name."""
    return {symbol.name: symbol for each in assumptions().values() for symbol in each.symbols}


@cache
def formula_symbols() -> dict[str, Symbol]:
    """The constants that theorems may use, by name."""
    return {name: symbol for name, symbol in symbols().items() if symbol.in_formulas}


@cache
def sampled_constants() -> frozenset[str]:
    """The constants that depend on the sampling: those that a claim about sampled gradients judges."""
    claims = (claim for each in assumptions().values() for claim in each.claims)
    return frozenset(name for claim in claims if claim.sampled for name in claim.constants)
