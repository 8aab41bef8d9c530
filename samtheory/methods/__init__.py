"""Optimisation methods, one file each; `unified_sam` is the reference that every engine must equal.

A file of this room is found automatically. The first line of its docstring is the title, `SOURCE` names the paper, and
`step` is the equation; a step that needs more of the problem than gradients is built by `step_for(problem)` instead.
"""

from __future__ import annotations

from collections.abc import Callable

from samtheory._typing import Array

#: One step of a method: (x, draw, gradient, gamma, rho, lam) -> x+, as `unified_sam.step`.
Method = Callable[..., Array]
