"""One run of an adapter in a context: the iterates, the log, and the exception that ended it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError

from .context import Context
from .oracle import Log, kind, shaped
from .problem import X0, blocks_of, flat
from .variants import program
from .variants.base import Variant


class Step(NamedTuple):
    """What one step did: iterate, first gradient, second point, second gradient, next iterate."""

    t: int
    x: Array
    g: Array
    y: Array
    h: Array
    after: Array


@dataclass(frozen=True, eq=False)
class Run:
    """One run.

    Attributes
    ----------
    context : the context
    points : (T + 1, d) iterates, NaN after an exception
    dtypes : types of the arrays that `params` returned
    log : the calls of the oracle
    error : the exception that ended the run, None if none did
    saved : the state that was saved, if one was
    """

    context: Context
    points: Array
    dtypes: frozenset[str]
    log: Log
    error: Exception | None = None
    saved: Any = None

    @cached_property
    def steps(self) -> list[Step]:
        """The steps with two calls or more, the first of them at the iterate; absent gradients are 0."""
        found = []
        for t, x in enumerate(self.points[:-1]):
            calls = [call for call in self.log.calls if call.step == t]
            if len(calls) > 1 and np.allclose(calls[0].point, x, rtol=0, atol=1e-5):
                g, h = (np.nan_to_num(call.gradient) for call in calls[:2])
                found.append(Step(t, x, g, calls[1].point, h, self.points[t + 1]))
        return found


def run(new: Callable[[], Any], context: Context, supports: frozenset[str], name: str = "") -> Run:
    """Run an adapter.

    Parameters
    ----------
    new : returns an instance, nothing called yet
    context : what is run
    supports : the declared capabilities
    name : the adapter's, for errors

    Raises
    ------
    InputError
        If the adapter breaks the contract of its members.
    """
    log = Log(name, context)
    points = np.full((len(context.draws) + 1, len(X0)), np.nan)
    points[0], dtypes, saved = X0, set(), None
    settings = given(context, supports)
    try:
        adapter = started(new, X0, settings, log)
        for t, draw in enumerate(context.draws):
            if t == context.saved:
                saved = copy.deepcopy(adapter.save())
                adapter = started(new, points[t], settings, log)
                adapter.load(saved)
            for when, changed in context.changes:
                if when == t:
                    adapter.set(**dict(changed))
            oracle = log.begin(t, draw)
            if context.micro:
                adapter.accumulate([type(oracle)(log, each) for each in context.micro])
            else:
                adapter.step(oracle)
            blocks = shaped(name, "params", adapter.params())
            dtypes |= {kind(block.dtype) for block in blocks}
            points[t + 1] = flat(blocks)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - the program under test may raise anything
        return Run(context, points, frozenset(dtypes), log, error, saved)
    return Run(context, points, frozenset(dtypes), log, None, saved)


def started(new: Callable[[], Any], x: Array, settings: dict[str, Any], log: Log) -> Any:
    """A new adapter at x."""
    adapter = new()
    blocks = blocks_of(x)
    log.hand("start of block", tuple(blocks), x.copy())
    adapter.build(blocks, **settings)
    return adapter


def given(context: Context, supports: frozenset[str]) -> dict[str, Any]:
    """The keywords of `build`: gamma, rho and the settings that the adapter declares."""
    return {name: value for name, value in context.settings.items() if name in {"gamma", "rho"} | supports}


def lacks(context: Context, supports: frozenset[str]) -> list[str]:
    """Capability words that a context needs and an adapter does not declare."""
    asked = {
        "lam": context.lam != 1,
        "momentum": bool(context.momentum),
        "nesterov": context.nesterov,
        "weight_decay": bool(context.weight_decay),
        "groups": bool(context.groups),
        "none": bool(context.absent),
        "save": context.saved is not None,
        "accumulate": bool(context.micro),
        **{f"set_{name}": True for _, changed in context.changes for name, _ in changed},
    }
    return [word for word, needed in asked.items() if needed and word not in supports]


@lru_cache(maxsize=4096)
def simulate(mistakes: tuple[type[Variant], ...], context: Context) -> Run:
    """The run of the reference with these mistakes."""
    made = program(mistakes)
    with np.errstate(all="ignore"):
        return run(made, context, made.supports)


def distance(found: Array, expected: Array) -> float:
    """max |x - y|, over max(1, max |y|); infinite where only one of the two is finite."""
    if found.shape != expected.shape or (np.isfinite(found) != np.isfinite(expected)).any():
        return float("inf")
    finite = np.isfinite(expected)
    if not finite.any():
        return 0.0
    scale = max(1.0, float(np.abs(expected[finite]).max()))
    return float(np.abs(found[finite] - expected[finite]).max()) / scale
