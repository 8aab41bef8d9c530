"""What all tests share: one BLAS thread, and Hypothesis examples that are the same on every run."""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A job in the background ignores Ctrl-C, and so would every process that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

import pytest  # noqa: E402
from hypothesis import Phase, settings  # noqa: E402

settings.register_profile("samtheory", deadline=None, derandomize=True, print_blob=True, max_examples=50)
settings.load_profile("samtheory")
# `scripts/mutants` asks whether a test fails, not for the smallest example.
settings.register_profile("mutants", settings.get_profile("samtheory"), phases=[Phase.explicit, Phase.generate])


@pytest.fixture(autouse=True)
def as_wide_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No terminal's width comes in from outside: pytest-xdist sets COLUMNS in its workers."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(autouse=True)
def one_process_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command works in the process of the test unless the test asks for workers."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


@pytest.fixture(autouse=True, scope="session")
def keys_have_a_meaning():
    """Every document that a command writes in this process has keys with a meaning in `docs/_pages/keys.py`."""
    from samtheory.io import json

    sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))
    from _pages import keys

    written, shown = json.text, json.show

    def checked(document):
        if isinstance(document, dict) and document.get("schema") in keys.tables():
            assert keys.undescribed(json.plain(document)) == set()
        return written(document)

    def named(document):
        assert document["schema"] in keys.tables()
        shown(document)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json, "text", checked)
        patched.setattr(json, "show", named)
        yield
