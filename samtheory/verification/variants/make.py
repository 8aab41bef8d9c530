"""What the files of faulty variants share: short cells, and a function for each kind of mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.verification.cell import Cell
from samtheory.verification.self_test import Variant

RIDGE = "ridge"


def cell(
    problem: str, theorem: str = "3.2", sampling: str = "uniform", lam: Any = 0.5, params: Any = (), **asked: Any
) -> Cell:
    """A short cell of the paper's theorems, or of the theorem with this key."""
    key = theorem if "/" in theorem.removesuffix("/as-printed") else f"unified-sam/{theorem}"
    return Cell(problem, key, sampling, Request(lam, **{"steps": 60, **asked}), params)


def method(name: str, change: Any, where: Cell, **more: Any) -> Variant:
    """A wrong method: the bound may stay true, equality with the reference does not."""
    return Variant(name, "method", where, ("reference",), method=change, **more)


def constant(name: str, change: Any, where: Cell, caught_by: tuple[str, ...] = ("hypothesis",), **more: Any) -> Variant:
    """A wrong constant."""
    return Variant(name, "constants", where, caught_by, constants=change, **more)


def card(
    name: str, change: Callable[[Problem], Problem], where: Cell, caught_by: tuple[str, ...] = ("hypothesis",)
) -> Variant:
    """A wrong problem: functions or claims."""
    return Variant(name, "card", where, caught_by, problem=change)
