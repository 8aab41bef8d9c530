"""Signals, streams, disks: how a command ends, and what it leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from samtheory import cli

LONG = ["verify", "ridge", "--steps", "200000", "--trials", "4096", "--workers", "2"]
CALL = [sys.executable, "-m", "samtheory"]


def children(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def gone(pids, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(alive, pids)):
        time.sleep(0.1)
    return not any(map(alive, pids))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc and ps")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL], ids=lambda s: s.name)
def test_no_worker_outlives_its_parent(sent):
    parent = subprocess.Popen([*CALL, *LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 60
        while len(workers := children(parent.pid)) < 2 and time.monotonic() < end:
            time.sleep(0.1)
        assert len(workers) >= 2
        time.sleep(0.2)
        parent.send_signal(sent)
        assert gone([parent.pid, *workers])
        _, err = parent.communicate(timeout=20)
        if sent != signal.SIGKILL:
            assert parent.returncode == 3
            assert "interrupted" in err
            assert "Traceback" not in err
    finally:
        parent.kill()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(("redirect", "code"), [("2>/dev/full", 0), ("2>&-", 0), (">/dev/full", 3), (">&-", 0)])
def test_a_full_disk_or_a_closed_stream_is_no_violation(redirect, code):
    call = ["rates", "ridge", "--sampling", "uniform", "--theorem", "unified-sam/3.2"]
    line = " ".join([*CALL, *call, redirect])
    assert subprocess.run(["sh", "-c", line], capture_output=True, check=False).returncode == code


def test_a_document_is_in_utf8_whatever_the_locale():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    call = [*CALL, "explain", "unified-sam/3.2"]
    out = subprocess.run(call, capture_output=True, check=True, env=environment).stdout.decode("utf-8")
    assert "λ" in out or "γ" in out or "ρ" in out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_document_for_a_full_disk_is_unfinished_and_names_the_option(capsys):
    call = ["verify", "two-quadratics", "--theorem", "unified-sam/3.4", "--sampling", "full", "--lam", "1"]
    assert cli.main([*call, "--workers", "1", "--json", "/dev/full"]) == 3
    err = capsys.readouterr().err
    assert "json=/dev/full: cannot be written (No space left on device)" in err


def test_a_call_from_python_leaves_the_signals_as_they_were(capsys):
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)]
    assert cli.main(["list"]) == 0
    assert [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)] == before


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_file_whose_name_is_no_text_is_read_and_named(tmp_path):
    """The name is shown with an escape; documents are UTF-8."""
    path = os.fsencode(tmp_path) + b"/mine\xff -\n.py"
    Path(os.fsdecode(path)).write_text(
        "from samtheory import load_problem\ndef problem():\n    return load_problem('two-quadratics')\n",
        encoding="utf-8",
    )
    words = "--theorem unified-sam/3.4 --sampling full --lam 0 --steps 5 --workers 1 --json o.json --html o.html"
    run = subprocess.run(
        [sys.executable, "-m", "samtheory", "verify", path, *words.split()],
        cwd=tmp_path, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (0, b"")
    assert "mine" in (tmp_path / "o.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["cells"][0]["verdict"] == "holds"
