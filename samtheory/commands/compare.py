"""All theorems that apply side by side, each at its best step size, and the iterations that are really needed.

examples:
  samtheory compare ridge --sampling full --lam 1 --epsilon 1e-2
  samtheory compare interpolated-ls --lam 0
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import options


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("problem", metavar="PROBLEM", help="name or FILE.py")
    goal = "the goal for f - f* (default: a hundredth of the start)"
    parser.add_argument("--epsilon", metavar="E", type=options.NUMBERS["epsilon"], help=goal)
    radius = "the ascent radius of all (default: Corollary 3.3's for the goal)"
    parser.add_argument("--rho", metavar="R", type=options.NUMBERS["rho"], help=radius)
    parser.add_argument("--sharp", action="store_true", help="try sharper expected residuals than the problem's too")
    slow = "with the full batch: how far each theorem is from the worst case of one step (extra tightness)"
    parser.add_argument("--worst-case", action="store_true", help=slow)
    trials, steps = options.count("trials", 1), options.count("steps")
    parser.add_argument("--trials", metavar="N", type=trials, default=8, help="independent runs (default: 8)")
    longest = "the longest run; 0 for none (default: 10000)"
    parser.add_argument("--steps", metavar="N", type=steps, default=10_000, help=longest)
    options.add_formats(parser)
    options.add_choice(parser)
    options.add_method(parser, "the method that the theorems are to cover")
    options.add_problem(parser)


def run(arguments: Namespace) -> int:
    """Print the comparison."""
    from samtheory.report import comparison
    from samtheory.verbs.compare import compare

    asked = options.values(arguments, ("epsilon", "rho", "sharp", "trials", "steps", "seed", "method", "worst_case"))
    found = compare(**options.of_problem(arguments), lam=options.one_lam(arguments), **asked)
    options.answer(arguments, found, lambda width: comparison.table(found, width))
    return 0
