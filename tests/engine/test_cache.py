"""Kernels kept on disk: a damaged file there costs time, never an answer."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest.importorskip("numba", reason="the compiled engines need the extra `fast`")

SCRIPT = """
import samtheory as st
from samtheory.engine import run
p = st.load_problem("two-quadratics")
found = run(p, st.Full(), st.Schedule(0.01, 0.1, 0.5), steps=5, engine="compiled", record=[5])
print(found.points.tolist())
"""


@pytest.mark.parametrize("content", [b"", b"no pickle"])
def test_a_damaged_file_is_passed_over(tmp_path, content):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def answer():
        return subprocess.run(
            [sys.executable, "-c", SCRIPT], capture_output=True, check=True, env=environment, text=True
        ).stdout

    first = answer()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        path.write_bytes(content)
    assert answer() == first
