"""JSON documents: the same text for the same answer, never NaN, and no half-written file."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

from . import output

#: What the keys of documents mean, by the path without [] and with * for keys that are data. A module that writes a
#: document has such a table too, for its schemas; these are the keys that mean the same everywhere, by the last part.
KEYS = {
    "*": {
        "assumptions": "assumptions of the theorem",
        "command": "command that gives this again",
        "contraction": "factor by which a step shrinks the bound, null where the theorem has none",
        "data": "data file in the place of the problem's own, null for none",
        "epsilon": "accuracy that is asked for",
        "gamma": "step size γ",
        "iterations": "iterations that the theorem guarantees to be enough, null where none are",
        "lam": "λ, or its rule",
        "measure": "what the theorem bounds, such as gap: E f(x_t) − f*",
        "neighbourhood": "limit N of the bound, null where the theorem has none",
        "params": "parameters of the problem that were given, by name",
        "problem": "name or file of the problem",
        "reason": "why it is left out",
        "rho": "radius ρ",
        "sampling": "sampling, as --sampling takes it",
        "schema": "name and version of the form of the document",
        "seed": "seed of everything random",
        "skipped": "what is left out",
        "source": "where it comes from",
        "statement": "the claim as a formula",
        "status": "paper, or another standing of the statement, such as as remembered",
        "theorem": "key of the theorem",
        "trials": "number of independent runs",
        "version": "version of samtheory",
    }
}


def text(document: Any) -> str:
    """The document with sorted keys, null in the place of NaN and infinities, and a final newline."""
    return json.dumps(plain(document), sort_keys=True, indent=2, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """`value` with lists in the place of tuples, and None in the place of NaN and infinity."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def writer(path: str, name: str = "json") -> Callable[[Any], None]:
    """A function that writes one document to `path`, as `output.writer` writes a text; `name` is the option."""
    put = output.writer(path, name)
    return lambda document: put(text(document))


def show(document: Any) -> None:
    """The document on stdout."""
    sys.stdout.write(text(document))


def finite_or_none(value: float) -> float | None:
    """`value`, or None in the place of infinity."""
    return value if math.isfinite(value) else None


def under(place: str, keys: Mapping[str, str]) -> dict[str, str]:
    """The meanings of the keys of a part of a document, in a document that has the part at this place."""
    return {f"{place}.{key}": meaning for key, meaning in keys.items()}
