"""The checks from Python and from pytest."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from samtheory.engine.adapter import adapters_of, is_adapter
from samtheory.errors import InputError, no_such, reject
from samtheory.io import user_files
from samtheory.io.shell import quoted

from .adapter import Adapter
from .checks import checks
from .records import CheckRecord, Conformance, ConformanceError
from .suite import conformance


def keys_of(only: Any) -> frozenset[str]:
    """Keys of checks, InputError for one that does not exist."""
    chosen = [only] if isinstance(only, str) else list(only or ())
    for key in chosen:
        if key not in checks():
            raise no_such("only", str(key), checks(), checks())
    return frozenset(chosen)


def adapters_in(path: str, names: Collection[str] = ()) -> list[tuple[Adapter, str]]:
    """The adapters of a file with the command that checks each.

    Parameters
    ----------
    path : a path ending in .py
    names : names of classes; all where empty

    Raises
    ------
    InputError
        If the file fails, defines no adapter, or lacks a name.
    """
    found = adapters_of(user_files.module(path))
    if not found:
        raise InputError(f"file={path}: defines no adapter, a class with build, step and params")
    for name in names:
        if name not in found:
            raise no_such("adapter", name, found, found)
    every = frozenset(checks())
    return [
        (
            Adapter(made, every, lambda name=name: adapters_of(user_files.module(path, anew=True))[name]),  # type: ignore[misc]
            f"samtheory conform {quoted(path)} --adapter {name}",
        )
        for name, made in found.items()
        if not names or name in names
    ]


def conformance_of(adapter: Any, only: Collection[str] = ()) -> Conformance:
    """The checks of a class."""
    if not is_adapter(adapter):
        name = getattr(adapter, "__name__", type(adapter).__name__)
        raise reject("adapter", name, "a class with build, step and params")
    try:
        file = inspect.getsourcefile(adapter)
    except (TypeError, OSError):
        file = None
    command = file and f"samtheory conform {quoted(file)} --adapter {adapter.__name__}"
    return conformance(Adapter(adapter, frozenset(checks())), keys_of(only), command)


def failure_message(record: CheckRecord, of: Conformance) -> str:
    """A failure as a message that is complete without a traceback."""
    named = f": {record.diagnosis}" if record.diagnosis else ""
    again = f"\n  {of.command} --only {record.check}" if of.command else ""
    return f"{of.name}: {record.check}{named}\n  {record.message}{again}"


def check_optimizer(
    adapter: type, *, only: Collection[str] | str | None = None, on_fail: str | None = "raise"
) -> list[CheckRecord]:
    """Check an optimiser against the reference step of SAM.

    Parameters
    ----------
    adapter : the adapter, a class
    only : keys of checks; all by default
    on_fail : "raise", "warn" or None

    Returns
    -------
    The records, in the order of the checks.

    Raises
    ------
    ConformanceError
        If a check fails and `on_fail` is "raise".
    InputError
        If the adapter or an argument is bad.

    Examples
    --------
    >>> from samtheory.conformance.reference import Reference
    >>> {record.status for record in check_optimizer(Reference, only=["momentum", "resume"])}
    {'pass'}
    """
    if on_fail not in ("raise", "warn", None):
        raise reject("on_fail", on_fail, "raise, warn or None")
    found = conformance_of(adapter, keys_of(only))
    if found.failures and on_fail is not None:
        message = "\n".join(failure_message(record, found) for record in found.failures)
        if on_fail == "raise":
            raise ConformanceError(message)
        warnings.warn(message, stacklevel=2)
    return list(found.checks)


@lru_cache(maxsize=16)
def _all(adapter: type) -> Conformance:
    return conformance_of(adapter)


@dataclass(frozen=True)
class NamedCheck:
    """One check as a function of the adapter, for a test.

    Attributes
    ----------
    key : the check
    """

    key: str

    def __call__(self, adapter: type) -> None:
        """Fail, skip or expect the failure of the running test, as the check found.

        Raises
        ------
        ConformanceError
            If the check fails.
        """
        import pytest

        found = _all(adapter)
        record = next(record for record in found.checks if record.check == self.key)
        if record.failed:
            raise ConformanceError(failure_message(record, found))
        if record.status in ("na", "blocked", "refused"):
            pytest.skip(record.message)
        if record.status == "xfail":
            pytest.xfail(record.message)


def parametrize_with_checks(adapters: Sequence[type]) -> Callable[..., Any]:
    """A pytest decorator: the test gets each adapter with each check.

    Parameters
    ----------
    adapters : the adapters, classes

    Returns
    -------
    The decorator of a test with the arguments `adapter` and `check`.

    Examples
    --------
    >>> from samtheory.conformance.reference import Reference
    >>> @parametrize_with_checks([Reference])
    ... def test_sam(adapter, check):
    ...     check(adapter)
    """
    import pytest

    cases = [
        pytest.param(adapter, NamedCheck(key), id=f"{adapter.__name__}-{key}")
        for adapter in adapters
        for key in checks()
    ]
    return pytest.mark.parametrize(("adapter", "check"), cases)
