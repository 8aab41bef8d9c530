"""Compute, draw, write and check figures, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ..errors import InputError, MissingExtra
from ..report import json
from . import gallery, module
from .base import Numbers, differences, read

SCHEMA = "samtheory.figures/1"


def compute(
    names: Sequence[str], quick: bool, workers: int, on_done: Callable[[str], None] = lambda name: None
) -> tuple[dict[str, Numbers], dict[str, str]]:
    """The numbers of each figure, the same whatever `workers` is, and why some could not be had.

    Parameters
    ----------
    workers : processes
    on_done : called with the name of each figure that is done
    """
    found: dict[str, Numbers | str] = {}
    if workers == 1 or len(names) == 1:
        for name in names:
            found[name] = _numbers(name, quick)
            on_done(name)
    else:
        # A new interpreter each: a fork of one that runs threads may hang.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            # The longest first, so that none is left alone at the end.
            futures = {pool.submit(_numbers, name, quick): name for name in sorted(names, key=_last_first)}
            for future in as_completed(futures):
                found[futures[future]] = future.result()
                on_done(futures[future])
    numbers = {name: each for name in names if isinstance(each := found[name], Numbers)}
    return numbers, {name: each for name in names if isinstance(each := found[name], str)}


def _last_first(name: str) -> bool:
    return not getattr(module(name), "LONG", False)


def _numbers(name: str, quick: bool) -> Numbers | str:
    """The numbers, or the reason that there are none."""
    try:
        made: Numbers = module(name).numbers(quick)
    except MissingExtra as missing:
        return str(missing)
    return made


def write(numbers: dict[str, Numbers], folder: Path, quick: bool) -> None:
    """SVG, PNG and JSON of each figure, and the page of the folder.

    Raises
    ------
    InputError
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
            (folder / f"{name}.json").write_text(json.text(kept), encoding="utf-8")
        gallery.write(folder)
    except OSError as error:
        raise InputError(f"out={folder}: must be a folder that can be written ({error.strerror})") from None


def check(numbers: dict[str, Numbers], folder: Path, quick: bool) -> dict[str, list[str]]:
    """What has moved in each figure against the numbers kept in the folder."""
    return {name: differences(read(folder / f"{name}.json"), each, quick) for name, each in numbers.items()}


def document(
    numbers: dict[str, Numbers], skipped: dict[str, str], moved: dict[str, list[str]] | None, quick: bool
) -> dict[str, Any]:
    """The JSON document `samtheory.figures/1`."""
    return {
        "figures": [each.to_json(name, quick) for name, each in numbers.items()],
        "moved": moved,
        "schema": SCHEMA,
        "skipped": [{"figure": name, "reason": reason} for name, reason in skipped.items()],
    }
