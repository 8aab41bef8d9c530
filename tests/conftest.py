"""What all tests share: one BLAS thread, and Hypothesis examples that are the same on every run."""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import signal  # noqa: E402

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
