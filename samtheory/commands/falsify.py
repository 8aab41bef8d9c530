"""A counterexample to a theorem: searched for in floats, proved without rounding, printed as a problem file.

examples:
  samtheory falsify unified-sam/3.2/as-printed > counterexample.py
  samtheory falsify my_theorem.py --sampling uniform --lam 0.5 --budget 600

The problem file goes to stdout and says how `verify` judges it; everything else goes to stderr.

exit codes: 0 none was found within the budget, 1 a counterexample, 2 bad input, 3 undecided or interrupted
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from . import options


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("theorem", metavar="THEOREM", help="key or FILE.py")
    parser.add_argument(
        "--budget", metavar="S", type=options.seconds("budget"), default=60.0, help="seconds (default: 60)"
    )
    covered = "in [0, 1], or 1/t, 1-1/t (default: any the theorem covers)"
    parser.add_argument("--lam", metavar="X", type=options.NUMBERS["lam"], help=covered)
    parser.add_argument("--sampling", metavar="S", help="single is any probabilities (default: any sampling)")
    parser.add_argument(
        "--seed", metavar="N", type=options.count("seed"), default=0, help="seed of the search (default: 0)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def run(arguments: Namespace) -> int:
    """Search, and print the result."""
    from samtheory.errors import escaped
    from samtheory.io import json
    from samtheory.report.tables import width_of, wrapped
    from samtheory.verbs.falsify import falsify

    asked = options.values(arguments, ("lam", "sampling", "seed", "budget"))
    found = falsify(arguments.theorem, **asked, on_restart=_show if sys.stderr.isatty() else None)
    print(*wrapped(escaped(found.headline()), width_of(sys.stderr)), sep="\n", file=sys.stderr)
    if arguments.json:
        json.show(found.to_json())
    elif found.counterexample is not None:
        print(found.counterexample.source, end="")
    if found.unproved:
        return 3
    return 0 if found.counterexample is None else 1


def _show(number: int) -> None:
    sys.stderr.write(f"\rrestart {number} ")
    sys.stderr.flush()
