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
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from samtheory.errors import InputError
from samtheory.proofs import run
from samtheory.proofs.coq import files, table, teeth
from samtheory.proofs.coq.files import Export

#: Axioms of the real numbers of Coq's standard library, and no others; its logarithm is defined by the excluded middle.
ALLOWED = {
    "Classical_Prop.classic",
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
}
#: The statements on the method that have been read.
KEPT = Path(__file__).parents[1] / "tests" / "proofs" / "coq_statements.txt"
OLDEST = (8, 16)
HEAD = "Require Import Reals Lra Psatz List.\nFrom Samtheory Require Import Order Space Draws.\nOpen Scope R_scope.\n"


@dataclass(frozen=True)
class Compiled:
    """What coqc has said of a file: whether it accepts it, the lemmas that it refuses, its output, and seconds."""

    accepted: bool
    refused: tuple[str, ...]
    output: str
    seconds: float


def missing() -> str | None:
    """Why there is no Coq that reads the files, if there is none."""
    if shutil.which("coqc") is None:
        return "no coqc"
    version = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=False).stdout.split(
        " "
    )[0]
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    return None if numbers >= OLDEST else f"coqc {version or 'without a version'}, older than 8.16"


def compiled(name: str, folder: Path) -> Compiled:
    """Compile one file; behind a lemma that is refused, go on as if it were proved, to see what does not rest on it."""
    start, refused, path = time.perf_counter(), dict[str, str](), folder / f"{name}.v"
    while True:
        command = ["coqc", "-q", "-Q", ".", "Samtheory", path.name]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        output = (done.stdout + done.stderr).strip()
        lemma = None if done.returncode == 0 else stopped(path, output)
        if lemma is None or lemma in refused:
            said = "\n".join([*refused.values(), output])
            return Compiled(done.returncode == 0, tuple(refused), said, time.perf_counter() - start)
        refused[lemma] = f"{name}.{lemma} is refused: {output[-300:]}"
        text = path.read_text(encoding="utf-8")
        at = text.index(f"\n{lemma_head(text, lemma)}") + 1
        proof, end = text.index("\nProof.", at), text.index("Qed.", at)
        path.write_text(f"{text[:proof]}\nAdmitted.{text[end + 4 :]}", encoding="utf-8")


def stopped(path: Path, output: str) -> str | None:
    """The lemma at which coqc stops."""
    line = int(found[1]) if (found := re.search(r"line (\d+),", output)) else 0
    read = path.read_text(encoding="utf-8").split("\n")[:line]
    heads = [each for each in read if each.startswith(("Lemma ", "Theorem ", "Definition ", "Record ", "Goal "))]
    return heads[-1].split()[1] if heads and heads[-1].startswith(("Lemma ", "Theorem ")) else None


def lemma_head(text: str, lemma: str) -> str:
    """The first words of a lemma."""
    return next(f"{word} {lemma} " for word in ("Lemma", "Theorem") if f"\n{word} {lemma} " in text)


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
                    found[name] = Compiled(True, (), "", 0.0)
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
    needs |= {"Method": list(files.BASE), "Setting": list(files.BASE), "Line": [*files.BASE, "Method"]}
    for each in found.theorems.values():
        needs |= {each.file: ["Setting", "Method", *each.needs], f"From_{each.file}": [each.file]}
    return needs | {files.EXAMPLE: ["Line", *found.methods]}


def axioms(names: list[str], files: list[str], folder: Path) -> set[str]:
    """The axioms below lemmas, and the lemmas below them that are refused."""
    lines = [f"From Samtheory Require {' '.join(files)}.", *(f"Import {each}." for each in files)]
    lines += ["Definition every : True :=", *(f"  let _ := @{name} in" for name in names), "  I."]
    (folder / "Axioms.v").write_text("\n".join([*lines, "Print Assumptions every."]) + "\n", encoding="utf-8")
    answer = compiled("Axioms", folder)
    if not answer.accepted:
        return {answer.output[-500:]}
    # What is printed of an axiom is its name at the start of a line, and its type.
    heads = [line for line in answer.output.split("\n") if line and not line.startswith((" ", "Axioms:", "Closed"))]
    return {line.split()[0].rstrip(":") for line in heads}


def resting(texts: Iterable[str], refused: set[str]) -> set[str]:
    """The lemmas that are refused or rest on one that is, by the names in their proofs."""
    blocks = {
        found[1]: set(re.findall(r"\w+", found[0]))
        for text in texts
        for found in re.finditer(r"(?ms)^(?:Lemma|Theorem) (\w+) .*?Qed\.", text)
    }
    found, new = set[str](), set(refused)
    while new:
        found |= new
        new = {name for name, words in blocks.items() if name not in found and words & new}
    return found


