"""Mutation testing of the Python code: change one operator or number at a time, and run the tests of the room.

A mutant is killed where `prove` of the theorem concerned or a test of its room fails, or takes too long. A survivor is
a place that no test guards, or an equivalent mutant: those are kept in `scripts/equivalent_mutants.txt`, each with a
reason.

examples:
  scripts/mutants theorems --sample 40
  scripts/mutants sampling methods --files samtheory/methods/unified_sam.py

exit codes: 0 every mutant was killed or is known to be equivalent, 1 there are survivors
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "scripts" / "equivalent_mutants.txt"
#: The tests of a room; those of a theorem are chosen by its key.
TESTS = {
    "theorems": ["tests/theorems"],
    "sampling": ["tests/sampling"],
    "methods": ["tests/methods", "tests/theorems/test_theorem_one_step.py"],
    "engine": ["tests/engine"],
}
#: Seconds, after which a mutant counts as killed.
PATIENCE = 900
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.And: ast.Or, ast.Or: ast.And, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "Min": "Max", "Max": "Min", "minimum": "maximum", "maximum": "minimum",
         "smallest": "largest", "largest": "smallest", "all": "any", "any": "all"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the new text, and the line as it was and as it is."""

    path: Path
    line: int
    change: str
    text: str

    @property
    def name(self) -> str:
        """How the kept list writes it: independent of the line number."""
        return f"{self.path.relative_to(ROOT)}: {self.change}"


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
    """Every mutant of a file; annotations and error messages are left alone."""
    tree, source = ast.parse(path.read_text(encoding="utf-8")), path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    silent = {id(part) for node in ast.walk(tree) for kind in (ast.JoinedStr, ast.Raise) if isinstance(node, kind)
              for part in ast.walk(node)}  # fmt: skip
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
        yield Mutant(path, node.lineno, f"{ast.unparse(node)} -> {ast.unparse(new)}", mutated)


def offset(lines: list[str], line: int | None, column: int | None) -> int:
    """The place of a node in the encoded source."""
    assert line is not None
    assert column is not None
    return sum(len(each.encode()) for each in lines[: line - 1]) + column


def commands(path: Path, room: str) -> list[list[str]]:
    """What has to fail: the proof and the tests of the theorem concerned, or the tests of the room."""
    python, tests = [sys.executable, "-m"], [*TESTS[room]]
    pytest = [*python, "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    key = re.search(r'^    key="([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
    if room != "theorems" or key is None:
        return [[*pytest, *tests]]
    proved = (ROOT / "samtheory" / "proofs" / path.name).exists()
    prove = [[*python, "samtheory", "prove", key[1]]] if proved else []
    return [*prove, [*pytest, *tests, "-k", key[1]], [*pytest, *tests]]


def survives(mutant: Mutant, room: str, place: Path) -> bool:
    """Whether every command succeeds in the copy at `place` with the mutant in it."""
    target = place / mutant.path.relative_to(ROOT)
    target.write_text(mutant.text, encoding="utf-8")
    try:
        for command in commands(mutant.path, room):
            done = subprocess.run(command, cwd=place, capture_output=True, timeout=PATIENCE, check=False)
            if done.returncode not in (0, 5):  # 5: no test has the key in its name
                return False
    except subprocess.TimeoutExpired:
        return False
    finally:
        shutil.copy(mutant.path, target)
    return True


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
            alive = []
            for each in found:
                if survives(each, room, place):
                    alive.append(each)
                    print(f"  {each.path.relative_to(ROOT)}:{each.line}: {each.change}", flush=True)
            score = 1 - len(alive) / len(found) if found else 1.0
            print(f"{room}: {len(found) - len(alive)} of {len(found)} killed, {score:.1%}", flush=True)
            survivors += len(alive)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
