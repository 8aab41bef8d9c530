"""An optimiser behind an adapter as the step of a method, so that whatever runs a method runs it.

An adapter is a class with `build(blocks, gamma=, rho=, ...)`, `step(oracle)` and `params()`; here it has one block, x.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, reject

#: The settings of a step in the order of a method's arguments.
SETTINGS = ("gamma", "rho", "lam")


class Valued(Protocol):
    """The part of a problem that an oracle's loss needs."""

    @property
    def objective(self) -> Any:
        """The finite sum."""


def is_adapter(thing: Any) -> bool:
    """Whether a thing is a class with the members of an adapter."""
    return isinstance(thing, type) and all(callable(getattr(thing, name, None)) for name in ("build", "step", "params"))


def adapters_of(module: ModuleType) -> dict[str, type]:
    """The adapters that a module defines, in source order; its list `ADAPTERS` overrides that."""
    listed = getattr(module, "ADAPTERS", None)
    if listed is None:
        listed = [thing for thing in vars(module).values() if getattr(thing, "__module__", None) == module.__name__]
        listed = [thing for thing in listed if is_adapter(thing)]
    for thing in listed:
        if not isinstance(thing, type):
            raise reject(f"file={module.__file__}: ADAPTERS", thing, "a list of classes")
    return {thing.__name__: thing for thing in listed}


def one_block(x: Array) -> list[Array]:
    """A copy of x as the only block."""
    return [x.copy()]


def of_one_block(blocks: Any) -> Array:
    """The only block as x."""
    (block,) = blocks
    return np.array(block, dtype=np.float64)


class AdapterStep:
    """The step of an adapter on one problem, with the arguments of `unified_sam.step`.

    Each row of x has its own instance, which goes on where it ended, so that a state that the optimiser keeps from step
    to step is part of the run. A row that is elsewhere, or has other settings, gets a new instance.

    Parameters
    ----------
    made : the adapter
    problem : the problem, whose losses the oracle returns
    pack, unpack : x of shape (d,) as blocks and back; by default one block
    """

    def __init__(
        self,
        made: type,
        problem: Valued,
        pack: Callable[[Array], list[Array]] = one_block,
        unpack: Callable[[Any], Array] = of_one_block,
    ) -> None:
        self.made, self.problem, self.pack, self.unpack = made, problem, pack, unpack
        self.supports = frozenset(getattr(made, "supports", ()))
        self.rows: list[Row] = []
        self.__qualname__ = made.__name__

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: Any, rho: Any, lam: Any
    ) -> Array:
        count = len(x)
        values = np.hstack([np.broadcast_to(value, (count, 1)) for value in (gamma, rho, lam)])
        if len(self.rows) != count:
            self.rows = [Row() for _ in range(count)]
        # All rows at once, as the reference does it: where the gradient is rounding noise, its direction is, too.
        first, found = gradient(x, draw), np.empty_like(x)
        for k in range(count):
            one = None if draw is None else type(draw)(*(part[k : k + 1] for part in draw))
            settings = dict(zip(SETTINGS, values[k].tolist(), strict=True))
            found[k] = self.rows[k].step(self, x[k], settings, DrawOracle(self, one, gradient, x[k], first[k]))
        return found


class DrawOracle:
    """Loss and gradient of a problem on one draw.

    Attributes
    ----------
    draw : the draw, None for the full batch
    """

    def __init__(
        self, of: AdapterStep, draw: Any, gradient: Callable[[Array, Any], Array], x: Array, first: Array
    ) -> None:
        self.of, self.draw, self.gradient, self.x, self.first = of, draw, gradient, x, first

    def __call__(self, blocks: Any, *, draw: Any = None, training: bool | None = None) -> tuple[float, list[Array]]:
        """Loss and gradients at blocks.

        Parameters
        ----------
        blocks : arrays in the order of those given to `build`
        draw : nothing, or the draw of the step
        training : not used

        Raises
        ------
        InputError
            If another draw is asked for.
        """
        if draw is not None and draw is not self.draw:
            raise reject(f"method={self.of.made.__name__}: draw", draw, "that of the step: a problem has no other")
        y = self.of.unpack(blocks)[None]
        values = self.of.problem.objective.values(y)[0]
        one = self.draw
        loss = values.mean() if one is None else (one.weights[0] * values[one.indices[0]]).sum() / len(values)
        return float(loss), self.of.pack(self.first if np.array_equal(y[0], self.x) else self.gradient(y, one)[0])


class Row:
    """The instance of one row: where it is, and with which settings."""

    def __init__(self) -> None:
        self.x: Array | None = None
        self.settings: dict[str, float] = {}
        self.instance: Any = None

    def step(self, of: AdapterStep, x: Array, settings: dict[str, float], oracle: Callable[..., Any]) -> Array:
        """One step from x."""
        if self.x is None or not np.array_equal(self.x, x) or not self.changed(of, settings):
            self.instance = of.made()
            given = {name: value for name, value in settings.items() if name != "lam" or "lam" in of.supports}
            if "lam" not in of.supports and settings["lam"] != 1:
                message = f"lam={settings['lam']:g}: must be 1, as the adapter does not declare lam"
                raise InputError(f"method={of.made.__name__}: {message}")
            self.instance.build(of.pack(x), **given)
        self.settings = settings
        self.instance.step(oracle)
        self.x = of.unpack(self.instance.params())
        if self.x.shape != x.shape:
            raise reject(f"method={of.made.__name__}: params", f"shape {self.x.shape}", f"one block of shape {x.shape}")
        return self.x

    def changed(self, of: AdapterStep, settings: dict[str, float]) -> bool:
        """Whether the instance has these settings, after a change where it can be changed."""
        new = {name: value for name, value in settings.items() if value != self.settings[name]}
        if new and not all(f"set_{name}" in of.supports for name in new):
            return False
        if new:
            self.instance.set(**new)
        return True
