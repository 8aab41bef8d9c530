"""The JSON documents: the keys and types of one real document of each schema."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from samtheory import cli

from . import keys, rst


class Example(NamedTuple):
    """Commands, the last of which prints a document, or writes it into `file`; of `part`, the first of a list in it."""

    commands: tuple[str, ...]
    file: str | None = None
    part: str | None = None


PROVED = "tightness ours/usam-strongly-convex --lam 0 --rho 0.1 --gamma 1"
DRAWN = "figures fig4 --quick --workers 1 --json -"
EXAMPLES = {
    "samtheory.rates/1": Example(("rates two-quadratics --theorem 3.2 --epsilon 10 --json",)),
    "samtheory.best/1": Example(("rates two-quadratics --epsilon 10 --best --json",)),
    "samtheory.expect/1": Example(("rates two-quadratics --theorem 3.2 --expect rho_max=0.139±1% --json",)),
    "samtheory.compare/1": Example(("compare tight-pair --theorem 3.2 --epsilon 5 --json",)),
    "samtheory.check/1": Example(("check tight-pair --sampling uniform --theorem 3.2 --json",)),
    "samtheory.verify/1": Example(("verify tight-pair --theorem 3.2 --sampling uniform --workers 1 --json -",)),
    "samtheory.trajectories/1": Example(("plot tight-pair --theorem 3.2 --steps 100 --trials 2 --json",)),
    "samtheory.falsify/1": Example(("falsify unified-sam/3.2/as-printed --sampling single --lam 0 --json",)),
    "samtheory.tightness/1": Example((f"{PROVED} --certify --json",)),
    "samtheory.certificates/1": Example(
        (f"{PROVED} --certify --json > brackets.json", "tightness --check brackets.json --json")
    ),
    "samtheory.certificate/1": Example((f"{PROVED} --certify --json",), part="certificates"),
    "samtheory.prove/1": Example(("prove karimi-2016/gd --json",)),
    "samtheory.conform/1": Example(("new adapter my_sam.py", "conform my_sam.py --only resume --json")),
    "samtheory.conform.list/1": Example(("conform --list --json",)),
    "samtheory.figures/1": Example((DRAWN,)),
    "samtheory.figure/1": Example((DRAWN,), "figures/fig4.json"),
    "samtheory.list/1": Example(("list --json",)),
}
#: Documents of self-tests, which take long: their keys are shown without an example.
LONG = {
    "samtheory.self-test/1": "verify --self-test --json -",
    "samtheory.prove-self-test/1": "prove --self-test --json",
    "samtheory.conform.self-test/1": "conform --self-test --json",
}
#: Files that a command writes and reads again, whose form may change in any version.
INTERNAL = {"samtheory.baseline/3", "samtheory.journal/2"}


def pages() -> Iterator[tuple[str, str]]:
    """The page.

    Raises
    ------
    ValueError
        If a schema of the package has no example, or a key of an example no meaning.
    """
    if missing := keys.schemas() ^ (EXAMPLES.keys() | LONG.keys() | INTERNAL):
        raise ValueError(f"documents without an example, or examples without a document: {sorted(missing)}")
    text = rst.title("JSON documents") + rst.paragraph(
        "Every document names its schema. Keys are sorted; a document holds no time, date or path of this machine, and "
        "a number that is not finite is ``null``. The tables show the meaning of each key, and its type and value in a "
        "real document; ``*`` stands for every key where the keys are data."
    )
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for schema, example in EXAMPLES.items():
            text += rst.title(schema, 1) + _commands(example) + _table(schema, document(example))
    for schema, command in LONG.items():
        text += rst.title(schema, 1) + rst.code(f"$ samtheory {command}") + _table(schema, {})
    yield "reference/documents.rst", text


def _commands(example: Example) -> str:
    """How the document is made."""
    text = rst.code("\n".join(f"$ samtheory {command}" for command in example.commands))
    if example.file:
        text += rst.paragraph(f"writes {rst.literal(example.file)}:")
    if example.part:
        text += rst.paragraph(f"each of {rst.literal(example.part)}:")
    return text


def _table(schema: str, found: Any) -> str:
    """The keys of a schema, with types and values of a document.

    Raises
    ------
    ValueError
        If a key has no meaning.
    """
    seen = shape(found, schema)
    if lacking := [path for path in seen if keys.meaning(schema, path) is None]:
        raise ValueError(f"{schema}: keys without a meaning: {lacking}")
    rows = [
        (
            rst.literal(path),
            rst.plain(keys.meaning(schema, path)),
            rst.plain(" or ".join(sorted(types))),
            rst.literal(value),
        )
        for path, (types, value) in sorted({**dict.fromkeys(keys.tables()[schema], (set(), "")), **seen}.items())
    ]
    return rst.table(["key", "meaning", "type", "example"], rows)


def document(example: Example) -> Any:
    """The document of an example, whose commands work in the present folder."""
    for command in example.commands:
        printed = _printed(command)
    found = json.loads(Path(example.file).read_text("utf-8") if example.file else printed)
    return found[example.part][0] if example.part else found


@cache
def _printed(command: str) -> str:
    """What a command prints, written into a file too where it ends in `> FILE`."""
    words, _, file = command.partition(" > ")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        cli.main(shlex.split(words))
    if file:
        Path(file).write_text(out.getvalue(), "utf-8")
    return out.getvalue()


TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
    list: "list",
    dict: "object",
}
#: Characters of an example, at most.
LONGEST = 40


def shape(value: Any, schema: str) -> dict[str, tuple[set[str], str]]:
    """The types and an example of each key of a document, by its path."""
    found: dict[str, tuple[set[str], str]] = {}
    for path, each in keys.entries(value, schema):
        types, example = found.get(path, (set(), ""))
        first = each[0] if isinstance(each, list) and each else each
        if not example and not isinstance(first, list | dict | type(None)):
            text = json.dumps(each, ensure_ascii=False)
            example = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        found[path] = (types | {kind(each)}, example)
    return found


def kind(value: Any) -> str:
    """The type of a value, of a list with those of its members."""
    if isinstance(value, list) and value:
        return f"list of {' or '.join(sorted({kind(each) for each in value}))}s"
    return TYPES[type(value)]
