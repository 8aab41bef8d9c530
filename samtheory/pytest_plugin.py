"""pytest --samtheory: a test for each problem file, theorem, sampling and lam; `assert_bound` for your own curves.

    pytest --samtheory problems/                                   # every theorem that applies
    pytest --samtheory my_problem.py --samtheory-theorem unified-sam/3.2 --samtheory-lam 0.5 -n 2

With a table [tool.samtheory] in pyproject.toml, plain `pytest` verifies what it names, see `io.project`.
Only pytest is imported before a problem file is collected.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import numpy.typing as npt

    from .io.project import Project
    from .verification.cell import Cell
    from .verification.judge import Verdict

#: What [tool.samtheory] says.
PROJECT: pytest.StashKey[Project] = pytest.StashKey()
#: Help of the options that may be repeated.
CHOICES = {
    "theorem": "key or FILE.py (default: every theorem that applies)",
    "sampling": "e.g. uniform or nice:3 (default: an example of every kind)",
    "lam": "in [0, 1], or 1/t, 1-1/t (default: 0, 0.5, 1 and where covered the schedules)",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --samtheory and its options."""
    group = parser.getgroup("samtheory", "convergence theory of Sharpness-Aware Minimisation")
    group.addoption(
        "--samtheory", action="store_true", help="collect problem files: each theorem, sampling and lam is a test"
    )
    for name, text in CHOICES.items():
        group.addoption(f"--samtheory-{name}", action="append", default=[], metavar="X", help=text)
    group.addoption("--samtheory-seed", metavar="N", help="seed of everything random (default: 0)")


def pytest_configure(config: pytest.Config) -> None:
    """Read [tool.samtheory], and let plain `pytest` visit its problem files too."""
    from .errors import InputError
    from .io.project import read_project

    try:
        project = read_project(config.rootpath)
    except InputError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[PROJECT] = project
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        visited = [Path(config.invocation_params.dir, argument).resolve() for argument in config.args]
        config.args += [
            str(path) for path in sorted(project.problems) if not any(path.is_relative_to(each) for each in visited)
        ]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ProblemFile | None:
    """Collect a problem file, if --samtheory is given or [tool.samtheory] names the file."""
    if file_path.suffix != ".py":
        return None
    named = file_path.resolve() in parent.config.stash[PROJECT].problems
    if named or (parent.config.getoption("samtheory") and is_problem_file(file_path)):
        collected: ProblemFile = ProblemFile.from_parent(parent, path=file_path)
        return collected
    return None


def is_problem_file(path: Path) -> bool:
    """Whether a file imports samtheory and has a function `problem` that can be called without arguments.

    The file is parsed, not executed.  A fixture of this name makes no problem file.
    """
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return False
    imports = {name.name for node in body if isinstance(node, ast.Import) for name in node.names}
    imports |= {node.module or "" for node in body if isinstance(node, ast.ImportFrom)}
    builds = any(isinstance(node, ast.FunctionDef) and node.name == "problem" and _builds(node) for node in body)
    return builds and any(name.split(".")[0] == "samtheory" for name in imports)


def _builds(function: ast.FunctionDef) -> bool:
    """Whether every parameter has a default, and no decorator is a fixture."""
    given = function.args
    missing = len(given.posonlyargs + given.args) - len(given.defaults) + given.kw_defaults.count(None)
    return missing == 0 and not any("fixture" in ast.unparse(each) for each in function.decorator_list)


class ProblemFile(pytest.File):
    """A problem file: one item for each theorem, sampling and lam."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each cell, and a skipped test where a theorem named on the command line does not apply."""
        from .errors import InputError
        from .request import Request
        from .schedules import rule
        from .verification.sweep import select

        project = self.config.stash[PROJECT]
        of_project: dict[str, tuple[Any, ...]] = {
            "theorem": project.theorems,
            "sampling": project.samplings,
            "lam": project.lam,
        }
        chosen = {name: self.config.getoption(f"samtheory_{name}") or of_project[name] for name in CHOICES}
        seed = self.config.getoption("samtheory_seed")
        try:
            cells, skipped = select(
                [command_path(self.path)], list(chosen["theorem"]), list(chosen["sampling"]),
                [rule("lam", word) for word in chosen["lam"]],
                Request(seed=project.seed if seed is None else seed),
            )  # fmt: skip
        except InputError as error:
            raise self.CollectError(str(error)) from None
        for cell in cells:
            key = cell.key()
            yield CellItem.from_parent(self, name=identifier(key["theorem"], key["sampling"], key["lam"]), cell=cell)
        for entry in skipped if chosen["theorem"] else []:
            name = identifier(entry["theorem"], entry["sampling"], entry["lam"])
            yield SkippedItem.from_parent(self, name=name, reason=entry["reason"])


