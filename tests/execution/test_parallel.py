"""Work on any executor: the same bytes, nothing dropped when a worker dies, errors reported as in one process."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from deadly import double
from sweeps import CELLS, PROBLEM

from samtheory import cli
from samtheory.checking import sweep as cards
from samtheory.errors import InputError, MissingExtra, NotApplicable
from samtheory.execution import spread as parallel
from samtheory.execution.dask import cluster
from samtheory.figures import fig4, make
from samtheory.figures.base import KINDS
from samtheory.io import json as documents
from samtheory.request import Request
from samtheory.verification import sweep

PARCELS = [[0, 1, 2], [3, 4], [5], *([k] for k in range(6, 30))]


def refuse(k: int) -> int:
    """An error for each."""
    raise (MissingExtra("it", "data"), NotApplicable("no"), KeyError("gone"))[k]


# Workers that die


def test_only_what_kills_its_worker_is_lost() -> None:
    came: list[int] = []
    found = parallel.spread(double, PARCELS, parallel.local(3), lambda k: -k, came.append)
    assert found == [-k if k in (1, 20) else 2 * k for k in range(30)]
    assert sorted(came) == sorted(found)


def test_an_executor_that_cannot_be_made_again_drops_nothing() -> None:
    with ProcessPoolExecutor(2) as pool:
        found = parallel.spread(double, PARCELS, pool, lambda k: -k)
        assert parallel.spread(double, [[3], [4]], pool, lambda k: -k) == [-3, -4]
    assert found[1] == -1
    assert all(each in (-k, 2 * k) for k, each in enumerate(found))


#: A problem whose gradients kill every process but this one.
DEADLY = f"""
import os, numpy as np
from samtheory import Problem, UserSum, exact

def gradient(i, x):
    return x if os.getpid() == {os.getpid()} else os._exit(9)

def problem():
    one, zero = exact(np.ones(1), ""), exact(0.0, "")
    return Problem(UserSum(lambda i, x: x @ x / 2, gradient, 1, 1), np.ones(1), one, exact(1.0, ""), zero)
"""


def test_a_card_whose_workers_died_is_undecided_and_the_others_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(DEADLY)
    words = ["check", "mine.py", "tight-pair", "--sampling", "full", "--workers", "2"]
    assert cli.main([*words, "--json"]) == 3
    said = capsys.readouterr()
    mine, pair = json.loads(said.out)["problems"]
    assert [constant["verdict"] for constant in mine["constants"]] == ["undecided"]
    assert {constant["verdict"] for constant in pair["constants"]} <= {"certified", "consistent", "not claimed"}
    assert f"undecided: mine.py, full: {parallel.WORKER_DIED}" in said.err
    assert cli.main(words) == 3
    assert "1 undecided" in capsys.readouterr().out


def test_a_figure_whose_workers_died_is_undecided_and_the_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fig4, "numbers", lambda quick: os._exit(9))
    words = ["figures", "fig4", "fig5", "--quick", "--workers", "2", "--out", str(tmp_path), "--json", "-"]
    assert cli.main(words) == 3
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert [each["figure"] for each in document["figures"]] == ["fig5"]
    assert document["undecided"] == [{"figure": "fig4", "reason": parallel.WORKER_DIED}]
    assert f"fig4: undecided: {parallel.WORKER_DIED}" in said.err.splitlines()
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", "fig5.json", *(f"fig5.{kind}" for kind in KINDS)}


# Errors


@pytest.mark.parametrize(
    ("k", "kind", "message"),
    [(0, InputError, r"samtheory\[data\]"), (1, NotApplicable, "no"), (2, RuntimeError, "KeyError: 'gone'")],
)
def test_an_error_of_the_work_is_no_worker_that_died(k: int, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as raised:
        parallel.spread(refuse, [[k]], parallel.local(2), lambda k: k)
    assert "in refuse" in "".join(raised.value.__notes__)


# The same, whatever works on it


def bytes_of(executor: parallel.Executors | ThreadPoolExecutor | None, paths: list[str]) -> list[str]:
    """What is written of verdicts, cards and figures."""
    cells = [*CELLS, *sweep.select(paths, ["unified-sam/3.4"], lams=[0.5], request=Request(steps=30))[0]]
    tasks, _ = cards.select(["tight-pair", *paths], ["full"])
    numbers, _, undecided = make.compute(["fig5"], True, executor)
    assert undecided == {}
    return [
        documents.text(sweep.Sweep(sweep.sweep(cells, executor)).to_json()),
        documents.text(cards.check_all(tasks, executor).to_json()),
        documents.text(make.document(numbers, {}, {}, None, True)),
    ]


def test_processes_threads_and_a_dask_cluster_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    for folder in ("marks", "elsewhere"):
        (tmp_path / folder).mkdir()
    (tmp_path / "mine.py").write_text(PROBLEM.format(marks=tmp_path / "marks", parent=os.getpid()))
    monkeypatch.chdir(tmp_path / "elsewhere")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        monkeypatch.chdir(tmp_path)
        here = bytes_of(None, ["mine.py"])
        assert bytes_of(parallel.local(2), ["mine.py"]) == here
        with ThreadPoolExecutor(2) as threads:
            assert bytes_of(threads, ["mine.py"]) == here
        with cluster(running.scheduler_address, 2) as made:
            with made() as pool:
                assert not pool.submit(Path("mine.py").exists).result()  # it travels with its cell
            assert bytes_of(made, ["mine.py"]) == here


def test_only_what_kills_its_dask_worker_is_lost() -> None:
    dask = pytest.importorskip("dask", reason="the extra `cluster` is not installed")
    # Dask's own three attempts with what kills its workers would take long.
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), cluster("local", 1) as made:
        assert parallel.spread(double, [[0, 1]], made, lambda k: -k) == [0, -1]


def test_the_command_works_on_a_dask_cluster(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    words = ["check", "tight-pair", "--sampling", "uniform", "--json"]
    assert cli.main([*words, "--workers", "1"]) == 0
    here = capfd.readouterr()
    assert cli.main([*words, "--workers", "1", "--dask", "local"]) == 0
    assert capfd.readouterr().out == here.out


@pytest.mark.parametrize("command", ["check", "figures", "verify"])
def test_no_scheduler_is_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    words = {"verify": ["sine-1d"], "check": ["sine-1d"], "figures": ["fig5", "--out", "nowhere"]}[command]
    assert cli.main([command, *words, "--dask", "nonsense"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "dask=nonsense: " in line
