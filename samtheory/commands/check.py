"""Whether the constants that the theorems use are true of a problem: proved, searched, or falsified with a witness.

examples:
  samtheory check
  samtheory check ridge --sampling uniform --theorem unified-sam/3.2 --json
  samtheory check my_problem.py --level thorough --budget 60

verdicts: certified (a proof), loose (certified, but 1.5x or more from the best known), consistent (survived the
search), falsified (with a witness), not claimed, undecided (the worker process died twice)

exit codes: 0 nothing is falsified, 1 something is, 2 bad input, 3 undecided or interrupted
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from samtheory.errors import escaped, reject
from samtheory.status import exit_code

from . import options


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("problem", metavar="PROBLEM", nargs="*", help="name or FILE.py (default: the whole catalogue)")
    parser.add_argument(
        "--sampling",
        metavar="S",
        action="append",
        default=[],
        help="e.g. uniform or nice:3 (default: one of each kind)",
    )
    parser.add_argument(
        "--theorem",
        metavar="KEY",
        action="append",
        default=[],
        help="key or FILE.py: only the constants that it uses (default: all)",
    )
    parser.add_argument("--level", metavar="L", default="quick", help="least, quick or thorough (default: quick)")
    parser.add_argument(
        "--budget",
        metavar="SECONDS",
        type=options.seconds("budget"),
        help="end after this time with what is known",
    )
    parser.add_argument("--witness", metavar="FILE.npz", help="write every witness with all its points to this file")
    options.add_formats(parser)
    options.add_problem(parser)
    options.add_executor(parser)


def archived(path: str) -> str:
    """The path of an .npz file, or InputError."""
    if not path.endswith(".npz"):
        raise reject("witness", path, "a file whose name ends in .npz")
    return path


def run(arguments: Namespace) -> int:
    """Judge the constants, and print the table or the document."""
    from samtheory.catalogue import load_theorem
    from samtheory.checking.needed import only
    from samtheory.checking.sweep import check_all, select
    from samtheory.io import output, witness
    from samtheory.report.checks import checks
    from samtheory.report.progress import Progress

    write = None if arguments.witness is None else output.writer(archived(arguments.witness), "witness")
    tasks, skipped = select(
        arguments.problem,
        arguments.sampling,
        params=options.unique("param", arguments.param),
        data=options.data(arguments),
        level=arguments.level,
        seed=arguments.seed,
        budget=arguments.budget,
    )
    theorems = [load_theorem(key) for key in arguments.theorem]
    with options.executor(arguments) as executors, Progress(len(tasks), "cards") as progress:
        cards = only(check_all(tasks, executors, progress.step), theorems)
    if write is not None:
        write(witness.archive([found for card in cards for found in card.witnesses()]))
    options.answer(arguments, cards, lambda width: checks(cards, skipped, width))
    for card in cards:
        if card.undecided:
            print(escaped(f"undecided: {card.problem}, {card.sampling}: {card.undecided}"), file=sys.stderr)
    return exit_code(finding.verdict for card in cards for finding in card.constants)
