"""The page of a folder of figures: every picture with its caption and the command that makes it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from samtheory.io import output

from .base import read
from .numbers import Table

HEAD = """# Figures

Made by `samtheory figures` (or `scripts/figures`), a JSON file of numbers and settings beside each picture.
`samtheory figures --check` computes the numbers again and fails where they have moved.
"""


def write(folder: Path) -> None:
    """README.md, from the numbers in the folder."""
    found = [read(path, quick=True) for path in sorted(folder.glob("fig*.json"))]
    text = "\n".join([HEAD, *(part for document in found for part in _section(document))])
    output.replace(folder / "README.md", text.encode())


def made_by_us(folder: Path) -> bool:
    """Whether the README.md of the folder is such a page, or there is none."""
    page = folder / "README.md"
    return not page.exists() or page.read_bytes().startswith(HEAD.partition(" (")[0].encode())


def _section(document: Mapping[str, Any]) -> Iterator[str]:
    name, title = document["figure"], document["title"]
    yield f"## {title}\n\n![{title}]({name}.svg)\n\n{document['caption']}\n"
    for label in document["listed"]:
        yield _table(Table.from_json(document["tables"][label]))
    yield f"`{document['command']}`, numbers in [{name}.json]({name}.json), samtheory {document['version']}\n"


def _table(table: Table) -> str:
    """A table, each number with the error beside it."""
    shown = [name for name in table.columns if not name.endswith(" error")]
    lines = [shown, ["---"] * len(shown)]
    lines += [[_entry(row, name) for name in shown] for row in table.rows().values()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _entry(row: Mapping[str, Any], name: str) -> str:
    value, error = row[name], row.get(f"{name} error")
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if error is None else f"{text} ± {error:.2g}"
