"""Every example of the README is run: consoles give what they show, Python blocks work.

`python tests/test_readme.py` writes the consoles' output anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    """The README's code blocks of one language."""
    return [text for language, text in BLOCK.findall(README.read_text(encoding="utf-8")) if language == kind]


def console(block: str, folder: Path) -> str:
    """The block with what its commands really print (stdout and stderr), run one after another in `folder`."""
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            command = f'samtheory() {{ "{sys.executable}" -m samtheory "$@"; }}; {line[2:]}'
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )
            lines += [line, *done.stderr.splitlines(), *done.stdout.splitlines()]
    return "\n".join(lines) + "\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    return tmp_path


@pytest.mark.parametrize("number", range(len(blocks("console"))))
def test_a_console_shows_what_the_commands_print(here: Path, number: int) -> None:
    for block in blocks("console")[:number]:
        for made in re.findall(r"^\$ (printf .*)$", block, re.MULTILINE):
            subprocess.run(["bash", "-c", made], cwd=here, check=True)
    block = blocks("console")[number]
    assert console(block, here) == block


def test_the_library_example_works(here: Path) -> None:
    exec(compile(blocks("python")[0], "README", "exec"), {})  # noqa: S102


def test_the_problem_example_holds_under_every_theorem_that_applies(here: Path) -> None:
    from samtheory.request import Request
    from samtheory.verification.sweep import select, sweep

    (here / "my_problem.py").write_text(blocks("python")[1], encoding="utf-8")
    verdicts = sweep(select(["my_problem.py"], lams=[0.5], request=Request(steps=50))[0])
    assert len(verdicts) >= 5
    assert all(verdict.holds for verdict in verdicts)


def test_the_theorem_example_holds_and_its_mistake_would_be_seen(here: Path) -> None:
    from samtheory.verification.sweep import select, sweep

    text = blocks("python")[2]
    (here / "my_theorem.py").write_text(text, encoding="utf-8")
    (here / "wrong.py").write_text(text.replace("gamma_max=1 / L", "gamma_max=4 / L"), encoding="utf-8")
    right, wrong = (sweep(select(["ridge"], [name], lams=[0.0])[0]) for name in ("my_theorem.py", "wrong.py"))
    assert [verdict.verdict for verdict in right] == ["holds"]
    assert [verdict.verdict for verdict in wrong] == ["violated"]


if __name__ == "__main__":
    import os
    import tempfile

    os.environ["COLUMNS"] = "110"
    with tempfile.TemporaryDirectory() as folder:
        fresh = BLOCK.sub(
            lambda match: f"```console\n{console(match[2], Path(folder))}```" if match[1] == "console" else match[0],
            README.read_text(encoding="utf-8"),
        )
    README.write_text(fresh, encoding="utf-8")


def test_the_table_of_real_data_is_what_the_theorems_promise() -> None:
    from samtheory import Importance, load_problem
    from samtheory.calculator.compare import compare

    pytest.importorskip("sklearn", reason="scikit-learn, the extra `data`")
    lines = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    assert len(rows) == 2
    for name, n, d, kappa, sampled, *promised in rows:
        problem = load_problem(name)
        constants = problem.constants(Importance())
        assert (problem.n, problem.d) == (int(n), int(d))
        assert f"{constants.L / constants.mu:.1f}" == kappa
        assert f"{constants.Lambda / constants.mu:.1f}" == sampled
        found = compare(problem, Importance(), 0.5, 0.1, theorems=head[5:], steps=0).rows
        by_key = {row.choice.theorem.key: row.choice.iterations for row in found}
        assert [f"{by_key[key]:,}" for key in head[5:]] == promised
