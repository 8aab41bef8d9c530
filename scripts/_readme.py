"""Run the consoles of README.md: `--update` writes their output into the page, `--check` compares it with the page.

A console is a block ```console; each line that begins with "$ " is a command, the lines below it are its output, stderr
first. All commands run in one empty folder, so that a command may use the files of those before it.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: The width of the terminal that the consoles show.
COLUMNS = "110"


def consoles(text: str) -> list[str]:
    """The contents of the console blocks of a page."""
    return CONSOLE.findall(text)


def run(console: str, folder: Path) -> str:
    """The console with the output of its commands, run in `folder`."""
    lines: list[str] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            done = subprocess.run(
                ["bash", "-c", f'samtheory() {{ "{sys.executable}" -m samtheory "$@"; }}; {line[2:]}'],
                cwd=folder,
                env={**os.environ, "COLUMNS": COLUMNS},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            lines += [line, *done.stderr.splitlines(), *done.stdout.splitlines()]
    return "".join(f"{line}\n" for line in lines)


def updated(text: str) -> str:
    """The page with the output of every console."""
    with tempfile.TemporaryDirectory() as folder:
        return CONSOLE.sub(lambda block: f"```console\n{run(block[1], Path(folder))}```", text)


def main(arguments: list[str]) -> int:
    """Update or check README.md; 1 if a console differs."""
    parser = argparse.ArgumentParser(prog="readme", description=(__doc__ or "").partition("\n")[0])
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--update", action="store_true", help="write the output into README.md")
    choice.add_argument("--check", action="store_true", help="exit 1 if the output differs from README.md")
    asked = parser.parse_args(arguments)
    before = README.read_text(encoding="utf-8")
    after = updated(before)
    if asked.update:
        README.write_text(after, encoding="utf-8")
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(before.splitlines(True), after.splitlines(True), "README.md", "consoles as run")
    )
    return int(after != before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
