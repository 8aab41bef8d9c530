"""Whether the promises hold: hypotheses, exact one-step expectation and trajectories of everything asked for.

examples:
  samtheory verify
  samtheory verify ridge --theorem unified-sam/3.2 --sampling uniform --lam 0.5
  samtheory verify my_problem.py --json report.json
  samtheory verify my_problem.py --baseline baseline.json
  samtheory verify --self-test
  samtheory verify ridge --curves mine.csv --theorem unified-sam/3.2 --sampling uniform --lam 0

exit codes: 0 all holds, 1 a violation or a regression, 2 bad input, 3 undecided or interrupted
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from samtheory.errors import InputError
from samtheory.request import ALPHA, STEPS, TRIALS, Request

from . import options

if TYPE_CHECKING:
    from samtheory.verification.sweep import Sweep

#: Values of a request that are options of the same name.
ASKED = ("rho", "rho_fraction", "gamma", "allow_outside", "seed", "trials", "steps", "alpha")

TRIALS_HELP = "independent runs of a cell, or auto: 64, and more while a mean is above its bound (default: auto)"
STEPS_HELP = f"steps of a run (default: {STEPS})"
ALPHA_HELP = f"probability of a false alarm anywhere in a run of up to 10^4 cells (default: {ALPHA:g})"
RESUME_HELP = "keep each finished cell in this file, and resume from the cells in it"
CURVES_HELP = "judge another program's curves instead: a CSV of t and of f(x_t) - f* for each trial"
SELF_TEST_HELP = "verify the verifier instead: wrong methods, constants and theorems, and the evidence against each"
SUMMARY_HELP = "append a summary in Markdown, as to $GITHUB_STEP_SUMMARY"
BASELINE_HELP = "compare every constant, step, bound and bound ratio with this file; write it if it does not exist"


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    number = options.NUMBERS
    parser.add_argument("problem", metavar="PROBLEM", nargs="*", help="name or FILE.py (default: the whole catalogue)")
    parser.add_argument("--trials", metavar="N", type=number["trials"], default=TRIALS, help=TRIALS_HELP)
    parser.add_argument("--steps", metavar="N", type=options.count("steps", 1), default=STEPS, help=STEPS_HELP)
    parser.add_argument("--alpha", metavar="A", type=number["alpha"], default=ALPHA, help=ALPHA_HELP)
    parser.add_argument("--resume", metavar="FILE", help=RESUME_HELP)
    parser.add_argument("--curves", metavar="FILE", help=CURVES_HELP)
    parser.add_argument("--self-test", action="store_true", help=SELF_TEST_HELP)
    parser.add_argument("--json", metavar="FILE", help="write the JSON document there, - for stdout")
    parser.add_argument("--html", metavar="FILE", help="write an HTML page with the curve of every cell")
    parser.add_argument(
        "--summary", metavar="FILE", help="append a summary in Markdown, as $GITHUB_STEP_SUMMARY wants it"
    )
    parser.add_argument("--baseline", metavar="FILE", help=BASELINE_HELP)
    parser.add_argument("--update-baseline", action="store_true", help="write the baseline anew")
    options.add_choice(parser, lam="0, 0.5, 1 and where covered 1/t, 1-1/t")
    options.add_method(parser, "what is run: a program under test, or a method whose class the theorems cover")
    options.add_steps(parser)
    parser.add_argument("--allow-outside", action="store_true", help="use steps that the theorem does not admit")
    options.add_problem(parser)
    options.add_executor(parser)


def run(arguments: Namespace) -> int:
    """Judge, report to stderr, write what was asked for."""
    from samtheory.report.outputs import Outputs
    from samtheory.report.progress import Progress
    from samtheory.report.verdicts import why
    from samtheory.verification.journal import Journal
    from samtheory.verification.self_test import self_test
    from samtheory.verification.sweep import journalled, select
    from samtheory.verification.variants import variants

    if arguments.self_test:
        options.forbid(arguments, ["problem", "curves", "html", "baseline", "summary"], beside="self-test")
    if arguments.curves is not None:
        options.forbid(arguments, ["baseline", "method"], beside=f"curves={arguments.curves}")
    outputs = Outputs(arguments.json, arguments.html, arguments.baseline, arguments.update_baseline, arguments.summary)
    if arguments.self_test:
        with Progress(len(variants()), "variants") as progress:
            return outputs.write_self_test(self_test(variants(), progress.step))
    if arguments.curves is not None:
        return outputs.write(_curves(arguments))
    selection = select(
        arguments.problem, arguments.theorem, arguments.sampling, arguments.lam,
        Request(**options.values(arguments, ASKED)),
        params=options.unique("param", arguments.param), data=options.data(arguments), method=arguments.method,
    )  # fmt: skip
    if not selection.cells:
        raise InputError("nothing to check: " + why(selection.skipped))
    journal = Journal.opened(arguments.resume, arguments.json)
    with options.executor(arguments) as executors, Progress(len(selection.cells), "cells") as progress:
        found = journalled(selection, journal, executors, progress.step)
    return outputs.write(found, journal)


def _curves(arguments: Namespace) -> Sweep:
    """The verdict on another program's curves."""
    from samtheory.verbs.verify import verify
    from samtheory.verification.sweep import Sweep

    beside = f"curves={arguments.curves}"
    one = {name: options.exactly_one(arguments, name, beside) for name in ("problem", "sampling", "theorem", "lam")}
    params = options.unique("param", arguments.param) or None
    asked = options.values(arguments, (*ASKED, "curves"))
    return Sweep([verify(**one, **asked, params=params, data=options.data(arguments))], seed=arguments.seed)
