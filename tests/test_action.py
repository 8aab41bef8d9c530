"""The steps of action.yml and the pre-commit hooks, as a server runs them, and the Markdown summary."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from samtheory.cli import main

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL, VERIFY = (step for step in ACTION["runs"]["steps"] if "run" in step)


def run(step, folder, inputs, **more):
    """One step in bash, with its inputs and no others of the environment."""
    filled = {**{name: each.get("default", "") for name, each in ACTION["inputs"].items()}, **inputs}
    given = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: filled[match[1]], text)
        for name, text in step["env"].items()
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {"PATH": path, "GITHUB_ACTION_PATH": str(ROOT), "HOME": str(folder), **given, **more}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_action_installs_the_repository(tmp_path):
    # pip reads the second of these the other way round: 0 is without isolation, so that nothing is fetched.
    quick = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_TARGET": str(tmp_path / "site")}
    copied = tmp_path / "samtheory"
    copied.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (copied / name).write_bytes((ROOT / name).read_bytes())
    (copied / "samtheory").mkdir()
    for name in ("__init__.py", "_version.py"):
        (copied / "samtheory" / name).write_bytes((ROOT / "samtheory" / name).read_bytes())
    found = run(INSTALL, tmp_path, {}, **quick, GITHUB_ACTION_PATH=str(copied))
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "site" / "samtheory" / "__init__.py").exists()


@pytest.mark.parametrize(("problem", "code"), [("'a b/good one.py'", 0), ("bad.py", 1)])
def test_the_action_verifies_and_adds_to_the_summary(problem, code, tmp_path):
    (tmp_path / "a b").mkdir()
    text = (ROOT / "problems" / "tight_pair.py").read_text(encoding="utf-8")
    (tmp_path / "a b" / "good one.py").write_text(text)
    (tmp_path / "bad.py").write_text(text.replace("exact(L * c * c / 2,", "exact(0.55 * L * c * c,"))
    summary = tmp_path / "summary.md"
    summary.write_text("### before\n")
    inputs = {"arguments": f"{problem} --theorem 3.2 --sampling uniform --lam 0.5 --workers 1"}
    found = run(VERIFY, tmp_path, inputs, GITHUB_STEP_SUMMARY=str(summary))
    assert (found.returncode != 0) == (code != 0), found.stderr
    written = summary.read_text(encoding="utf-8")
    assert written.startswith("### before\n### samtheory: 1 cell, ")
    assert "| unified-sam/3.2 |" in written
    assert ("`samtheory verify bad.py" in written) == (code == 1)


def test_a_summary_that_cannot_be_written_is_one_line_before_any_work(tmp_path, capsys):
    path = tmp_path / "none" / "summary.md"
    assert main(["verify", "sine-1d", "--theorem", "3.4", "--summary", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"samtheory: error: summary={path}: must be a file that can be written")


def test_the_hooks_run_on_file_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems").mkdir()
    (tmp_path / "problems" / "pair.py").write_bytes((ROOT / "problems" / "tight_pair.py").read_bytes())
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    narrow = {"samtheory-check": ["--sampling", "uniform"], "samtheory-verify": ["--theorem", "3.4"]}
    assert {hook["id"] for hook in hooks} == set(narrow)
    for hook in hooks:
        name, *words = shlex.split(hook["entry"])
        assert name == "samtheory"
        assert re.match(hook["files"], "problems/pair.py")
        assert main([*words, *narrow[hook["id"]], "problems/pair.py"]) == 0
