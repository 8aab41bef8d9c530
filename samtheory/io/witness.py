"""Witnesses in a NumPy archive: every point in full precision, with the constant and what was compared.

Witness number k has the arrays `k/constant`, `k/claimed`, `k/inequality`, `k/left`, `k/right`, `k/x`, and where they
apply `k/y`, `k/component`, `k/outcome/indices`, ...; a list is numbered, `k/outcome/0/indices`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from samtheory.errors import InputError


def archive(witnesses: Sequence[Mapping[str, Any]]) -> bytes:
    """The witnesses as the content of an .npz file."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **dict(_flat("", list(witnesses))))
    return stream.getvalue()


def read(path: str | Path) -> list[dict[str, Any]]:
    """The witnesses of a file that `samtheory check --witness` wrote.

    Parameters
    ----------
    path : an .npz file

    Returns
    -------
    A dictionary for each witness: `x` and `y` are arrays, the other values as in the JSON document.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    tree: dict[str, Any] = {}
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                *branch, leaf = name.split("/")
                place = tree
                for word in branch:
                    place = place.setdefault(word, {})
                place[leaf] = arrays[name] if arrays[name].ndim else arrays[name].item()
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"file={path}: must be an .npz file of witnesses ({error})") from None
    found: list[dict[str, Any]] = _nested(tree) if tree else []
    return found


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The arrays of nested dictionaries and lists, by their paths; what is None is left out."""
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        value = {str(k): item for k, item in enumerate(value)}
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(f"{name}/{key}" if name else str(key), item)
    elif value is not None:
        yield name, np.asarray(value)


def _nested(tree: Any) -> Any:
    """Dictionaries whose keys are numbers, as lists."""
    if not isinstance(tree, dict):
        return tree
    items = {key: _nested(item) for key, item in tree.items()}
    if all(key.isdigit() for key in items):
        return [items[key] for key in sorted(items, key=int)]
    return items
