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

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samtheory.errors import InputError, whole
from samtheory.request import ALPHA, STEPS, TRIALS, Request
from samtheory.status import exit_code

from . import options

if TYPE_CHECKING:
    from samtheory.verification.judge import Verdict


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("problem", metavar="PROBLEM", nargs="*", help="name or FILE.py (default: the whole catalogue)")
    parser.add_argument(
        "--trials",
        metavar="N",
        default=TRIALS,
        help="independent runs of a cell, or auto: 64, and more while a mean is above its bound (default: auto)",
    )
    parser.add_argument("--steps", metavar="N", default=STEPS, help=f"steps of a run (default: {STEPS})")
    parser.add_argument(
        "--alpha",
        metavar="A",
        default=ALPHA,
        help=f"probability of a false alarm anywhere in a run of up to 10^4 cells (default: {ALPHA:g})",
    )
    parser.add_argument(
        "--resume",
        metavar="FILE",
        help="keep each finished cell in this file, and go on from those that are there already",
    )
    parser.add_argument(
        "--curves",
        metavar="FILE",
        help="judge another program's curves instead: a CSV of t and of f(x_t) - f* for each trial",
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="verify the verifier instead: wrong methods, constants and theorems, and which evidence catches which",
    )
    parser.add_argument("--json", metavar="FILE", help="write the JSON document there, - for stdout")
    parser.add_argument("--html", metavar="FILE", help="write a page to read there, with the curve of every cell")
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help="compare every constant, step, bound and slack with this file; write it if it is not there",
    )
    parser.add_argument("--update-baseline", action="store_true", help="write it anew")
    options.add_choice(parser, lam="0, 0.5, 1 and where covered 1/t, 1-1/t")
    options.add_steps(parser)
    parser.add_argument("--allow-outside", action="store_true", help="use steps that the theorem does not allow")
    options.add_problem(parser)
    options.add_executor(parser)


def run(arguments: Namespace) -> int:
    """Check, report to stderr, write the document."""
    from samtheory.io import json, output
    from samtheory.report import tables
    from samtheory.report import verdicts as told
    from samtheory.report.closest import closest
    from samtheory.verification.sweep import document

    options.check_names(arguments.problem, arguments.theorem, arguments.sampling)
    seed = whole("seed", arguments.seed)
    write = None if arguments.json is None else json.writer(arguments.json)
    write_page = None if arguments.html is None else output.writer(arguments.html, "html")
    before, keep = _baseline(arguments)
    if arguments.self_test:
        return _self_test(arguments, write)
    if arguments.curves is None:
        verdicts, skipped, total = _sweep(arguments, seed)
    else:
        verdicts, skipped, total = [_judge_curves(arguments)], [], 1
    print(*told.verdicts(verdicts, skipped, tables.width_of(sys.stderr)), sep="\n", file=sys.stderr)
    if len(verdicts) < total:
        kept = arguments.resume or _partial(arguments)
        on = f"; go on with --resume {kept}" if kept else ""
        print(f"samtheory: interrupted after {len(verdicts)} of {total} cells{on}", file=sys.stderr)
        return 3
    if write is not None:
        write({**document(verdicts, skipped, seed), "closest": [each.to_json() for each in closest(verdicts)]})
        if (partial := _partial(arguments)) is not None:
            Path(partial).unlink(missing_ok=True)
    if write_page is not None:
        from samtheory.report import html

        write_page(html.page(verdicts, skipped, seed))
        print(f"page to read: {arguments.html}", file=sys.stderr)
    regression = arguments.baseline is not None and _regression(arguments, before, keep, verdicts, skipped)
    return 1 if regression else exit_code(verdict.verdict for verdict in verdicts)


def _baseline(arguments: Namespace) -> tuple[Any, Any]:
    """What the file holds, None if it is to be written; and what writes it, None if it is there."""
    from samtheory.io import json
    from samtheory.verification.baseline import read

    path = arguments.baseline
    if path is None:
        if arguments.update_baseline:
            raise InputError("update-baseline: baseline=FILE is missing beside it")
        return None, None
    for name in ("self_test", "curves"):
        if getattr(arguments, name):
            raise InputError(f"baseline={path}: must be left out beside {name.replace('_', '-')}")
    before = None if arguments.update_baseline else read(path)
    try:
        return before, json.writer(path) if before is None else None
    except InputError as error:
        raise InputError(str(error).replace("json=", "baseline=", 1)) from None


