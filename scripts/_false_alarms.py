"""false-alarms [OPTION...] [PROBLEM...]: how often a right card is called wrong; it should be never.

First the right cards in the corners of float64 (tests/support/right_cards.py, 2N of them), by `check` and by `verify`.
Then every problem of the catalogue, or those named, is checked under N seeds (200 by default): the seed of the search
and, where the problem has one, of its random instance, so that every seed is another card. The samplings take turns.
Exits 1 at any alarm and prints it.
"""

from __future__ import annotations

import argparse
import inspect
import os
import sys
from contextlib import suppress
from pathlib import Path

from samtheory.catalogue import load_problem, problem_module, problems
from samtheory.checking.card import check
from samtheory.errors import InputError, MissingExtra
from samtheory.execution.spread import WORKER_DIED, local, spread
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling, samplings
from samtheory.verification.sweep import select, sweep

#: Right cards in the corners of float64, one for each seed.
RIGHT_CARDS = str(Path(__file__).resolve().parents[1] / "tests" / "support" / "right_cards.py")
#: A short run shows what rounding does.
STEPS, TRIALS = 20, 32


def alarms(job: tuple[str, int]) -> list[str]:
    """The constants that are called wrong of one problem under one seed, and how to see it again."""
    name, seed = job
    own = "seed" in inspect.signature(problem_module(name).problem).parameters
    problem = load_problem(name, **({"seed": seed} if own else {}))
    kinds = [sampling for kind in samplings().values() for sampling in kind.examples(problem.n)]
    (card,) = check(problem, [kinds[seed % len(kinds)]], seed=seed)
    return [f"{finding.name}: {card.command}" for finding in card.falsified]


def fitting(problem: Problem, turn: int) -> Sampling:
    """One of the samplings that fit the problem, by turns."""
    kinds = [sampling for kind in samplings().values() for sampling in kind.examples(problem.n)]
    for k in range(len(kinds)):
        with suppress(InputError):  # importance sampling of constant functions
            problem.law(kinds[(turn + k) % len(kinds)])
            return kinds[(turn + k) % len(kinds)]
    raise InputError(f"problem={problem.name}: no sampling fits")


def right_card_alarms(job: tuple[str, int]) -> list[str]:
    """What `check` and `verify` call wrong of one right card, and how to see it again."""
    name, seed = job
    problem = load_problem(name, seed=seed)
    sampling = fitting(problem, seed // 13)
    (card,) = check(problem, [sampling], seed=seed)
    found = [f"check: {finding.name}: {card.command}" for finding in card.falsified]
    asked = Request(steps=STEPS, trials=TRIALS)
    try:
        cells = select([name], [], [sampling.spec], [0.5], asked, params={"seed": str(seed)}).cells
    except InputError:  # no theorem covers a constant function, whose L_max is 0
        return found
    return found + [f"verify: {verdict.cell.command}" for verdict in sweep(cells) if verdict.verdict.failed]


def lost(job: tuple[str, int]) -> list[str]:
    """What is said of a card whose workers died."""
    return [f"{job[0]}, seed {job[1]}: {WORKER_DIED}"]


def main() -> int:
    """Run, and report one figure."""
    parser = argparse.ArgumentParser(prog="false-alarms", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("problem", nargs="*")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed, for cards that no run has seen")
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
    cards = 0
    sweeps = [] if arguments.problem else [(RIGHT_CARDS, right_card_alarms, 2 * arguments.seeds)]
    for name, judge, count in [*sweeps, *((name, alarms, arguments.seeds) for name in names)]:
        jobs = [[(name, arguments.first + k)] for k in range(count)]
        raised = [line for lines in spread(judge, jobs, local(arguments.workers), lost) for line in lines]
        print(f"{name}: {len(raised)} false alarms in {count} cards", file=sys.stderr, flush=True)
        found, cards = found + raised, cards + count
    print(*found, f"{len(found)} false alarms in {cards} right cards", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
