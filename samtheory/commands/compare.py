"""All theorems that apply side by side, each at its best step size, and the iterations that are really needed.

examples:
  samtheory compare ridge --sampling full --lam 1 --epsilon 1e-2
  samtheory compare interpolated-ls --lam 0
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from samtheory.errors import whole

from . import options


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("problem", metavar="PROBLEM", help="name or FILE.py")
    parser.add_argument("--epsilon", metavar="E", help="the goal for f - f* (default: a hundredth of the start)")
    parser.add_argument("--rho", metavar="R", help="the ascent radius of all (default: Corollary 3.3's for the goal)")
    parser.add_argument("--sharp", action="store_true", help="try sharper expected residuals than the problem's too")
    parser.add_argument("--trials", metavar="N", default=8, help="independent runs (default: 8)")
    parser.add_argument("--steps", metavar="N", default=10_000, help="the longest run; 0 for none (default: 10000)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options.add_choice(parser, lam="0.5")
    options.add_problem(parser)


def run(arguments: Namespace) -> int:
    """Print the comparison."""
    from samtheory.calculator.compare import compare
    from samtheory.catalogue import load_problem
    from samtheory.io import json
    from samtheory.report import comparison
    from samtheory.report.tables import width_of
    from samtheory.sampling.samplings import parse_sampling

    options.check_names([arguments.problem], arguments.theorem, arguments.sampling)
    lam, text = options.only("lam", arguments.lam), options.only("sampling", arguments.sampling)
    asked: dict[str, Any] = {
        "theorems": arguments.theorem, "sharp": arguments.sharp, "rho": options.number("rho", arguments.rho),
        "trials": whole("trials", arguments.trials, 1), "steps": whole("steps", arguments.steps),
        "seed": whole("seed", arguments.seed),
    }  # fmt: skip
    problem = load_problem(arguments.problem, rows=arguments.data, **options.pairs("param", arguments.param))
    sampling = None if text is None else parse_sampling(text)
    found = compare(
        problem, sampling, 0.5 if lam is None else lam, options.number("epsilon", arguments.epsilon), **asked
    )  # fmt: skip
    if arguments.json:
        json.show(found.to_json())
    else:
        print(*comparison.table(found, width_of(sys.stdout)), sep="\n")
    return 0
