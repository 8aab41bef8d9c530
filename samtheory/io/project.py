"""The table [tool.samtheory] of a pyproject.toml: what plain `pytest` verifies in a project."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtheory.errors import InputError, reject, whole
from samtheory.schedules import Rule, rule

#: The keys of the table.
KEYS = ("problems", "theorems", "samplings", "lam", "seed", "baseline")


@dataclass(frozen=True)
class Project:
    """What a project wants verified.

    Attributes
    ----------
    problems : the files that match its patterns
    theorems, samplings, lam : as the options of `samtheory verify`; all that apply where empty
    baseline : the file that every cell is compared with; None for no comparison
    """

    problems: frozenset[Path] = frozenset()
    theorems: tuple[str, ...] = ()
    samplings: tuple[str, ...] = ()
    lam: tuple[Rule, ...] = ()
    seed: int = 0
    baseline: Path | None = None


def read_project(folder: Path) -> Project:
    """The table of the pyproject.toml in a folder; nothing to verify where there is none.

    Raises
    ------
    InputError
        If a key is unknown, a value is not of its kind, or a pattern matches no file.
    """
    path = folder / "pyproject.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("samtheory", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return Project()  # pytest itself reports a file that it cannot read
    for key in table:
        if key not in KEYS:
            raise reject("tool.samtheory", key, "one of " + ", ".join(KEYS))
    lam = table.get("lam", [])
    baseline = table.get("baseline")
    if baseline is not None and not isinstance(baseline, str):
        raise reject("tool.samtheory.baseline", baseline, "the name of a file")
    return Project(
        frozenset(found for pattern in _texts(table, "problems") for found in _matching(folder, pattern)),
        _texts(table, "theorems"),
        _texts(table, "samplings"),
        tuple(rule("lam", each) for each in (lam if isinstance(lam, list) else [lam])),
        whole("tool.samtheory.seed", table.get("seed", 0)),
        None if baseline is None else folder / baseline,
    )


def _texts(table: dict[str, Any], key: str) -> tuple[str, ...]:
    """One text or a list of them."""
    value = table.get(key, [])
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise reject(f"tool.samtheory.{key}", value, "a text or a list of texts")
    return tuple(found)


def _matching(folder: Path, pattern: str) -> list[Path]:
    """The files that match a pattern below the folder."""
    try:
        found = sorted(path.resolve() for path in folder.glob(pattern) if path.is_file())
    except (ValueError, NotImplementedError):
        found = []
    if not found:
        raise InputError(f"tool.samtheory.problems={pattern}: must match a file below {folder}")
    return found
