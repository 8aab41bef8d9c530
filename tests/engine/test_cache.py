"""Kernels kept on disk: a damaged file there costs time, a changed source makes a kernel anew; never a wrong answer."""

from __future__ import annotations

import importlib.util
import inspect
import shutil
from pathlib import Path

import pytest

numba = pytest.importorskip("numba", reason="the compiled engines need the extra `fast`")

from samtheory.engine import batches, jit, kernels  # noqa: E402

KERNEL = """
from samtheory.engine.jit import inlined, kernel

@inlined
def times(x):
    return {factor} * x

@kernel
def scaled(stamp, x):
    return times(x)
"""


def answer(folder: Path, factor: int = 3) -> int:
    """What the kernel of a module in this folder makes of 7."""
    path = folder / "small.py"
    if not path.exists():
        path.write_text(KERNEL.format(factor="FACTOR"))
    spec = importlib.util.spec_from_file_location("small", path)
    module = importlib.util.module_from_spec(spec)
    module.FACTOR = factor  # a source that is not the kernel's own file
    spec.loader.exec_module(module)
    return module.scaled(jit.stamp(), 7)


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("small.scaled*") if path.suffix in (".nbi", ".nbc")]


@pytest.fixture(autouse=True)
def _in_the_folder_itself(monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")


@pytest.mark.parametrize("content", [b"", b"no pickle"])
@pytest.mark.parametrize("damaged", [".nbi", ".nbc"])
def test_a_damaged_file_is_passed_over(tmp_path, damaged, content):
    assert answer(tmp_path) == 21
    for path in kept(tmp_path):
        if path.suffix == damaged:
            path.write_bytes(content)
    assert answer(tmp_path) == 21


def test_a_kernel_on_disk_is_not_used_when_a_source_has_changed(tmp_path, monkeypatch):
    """Numba looks at a kernel's own file alone; what it is made from must count too."""
    package = tmp_path / "samtheory"
    for folder in ("engine", "objectives"):
        shutil.copytree(jit.HERE.parent / folder, package / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(jit, "HERE", package / "engine")

    def made(factor: int) -> int:
        jit.stamp.cache_clear()
        return answer(tmp_path, factor)

    try:
        assert made(3) == 21
        assert made(5) == 21, "from disk"
        for k, source in enumerate((package / "objectives" / "losses.py", package / "engine" / "batches.py"), 6):
            source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
            assert made(k) == 7 * k
    finally:
        jit.stamp.cache_clear()


def test_every_kernel_takes_the_stamp():
    """But the search of draws, which stands in one file alone."""
    made = [each for module in (batches, kernels) for each in vars(module).values() if inspect.isfunction(each)]
    first = {
        each.__name__: next(iter(inspect.signature(each).parameters)) for each in made if hasattr(each, "__wrapped__")
    }
    assert len(first) > 4
    assert [name for name in first if first[name] != "stamp"] == ["look_up"]


def test_kernels_work_where_nothing_can_be_written(monkeypatch):
    compile_ = numba.njit

    def njit(*args, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_(*args, **options)

    monkeypatch.setattr(numba, "njit", njit)
    assert jit.kernel(lambda x: x + 1)(2) == 3
