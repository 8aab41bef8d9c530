"""The how-to pages do what they say: their files are written, their commands run, in the order of the page."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from samtheory import cli

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = (
    "index",
    "methods",
    "check-my-problem",
    "check-my-optimizer",
    "judge-my-curve",
    "add-to-ci",
    "add-a-theorem",
    "tightness",
)

BLOCK = re.compile(r"(?:<!-- file (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```\n", re.DOTALL)


def shell(command: str) -> int:
    """The exit code of a command that is neither samtheory's nor pytest's, with this Python."""
    command = re.sub(r"^python\b", shlex.quote(sys.executable), command)
    root = str(DOCS.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    done = subprocess.run(command, shell=True, check=False, env=environment, capture_output=True, text=True)
    print(done.stdout, done.stderr)
    return done.returncode


def pytest_apart(words: list[str], installed: bool) -> int:
    """The exit code of pytest in a process of its own, forked from this one."""
    plugin = [] if installed else ["-p", "samtheory.pytest_plugin"]
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return int(pool.submit(pytest.main, ["-p", "no:cacheprovider", *plugin, *words]).result())


def run(line: str, capsys: pytest.CaptureFixture[str], installed: bool) -> int:
    """The exit code of one line of a console."""
    words, target = shlex.split(line), None
    if words[0] == "pytest":
        return pytest_apart(words[1:], installed)
    if words[0] != "samtheory":
        return shell(line)
    if ">" in words:
        words, target = words[: words.index(">")], words[words.index(">") + 1]
    capsys.readouterr()
    code = cli.main(words[1:])
    out, err = capsys.readouterr()
    print(out, err)
    if target is not None:
        Path(target).write_text(out, encoding="utf-8")
    return code


@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_what_it_says(page: str, tmp_path, monkeypatch, capsys, pytestconfig) -> None:
    monkeypatch.chdir(tmp_path)
    installed = pytestconfig.pluginmanager.has_plugin("samtheory")
    blocks = list(BLOCK.finditer((DOCS / f"{page}.md").read_text(encoding="utf-8")))
    assert any(block["kind"] == "console" for block in blocks)
    for block in blocks:
        if block["file"]:
            place = tmp_path / block["file"]
            place.parent.mkdir(exist_ok=True)
            place.write_text(block["text"], encoding="utf-8")
        elif block["kind"] == "python":
            exec(compile(block["text"], f"{page}.md", "exec"), {"__name__": page})  # noqa: S102
        elif block["kind"] == "console":
            for line in block["text"].splitlines():
                assert line.startswith("$ "), line
                command, _, code = line[2:].partition("# exit code ")
                assert run(command.strip(), capsys, installed) == int(code or 0), line


def test_the_workflow_runs_what_the_page_shows() -> None:
    """The arguments of the action, and the hooks, are known to this repository."""
    text = (DOCS / "add-to-ci.md").read_text(encoding="utf-8")
    workflow, hooks = (block["text"] for block in BLOCK.finditer(text) if block["kind"] == "yaml")
    (arguments,) = re.findall(r"arguments: (.*)", workflow)
    assert f"$ samtheory verify {arguments}".replace("3.2", "unified-sam/3.2") in text
    known = (DOCS.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert all(f"- id: {hook}\n" in known for hook in re.findall(r"- id: ([\w-]+)", hooks))


ALL = sorted(path for folder in (DOCS, DOCS.parent, DOCS.parent / "figures") for path in folder.glob("*.md"))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists(), target


def test_paths_that_contributors_are_pointed_to_exist() -> None:
    text = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = {
        word
        for word in re.findall(r"`([\w./-]+)`", text)
        if "/" in word and not {"ROOM", "_build"} & {*word.split("/")}
    }
    assert len(named) > 20
    assert [word for word in named if not (DOCS.parent / word).exists()] == []


def test_the_glossary_is_sorted_and_has_the_words_of_the_documents() -> None:
    from samtheory.constants import PROVENANCE
    from samtheory.status import Status

    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    words = [row.casefold() for row in re.findall(r"^\| \*([^*]+)\*", text, re.MULTILINE)]
    assert words == sorted(words)
    for word in [*Status, *PROVENANCE]:
        assert f"*{word}*" in text or word == Status.SKIPPED, word
