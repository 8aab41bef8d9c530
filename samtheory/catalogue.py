"""Find and load the files of the catalogue: problems, theorems and methods, by name or by path."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .errors import InputError, MissingExtra, escaped, no_such, reject
from .io import files, user_files
from .io.data_file import DataFile, as_data_file
from .io.user_files import is_path, user_file_errors

if TYPE_CHECKING:
    from .methods import Method
    from .problem.problem import Problem
    from .sampling.base import Sampling
    from .theorems.base import Theorem

PROBLEMS = Path(__file__).resolve().parent / "problems"


#: Parameters that are given by name.
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
#: The paper whose theorems may be named by their numbers alone.
PAPER = "unified-sam"


def problems() -> list[str]:
    """Names of the catalogue's problems, sorted; the file `sine_1d.py` is the problem `sine-1d`.

    Examples
    --------
    >>> "ridge" in problems()
    True
    """
    return sorted(file.stem.replace("_", "-") for file in PROBLEMS.glob("[!_]*.py"))


def problem_module(name: str) -> ModuleType:
    """The module of a problem.

    Parameters
    ----------
    name : a catalogue name, or a path ending in .py

    Raises
    ------
    InputError
        If the problem or file does not exist, the file fails, or it defines no function `problem`.
    """
    if is_path(name):
        path = Path(name)
    elif name in problems():
        path = PROBLEMS / (name.replace("-", "_") + ".py")
    else:
        raise no_such("problem", name, problems(), ["FILE.py", *problems()])
    module = user_files.module(path)
    if not callable(getattr(module, "problem", None)):
        raise InputError(f"file={escaped(str(path))}: defines no function `problem` that returns a samtheory.Problem")
    return module


def takes_rows(name: str) -> bool:
    """Whether the rows of a data file (`--data`) can replace the problem's."""
    return "rows" in inspect.signature(problem_module(name).problem).parameters


def parameters_of(module: ModuleType, replaced: bool = False) -> dict[str, inspect.Parameter]:
    """Parameters of a problem by name: those of its synthetic rows first, then its own.

    Parameters
    ----------
    replaced : whether rows of the user's replace the synthetic ones, whose parameters then play no part
    """
    own = dict(inspect.signature(module.problem).parameters)
    if "rows" in own:
        makes = None if replaced else getattr(module, "synthetic", None)
        own = {**(dict(inspect.signature(makes).parameters) if makes else {}), **own}
    return {name: parameter for name, parameter in own.items() if name != "rows"}


def load_problem(name: str, *, rows: Any = None, **params: Any) -> Problem:
    """Load a problem of the catalogue or of a file.

    Parameters
    ----------
    name : a catalogue name, or a path ending in .py
    rows : rows (A, b), or a data file (a path or a `DataFile`), that replace the rows of a linear-model problem
    params : parameters of the problem

    Returns
    -------
    The problem with its claimed constants.

    Raises
    ------
    InputError
        If the problem does not exist, a parameter is unknown, of the wrong type or replaced by the rows, or the file
        fails.

    Examples
    --------
    >>> ridge = load_problem("ridge", condition=100)
    >>> ridge.n, ridge.d
    (8, 3)
    """
    from .problem.problem import Problem

    module = problem_module(name)
    build: Callable[..., Any] = module.problem
    data = as_data_file(rows)
    named = f"data={data.path}" if data is not None else "data"
    if rows is not None and not takes_rows(name):
        raise InputError(f"{named}: the problem {name} has no rows to replace")
    known = parameters_of(module, replaced=rows is not None)
    for key, value in params.items():
        if key not in known and key in parameters_of(module):
            raise reject(f"param {key}", value, f"left out beside {named}: it makes the rows that the data replace")
        if key not in known:
            raise reject("param", key, "one of " + (", ".join(known) or "none: the problem takes no parameters"))
        params[key] = _typed(key, value, known[key].default)
    for key, parameter in known.items():
        if parameter.default is parameter.empty and parameter.kind in NAMED and key not in params:
            raise InputError(f"param {key}: missing: needed by {name}, which has no default for it")
    arguments: dict[str, Any] = dict(params)
    makes = getattr(module, "synthetic", None) if takes_rows(name) else None
    with user_file_errors(str(module.__file__)):
        if rows is not None:
            arguments["rows"] = rows if data is None else data.read()
        elif makes is not None:
            made = inspect.signature(makes).parameters
            arguments = {key: value for key, value in params.items() if key in inspect.signature(build).parameters}
            arguments["rows"] = makes(**{key: value for key, value in params.items() if key in made})
        built = build(**arguments)
    if not isinstance(built, Problem):
        kind = type(built).__name__
        raise InputError(f"file={module.__file__}: problem() returned {kind}: must be a samtheory.Problem")
    defaults = {key: parameter.default for key, parameter in known.items()}
    return built.named(name, {**defaults, **params}, data)


def changed_params(problem: Problem) -> dict[str, Any]:
    """The parameters of a problem that differ from the defaults of its file; all where it comes from no file."""
    try:
        parameters = parameters_of(problem_module(problem.name))
    except InputError:
        return dict(problem.params)
    return {
        key: value for key, value in problem.params.items() if key not in parameters or value != parameters[key].default
    }


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


def theorems() -> Mapping[str, Theorem]:
    """Theorems of the catalogue by key, sorted.

    Examples
    --------
    >>> "unified-sam/3.2" in theorems()
    True
    """
    from .theorems import listed

    return listed()


