"""Journals: the finished cells of a sweep as JSON lines, from which an interrupted sweep resumes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtheory._version import __version__
from samtheory.errors import InputError
from samtheory.io import contents
from samtheory.io.data_file import DataFile
from samtheory.request import Request
from samtheory.status import Status

from .cell import Cell
from .evidence import Evidence
from .judge import Verdict

SCHEMA = "samtheory.journal/2"


@dataclass(frozen=True)
class Journal:
    """The finished cells of a sweep, kept in a file.

    Attributes
    ----------
    path : the file, None where nothing is kept
    known : the verdicts in the file at the start
    append : write one more verdict
    temporary : whether `close` removes the file
    """

    path: str | None
    known: Mapping[Cell, Verdict]
    append: Callable[[Verdict], None]
    temporary: bool = False

    @classmethod
    def opened(cls, resume: str | None, document: str | None) -> Journal:
        """The journal `resume`; without it a temporary one beside the JSON document, if that is a file.

        Raises
        ------
        InputError
            If the file is not a journal, or cannot be written.
        """
        if resume is not None:
            return cls(resume, read(resume), appender(resume, "resume"))
        if document in (None, "-"):
            return cls(None, {}, lambda verdict: None)
        path = f"{document}.partial"
        Path(path).unlink(missing_ok=True)
        return cls(path, {}, appender(path, "json"), temporary=True)

    def close(self) -> None:
        """Remove a temporary journal, once the document is complete."""
        if self.temporary and self.path is not None:
            Path(self.path).unlink(missing_ok=True)


def read(path: str) -> dict[Cell, Verdict]:
    """The finished cells of a journal; none if the file does not exist. An incomplete last line is ignored.

    Raises
    ------
    InputError
        If the file cannot be read, is not a journal of this code, or rests on a file that has changed since.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise InputError(f"resume={path}: cannot be read ({reason})") from None
    whole = lines[:-1]  # what follows the last line break was cut short
    if not whole:
        return {}
    first = _parsed(path, 1, whole[0])
    if first != {**first, "schema": SCHEMA, "version": __version__}:
        raise InputError(f"resume={path}: must be a journal of samtheory {__version__}, as verify --json writes one")
    if first != head():
        raise InputError(f"resume={path}: written by other code of samtheory: remove it, or name a new file")
    entries = [_entry(path, number, line) for number, line in enumerate(whole[1:], 2)]
    if changed := contents.changed(each for _, files in entries for each in files.items()):
        raise InputError(f"resume={path}: {changed} has changed since: remove the journal, or name a new file")
    return {verdict.cell: verdict for verdict, _ in entries}


def head() -> dict[str, str]:
    """The first line of a journal: its format and the code that writes it."""
    return {"schema": SCHEMA, "version": __version__, "program": contents.program()}


def appender(path: str, name: str) -> Callable[[Verdict], None]:
    """A function that appends one verdict to the journal; a new file is made where none exists.

    Parameters
    ----------
    name : the option that the path came from, for the error

    Raises
    ------
    InputError
        Now, before any work, if the file cannot be written.
    """
    place, there = Path(path), True
    try:
        there = place.exists()
        text = place.read_bytes() if there else b""
        kept = text[: text.rfind(b"\n") + 1]
        file = place.open("r+b" if there else "w+b")
        file.truncate(len(kept))
        file.seek(len(kept))
        if not kept:
            file.write(json.dumps(head()).encode() + b"\n")
        file.flush()
    except OSError as error:
        if not there:
            with suppress(OSError):
                place.unlink()
        raise InputError(f"{name}={path}: cannot be written ({error.strerror})") from None

    def append(verdict: Verdict) -> None:
        file.write(_line(verdict) + b"\n")
        file.flush()

    return append


def _line(verdict: Verdict) -> bytes:
    """A verdict as one line of JSON; floats are written exactly."""
    plain = {
        "cell": verdict.cell,
        "contents": contents.digests(verdict.cell.paths),
        "evidence": verdict.evidence,
        "slack": verdict.bound_ratio,
        "verdict": verdict.verdict,
        "where": verdict.location,
    }
    return json.dumps(plain, sort_keys=True, default=vars).encode()  # the dataclasses in it


def _parsed(path: str, number: int, line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise InputError(f"resume={path}: line {number} is not a line of a journal")
    return parsed


def _entry(path: str, number: int, line: str) -> tuple[Verdict, dict[str, str]]:
    """A verdict, and the digests of the files that it rests on."""
    plain = _parsed(path, number, line)
    try:
        fields = plain["cell"]
        params = tuple((key, value) for key, value in fields["params"])
        data = None if fields["data"] is None else DataFile(**fields["data"])
        cell = Cell(**{**fields, "request": Request(**fields["request"]), "params": params, "data": data})
        evidence = tuple(
            Evidence(**{**piece, "verdict": Status(piece["verdict"]), "curve": tuple(map(tuple, piece["curve"]))})
            for piece in plain["evidence"]
        )
        verdict = Verdict(cell, Status(plain["verdict"]), plain["slack"], plain["where"], evidence)
        return verdict, dict(plain["contents"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"resume={path}: line {number} is not a line of a journal") from None
