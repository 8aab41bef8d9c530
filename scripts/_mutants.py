"""Mutation testing of the Python code: change one operator or number at a time, and run the tests of the room.

A mutant is killed where `prove` of the theorem concerned or a test of its room fails, or takes too long. A survivor is
a place that no test guards, or an equivalent mutant: those are kept in `scripts/equivalent_mutants.txt`, each with a
reason.

examples:
  scripts/mutants theorems --sample 40
  scripts/mutants sampling methods --files samtheory/methods/unified_sam.py

exit codes: 0 every mutant was killed or is known to be equivalent, 1 there are survivors, 2 the tests fail
without a mutant
"""

from __future__ import annotations

import argparse
import ast
import copy
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "scripts" / "equivalent_mutants.txt"
#: The tests of a room; those of a theorem are chosen by its key.
TESTS = {
    "theorems": ["tests/theorems"],
    "sampling": ["tests/sampling"],
    "methods": ["tests/methods", "tests/theorems/test_theorem_one_step.py"],
    "engine": ["tests/engine"],
}
#: Seconds of CPU time after which a mutant counts as killed.
CPU = 300
#: The same in seconds of waiting, as a multiple of what the tests take here and now without a mutant.
PATIENCE = 10
#: The tests that have killed mutants of a file: they run first on the next.
KILLERS: dict[Path, list[str]] = {}
#: How long each test takes, and under `WHOLE` all tests of the room.
WHOLE = "all tests of the room"
SECONDS: dict[str, float] = {}
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.And: ast.Or, ast.Or: ast.And, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "Min": "Max", "Max": "Min", "minimum": "maximum", "maximum": "minimum",
         "smallest": "largest", "largest": "smallest", "all": "any", "any": "all"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the number and the text of the line, what is changed in it, and the new file."""

    path: Path
    line: int
    before: str
    change: str
    text: str

    @property
    def name(self) -> str:
        """How the kept list writes it: independent of the line number."""
        return f"{self.path.relative_to(ROOT)}: {self.before}: {self.change}"


def changed(node: ast.AST) -> ast.AST | None:
    """The mutant of a node, None if it has none."""
    new = copy.deepcopy(node)
    if isinstance(new, ast.BinOp | ast.BoolOp) and type(new.op) in SWAPS:
        new.op = SWAPS[type(new.op)]()  # type: ignore[assignment]
    elif isinstance(new, ast.Compare) and type(new.ops[0]) in SWAPS:
        new.ops[0] = SWAPS[type(new.ops[0])]()  # type: ignore[call-overload]
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.USub | ast.Not):
        return new.operand
    elif isinstance(new, ast.Constant) and type(new.value) in (int, float):
        new.value = new.value + 1 if isinstance(new.value, int) else 1.5 * new.value + 0.1
    elif isinstance(new, ast.Constant) and isinstance(new.value, bool):
        new.value = not new.value
    elif isinstance(new, ast.Name) and new.id in NAMES:
        new.id = NAMES[new.id]
    elif isinstance(new, ast.Attribute) and new.attr in NAMES:
        new.attr = NAMES[new.attr]
    elif isinstance(new, ast.IfExp):
        new.body, new.orelse = new.orelse, new.body
    else:
        return None
    return new


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file; annotations, error messages and `strict` of zip are left alone."""
    tree, source = ast.parse(path.read_text(encoding="utf-8")), path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    silent = {id(part) for node in ast.walk(tree) for kind in (ast.JoinedStr, ast.Raise) if isinstance(node, kind)
              for part in ast.walk(node)}  # fmt: skip
    silent |= {id(word.value) for word in ast.walk(tree) if isinstance(word, ast.keyword) and word.arg == "strict"}
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            silent |= {id(part) for part in ast.walk(getattr(node, name, None) or ast.Pass())}
    for node in ast.walk(tree):
        if id(node) in silent or not isinstance(node, ast.expr) or (new := changed(node)) is None:
            continue
        start, end = offset(lines, node.lineno, node.col_offset), offset(lines, node.end_lineno, node.end_col_offset)
        text = f"({ast.unparse(new)})" if isinstance(new, ast.BinOp | ast.BoolOp | ast.IfExp) else ast.unparse(new)
        raw = source.encode()
        mutated = (raw[:start] + text.encode() + raw[end:]).decode()
        before = lines[node.lineno - 1].strip()
        yield Mutant(path, node.lineno, before, f"{ast.unparse(node)} -> {ast.unparse(new)}", mutated)


def offset(lines: list[str], line: int | None, column: int | None) -> int:
    """The place of a node in the encoded source."""
    assert line is not None
    assert column is not None
    return sum(len(each.encode()) for each in lines[: line - 1]) + column


