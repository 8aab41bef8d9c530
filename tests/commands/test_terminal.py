"""The terminal: colours of verdicts, and completions of a shell."""

import io
import subprocess
import sys

import pytest

from samtheory.cli import main
from samtheory.commands import COMMANDS
from samtheory.report.tables import coloured
from samtheory.status import Status

LINES = [
    "violated: ridge, unified-sam/3.2, uniform, λ=0",
    "  μ      0.1     exact      certified   0.1         proof",
    "1 cell: holds; smallest bound / measured 1.001",
    "  the bound holds where it is undecided",
]


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_verdicts_are_coloured_on_a_terminal_where_they_stand_alone():
    first, second, *others = coloured(LINES, Terminal())
    assert first == "\x1b[31mviolated\x1b[0m: ridge, unified-sam/3.2, uniform, λ=0"
    assert "  \x1b[32mcertified\x1b[0m   0.1" in second
    assert others == LINES[2:]


@pytest.mark.parametrize("change", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_are_left_out_where_they_are_not_wanted(change, monkeypatch):
    assert list(coloured(LINES, io.StringIO())) == LINES
    for name, value in change.items():
        monkeypatch.setenv(name, value)
    assert list(coloured(LINES, Terminal())) == LINES


def test_every_verdict_has_a_colour():
    for status in set(Status) - {Status.SKIPPED, Status.NOT_CLAIMED}:
        (line,) = coloured([status], Terminal())
        assert line == f"\x1b[{31 if status.failed else line[2:4]}m{status}\x1b[0m"


def test_a_shell_completes_commands_and_options(capsys):
    pytest.importorskip("shtab", reason="shtab, the extra `completion`")
    assert main(["--print-completion", "bash"]) == 0
    script = capsys.readouterr().out
    assert f"subparsers=({' '.join(COMMANDS)})" in script
    assert "--expect" in script
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert main(["--print-completion", "wish"]) == 2
    assert "print-completion=wish: must be one of bash" in capsys.readouterr().err


def test_completion_without_its_extra_names_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--print-completion", "bash"]) == 2
    assert 'pip install "samtheory[completion]"' in capsys.readouterr().err
