"""Sweeps: any executor, workers that die, and going on after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sweeps import CELLS, PROBLEM

from samtheory import cli
from samtheory.engine.run import run_many
from samtheory.errors import InputError
from samtheory.execution import spread as parallel
from samtheory.request import Request
from samtheory.verification import journal, runs, sweep
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judge


def documents(verdicts) -> str:
    """What is written of verdicts."""
    return json.dumps(sweep.Sweep(verdicts).to_json(), sort_keys=True)


def test_threads_processes_and_this_process_say_the_same() -> None:
    here = documents(sweep.sweep(CELLS))
    assert documents(sweep.sweep(CELLS, parallel.local(2))) == here
    with ThreadPoolExecutor(2) as threads:
        assert documents(sweep.sweep(CELLS, threads)) == here


def test_what_is_sent_together_is_of_one_problem_under_one_sampling() -> None:
    cells = sweep.select(["ridge", "logistic"], ["unified-sam/3.2"], ["full", "uniform"])[0]
    cells += sweep.select(["ridge"], ["unified-sam/3.2"], ["uniform"], [k / 40 for k in range(40)])[0]
    batches = sweep._batches(cells)
    assert sorted(str(cell) for batch in batches for cell, _ in batch) == sorted(map(str, cells))
    assert all(len({(cell.problem, cell.sampling) for cell, _ in batch}) == 1 for batch in batches)
    assert [len(batch) for batch in batches] == [32, 8, 3, 3, 3, 3]  # the longest first


def test_a_verdict_does_not_depend_on_which_cells_of_its_parcel_are_judged(monkeypatch) -> None:
    cells = sweep.select(["ridge"], samplings=["uniform"], lams=[0.0, 0.5], request=Request(steps=40))[0]
    moved = []
    monkeypatch.setattr(runs, "run_many", lambda *a, **k: moved.append(len(a[2])) or run_many(*a, **k))
    together = sweep.sweep(cells)
    assert max(moved) > 1
    assert documents(sweep.sweep(cells, known={each.cell: each for each in together[::2]})) == documents(together)
    for verdict, other in zip(map(judge, cells), together, strict=True):
        assert verdict.verdict == other.verdict
        assert verdict.bound_ratio == pytest.approx(other.bound_ratio, rel=1e-6)


@pytest.mark.parametrize(("deaths", "verdict"), [(1, "holds"), (99, "undecided")])
def test_a_worker_that_dies_has_its_cells_tried_again_and_never_dropped(tmp_path, deaths: int, verdict: str) -> None:
    (tmp_path / "marks").mkdir()
    path = tmp_path / "mine.py"
    path.write_text(PROBLEM.format(marks=tmp_path / "marks", parent=os.getpid()))
    cell = Cell(str(path), "unified-sam/3.4", "full", Request(steps=30), (("deaths", str(deaths)),))
    found = sweep.sweep([CELLS[0], cell, CELLS[1]], parallel.local(2))
    assert [each.cell for each in found] == [CELLS[0], cell, CELLS[1]]
    assert [each.verdict for each in found] == ["holds", verdict, "holds"]
    if verdict == "undecided":
        assert found[1].evidence[0].location == "the worker process died twice on this item"


def run(*words: str, cwd: Path) -> subprocess.Popen[str]:
    """The command, running."""
    return subprocess.Popen(
        [sys.executable, "-m", "samtheory", "verify", *words],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


WORDS = ("ridge", "--theorem", "unified-sam/3.2", "--theorem", "unified-sam/3.7", "--steps", "60")


def test_a_killed_sweep_goes_on_with_nothing_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    whole = run(*WORDS, "--workers", "1", "--json", "whole.json", cwd=tmp_path)
    assert whole.wait(120) == 0
    assert not (tmp_path / "whole.json.partial").exists()

    killed = run(*WORDS, "--workers", "1", "--json", "part.json", cwd=tmp_path)
    kept = tmp_path / "part.json.partial"
    deadline = time.monotonic() + 60
    while not kept.exists() or kept.read_bytes().count(b"\n") < 6:
        assert killed.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    killed.communicate()
    assert not (tmp_path / "part.json").exists()
    with kept.open("ab") as file:
        file.write(b'{"cell": {"problem": "rid')  # as if cut short
    done = journal.read(str(kept))
    assert len(done) >= 5

    again = run(*WORDS, "--resume", "part.json.partial", "--json", "part.json", cwd=tmp_path)
    assert again.wait(120) == 0
    again.communicate()
    assert (tmp_path / "part.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    lines = kept.read_text().splitlines()
    cells = [json.dumps(json.loads(line)["cell"], sort_keys=True) for line in lines[1:]]
    assert len(cells) == len(set(cells)) == len(json.loads((tmp_path / "whole.json").read_text())["cells"])


def test_a_journal_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    keep = journal.appender(path, "resume")
    verdicts = sweep.sweep(CELLS, on_done=keep)
    known = journal.read(path)
    assert known == {verdict.cell: verdict for verdict in verdicts}

    def never(*_: object) -> None:
        raise AssertionError("done twice")

    assert sweep.sweep(CELLS, on_done=never, known=known) == verdicts


@pytest.mark.parametrize("text", ["hello\n", '{"schema": "other"}\n', "[1]\n", '{"schema": "samtheory.journal/1"}\n'])
def test_something_else_is_no_journal(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal"
    path.write_text(text)
    with pytest.raises(InputError, match="resume="):
        journal.read(str(path))


#: A card whose f_inf is edited to one that is false.
CARD = """
import numpy as np
from samtheory import Problem, Quadratics, exact
def problem():
    return Problem(objective=Quadratics(np.ones((2, 1, 1)), np.zeros((2, 1))), x0=np.ones(1), L_i=exact(np.ones(2), ""),
        L=exact(1.0, ""), mu=exact(1.0, ""), f_inf=exact({f_inf}, ""), f_i_inf=exact(np.full(2, {f_inf}), ""),
        x_star=np.zeros(1), properties=frozenset({{"convex", "convex-components", "interpolation"}}))