def commands(path: Path, room: str) -> Iterator[tuple[str, list[str]]]:
    """What has to fail: the proof and the tests of the theorem concerned, or the tests of the room."""
    tests = TESTS[room]
    if KILLERS.get(path):
        yield "pytest", KILLERS[path]
    key = re.search(r'^    key="([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
    if room == "theorems" and key is not None:
        if (ROOT / "samtheory" / "proofs" / path.name).exists():
            yield "prove", [key[1]]
        yield "pytest", [*tests, "-k", key[1]]
    yield "pytest", tests


def survives(mutant: Mutant, room: str, place: Path) -> bool:
    """Whether every command succeeds in the copy at `place` with the mutant in it."""
    target = place / mutant.path.relative_to(ROOT)
    before = target.read_text(encoding="utf-8")
    write(target, mutant.text)
    try:
        return all(succeeds(mutant.path, place, *command) for command in commands(mutant.path, room))
    finally:
        write(target, before)


def write(target: Path, text: str) -> None:
    """Write a source file, and drop what was compiled of it: Python tells the versions apart by second and size."""
    target.write_text(text, encoding="utf-8")
    Path(cache_from_source(str(target))).unlink(missing_ok=True)


def succeeds(path: Path, place: Path, command: str, arguments: list[str]) -> bool:
    """Whether a command succeeds in the copy, in a process of its own; keep what its tests say."""
    log = place.with_suffix(".log")
    log.write_text("", encoding="utf-8")
    child = multiprocessing.get_context("fork").Process(target=run, args=(place, command, arguments, log))
    child.start()
    child.join(PATIENCE * SECONDS[WHOLE] if WHOLE in SECONDS else None)
    if child.is_alive():
        os.killpg(child.pid or 0, signal.SIGKILL)
        child.join()
    rows = [line.split(maxsplit=2) for line in log.read_text(encoding="utf-8").splitlines()]
    SECONDS.update({name: float(seconds) for _, seconds, name in rows})
    failed = [name for outcome, _, name in rows if outcome == "failed"]
    KILLERS[path] = list(dict.fromkeys([*failed, *KILLERS.get(path, [])]))[:5]
    return child.exitcode in (0, 5)  # 5: no test has the key in its name


def run(place: Path, command: str, arguments: list[str], log: Path) -> None:
    """Run a command in the copy, the quickest tests first; `log` takes outcome, seconds and name of each test."""
    import pytest

    class Quickest:
        """What pytest calls after the collection and after each test."""

        def pytest_collection_modifyitems(self, items: list[Any]) -> None:
            items.sort(key=lambda item: SECONDS.get(item.nodeid, 0.0))

        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.failed or report.when == "call":
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"{report.outcome} {report.duration:.3f} {report.nodeid}\n")

    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    os.chdir(place)
    sys.path.insert(0, str(place))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    import samtheory

    assert Path(samtheory.__file__).is_relative_to(place)
    if command == "prove":
        from samtheory.cli import main as samtheory_main

        sys.exit(samtheory_main(["prove", *arguments]))
    quiet = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--hypothesis-profile=mutants"]
    sys.exit(pytest.main([*quiet, *arguments], plugins=[Quickest()]))


def kept() -> dict[str, str]:
    """The reasons of the equivalent mutants, by their names."""
    rows = (line.partition("  # ") for line in KEPT.read_text(encoding="utf-8").splitlines())
    return {name.strip(): reason for name, mark, reason in rows if mark}


def main() -> int:
    """Print survivors and a score for each room."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", default=[*TESTS], help=", ".join(TESTS))
    parser.add_argument("--sample", type=int, help="mutants of each room, drawn at random (default: all)")
    parser.add_argument("--files", nargs="*", default=[], help="only these files")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    asked = parser.parse_args()
    known, survivors = kept(), 0
    # Imported once, before the processes of the mutants are forked.
    import hypothesis  # noqa: F401
    import pytest  # noqa: F401
    import scipy.stats  # noqa: F401
    import sympy  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "checkout"
        ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "*.nbi", "*.nbc")
        shutil.copytree(ROOT, place, ignore=ignored, symlinks=True)
        for room in asked.rooms:
            paths = sorted((ROOT / "samtheory" / room).rglob("*.py"))
            wanted = [path for path in paths if not asked.files or str(path.relative_to(ROOT)) in asked.files]
            found = [each for path in wanted for each in mutants(path) if each.name not in known]
            if asked.sample is not None and asked.sample < len(found):
                found = random.Random(asked.seed).sample(found, asked.sample)
            print(f"{room}: {len(found)} mutants, seed {asked.seed}", flush=True)
            SECONDS.pop(WHOLE, None)
            start = time.monotonic()
            if not succeeds(ROOT, place, "pytest", TESTS[room]):
                parser.exit(2, f"{room}: the tests fail without a mutant\n")
            SECONDS[WHOLE] = time.monotonic() - start
            alive: list[Mutant] = []
            for number, each in enumerate(found):
                if number and number % 50 == 0:
                    print(f"  {number - len(alive)} of {number} killed", file=sys.stderr, flush=True)
                if survives(each, room, place):
                    alive.append(each)
                    print(f"  {each.path.relative_to(ROOT)}:{each.line}: {each.change}", flush=True)
            score = 1 - len(alive) / len(found) if found else 1.0
            print(f"{room}: {len(found) - len(alive)} of {len(found)} killed, {score:.1%}", flush=True)
            survivors += len(alive)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
