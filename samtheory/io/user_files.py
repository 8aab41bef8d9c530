"""Users' files as modules: loaded by path, and an error in one named with its file and line."""

from __future__ import annotations

import hashlib
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

from samtheory.errors import InputError, NotApplicable, escaped, reject

from . import files


def is_path(word: str) -> bool:
    """Whether `word` is a path (it ends in .py) rather than a name."""
    return word.endswith(".py")


def module(path: str | Path, package: str = "", *, anew: bool = False) -> ModuleType:
    """Load the module in a file; an error in the file becomes an InputError.

    Parameters
    ----------
    path : a path ending in .py
    package : where relative imports resolve, so that a copied catalogue file works at any path
    anew : execute the file once more, so that nothing is shared with other modules of it

    Raises
    ------
    InputError
        If the path does not end in .py, the file cannot be read, or it fails.
    """
    if not is_path(str(path)):
        raise reject("file", path, "a path that ends in .py")
    execute = _executed.__wrapped__ if anew else _executed
    try:
        return execute(Path(path), files.content(path), package)
    except OSError as error:
        raise InputError(f"file={escaped(str(path))}: cannot be read ({error.strerror})") from None


@cache
def _executed(path: Path, source: bytes, package: str) -> ModuleType:
    """Execute `source` as a module, once for each path and content."""
    # The bytes of the path, as a file's name need not be text.
    name = f"samtheory._loaded.{path.stem}_{hashlib.blake2b(os.fsencode(path) + source, digest_size=6).hexdigest()}"
    module = ModuleType(name)
    module.__file__, module.__package__ = str(path), package or None
    sys.modules[name] = module  # dataclasses look up their module there
    with user_file_errors(path):
        exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102 - a user's file is code
    return module


@contextmanager
def user_file_errors(*paths: str | Path) -> Iterator[None]:
    """Turn an error raised in a user's file into an InputError that names the file, the line and the error.

    Parameters
    ----------
    paths : the files; an error raised in none of them passes unchanged
    """
    try:
        yield
    except (InputError, NotApplicable):
        raise
    except (Exception, SystemExit) as error:
        place = _place(error, {str(Path(path)) for path in paths})
        if place is None:
            raise
        message = " ".join(str(error).split()) or "no message"
        raise InputError(f"{place}: {type(error).__name__}: {message}") from None


def _place(error: BaseException, paths: set[str]) -> str | None:
    """The last line of the files in the traceback of an error, None if there is none."""
    lines = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        lines.append((str(error.filename), error.lineno or 0))
    places = [f"file={escaped(path)}: line {line}" for path, line in lines if path in paths]
    return places[-1] if places else None
