"""Compute, draw, write and check figures, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from samtheory.errors import CannotWrite, InputError, MissingExtra
from samtheory.execution.spread import WORKER_DIED, Executors, spread
from samtheory.io import json, output

from . import base, gallery, module
from .base import KINDS, Numbers, differences, read

SCHEMA = "samtheory.figures/1"
KEYS = {
    SCHEMA: {
        "figures": "the numbers of each figure",
        **json.under("figures", base.KEYS[base.SCHEMA]),
        "moved": "with --check, what has moved, by figure; else null",
        "skipped.figure": "key of the figure",
        "undecided": "figures whose worker processes died",
        "undecided.figure": "key of the figure",
    }
}


def compute(
    names: Sequence[str],
    quick: bool,
    executor: Executors | Executor | None = None,
    on_done: Callable[[Any], object] = lambda done: None,
) -> tuple[dict[str, Numbers], dict[str, str], dict[str, str]]:
    """The numbers of each figure, the same whatever works on them; why some are skipped; why some are undecided.

    Parameters
    ----------
    executor : what works on them, as in `parallel.spread`; a figure whose workers died is undecided
    on_done : called as each figure is done
    """
    # The longest first, so that none is left alone at the end.
    order = sorted(names, key=lambda name: not getattr(module(name), "LONG", False))
    made = spread(partial(_numbers, quick=quick), [[name] for name in order], executor, lambda name: None, on_done)
    found = dict(zip(order, made, strict=True))
    return (
        {name: each for name in names if isinstance(each := found[name], Numbers)},
        {name: each for name in names if isinstance(each := found[name], str)},
        {name: WORKER_DIED for name in names if found[name] is None},
    )


def _numbers(name: str, quick: bool) -> Numbers | str | None:
    """The numbers, or the reason that there are none."""
    try:
        made: Numbers = module(name).numbers(quick)
    except MissingExtra as missing:
        return str(missing)
    return made


def refuse_others(names: Sequence[str], folder: Path) -> None:
    """Make the folder; InputError, before any work, where another's file in it would be overwritten."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"out={folder}: must be a folder that can be written ({error.strerror})") from None
    taken = [] if gallery.made_by_us(folder) else ["README.md"]
    for name in names:
        document = folder / f"{name}.json"
        if document.exists():
            read(document, quick=True)  # its own error
        else:
            taken += [f"{name}.{kind}" for kind in KINDS if (folder / f"{name}.{kind}").exists()]
    if taken:
        raise InputError(f"out={folder}: has {', '.join(taken)}, not made by this command: must be another folder")


def write(numbers: dict[str, Numbers], folder: Path, quick: bool) -> None:
    """PDF, PNG, SVG and JSON of each figure, and the page of the folder.

    Raises
    ------
    CannotWrite
        If the folder cannot be written.
    """
    from matplotlib import rc_context

    from . import style

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, each in numbers.items():
            kept = each.to_json(name, quick)
            with rc_context(style.RC):
                style.save(module(name).draw(Numbers.from_json(kept)), folder / name)
            output.replace(folder / f"{name}.json", json.text(kept).encode())
        gallery.write(folder)
    except OSError as error:
        raise CannotWrite(f"out={folder}: must be a folder that can be written ({error.strerror})") from None


def check(numbers: dict[str, Numbers], folder: Path, quick: bool) -> dict[str, list[str]]:
    """What has moved in each figure against the numbers kept in the folder."""
    return {name: differences(read(folder / f"{name}.json"), each, quick) for name, each in numbers.items()}


def document(
    numbers: dict[str, Numbers],
    skipped: dict[str, str],
    undecided: dict[str, str],
    moved: dict[str, list[str]] | None,
    quick: bool,
) -> dict[str, Any]:
    """The JSON document `samtheory.figures/1`."""
    return {
        "figures": [each.to_json(name, quick) for name, each in numbers.items()],
        "moved": moved,
        "schema": SCHEMA,
        "skipped": [{"figure": name, "reason": reason} for name, reason in skipped.items()],
        "undecided": [{"figure": name, "reason": reason} for name, reason in undecided.items()],
    }
