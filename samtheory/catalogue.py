"""The one place that finds files: problems and theorems, by name or by path."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import math
import pkgutil
import sys
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .errors import InputError, NotApplicable, reject
from .io import files

if TYPE_CHECKING:
    from .methods import Method
    from .problem.problem import Problem
    from .sampling.samplings import Sampling
    from .theorems.base import Theorem

PROBLEMS = Path(__file__).resolve().parent / "problems"


def is_path(word: str) -> bool:
    """A word that ends in .py is a path, anything else a name."""
    return word.endswith(".py")


def problem_names() -> list[str]:
    """The names of the catalogue's problems, sorted: a file `sine_1d.py` is the problem `sine-1d`."""
    return sorted(file.stem.replace("_", "-") for file in PROBLEMS.glob("[!_]*.py"))


def _module(path: Path, package: str = "") -> ModuleType:
    """The module in the file `path`, whatever it raises told in one line.

    Its relative imports are from `package`, so that a file of it works where it was copied to.
    """
    try:
        return _executed(path, files.content(path), package)
    except OSError as error:
        raise InputError(f"file={path}: cannot be read ({error.strerror})") from None


@cache
def _executed(path: Path, source: bytes, package: str) -> ModuleType:
    """The module that `source` makes, once for each path and content."""
    name = f"samtheory._loaded.{path.stem}_{hashlib.blake2b(str(path).encode() + source, digest_size=6).hexdigest()}"
    module = ModuleType(name)
    module.__file__, module.__package__ = str(path), package or None
    sys.modules[name] = module  # dataclasses look their module up there
    with told(path):
        exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102 - a user's file is code
    return module


