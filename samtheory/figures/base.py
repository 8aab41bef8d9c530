"""A figure: its numbers, how they were made, and the files that hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtheory._version import __version__
from samtheory.constants import Constants
from samtheory.errors import InputError
from samtheory.io.json import under

from . import numbers
from .numbers import Table, moved

SCHEMA = "samtheory.figure/1"
KEYS = {
    SCHEMA: {
        "caption": "text below the picture",
        "figure": "key of the figure",
        "how": "settings, others for each figure",
        "listed": "tables that the gallery shows",
        "quick": "whether the numbers are those of --quick",
        "tables": "tables of numbers, by name",
        **under("tables.*", numbers.KEYS),
        "title": "the question that the figure answers",
    }
}

#: The files of a picture.
KINDS = ("pdf", "png", "svg")


@dataclass(frozen=True)
class Numbers:
    """What a figure shows.

    Attributes
    ----------
    title, caption : in words; the caption states the theorem, the constants, the seed and the trials
    how : the settings, plain data
    tables : by name
    listed : the tables that the gallery shows beside the picture
    """

    title: str
    caption: str
    how: Mapping[str, Any]
    tables: Mapping[str, Table]
    listed: tuple[str, ...] = ()

    def to_json(self, name: str, quick: bool) -> dict[str, Any]:
        """The document `samtheory.figure/1`."""
        return {
            "caption": self.caption,
            "command": f"samtheory figures {name}" + (" --quick" if quick else ""),
            "figure": name,
            "how": dict(self.how),
            "listed": list(self.listed),
            "quick": quick,
            "schema": SCHEMA,
            "tables": {label: table.to_json() for label, table in self.tables.items()},
            "title": self.title,
            "version": __version__,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Numbers:
        """The numbers that `to_json` made, as far as their digits go."""
        tables = {label: Table.from_json(table) for label, table in plain["tables"].items()}
        return cls(plain["title"], plain["caption"], plain["how"], tables, tuple(plain["listed"]))


def differences(kept: Mapping[str, Any], found: Numbers, quick: bool) -> list[str]:
    """What `found` says otherwise than the kept document; quick numbers are some of the full ones."""
    tables = Numbers.from_json(kept).tables
    changes = []
    for label, table in found.tables.items():
        if label not in tables:
            changes.append(f"{label}: not among the tables kept")
            continue
        changes += [f"{label}: {what}" for what in moved(tables[label], table)]
        lost = tables[label].rows().keys() - table.rows().keys()
        changes += [f"{label}: {len(lost)} rows fewer"] if lost and not quick else []
    changes += [] if quick else [f"{label}: gone" for label in tables if label not in found.tables]
    return changes


def read(path: Path, quick: bool = False) -> dict[str, Any]:
    """A document written before.

    Parameters
    ----------
    quick : whether the numbers of a quick run are good enough

    Raises
    ------
    InputError
        If there is none, or it is something else, or of a quick run that is not good enough.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        good = plain["schema"] == SCHEMA and all(table.rows() for table in Numbers.from_json(plain).tables.values())
    except OSError as error:
        raise InputError(f"out={path.parent}: no numbers to check against: {path.name} ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        good = False
    if not good:
        raise InputError(f"out={path.parent}: {path.name} must be a document {SCHEMA}")
    if plain.get("quick") and not quick:
        raise InputError(f"out={path.parent}: {path.name} holds the numbers of a quick run: check against full ones")
    return dict(plain)


def described(constants: Constants) -> dict[str, str]:
    """The constants of a caption, with how each is known."""
    names = ("L", "L_max", "L_avg", "mu", "A", "B", "C")
    known = {name: getattr(constants, name) for name in names}
    return {name: f"{value:.6g} {value.provenance}" for name, value in known.items() if value is not None}
