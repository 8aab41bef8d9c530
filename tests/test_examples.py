"""The examples in docstrings run."""

from __future__ import annotations

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import samtheory

LIBRARY = Path(samtheory.__file__).parent
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL


def modules() -> list[str]:
    """The modules of the library with examples."""
    found = [path for path in LIBRARY.rglob("*.py") if "problems" not in path.relative_to(LIBRARY).parts]
    with_examples = [path for path in found if ">>> " in path.read_text(encoding="utf-8")]
    return sorted(".".join(path.relative_to(LIBRARY.parent).with_suffix("").parts) for path in with_examples)


@pytest.mark.parametrize("name", modules())
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name.removesuffix(".__init__"))
    outcome = doctest.testmod(module, optionflags=FLAGS)
    assert outcome.attempted > 0 or "doctest: +SKIP" in inspect.getsource(module)  # one that needs jax
    assert outcome.failed == 0


def test_there_are_examples() -> None:
    assert len(modules()) >= 6


def functions() -> list[str]:
    """The public functions of the front door."""
    return [name for name in samtheory.__all__ if inspect.isfunction(inspect.unwrap(getattr(samtheory, name)))]


@pytest.mark.parametrize("name", functions())
def test_a_public_function_has_numpydoc_sections(name: str) -> None:
    """Parameters where it takes any, Returns or a noun phrase, Raises where it refuses, and Examples."""
    function = getattr(samtheory, name)
    text = inspect.getdoc(function) or ""
    assert ">>> " in text, "no Examples"
    assert not inspect.signature(function).parameters or "Parameters\n----------" in text
