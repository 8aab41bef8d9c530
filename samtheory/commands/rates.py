"""What each theorem promises: admissible steps, rate, neighbourhood, iterations to epsilon, and on what grounds.

examples:
  samtheory rates interpolated-ls --theorem 3.2 --lam 0 --epsilon 1e-3
  samtheory rates --constants mu=0.03,L_max=3.1,A=3.1,B=0,C=0,delta0=1.5 --lam 0 --epsilon 1e-3
  samtheory rates ridge --lam 1 --epsilon 1e-2 --best --rho-min 1e-3
  samtheory rates ridge --theorem 3.2 --expect "rho_max=0.0228,gamma_max=0.0087±1%"
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from samtheory.errors import InputError
from samtheory.schedules import LAM

from . import options


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("problem", metavar="PROBLEM", nargs="?", help="name or FILE.py")
    parser.add_argument(
        "--constants",
        metavar="K=V,...",
        help="bare constants instead of a problem: L_max (or L), mu, A, B, C, Lambda, Lambda1, Lambda2, delta0",
    )
    epsilon = "count the iterations to this accuracy"
    parser.add_argument("--epsilon", metavar="E", type=options.NUMBERS["epsilon"], help=epsilon)
    parser.add_argument("--best", action="store_true", help="only the theorem and steps that reach epsilon first")
    smallest = "with --best: the smallest ascent radius wanted (default: 0)"
    parser.add_argument("--rho-min", metavar="R", type=options.NUMBERS["rho_min"], help=smallest)
    expect = "numbers of a paper, NAME=VALUE[±TOLERANCE],...: exit 1 if the theorem gives others"
    parser.add_argument("--expect", metavar="K=V,...", help=expect)
    options.add_formats(parser)
    options.add_choice(parser)
    options.add_steps(parser)
    options.add_method(parser, "the method that the theorems are to cover")
    options.add_problem(parser)


def run(arguments: Namespace) -> int:
    """Print what the theorems promise."""
    from samtheory.report import comparison, tables
    from samtheory.verbs.rates import best, rates

    if arguments.problem is None and arguments.constants is None:
        raise InputError("PROBLEM is missing: a name, a path ending in .py, or --constants")
    if arguments.constants is not None:
        beside = f"constants={arguments.constants}"
        options.forbid(arguments, ["problem", "sampling", "data", "param"], beside)
    asked = {
        **options.of_problem(arguments),
        "lam": options.one_lam(arguments),
        "epsilon": arguments.epsilon,
        "constants": options.constants(arguments.constants),
    }
    steps = options.values(arguments, ("rho", "rho_fraction", "gamma"))
    if arguments.best:
        options.forbid(arguments, [*steps, "expect", "method"], beside="--best")
        asked["lam"] = LAM if asked["lam"] is None else asked["lam"]
        found = best(**asked, rho_min=arguments.rho_min or 0.0)
        options.answer(arguments, found, lambda width: comparison.best(found, width))
        return 0
    if arguments.rho_min is not None:
        raise InputError(f"rho-min={arguments.rho_min}: must be left out without --best")
    if arguments.expect is None:
        table = rates(**asked, **steps, method=arguments.method)
        options.answer(arguments, table, lambda width: tables.rates(table, width))
        return 0
    options.exactly_one(arguments, "theorem", beside="--expect")
    expected = rates(**asked, **steps, method=arguments.method).expect(arguments.expect)
    options.answer(arguments, expected, lambda width: tables.expected(expected, width))
    return 0 if expected.agrees else 1