def accepted_changes(changes: list[teeth.Refused], folder: Path, jobs: int) -> tuple[list[teeth.Refused], list[str]]:
    """The changes that Coq does not refuse, and the steps that it refuses unchanged."""
    goals = {str(number): each.goals(str(number)) for number, each in enumerate(changes)}
    said, wrong = answered([list(goals.values())[i::jobs] for i in range(jobs)], "Changes", folder, jobs)
    kept = {f"unchanged {number}": each for number, each in enumerate(changes) if each.unchanged}
    # A step counts as refused once Coq has refused it alone too.
    alone = [teeth.goal(each.unchanged, name) for name, each in kept.items() if f"{name} is proved" not in said]
    again, more = answered([alone], "Again", folder, jobs) if alone else (said, [])
    wrong += [
        *more, *(f"refused unchanged: {each.where}" for name, each in kept.items()
                 if f"{name} is proved" not in said | again),
    ]  # fmt: skip
    return [each for i, each in enumerate(changes) if f"{i} is proved" in said], wrong


def answered(parts: list[list[str]], name: str, folder: Path, jobs: int) -> tuple[set[str], list[str]]:
    """What Coq says of goals in several files, and of files that it does not read to their end."""
    for i, goals in enumerate(parts):
        (folder / f"{name}_{i}.v").write_text(HEAD + "".join(goals), encoding="utf-8")
    names = [f"{name}_{i}" for i in range(len(parts))]
    answers = compile_all(names, {each: [] for each in names}, folder, jobs)
    said = {line for answer in answers.values() for line in answer.output.split("\n")}
    return said, [f"{each}: {answer.output[-300:]}" for each, answer in answers.items() if not answer.accepted]


def refused_in(answers: Mapping[str, Compiled], found: Export) -> set[str]:
    """The lemmas that Coq refuses; all of a file that it does not read to its end."""
    names = {name for answer in answers.values() for name in answer.refused}
    for file, answer in answers.items():
        if not answer.accepted:
            names |= set(re.findall(r"(?m)^(?:Lemma|Theorem) (\w+)", found.files[file]))
    return names


def proved_in(answers: Mapping[str, Compiled], found: Export) -> list[str]:
    """The claims, and the statements on the method, of the files that Coq reads to their end."""
    names = [name for each in found.theorems.values() if answers[each.file].accepted for name in each.claims]
    return names + [
        f"{file}.{each.name}" for file, made in found.methods.items() if answers[file].accepted for each in made
    ]


def drifted(found: Export) -> list[str]:
    """The statements on the method that are not as they are kept."""
    kept = dict(each.split(" ", 1) for each in KEPT.read_text(encoding="utf-8").strip().split("\n\n"))
    made = {f"{file}.{each.name}": each.says for file, statements in found.methods.items() for each in statements}
    kept = {name: says for name, says in kept.items() if name.split(".")[0] in found.methods}
    return [f"not as it is kept: {name}" for name, says in kept.items() if made.get(name) != says]


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
    lacks = missing()
    if lacks is not None:
        print(f"skipped: {lacks}", file=sys.stderr)
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
        lost = [name for name, answer in answers.items() if not answer.accepted]
        unproved = resting(found.files.values(), refused_in(answers, found))
        foreign = axioms(proved_in(answers, found), [name for name in found.files if name not in lost], folder)
        changes = teeth.sample(proofs, asked.changes, asked.seed)
        accepted, wrong = accepted_changes(changes, folder, asked.jobs)
    print("\n".join((table.markdown if asked.markdown else table.text)(found, unproved)))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    true = sum(each.by_sign for each in accepted)
    words = (
        f"{len(changes) - len(accepted)} of {len(changes)} changed proofs are refused"
        f"{f', {true} are true, where our kernel sees no sign' * (true > 0)}; CPU time: export and changes "
        f"{time.process_time():.0f} s, coqc {used.ru_utime + used.ru_stime:.0f} s"
    )
    if asked.markdown:
        print(f"\n{words}.")
    wall = f"export {exported:.0f} s, Coq {compiling:.0f} s, all {time.perf_counter() - start:.0f} s"
    print(f"{words}; {wall}", file=sys.stderr)
    for each in accepted:
        if each.by_sign:
            print(f"proved by Coq, where our kernel sees no sign: {each.where}", file=sys.stderr)
    faults = [f"{name}: {answer.output[-800:]}" for name, answer in answers.items() if name in lost or answer.refused]
    faults += [f"{each.theorem.key}: {each.refused or 'nothing is claimed'}" for each in proofs if not each.claims]
    faults += [f"no lemma: {why}" for each in found.theorems.values() for why in each.refused.values()]
    faults += [f"axiom: {each}" for each in sorted(foreign - ALLOWED - unproved)]
    faults += [*drifted(found), *wrong, *(f"not refused: {each.where}" for each in accepted if not each.by_sign)]
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