class told:
    """Turns whatever a user's file raises into one InputError line that names the file, the line and the error."""

    def __init__(self, path: str | Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is None or not isinstance(error, Exception) or isinstance(error, (InputError, NotApplicable)):
            return
        where = f"line {error.lineno}" if isinstance(error, SyntaxError) else ""
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == str(self.path):
                where = f"line {trace.tb_lineno}"
            trace = trace.tb_next
        text = " ".join(str(error).split()) or "no message"
        raise InputError(f"file={self.path}: {where or 'loading'}: {type(error).__name__}: {text}") from None


def problem_module(name: str) -> ModuleType:
    """The module of a problem, by name or path.

    Raises
    ------
    InputError
        If there is no such problem or file, the file does not load, or it defines no function `problem`.
    """
    if is_path(name):
        path = Path(name)
    elif name in problem_names():
        path = PROBLEMS / (name.replace("-", "_") + ".py")
    else:
        raise reject("problem", name, "a path ending in .py, or one of " + ", ".join(problem_names()))
    module = _module(path)
    if not callable(getattr(module, "problem", None)):
        raise InputError(f"file={path}: defines no function `problem` that returns a samtheory.Problem")
    return module


def takes_rows(name: str) -> bool:
    """Whether the problem's rows can be replaced by a file's (`--data`)."""
    return "rows" in inspect.signature(problem_module(name).problem).parameters


def load_problem(name: str, *, rows: Any = None, **params: Any) -> Problem:
    """A problem of the catalogue, or of a file.

    Parameters
    ----------
    name : a catalogue name, or a path ending in .py
    rows : (A, b) or the path of a data file, to replace the rows of a linear-model problem
    params : the problem's own parameters

    Raises
    ------
    InputError
        If there is no such problem, or a parameter is unknown or of the wrong type, or the file fails.
    """
    from .problem.problem import Problem

    module = problem_module(name)
    build: Callable[..., Any] = module.problem
    known = {key: value for key, value in inspect.signature(build).parameters.items() if key != "rows"}
    for key, value in params.items():
        if key not in known:
            raise reject("param", key, "one of " + (", ".join(known) or "none: the problem takes no parameters"))
        params[key] = _typed(key, value, known[key].default)
    arguments: dict[str, Any] = dict(params)
    if rows is not None:
        if not takes_rows(name):
            named = f"={rows}" if isinstance(rows, (str, Path)) else ""
            raise InputError(f"data{named}: the problem {name} has no rows to replace")
        if isinstance(rows, (str, Path)):
            from .io.rows import read_rows

            rows = read_rows(rows)
        arguments["rows"] = rows
    with told(str(module.__file__)):
        built = build(**arguments)
    if not isinstance(built, Problem):
        kind = type(built).__name__
        raise InputError(f"file={module.__file__}: problem() returned {kind}: must be a samtheory.Problem")
    defaults = {key: parameter.default for key, parameter in known.items()}
    return built.named(name, {**defaults, **params})


def _typed(key: str, value: Any, default: Any) -> Any:
    """`value` (often text from the command line) in the type of the parameter's default."""
    if isinstance(default, bool):
        words = {"true": True, "false": False, "1": True, "0": False}
        if str(value).lower() not in words:
            raise reject(f"param {key}", value, "true or false")
        return words[str(value).lower()]
    if isinstance(default, (int, float)):
        kind = type(default)
        try:
            number = kind(value) if isinstance(value, str) else value
        except ValueError:
            raise reject(f"param {key}", value, "a whole number" if kind is int else "a number") from None
        if not math.isfinite(number):
            raise reject(f"param {key}", value, "a finite number")
        if kind is int and number != int(number):
            raise reject(f"param {key}", value, "a whole number")
        return kind(number)
    return value


def summary(module: ModuleType) -> str:
    """The first line of a module's docstring."""
    return (inspect.getdoc(module) or "").partition("\n")[0].rstrip(".")


@cache
def theorems() -> Mapping[str, Theorem]:
    """Every theorem of the catalogue by its key, sorted."""
    from . import theorems as package

    found: dict[str, Theorem] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        theorem = getattr(module, "theorem", None)
        if theorem is not None:
            found[theorem.key] = theorem
    return dict(sorted(found.items()))


def load_theorem(name: str) -> Theorem:
    """A theorem of the catalogue, or of a file that defines `theorem`.

    Raises
    ------
    InputError
        If there is no such theorem or file, or the file fails.
    """
    from .theorems.base import Theorem

    if not is_path(name):
        if name not in theorems():
            raise reject("theorem", name, "a path ending in .py, or one of " + ", ".join(theorems()))
        return theorems()[name]
    theorem = getattr(_module(Path(name), "samtheory.theorems"), "theorem", None)
    if not isinstance(theorem, Theorem):
        raise InputError(f"file={name}: defines no `theorem`, a samtheory.theorems.base.Theorem")
    return theorem


def load_method(name: str, problem: Problem) -> Method:
    """A method of `methods` for a problem: its `step`, or `step_for(problem)` where it sees more than gradients.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    from . import methods as package

    known = [info.name.replace("_", "-") for info in pkgutil.iter_modules(package.__path__)]
    if name not in known:
        raise reject("method", name, "one of " + ", ".join(known))
    module = importlib.import_module(f"{package.__name__}.{name.replace('-', '_')}")
    if (step_for := getattr(module, "step_for", None)) is not None:
        return step_for(problem)  # type: ignore[no-any-return]
    if (step := getattr(module, "step", None)) is not None:
        return step  # type: ignore[no-any-return]
    raise InputError(f"method={name}: its file must define `step` or `step_for`")


def problem_of(name: str, params: tuple[tuple[str, str], ...], data: str | None) -> Problem:
    """The problem of a cell, loaded once for what is in its files."""
    return _problem(name, params, data, _contents(name if is_path(name) else None, data))


def sampling_of(text: str) -> Sampling:
    """The sampling of a cell, read once for what is in its file."""
    return _sampling(text, _contents(text.partition(":")[2]))


def _contents(*names: str | None) -> tuple[bytes, ...]:
    return tuple(files.content(path) for path in names if path and files.exists(path))


@lru_cache(maxsize=64)
def _problem(name: str, params: tuple[tuple[str, str], ...], data: str | None, contents: tuple[bytes, ...]) -> Problem:
    return load_problem(name, rows=data, **dict(params))


@lru_cache(maxsize=64)
def _sampling(text: str, contents: tuple[bytes, ...]) -> Sampling:
    from .sampling.samplings import parse_sampling

    return parse_sampling(text)