def _regression(arguments: Namespace, before: Any, keep: Any, verdicts: Any, skipped: Any) -> bool:
    """Whether anything differs from the baseline; the first time, it is written."""
    from samtheory.report import baseline, tables
    from samtheory.verification.baseline import compare, snapshot

    now = snapshot(verdicts)
    if before is None:
        keep(now)
        print(f"{arguments.baseline}: baseline of {len(verdicts)} cells written", file=sys.stderr)
        return False
    found = compare(before, now, skipped)
    print(*baseline.comparison(found, arguments.baseline, tables.width_of(sys.stderr)), sep="\n", file=sys.stderr)
    return found.regression


def _request(arguments: Namespace, **more: Any) -> Request:
    """What a sweep and curves take alike."""
    given = {**options.steps(arguments), "allow_outside": arguments.allow_outside, "alpha": arguments.alpha}
    return Request(**given, **more)


def _lams(arguments: Namespace) -> list[Any]:
    from samtheory.schedules import rule

    return [rule("lam", word) for word in arguments.lam]


def _sweep(arguments: Namespace, seed: int) -> tuple[list[Verdict], list[dict[str, str]], int]:
    """Verdicts, what was skipped, and the number of cells: more than the verdicts after Ctrl-C."""
    from samtheory.report import verdicts as told
    from samtheory.report.progress import Progress
    from samtheory.verification.sweep import select, sweep

    executor = options.executor(arguments)
    cells, skipped = select(
        arguments.problem,
        arguments.theorem,
        arguments.sampling,
        _lams(arguments),
        _request(arguments, seed=seed, trials=arguments.trials, steps=arguments.steps),
        params=options.pairs("param", arguments.param),
        data=arguments.data,
    )
    if not cells:
        raise InputError("nothing to check: " + told.why(skipped))
    known, keep = _journal(arguments)
    with executor as executors, Progress(len(cells), "cells") as progress:
        for cell in cells:
            if cell in known:
                progress.step(known[cell])

        def done(verdict: Verdict) -> None:
            keep(verdict)
            progress.step(verdict)

        try:
            return sweep(cells, executors, done, known), skipped, len(cells)
        except KeyboardInterrupt:
            return progress.done, skipped, len(cells)


def _partial(arguments: Namespace) -> str | None:
    """The journal kept while a JSON document is not complete."""
    return None if arguments.json in (None, "-") or arguments.resume else f"{arguments.json}.partial"


def _journal(arguments: Namespace) -> tuple[dict[Any, Verdict], Callable[[Verdict], None]]:
    """The cells that --resume has already, and where each further one goes at once."""
    from samtheory.verification import journal

    if arguments.resume is not None:
        return journal.read(arguments.resume), journal.appender(arguments.resume, "resume")
    if (partial := _partial(arguments)) is None:
        return {}, lambda verdict: None
    Path(partial).unlink(missing_ok=True)
    return {}, journal.appender(partial, "json")


def _self_test(arguments: Namespace, write: Any) -> int:
    """The verifier against what is wrong; 1 if anything was not as expected."""
    from samtheory.report import selftest as table
    from samtheory.report import tables
    from samtheory.report.progress import Progress
    from samtheory.verification.mutants import VARIANTS
    from samtheory.verification.self_test import document, self_test

    if given := ", ".join(arguments.problem) or arguments.curves or arguments.html:
        raise InputError(f"self-test with {given}: must be alone, it takes no problem, curves or html")
    with Progress(len(VARIANTS), "variants") as progress:
        found = self_test(VARIANTS, progress.step)
    print(*table.findings(found, tables.width_of(sys.stderr)), sep="\n", file=sys.stderr)
    if write is not None:
        write(document(found))
    return 0 if all(finding.good for finding in found) else 1


def _judge_curves(arguments: Namespace) -> Verdict:
    """The verdict on another program's curves."""
    from samtheory.catalogue import load_problem, load_theorem
    from samtheory.io.curves import read_curves
    from samtheory.sampling.samplings import parse_sampling
    from samtheory.verification.judge import judge_curves

    for name in ("problem", "theorem", "sampling", "lam"):
        if len(values := getattr(arguments, name)) != 1:
            given = ", ".join(values) or "nothing"
            raise InputError(f"{name}={given}: must be exactly one {name} with curves={arguments.curves}")
    problem = load_problem(arguments.problem[0], rows=arguments.data, **options.pairs("param", arguments.param))
    theorem, sampling = load_theorem(arguments.theorem[0]), parse_sampling(arguments.sampling[0])
    t, curves = read_curves(arguments.curves)
    return judge_curves(
        problem,
        theorem,
        sampling,
        _request(arguments, lam=arguments.lam[0]),
        t,
        curves,
        data=arguments.data,
        source=arguments.curves,
    )
