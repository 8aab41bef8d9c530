"""The meanings of the keys of JSON documents, from the tables `KEYS` of the modules that write them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import samtheory

ROOT = Path(samtheory.__file__).parent
#: The table of keys that mean the same in every document, by the last part of the path.
EVERYWHERE = "*"


def schemas() -> set[str]:
    """Every schema that the package names."""
    sources = (path.read_text("utf-8") for path in ROOT.rglob("*.py"))
    return {name for text in sources for name in re.findall(r'"(samtheory\.[\w.-]+/\d+)"', text)}


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """Path -> meaning for each schema, and `EVERYWHERE`."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        if re.search(r"^KEYS = \{", path.read_text("utf-8"), re.MULTILINE):
            parts = path.relative_to(ROOT.parent).with_suffix("").parts
            keys = importlib.import_module(".".join(parts)).KEYS
            found |= {schema: table for schema, table in keys.items() if isinstance(table, dict)}
    return found


def meaning(schema: str, path: str) -> str | None:
    """What a key means; None where no table says it."""
    return tables()[schema].get(path) or tables()[EVERYWHERE].get(path.rpartition(".")[2])


def entries(document: Any, schema: str) -> Iterator[tuple[str, Any]]:
    """Each key of a document by its path, and its value; a path has `*` for keys that are data."""
    yield from _entries(document, "", tables()[schema])


def _entries(value: Any, path: str, table: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _entries(each, path, table)
    elif isinstance(value, dict):
        data = any(key.startswith(f"{path}.*") for key in table)
        for key, each in value.items():
            place = f"{path}.{'*' if data else key}".lstrip(".")
            if not data:
                yield place, each
            # An object whose keys are in no table holds data.
            if not isinstance(each, dict) or any(name.startswith(f"{place}.") for name in table):
                yield from _entries(each, place, table)


def undescribed(document: Mapping[str, Any]) -> set[str]:
    """The keys of a document of a known schema whose meaning no table says."""
    schema = document["schema"]
    return {path for path, _ in entries(document, schema) if meaning(schema, path) is None}
