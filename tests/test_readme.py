"""Every example of the README is run: the output of consoles, the Python blocks, the table of real data."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from samtheory.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
readme = importlib.import_module("_readme")
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    """The README's code blocks of one language."""
    return [text for language, text in BLOCK.findall(README.read_text(encoding="utf-8")) if language == kind]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    return tmp_path


@pytest.mark.parametrize("number", range(len(blocks("console"))))
def test_a_console_shows_what_the_commands_print(here: Path, number: int) -> None:
    """If this fails: scripts/readme --update."""
    earlier, console = blocks("console")[:number], blocks("console")[number]
    for made in re.findall(r"^\$ (printf .*)$", "".join(earlier), re.MULTILINE):
        subprocess.run(["bash", "-c", made], cwd=here, check=True)
    assert readme.run(console, here) == console


def test_the_page_is_updated_and_checked_by_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    page = tmp_path / "README.md"
    monkeypatch.setattr(readme, "README", page)
    page.write_text(
        "# A page\n```console\n$ printf '%s\\n' 1 > one\n$ cat one; echo 2 >&2\nold\n```\n", encoding="utf-8"
    )
    assert readme.main(["--check"]) == 1
    assert "-old" in capsys.readouterr().out
    assert readme.main(["--update"]) == 0
    assert page.read_text(encoding="utf-8").endswith("$ cat one; echo 2 >&2\n2\n1\n```\n")
    assert readme.main(["--check"]) == 0


def test_the_library_example_works(here: Path) -> None:
    exec(compile(blocks("python")[0], "README", "exec"), {})  # noqa: S102


def test_the_page_is_short_and_names_every_command() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count("\n") < 200
    assert all(f"`{command}`" in text for command in COMMANDS)


def test_the_table_of_real_data_is_what_the_theorems_promise() -> None:
    from samtheory import Importance, compare, load_problem

    pytest.importorskip("sklearn", reason="scikit-learn, the extra `data`")
    text = README.read_text(encoding="utf-8").partition("| problem ")
    lines = [line for line in "".join(text[1:]).partition("## ")[0].splitlines() if line.startswith("|")]
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    assert len(rows) == 2
    for name, n, d, kappa, sampled, *promised in rows:
        problem = load_problem(name)
        constants = problem.constants(Importance())
        assert (problem.n, problem.d) == (int(n), int(d))
        assert f"{constants.L / constants.mu:.1f}" == kappa
        assert f"{constants.Lambda / constants.mu:.1f}" == sampled
        found = compare(problem, Importance(), head[5:], 0.5, 0.1, steps=0).rows
        by_key = {row.choice.theorem.key: row.choice.iterations for row in found}
        assert [f"{by_key[key]:,}" for key in head[5:]] == promised
