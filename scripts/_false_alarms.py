"""false-alarms [--seeds N] [--workers N] [PROBLEM...]: how often `check` calls a right card wrong; it should be never.

Every problem of the catalogue is checked under N seeds (200 by default): the seed of the search and, where the problem
has one, of its random instance, so that every seed is another card; the samplings take turns.  Exits 1 at any falsified
constant and prints it.
"""

from __future__ import annotations

import argparse
import inspect
import os
import sys

from samtheory.catalogue import load_problem, problem_module, problems
from samtheory.checking.card import check
from samtheory.errors import MissingExtra
from samtheory.execution.spread import DIED, local, spread
from samtheory.sampling.base import samplings


def alarms(job: tuple[str, int]) -> list[str]:
    """The constants that are called wrong of one problem under one seed, and how to see it again."""
    name, seed = job
    own = "seed" in inspect.signature(problem_module(name).problem).parameters
    problem = load_problem(name, **({"seed": seed} if own else {}))
    kinds = [sampling for kind in samplings().values() for sampling in kind.examples(problem.n)]
    (card,) = check(problem, [kinds[seed % len(kinds)]], seed=seed)
    return [f"{finding.name}: {card.command}" for finding in card.falsified]


def lost(job: tuple[str, int]) -> list[str]:
    """What is said of a card whose workers died."""
    return [f"{job[0]}, seed {job[1]}: {DIED}"]


def main() -> int:
    """Run, and report one figure."""
    parser = argparse.ArgumentParser(prog="false-alarms", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("problem", nargs="*")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    names = []
    for name in arguments.problem or problems():
        try:
            load_problem(name)
        except MissingExtra as reason:
            print(f"skipped: {reason}", file=sys.stderr)
        else:
            names.append(name)
    found: list[str] = []
    for name in names:
        jobs = [[(name, seed)] for seed in range(arguments.seeds)]
        raised = [line for lines in spread(alarms, jobs, local(arguments.workers), lost) for line in lines]
        print(f"{name}: {len(raised)} false alarms in {arguments.seeds} cards", file=sys.stderr, flush=True)
        found += raised
    print(*found, f"{len(found)} false alarms in {len(names) * arguments.seeds} right cards", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
