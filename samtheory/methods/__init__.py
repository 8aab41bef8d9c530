"""Optimisation methods, one file each; the package is callable: `samtheory.methods()` lists them.

`unified_sam` is the reference that every engine must equal.

A file of this room is found automatically. The first line of its docstring is the title and the equation, `SOURCE`
names the paper, `GRADIENTS` counts gradients of f_v in a step, and `step` is the step; a step that needs more of the
problem than gradients is built by `step_for(problem)` instead. `base` says how a step states its class of
perturbations, keeps a memory, or takes a second draw.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType

from samtheory._typing import Array

#: One step of a method: (x, draw, gradient, gamma, rho, lam) -> x+, as `unified_sam.step`.
Method = Callable[..., Array]


@cache
def listed() -> Mapping[str, ModuleType]:
    """Modules of the methods by name, sorted; the file `unified_sam.py` is the method `unified-sam`."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    modules = {name.replace("_", "-"): importlib.import_module(f"{__name__}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "step") or hasattr(module, "step_for")}


class _Package(ModuleType):
    """A package that is also the listing function of the same name."""

    def __call__(self) -> Mapping[str, ModuleType]:
        """Modules of the catalogue's methods by name, sorted."""
        return listed()


sys.modules[__name__].__class__ = _Package
