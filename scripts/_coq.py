"""The proofs in Coq: exported, compiled, their axioms compared with those allowed, and changed proofs refused.

examples:
  scripts/coq
  scripts/coq unified-sam/3.2 unified-sam/3.4 --folder build/coq
  scripts/coq --markdown > docs/coq.md

exit codes: 0 Coq accepts every lemma and refuses every change (or there is no coqc: "skipped: no coqc"), 1 otherwise,
2 bad input
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from samtheory.errors import InputError
from samtheory.proofs import run
from samtheory.proofs.coq import files, table, teeth
from samtheory.proofs.coq.files import Export

#: Axioms of the real numbers of Coq's standard library, and no others.
ALLOWED = {
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
}
HEAD = "Require Import Reals Lra Psatz List.\nFrom Samtheory Require Import Order Space Draws.\nOpen Scope R_scope.\n"


@dataclass(frozen=True)
class Compiled:
    """What coqc has said of a file: whether it accepts it, the line at which it stops, its output, and seconds."""

    accepted: bool
    line: int
    output: str
    seconds: float


def compiled(name: str, folder: Path) -> Compiled:
    """Compile one file."""
    start = time.perf_counter()
    command = ["coqc", "-q", "-Q", ".", "Samtheory", f"{name}.v"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    line = int(found[1]) if (found := re.search(r"line (\d+),", output)) else 0
    return Compiled(done.returncode == 0, line, output.strip(), time.perf_counter() - start)


def is_new(name: str, needs: list[str], folder: Path) -> bool:
    """Whether a file, or one that it needs, has changed since it was compiled."""
    made = folder / f"{name}.vo"
    sources = [folder / f"{name}.v", *(folder / f"{each}.vo" for each in needs)]
    return not made.exists() or any(not x.exists() or x.stat().st_mtime > made.stat().st_mtime for x in sources)


def compile_all(names: list[str], needs: Mapping[str, list[str]], folder: Path, jobs: int) -> dict[str, Compiled]:
    """Compile files, several at a time, each after those that it needs."""
    with ThreadPoolExecutor(jobs) as pool:
        made: dict[str, Future[Compiled]] = {}
        waiting, found = list(names), dict[str, Compiled]()
        while waiting or made:
            for name in [each for each in waiting if all(need in found for need in needs[each])]:
                waiting.remove(name)
                if not is_new(name, needs[name], folder):
                    found[name] = Compiled(True, 0, "", 0.0)
                    continue
                made[name] = pool.submit(compiled, name, folder)
            ready = [name for name, future in made.items() if future.done()]
            for name in ready:
                found[name] = made.pop(name).result()
            if not ready:
                time.sleep(0.01)
    return found


def dependencies(found: Export) -> dict[str, list[str]]:
    """The files that each file needs."""
    needs: dict[str, list[str]] = {name: [] for name in files.LIBRARY}
    needs |= {"Method": list(files.BASE), "Setting": list(files.BASE)}
    for each in found.theorems.values():
        needs |= {each.file: ["Setting", "Method", *each.needs], f"From_{each.file}": [each.file]}
    return needs


def axioms(found: Export, folder: Path) -> list[str]:
    """The axioms below the claims that are not allowed."""
    lines = [f"From Samtheory Require Import {' '.join(each.file for each in found.theorems.values())}."]
    lines += [f"Print Assumptions {name}." for each in found.theorems.values() for name in each.claims]
    lines += [f"From Samtheory Require {' '.join(found.methods)}."] * bool(found.methods)
    lines += [f"Print Assumptions {file}.{each.name}." for file, made in found.methods.items() for each in made]
    (folder / "Axioms.v").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = compiled("Axioms", folder)
    used = set(re.findall(r"^(\S+) *:", answer.output, re.MULTILINE)) - {"Axioms"}
    return sorted(used - ALLOWED) if answer.accepted else [answer.output[-500:]]


def accepted_changes(changes: list[teeth.Refused], folder: Path, jobs: int) -> list[teeth.Refused]:
    """The changes that Coq does not refuse; a file is read on behind each of them."""
    parts = {f"Changes_{i}": changes[i::jobs] for i in range(jobs)}
    found = []
    while parts:
        for name, part in parts.items():
            (folder / f"{name}.v").write_text(HEAD + "".join(each.goal() for each in part), encoding="utf-8")
        answers = compile_all(list(parts), {name: [] for name in parts}, folder, jobs)
        for name, part in list(parts.items()):
            if answers[name].accepted:
                del parts[name]
                continue
            read = (folder / f"{name}.v").read_text(encoding="utf-8").split("\n")[: answers[name].line]
            number = sum(line.startswith("Goal ") for line in read) - 1
            found.append(part[number])
            parts[name] = part[number + 1 :]
    return found


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="scripts/coq", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("theorem", nargs="*", help="key of a theorem (default: all)")
    parser.add_argument("--folder", type=Path, help="keep the files here, and compile what has changed")
    parser.add_argument("--jobs", type=int, default=2, help="files that are compiled at once")
    parser.add_argument("--changes", type=int, default=200, help="changed proofs that Coq has to refuse")
    parser.add_argument("--seed", type=int, default=1, help="which changes")
    parser.add_argument("--markdown", action="store_true", help="print docs/coq.md")
    asked = parser.parse_args()
    if shutil.which("coqc") is None:
        print("skipped: no coqc")
        return 0
    try:
        proofs = run.select(asked.theorem)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    start = time.perf_counter()
    found = files.export(proofs)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        files.write(found, folder)
        exported = time.perf_counter() - start
        answers = compile_all(list(found.files), dependencies(found), folder, asked.jobs)
        compiling = time.perf_counter() - start - exported
        broken = {name: answer for name, answer in answers.items() if not answer.accepted}
        foreign = [] if broken else axioms(found, folder)
        changes = teeth.sample(proofs, asked.changes, asked.seed)
        accepted = accepted_changes(changes, folder, asked.jobs)
    missed = [each.where for each in accepted if not each.by_sign]
    lines = {name: answer.line for name, answer in broken.items()}
    print("\n".join((table.markdown if asked.markdown else table.text)(found, lines)))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = (
        f"export {exported:.0f} s, Coq {compiling:.0f} s, all {time.perf_counter() - start:.0f} s; "
        f"CPU {time.process_time():.0f} s, of coqc {used.ru_utime + used.ru_stime:.0f} s"
    )
    print(f"{len(changes) - len(accepted)} of {len(changes)} changed proofs are refused; {seconds}", file=sys.stderr)
    for each in accepted:
        if each.by_sign:
            print(f"proved by Coq, where our kernel sees no sign: {each.where}", file=sys.stderr)
    for name, answer in broken.items():
        print(f"{name}: {answer.output[-400:]}", file=sys.stderr)
    for words in (*(f"axiom: {each}" for each in foreign), *(f"not refused: {each}" for each in missed)):
        print(words, file=sys.stderr)
    refused = any(each.refused for each in found.theorems.values())
    return 1 if broken or foreign or missed or refused else 0


if __name__ == "__main__":
    sys.exit(main())
