"""The oracle that an adapter asks for losses and gradients, and the log of its calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, reject

from .context import ABSENT, Context
from .problem import PARTS, SHAPES, blocks_of, flat, n


@dataclass(frozen=True)
class Call:
    """One call of the oracle.

    Attributes
    ----------
    step, number : the step, and the number of the call within the step, both from 0
    point : (d,) where the gradient was asked for
    dtypes : of the blocks
    draw : the component that was evaluated
    own : the component of the step
    named : whether the caller named the draw
    training : the flag of the call, None if not passed
    gradient : (d,) the gradient returned, NaN where it was absent
    """

    step: int
    number: int
    point: Array
    dtypes: tuple[str, ...]
    draw: int
    own: int
    named: bool
    training: bool | None
    gradient: Array


@dataclass
class Log:
    """What an adapter asked in one run; `handed` pairs the arrays that it was given with what they held."""

    adapter: str
    context: Context
    step: int = 0
    own: int = 0
    number: int = 0
    calls: list[Call] = field(default_factory=list)
    handed: list[tuple[str, Sequence[Array | None], Array]] = field(default_factory=list)

    def begin(self, step: int, draw: int) -> Oracle:
        """The oracle of a step."""
        self.step, self.own, self.number = step, draw, 0
        return Oracle(self, draw)

    def hand(self, name: str, blocks: Sequence[Array | None], x: Array) -> None:
        """Remember the blocks of a vector that the adapter is given."""
        self.handed.append((name, blocks, x))

    @property
    def changed(self) -> list[str]:
        """Names of the arrays that the adapter changed in place."""
        found = {
            f"{name} {k}": None
            for name, blocks, x in self.handed
            for k, (block, part) in enumerate(zip(blocks, PARTS, strict=True))
            if block is not None and not np.array_equal(block.ravel(), x[part], equal_nan=True)
        }
        return list(found)


class Oracle:
    """Loss and gradients on one draw.

    Parameters
    ----------
    log : the log of the run
    draw : the component of the step, or of a micro-batch
    """

    def __init__(self, log: Log, draw: int) -> None:
        self._log, self.draw = log, draw

    def __call__(
        self, blocks: Sequence[Any], *, draw: int | None = None, training: bool | None = None
    ) -> tuple[float, list[Array | None]]:
        """Evaluate the loss at parameter blocks.

        Parameters
        ----------
        blocks : arrays in the order and shapes of those given to `build`
        draw : the draw of this call; by default that of the step
        training : a flag that all calls of a step must agree on

        Returns
        -------
        The loss, and the gradient of each block; None for a block without one, where the adapter declares "none".

        Raises
        ------
        InputError
            If the number or a shape of the blocks is wrong, or the draw does not exist.
        """
        log = self._log
        arrays = shaped(log.adapter, "oracle", blocks)
        used = self.draw if draw is None else draw
        if not (isinstance(used, (int, np.integer)) and 0 <= used < n):
            raise reject(f"{log.adapter}: draw", used, f"a whole number from 0 to {n - 1}")
        point = flat(arrays)
        value, gradient = log.context.form(int(used), point)
        parts: list[Array | None] = list(blocks_of(gradient))
        if (log.step, min(log.number, 1) + 1) in log.context.absent:
            parts[ABSENT] = None
            gradient[PARTS[ABSENT]] = np.nan
        dtypes = tuple(kind(array.dtype) for array in arrays)
        named = draw is not None or used != log.own
        log.calls.append(Call(log.step, log.number, point, dtypes, int(used), log.own, named, training, gradient))
        log.number += 1
        log.hand("gradient of block", parts, gradient)
        return value, parts


kind = cache(str)


def shaped(adapter: str, member: str, blocks: Any) -> list[Array]:
    """Blocks as arrays of a float type and the right shapes, InputError that names the adapter and the block."""
    arrays = [np.asarray(block) for block in blocks]
    if len(arrays) != len(SHAPES):
        raise InputError(f"{adapter}: {member}: {len(arrays)} blocks: must be {len(SHAPES)}")
    for k, (array, shape) in enumerate(zip(arrays, SHAPES, strict=True)):
        if array.shape != shape:
            raise InputError(f"{adapter}: {member}: block {k} of shape {array.shape}: must be {shape}")
        if array.dtype.kind != "f":
            raise InputError(f"{adapter}: {member}: block {k} of type {array.dtype}: must be a float type")
    return arrays
