"""The attacks of tests/checking/attacks, judged through the public door.

Each file there is a problem file, `samtheory check FILE --param case=NAME`. Its `CASES` give, by name, the claims that
are false and a function that makes the card.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import samtheory
from samtheory.catalogue import load_problem, problem_module
from samtheory.checking.card import check

FILES = Path(__file__).parents[1] / "checking" / "attacks"
#: Verdicts that say a claim is proved.
PROVED = ("certified", "loose")


@dataclass(frozen=True)
class Verdicts:
    """What `check` says of one card: a refusal in one line, or a verdict for every constant."""

    refused: str | None
    of: dict[str, str]

    @property
    def exit(self) -> int:
        """The exit code of the command."""
        return 2 if self.refused else 1 if "falsified" in self.of.values() else 0

    def proved(self, names: tuple[str, ...]) -> list[str]:
        """Those of the named claims that are called proved."""
        return [name for name in names if self.of.get(name) in PROVED]

    def short(self, names: tuple[str, ...]) -> str:
        """One line for a table."""
        if self.refused:
            return "refused: " + self.refused
        others = [name for name, verdict in self.of.items() if verdict == "falsified" and name not in names]
        said = ", ".join(f"{name} {self.of.get(name, '-')}" for name in names)
        return said + (f"; also falsified: {', '.join(others)}" if others else "")


def cases(file: str) -> list[str]:
    """The names of the attacks in a file."""
    return list(problem_module(str(FILES / f"{file}.py")).CASES)


def false_claims(file: str, case: str) -> tuple[str, ...]:
    """The claims of an attack that are false."""
    claims: tuple[str, ...] = problem_module(str(FILES / f"{file}.py")).CASES[case][0]
    return claims


def judged(file: str, case: str, sampling: str = "uniform", **options: object) -> Verdicts:
    """The verdicts in this process."""
    try:
        problem = load_problem(str(FILES / f"{file}.py"), case=case)
        (card,) = check(problem, [samtheory.parse_sampling(sampling)], **options)  # type: ignore[arg-type]
    except samtheory.InputError as refusal:
        return Verdicts(str(refusal), {})
    return Verdicts(None, {finding.name: finding.verdict for finding in card.constants})


def judged_apart(file: str, case: str) -> Verdicts:
    """The verdicts in a process of its own, forked from this one."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(judged, file, case).result()
