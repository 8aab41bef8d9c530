"""The figures: pictures, the numbers behind them, and whether the numbers are still what they were.

examples:
  samtheory figures
  samtheory figures fig1 fig5 --out /tmp/figures
  samtheory figures --check --quick

exit codes: 0 done, 1 numbers have moved, 2 bad input, 3 interrupted, or a worker died and a figure is undecided
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from samtheory.errors import reject

from . import options

#: Lines of what has moved, for each figure.
SHOWN = 10


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("figure", metavar="FIGURE", nargs="*", help="fig1, fig2, ... or all (default)")
    parser.add_argument("--out", metavar="DIR", default="figures", help="where they are (default: figures)")
    parser.add_argument("--quick", action="store_true", help="fewer trials and shorter runs")
    parser.add_argument("--check", action="store_true", help="draw nothing, compare the numbers with those in DIR")
    parser.add_argument("--json", metavar="FILE", help="write the numbers there, - for stdout")
    options.add_executor(parser)


def run(arguments: Namespace) -> int:
    """Compute the numbers; draw them or check them."""
    from pathlib import Path

    from samtheory.figures import chosen, make
    from samtheory.figures.base import read
    from samtheory.io import json
    from samtheory.report.progress import Progress

    if not arguments.out:
        raise reject("out", arguments.out, "a folder")
    names, folder = chosen(arguments.figure), Path(arguments.out)
    executor = options.executor(arguments)
    write = None if arguments.json is None else json.writer(arguments.json)
    if not arguments.check:
        make.refuse_others(names, folder)
    else:
        for name in names:
            read(folder / f"{name}.json")  # a damaged file is an error before any work
    with executor as executors, Progress(len(names), "figures") as progress:
        numbers, skipped, undecided = make.compute(names, arguments.quick, executors, progress.step)
    moved = make.check(numbers, folder, arguments.quick) if arguments.check else None
    if moved is None:
        make.write(numbers, folder, arguments.quick)
    for word, reasons in (("skipped", skipped), ("undecided", undecided)):
        for name, reason in reasons.items():
            print(f"{name}: {word}: {reason}", file=sys.stderr)
    for name, lines in (moved or {}).items():
        print(f"{name}: " + (f"{len(lines)} numbers have moved" if lines else "as before"), file=sys.stderr)
        for line in lines[:SHOWN]:
            print(f"  {line}", file=sys.stderr)
    if write is not None:
        write(make.document(numbers, skipped, undecided, moved, arguments.quick))
    return 1 if moved and any(moved.values()) else 3 if undecided else 0