"""
THEOREM = "from samtheory import load_theorem\ntheorem = load_theorem('unified-sam/3.2')\n"
METHOD = "from samtheory.methods.unified_sam import step\n"
FILES = {
    "card.py": CARD.format(f_inf="0.0"), "mine.py": THEOREM, "step.py": METHOD, "p.txt": "0.5\n0.5\n",
    "rows.csv": "1,2\n3,4\n",
}  # fmt: skip


@pytest.mark.parametrize(
    ("edited", "text", "words"),
    [
        ("card.py", CARD.format(f_inf="0.3"), ["card.py", "--sampling", "uniform"]),
        ("mine.py", THEOREM + "\n", ["card.py", "--sampling", "uniform"]),
        ("step.py", METHOD + "\n", ["card.py", "--sampling", "uniform", "--method", "step.py:step"]),
        ("p.txt", "0.4\n0.6\n", ["card.py", "--sampling", "single:p.txt"]),
        ("rows.csv", "1,2\n3,5\n", ["ridge", "--data", "rows.csv", "--sampling", "uniform"]),
    ],
)
def test_what_is_kept_of_a_file_that_changed_is_never_used(tmp_path, capsys, monkeypatch, edited, text, words) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    call = ["verify", *words, "--theorem", "mine.py", "--lam", "0", "--steps", "5", "--workers", "1"]
    assert cli.main([*call, "--resume", "journal", "--baseline", "baseline"]) == 0
    assert cli.main([*call, "--resume", "journal", "--baseline", "baseline"]) == 0
    (tmp_path / edited).write_text(text)
    capsys.readouterr()
    assert cli.main([*call, "--resume", "journal"]) == 2
    assert f"resume=journal: {edited} has changed since" in capsys.readouterr().err
    assert cli.main([*call, "--baseline", "baseline"]) == 1
    assert f"{edited}\n  content" in capsys.readouterr().err


def test_a_journal_of_other_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_text(json.dumps({**journal.head(), "program": "another"}) + "\n")
    with pytest.raises(InputError, match="other code"):
        journal.read(str(path))
