"""The command line: exit codes, documents, tables, and what it leaves alone."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import samtheory.report.progress
from samtheory import catalogue, cli, load_problem, load_theorem, parse_sampling
from samtheory._version import __version__
from samtheory.commands import COMMANDS
from samtheory.errors import MissingExtra
from samtheory.report import verdicts
from samtheory.request import Request
from samtheory.status import Status
from samtheory.verification import sweep
from samtheory.verification.cell import Cell
from samtheory.verification.evidence import Evidence
from samtheory.verification.judge import Verdict, judge

HEAVY = {"numpy", "scipy", "sympy", "matplotlib", "rich"}
QUICK = ("--trials", "4", "--steps", "20", "--workers", "1")
CELL = ("--theorem", "unified-sam/3.2", "--sampling", "full", "--lam", "0", *QUICK)


def python(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, check=False, **options
    )


# Help, version, entry points


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_is_printed_without_loading_anything_heavy(command):
    run = python("-X", "importtime", "-m", "samtheory", *command, "--help")
    assert run.returncode == 0
    assert run.stdout.startswith("usage: samtheory")
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    assert not {line.split("|")[-1].strip().split(".")[0] for line in lines} & HEAVY


def test_help_names_every_command_and_the_exit_codes(capsys):
    assert cli.main(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for word in (*COMMANDS, "bad input", "interrupted"):
        assert word in out


def test_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"samtheory {__version__}\n"


def test_blas_runs_on_one_thread_unless_told_otherwise():
    show = "import os, samtheory.cli as c; c.main(['--version']); print(os.environ['OMP_NUM_THREADS'])"
    bare = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    assert python("-c", show, env=bare).stdout.split()[-1] == "1"
    assert python("-c", show, env={**bare, "OMP_NUM_THREADS": "3"}).stdout.split()[-1] == "3"


# list


def test_list_names_everything_with_its_source(capsys):
    assert cli.main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "samtheory.list/1"
    assert [entry["name"] for entry in found["problems"]] == catalogue.problems()
    assert [entry["key"] for entry in found["theorems"]] == list(catalogue.theorems())
    assert {entry["key"] for entry in found["samplings"]} >= {"full", "uniform", "nice", "single", "independent"}
    for entry in (*found["problems"], *found["theorems"], *found["samplings"]):
        assert entry["source"] or entry["needs"]

    assert cli.main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for entry in (*found["problems"], *found["theorems"], *found["samplings"]):
        word = entry.get("name") or entry.get("form") or entry["key"]
        (line,) = [line for line in lines if line.split()[:1] == [word]]
        assert entry.get("needs") or entry["source"] in line


@pytest.mark.parametrize("kind", ["problems", "theorems", "samplings"])
def test_list_one_kind(capsys, kind):
    assert cli.main(["list", kind, "--json"]) == 0
    beside = {"remembered"} if kind == "theorems" else set()
    assert set(json.loads(capsys.readouterr().out)) == {"schema", "version", kind} | beside


def test_what_needs_an_extra_says_so_and_does_not_break_the_listing(capsys, monkeypatch, tmp_path):
    (tmp_path / "fine.py").write_text((catalogue.PROBLEMS / "sine_1d.py").read_text())
    (tmp_path / "needy.py").write_text(
        '"""Needs more."""\nfrom samtheory.errors import MissingExtra\n'
        'def problem(size: int = 3):\n    raise MissingExtra("needy", "data")\n'
    )
    (tmp_path / "broken.py").write_text("1 / 0\n")
    monkeypatch.setattr(catalogue, "PROBLEMS", tmp_path)
    assert cli.main(["list", "problems"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert str(MissingExtra("needy", "data")) in out
    assert "ZeroDivisionError" in out
    assert "one-dimensional" in out


# verify: exit codes


def test_all_holds_is_0_and_the_document_goes_to_stdout_alone(capsys):
    assert cli.main(["verify", "sine-1d", *CELL, "--json", "-"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["schema"] == "samtheory.verify/1"
    assert [cell["verdict"] for cell in found["cells"]] == ["holds"]
    assert out == json.dumps(found, sort_keys=True, indent=2) + "\n"
    assert "1 of 1 cells done" in err
    assert "1 cell: holds" in err


def test_a_violation_is_1_with_the_evidence_and_the_command(capsys):
    argv = ["verify", "sine-1d", *CELL, "--rho", "0.3", "--gamma", "2", "--allow-outside"]
    assert cli.main([*argv, "--json", "-"]) == 1
    out, err = capsys.readouterr()
    (cell,) = json.loads(out)["cells"]
    assert cell["verdict"] == "violated"
    assert cell["slack"] < 1
    assert "one-step" in err
    assert "RuntimeWarning" not in err
    (command,) = [line.strip() for line in err.splitlines() if line.startswith("  samtheory verify")]
    assert command == cell["command"]
    assert cli.main(command.split()[1:]) == 1


AT = ("--theorem", "unified-sam/3.2", "--sampling", "uniform", "--lam", "0.5")


@pytest.mark.parametrize(("factor", "trials", "code"), [(0.5, 2, 0), (1.2, 2, 3), (1e9, 12, 1)])
def test_curves_of_another_program(capsys, tmp_path, factor, trials, code):
    """Half of the bound holds; a little above it in two trials proves nothing; far above it is a violation."""
    problem, theorem = load_problem("ridge"), load_theorem("unified-sam/3.2")
    plan = theorem.plan(problem.constants(parse_sampling("uniform")), lam=0.5)
    rows = [["t", *(f"trial {k}" for k in range(trials))]]
    rows += [[str(t), *[repr(factor * float(plan.bound(t, problem.delta0)))] * trials] for t in (0, 5, 9)]
    file = tmp_path / "curves.csv"
    file.write_text("\n".join(",".join(row) for row in rows))
    assert cli.main(["verify", "ridge", "--curves", str(file), *AT, "--json", "-"]) == code
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert cell["verdict"] == {0: "holds", 1: "violated", 3: "undecided"}[code]
    assert cell["slack"] == pytest.approx(1 / factor)


def test_curves_need_no_header_and_may_have_blank_lines(capsys, tmp_path):
    file = tmp_path / "curves.csv"
    file.write_text("0, 1e-9\n\n3, 0\n")
    assert cli.main(["verify", "ridge", "--curves", str(file), *AT, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["cells"][0]["evidence"][0]["cases"] == 2


def interrupting(cells, executor, on_done, known):
    """A sweep that Ctrl-C stops after its first cell."""
    on_done(judge(cells[0]))
    raise KeyboardInterrupt


def test_ctrl_c_is_3_shows_what_was_done_and_leaves_the_old_document(capsys, monkeypatch, tmp_path):
    old = tmp_path / "report.json"
    old.write_text("old")
    monkeypatch.setattr(sweep, "sweep", interrupting)
    assert cli.main(["verify", "sine-1d", *QUICK, "--lam", "0", "--json", str(old)]) == 3
    err = capsys.readouterr().err
    assert "1 cell: holds" in err
    assert err.splitlines()[-1].startswith("samtheory: interrupted after 1 of ")
    assert old.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [old, tmp_path / "report.json.partial"]
    assert err.splitlines()[-1].endswith(f"go on with --resume {old}.partial")


def test_ctrl_c_at_any_other_time_is_3(tmp_path):
    file = tmp_path / "stops.py"
    file.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(60)\n")
    run = python("-m", "samtheory", "rates", str(file))
    assert (run.returncode, run.stdout, run.stderr) == (3, "", "samtheory: interrupted\n")


def test_a_closed_pipe_ends_quietly(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "samtheory", "rates", "ridge", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=120) == 3


# verify: the document


def test_the_document_does_not_depend_on_workers_or_company(capsys, tmp_path):
    files = [str(tmp_path / name) for name in ("one", "two", "alone")]
    both = ["verify", "ridge", "sine-1d", *CELL[:-2]]
    assert cli.main([*both, "--workers", "1", "--json", files[0]]) == 0
    assert cli.main([*both, "--workers", "2", "--json", files[1]]) == 0
    assert cli.main(["verify", "sine-1d", *CELL, "--json", files[2]]) == 0
    one, two, alone = (Path(file).read_text() for file in files)
    assert one == two
    assert json.loads(alone)["cells"] == [c for c in json.loads(one)["cells"] if c["problem"] == "sine-1d"]
    assert "NaN" not in one
    assert "Infinity" not in one
    assert str(tmp_path) not in one
    assert sorted(file.name for file in tmp_path.iterdir()) == ["alone", "one", "two"]
    assert "cells" in capsys.readouterr().err


def test_a_finished_document_replaces_the_old_one_behind_a_link(capsys, tmp_path):
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    assert cli.main(["verify", "sine-1d", *CELL, "--json", str(tmp_path / "link.json")]) == 0
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["cells"]
    assert capsys.readouterr().out == ""


def test_an_unwritable_document_is_found_before_the_work(capsys, monkeypatch, tmp_path):
    def never(*_):
        raise AssertionError("worked")

    monkeypatch.setattr(sweep, "sweep", never)
    assert cli.main(["verify", "sine-1d", *CELL, "--json", str(tmp_path / "none" / "report.json")]) == 2
    assert "json=" in capsys.readouterr().err


def test_what_is_skipped_has_a_reason(capsys):
    argv = ["verify", "ridge", "--theorem", "unified-sam/3.4", "--lam", "0", *QUICK, "--json", "-"]
    assert cli.main(argv) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert [cell["sampling"] for cell in found["cells"]] == ["full"]
    assert all("full-batch" in entry["reason"] for entry in found["skipped"])
    assert f"{len(found['skipped'])}  unified-sam/3.4" in err


def test_json_has_null_for_what_is_not_finite():
    from samtheory.io.json import text

    document = json.loads(text({"b": float("inf"), "a": [float("nan"), 1.5], "c": {"d": -float("inf")}}))
    assert document == {"a": [None, 1.5], "b": None, "c": {"d": None}}


# Tables and progress


def verdict(k: int, word: str = "holds") -> Verdict:
    """One of many cells of a large sweep."""
    theorem = f"unified-sam/{k // 19 % 8}"
    cell = Cell(f"problem-{k % 19}", theorem, "independent:0.5", Request("1-1/t", gamma=0.1, seed=k))
    piece = Evidence("one-step", "E delta+", Status(word), "exact", 1.5 + k, f"trajectory 3, t={k}", 7)
    return Verdict(cell, piece.verdict, piece.bound_ratio, f"one-step: {piece.location}", (piece,))


@pytest.mark.parametrize("columns", [80, 120])
def test_a_large_sweep_stays_readable(columns):
    bad = {100: "violated", 250: "undecided", 251: "undecided"}
    found = [verdict(k, bad.get(k, "holds")) for k in range(600)]
    skipped = [{"problem": "p", "theorem": f"t/{k % 3}", "sampling": "", "lam": "", "reason": "no"} for k in range(40)]
    lines = list(verdicts.verdicts(found, skipped, columns))
    commands = [line for line in lines if line.startswith("  samtheory verify")]
    assert commands == ["  " + found[k].cell.command for k in bad]
    assert all(len(line) <= columns for line in lines if "samtheory verify" not in line)
    assert len(lines) < 3 * (19 + 8) + 6 * len(bad) + 20
    assert sum("violated" in line for line in lines) >= 2
    summary = " ".join(" ".join(lines[-4:]).split())
    assert "600 cells: 1 violated, 2 undecided, 597 hold" in summary
    assert "smallest bound / measured 1.500: problem-0, unified-sam/0" in summary
    assert "40 skipped" in summary
    assert [line.split()[0] for line in lines if re.match(r"problem-\d+ ", line)] == [f"problem-{k}" for k in range(19)]
    assert sorted(line.split()[0] for line in lines if line.startswith("unified-sam/")) == sorted(
        {verdict.cell.theorem for verdict in found}
    )


def test_few_cells_are_shown_one_by_one():
    lines = list(verdicts.verdicts([verdict(k) for k in range(3)], [], 120))
    assert sum("independent:0.5 λ=1-1/t" in line for line in lines[:-1]) == 3 + 1  # and once by theorem
    assert "ratio" in lines[0]


def test_one_problem_has_no_table_of_theorems():
    lines = list(verdicts.verdicts([verdict(19 * k) for k in range(3)], [], 120))
    assert not any(line.startswith("theorem") for line in lines)
    assert sum(line.startswith("  unified-sam/") for line in lines) == 3


def test_many_reasons_are_merged_by_assumption_and_by_what_differs_in_numbers_alone():
    lacking = "not claimed of this problem and sampling: "
    reasons = [f"{lacking}PL, convex", f"{lacking}convex", *(f"Lambda={k}.5 above L_max={k}e-07" for k in range(9))]
    skipped = [{"problem": "p", "theorem": f"t/{k}", "reason": f"t/{k}: {reason}"} for k, reason in enumerate(reasons)]
    assert list(verdicts.merged(skipped)) == [
        ("9", "Lambda=… above L_max=…: t/2, t/3, t/4 and 6 more"),
        ("2", "convex is not claimed: t/0, t/1"),
        ("1", "PL is not claimed: t/0"),
    ]
    text = "\n".join(verdicts.verdicts([verdict(0)], skipped, 120))
    assert "above L_max=…" in text
    assert "11 skipped" in text
    few = "\n".join(verdicts.verdicts([verdict(0)], skipped[:3], 120))
    assert "Lambda=0.5 above L_max=0e-07" in few


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def progressed(monkeypatch, stream: io.StringIO, bar) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(samtheory.report.progress, "Bar", bar)
    with samtheory.report.progress.Progress(3, "cells") as progress:
        for k in range(3):
            progress.step(k)
    assert progress.done == [0, 1, 2]
    return stream.getvalue()


def test_progress_is_one_line_where_nobody_looks(monkeypatch):
    assert progressed(monkeypatch, io.StringIO(), samtheory.report.progress.Bar) == "3 of 3 cells done\n"


def test_progress_is_a_plain_bar_without_rich(monkeypatch):
    shown = progressed(monkeypatch, Terminal(), None)
    assert "\r[##########....................] 1/3 cells" in shown
    assert shown.endswith("3 of 3 cells done\n")


def test_progress_is_a_bar_of_rich_where_that_is_installed(monkeypatch):
    pytest.importorskip("rich", reason="the extra `terminal` is not installed")
    shown = progressed(monkeypatch, Terminal(), samtheory.report.progress.Bar)
    assert "3/3" in shown
    assert shown.endswith("3 of 3 cells done\n")
