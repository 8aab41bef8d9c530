"""Optimisation methods, one file each; `unified_sam` is the reference that every engine must equal."""

from __future__ import annotations

from collections.abc import Callable

from samtheory._typing import Array

#: One step of a method: (x, draw, gradient, gamma, rho, lam) -> x+.
Method = Callable[..., Array]
