"""The pages that are made from the program when the site is built: one file for each kind of page.

A file of this package is found by its presence; its function `pages()` yields (path in the site, content).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

Content = str | bytes


def generated() -> Iterator[tuple[str, Content]]:
    """The path and the content of every generated file."""
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "pages"):
            yield from module.pages()


def write(folder: Path) -> None:
    """Write every generated file into a folder; a file that has not changed keeps its time, other files are removed."""
    made = dict(generated())
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, content in made.items():
        path, data = folder / name, content.encode() if isinstance(content, str) else content
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