def command_path(path: Path) -> str:
    """The path in commands: relative to the working directory if the file is below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def identifier(theorem: str, sampling: str, lam: str) -> str:
    """The id of a test within its file."""
    return "-".join(filter(None, [theorem, sampling, f"lam={lam}" if lam else ""]))


class CellItem(pytest.Item):
    """The test of one cell: problem, theorem, sampling and lam."""

    def __init__(self, *, cell: Cell, **options: Any) -> None:
        super().__init__(**options)
        self.cell = cell

    def runtest(self) -> None:
        """Verify the cell; fail unless it holds."""
        from .verification.judge import judge

        verdict = judge(self.cell)
        if not verdict.holds:
            raise NotHeld(verdict)
        if (baseline := self.config.stash[PROJECT].baseline) is not None:
            _unchanged(verdict, str(baseline))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The numbers, the seed and the command; a traceback for any other error."""
        if isinstance(excinfo.value, (NotHeld, Changed)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says this is."""
        return self.path, 0, self.name


class SkippedItem(pytest.Item):
    """The skipped test of a theorem that does not apply."""

    def __init__(self, *, reason: str, **options: Any) -> None:
        super().__init__(**options)
        self.reason = reason

    def runtest(self) -> None:
        """Skip, with the reason."""
        pytest.skip(self.reason)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says this is."""
        return self.path, 0, self.name


class Changed(Exception):
    """A number of a cell that differs from the baseline, or a cell that is not in it."""


def _unchanged(verdict: Verdict, path: str) -> None:
    """Raise Changed unless the numbers of a verdict are those of the baseline."""
    from .report.baseline import comparison
    from .verification import baseline

    before = baseline.read(path)
    now = baseline.snapshot([verdict])
    missing = {} if before is None else before["cells"].keys()
    if before is None or now["cells"].keys() - missing:
        raise Changed(f"baseline={path}: has no {verdict.cell.command}: write it with --baseline or --update-baseline")
    found = baseline.compare({**before, "cells": {key: before["cells"][key] for key in now["cells"]}}, now)
    if found.regression:
        raise Changed("\n".join(comparison(found, path, width=120)))


class NotHeld(Exception):
    """A verdict other than "holds"."""

    def __init__(self, verdict: Verdict) -> None:
        against = [piece for piece in verdict.evidence if piece.verdict == verdict.verdict or piece.verdict.failed]
        lines = [
            f"  {piece.kind}, {piece.basis}: {piece.name}"
            + ("" if piece.bound_ratio is None else f": bound / measured = {piece.bound_ratio:.6g}")
            + f" at {piece.location}"
            for piece in against
        ]
        cell = verdict.cell
        super().__init__("\n".join([f"{verdict.verdict}, seed {cell.request.seed}", *lines, f"  {cell.command}"]))


def assert_bound(
    curves: npt.ArrayLike,
    bound: npt.ArrayLike | Callable[[Any], npt.ArrayLike],
    t: npt.ArrayLike | None = None,
    *,
    rounding: float = 0.0,
    alpha: float = 1e-6,
) -> None:
    """Assert that the mean over trials of `curves` is at most `bound` at every t.

    The probability of failing although the bound holds is at most `alpha` (Ville's inequality, for every distribution).
    Equal curves are deterministic, and so is a single one: they fail wherever they exceed the bound. A mean above the
    bound that is not significant is a warning.

    Parameters
    ----------
    curves : (trials, K) independent curves of the bounded quantity, at least 0; (K,) for a deterministic curve
    bound : (K,), or a function of t, such as `lambda t: plan.bound(t, problem.delta0)`
    t : (K,) times; 0, 1, ..., K - 1 by default
    rounding : absolute rounding error of the curves
    alpha : probability of a false alarm

    Raises
    ------
    AssertionError
        If the bound is violated; the message gives the numbers.
    InputError
        If the shapes do not match.

    Examples
    --------
    >>> assert_bound([4.0, 2.0, 1.0], lambda t: 4.0 * 0.5**t)
    >>> assert_bound([4.0, 2.0, 1.5], lambda t: 4.0 * 0.5**t)
    Traceback (most recent call last):
        ...
    AssertionError: bound / mean = 0.666667 at t=2, 1 trials
    """
    import warnings

    import numpy as np

    from .errors import InputError, float_array
    from .status import Status
    from .verification.monte_carlo import FAMILY, judge

    __tracebackhide__ = True
    measured = np.atleast_2d(float_array("curves", curves, "numbers of shape (trials, K)"))
    times = np.arange(measured.shape[1]) if t is None else np.asarray(t)
    limit = float_array("bound", bound(times) if callable(bound) else bound, "numbers of shape (K,)")
    if measured.ndim != 2 or limit.shape != times.shape or times.shape != measured.shape[1:]:
        shapes = f"curves {measured.shape}, bound {limit.shape}, t {times.shape}"
        raise InputError(f"shapes: {shapes}: must be (trials, K), (K,) and (K,)")
    random = bool(np.any(measured != measured[0]))
    found = judge(times.astype(np.intp), measured, limit, lambda: rounding, random, alpha * FAMILY)
    if found.verdict == Status.HOLDS:
        return
    least = "0" if found.bound_ratio is None else f"{found.bound_ratio:.6g}"
    message = f"bound / mean = {least} at {found.location}, {len(measured)} trials"
    if found.verdict == Status.VIOLATED:
        raise AssertionError(message)
    warnings.warn(f"not significant yet: {message}", stacklevel=2)


@pytest.fixture(name="assert_bound")
def _assert_bound() -> Callable[..., None]:
    """The function `assert_bound` as a fixture."""
    return assert_bound