def full_key(word: str) -> str:
    """The key of the paper's theorem where a word is its number alone; any other word as it is.

    Examples
    --------
    >>> full_key("3.2")
    'unified-sam/3.2'
    """
    key = f"{PAPER}/{word}"
    return key if word not in theorems() and key in theorems() else word


def theorem_name(word: str) -> str:
    """A path as it is, or the key of a theorem, as in `full_key`.

    Raises
    ------
    InputError
        If there is no such theorem.
    """
    key = word if is_path(word) else full_key(word)
    if not is_path(word) and key not in theorems():
        raise no_such("theorem", word, theorems(), ["FILE.py", *theorems()])
    return key


def load_theorem(name: str) -> Theorem:
    """Load a theorem of the catalogue or of a file that defines `theorem`.

    Parameters
    ----------
    name : a key, or a path ending in .py; a number alone is a theorem of the paper, as in `theorem_name`

    Raises
    ------
    InputError
        If the theorem or file does not exist, or the file fails.

    Examples
    --------
    >>> load_theorem("unified-sam/3.2").assumptions
    ('smooth', 'PL', 'ER')
    """
    from .theorems.base import Theorem

    name = theorem_name(name)
    if not is_path(name):
        return theorems()[name]
    theorem = getattr(user_files.module(name, "samtheory.theorems"), "theorem", None)
    if not isinstance(theorem, Theorem):
        raise InputError(f"file={escaped(name)}: defines no `theorem`, a samtheory.theorems.base.Theorem")
    return theorem


def methods() -> Mapping[str, ModuleType]:
    """Modules of the catalogue's methods by name, sorted; the file `unified_sam.py` is the method `unified-sam`.

    Examples
    --------
    >>> {"unified-sam", "vasso"} <= set(methods())
    True
    """
    from .methods import listed

    return listed()


def load_method(name: str | Method, problem: Problem) -> Method:
    """Load the step of a method for a problem.

    Parameters
    ----------
    name : a catalogue name; a path FILE.py, whose `step` or `step_for(problem)` or only adapter is taken; FILE.py:NAME,
        whose function or adapter NAME is taken; or the step or adapter itself
    problem : the problem, for a step that uses more than its gradients

    Returns
    -------
    The step, called as `methods.unified_sam.step`.

    Raises
    ------
    InputError
        If the method or file does not exist, or the file fails or defines no step.

    Examples
    --------
    >>> load_method("unified-sam", load_problem("ridge")).__module__
    'samtheory.methods.unified_sam'
    """
    from .engine.adapter import AdapterStep, adapters_of, is_adapter

    if is_adapter(name):
        return AdapterStep(name, problem)  # type: ignore[arg-type]
    if callable(name):
        return rows_of(name, problem)
    path, _, function = name.rpartition(":")
    if not is_path(path):
        path, function = name, ""
    if is_path(path):
        # Executed anew: what a program remembers in its module is no part of the next verification.
        module = user_files.module(path, "samtheory.methods", anew=True)
    elif path in methods():
        module = methods()[path]
    else:
        raise no_such("method", name, methods(), ["FILE.py", "FILE.py:NAME", *methods()])
    step = getattr(module, function or "step", None)
    if not function and hasattr(module, "step_for"):
        with user_file_errors(str(module.__file__)):
            step = module.step_for(problem)
    if step is None and not function:
        step = next(iter(adapters_of(module).values()), None) if len(adapters_of(module)) == 1 else None
    if is_adapter(step):
        return AdapterStep(step, problem)  # type: ignore[arg-type]
    if not callable(step):
        raise InputError(f"method={escaped(name)}: defines no function {function or '`step` or `step_for`'}")
    return rows_of(step, problem)


def rows_of(step: Any, problem: Problem) -> Method:
    """The step; one that keeps a memory as a step on rows (x, memory)."""
    from .methods.base import Remembering

    if not hasattr(step, "memory"):
        return step  # type: ignore[no-any-return]
    with user_file_errors():
        return Remembering(step, problem.d)


def problems_of(
    names: Sequence[str],
    params: tuple[tuple[str, str], ...],
    data: DataFile | None,
    on_missing: Callable[[str, MissingExtra], None],
) -> Iterator[tuple[str, Problem]]:
    """The problems of a sweep by name, one after another; the whole catalogue where no name is given.

    Parameters
    ----------
    params, data : of every problem
    on_missing : called with a problem of the catalogue whose extra is not installed, and the error

    Raises
    ------
    InputError
        If a problem cannot be loaded, or the extra of a named one is not installed.
    """
    for name in names or problems():
        try:
            problem = problem_of(name, params, data)
        except MissingExtra as missing:
            if names:
                raise
            on_missing(name, missing)
        else:
            yield name, problem


def problem_of(name: str, params: tuple[tuple[str, str], ...], data: DataFile | None) -> Problem:
    """The problem of a cell, cached by the contents of its files."""
    return _problem(name, params, data, _contents(name if is_path(name) else None, None if data is None else data.path))


def sampling_of(text: str) -> Sampling:
    """The sampling of a cell, cached by the contents of its file."""
    return _sampling(text, _contents(text.partition(":")[2]))


def _contents(*names: str | None) -> tuple[bytes, ...]:
    return tuple(files.content(path) for path in names if path and files.exists(path))


@lru_cache(maxsize=64)
def _problem(
    name: str, params: tuple[tuple[str, str], ...], data: DataFile | None, contents: tuple[bytes, ...]
) -> Problem:
    return load_problem(name, rows=data, **dict(params))


@lru_cache(maxsize=64)
def _sampling(text: str, contents: tuple[bytes, ...]) -> Sampling:
    from .sampling.base import parse_sampling

    return parse_sampling(text)
