"""Digests of the contents of files: what a result rests on, when a path alone does not tell."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from . import files

#: The package and the catalogue of problems.
PACKAGE = Path(__file__).resolve().parent.parent


def digest(path: str | Path) -> str:
    """A digest of a file's content, "missing" if it cannot be read.

    The modules that a Python file imports from its own folder are part of its content, and theirs of them.

    Examples
    --------
    >>> digest("no_such_file.csv")
    'missing'
    """
    parts = [file_digest(each) for each in (path, *imported(Path(path)))]
    return parts[0] if len(parts) == 1 else digest_of("".join(parts).encode())


def file_digest(path: str | Path) -> str:
    """A digest of the content of one file, "missing" if it cannot be read."""
    try:
        return _digest(str(path), files.stamp(path))
    except (OSError, ValueError):
        return "missing"


@lru_cache(maxsize=1024)
def _digest(path: str, stamp: tuple[int, ...]) -> str:
    """The digest of a file, once for each time that it was written."""
    return digest_of(files.content(path))


def digest_of(*contents: bytes) -> str:
    """A digest of some bytes, the same on every machine."""
    found = hashlib.blake2b(digest_size=16)
    for content in contents:
        found.update(len(content).to_bytes(8) + content)
    return found.hexdigest()


def entropy(seed: int, named: Sequence[Any], paths: Iterable[str]) -> list[int]:
    """A seed with a stable hash of what is named and of the content of files, for `numpy.random.SeedSequence`.

    Parameters
    ----------
    named : plain values, in which a file goes by its name without the folder
    paths : the files
    """
    text = json.dumps(named, default=str) + "".join(map(file_digest, paths))
    found = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return [seed, *(int.from_bytes(found[k : k + 4], "little") for k in range(0, 16, 4))]


def digests(paths: Iterable[str]) -> dict[str, str]:
    """The digest of each file by its path."""
    return {path: digest(path) for path in sorted(set(paths))}


def changed(kept: Iterable[tuple[str, str]]) -> str | None:
    """The first path whose content is not what `digests` said, None if there is none."""
    return next((path for path, before in sorted(set(kept)) if digest(path) != before), None)


@cache
def program() -> str:
    """A digest of the code of this package and its catalogue."""
    sources = {*PACKAGE.rglob("*.py"), *(PACKAGE / "problems").rglob("*.py")}  # a link in a checkout
    return digest_of(*(source.read_bytes() for source in sorted(sources)))


def imported(path: Path) -> list[Path]:
    """The modules in the folder of a Python file that it imports, directly or through each other."""
    found: dict[Path, None] = {}
    waiting = [path]
    while waiting:
        for module in _imports(waiting.pop()):
            if module not in found and module != path:
                found[module] = None
                waiting.append(module)
    return sorted(found)


def _imports(path: Path) -> Iterator[Path]:
    """The files of its folder that a Python file names in its import statements."""
    if path.suffix != ".py":
        return
    try:
        tree = ast.parse(files.content(path))
    except (OSError, SyntaxError, ValueError):
        return
    named = {name for node in ast.walk(tree) for name in _modules(node)}
    for parts in (name.strip(".").split(".") for name in sorted(named) if name.strip(".")):
        for place in (path.parent.joinpath(*parts).with_suffix(".py"), path.parent.joinpath(*parts, "__init__.py")):
            if place.is_file() and PACKAGE not in place.resolve().parents:
                yield place


def _modules(node: ast.AST) -> list[str]:
    """The modules that an import statement may name."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return [module, *(f"{module}.{each.name}" for each in node.names)]
    return []
