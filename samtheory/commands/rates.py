"""What each theorem promises: admissible steps, rate, neighbourhood, iterations to epsilon, and on what grounds.

examples:
  samtheory rates ridge --theorem unified-sam/3.2 --lam 0.5 --epsilon 1e-3
  samtheory rates --constants mu=0.03,L_max=3.1,A=3.1,B=0,C=0,delta0=1.5 --epsilon 1e-3
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from ..errors import InputError, finite, whole
from . import options

if TYPE_CHECKING:
    from ..rates import Rates


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("problem", metavar="PROBLEM", nargs="?", help="name or FILE.py")
    parser.add_argument(
        "--constants", metavar="K=V,...",
        help="bare constants instead of a problem: L_max (or L), mu, A, B, C, Lambda, Lambda1, Lambda2, delta0",
    )
    parser.add_argument("--epsilon", metavar="E", help="count the iterations to this accuracy")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options.add_choice(parser, lam="0.5")
    options.add_steps(parser)
    options.add_problem(parser)


def run(arguments: Namespace) -> int:
    """Print what the theorems promise."""
    from ..report import json, tables

    options.check_names([arguments.problem] if arguments.problem else [], arguments.theorem, arguments.sampling)
    whole("seed", arguments.seed)
    lam = options.only("lam", arguments.lam)
    epsilon = options.number("epsilon", arguments.epsilon)
    asked = {"lam": 0.5 if lam is None else lam, "epsilon": epsilon, **options.steps(arguments)}
    answer = _of_problem(arguments, asked) if arguments.constants is None else _of_constants(arguments, asked)
    if arguments.json:
        json.show(answer.to_json())
    else:
        print(*tables.rates(answer, tables.width_of(sys.stdout)), sep="\n")
    return 0


def _of_problem(arguments: Namespace, asked: dict[str, Any]) -> Rates:
    from .. import rates
    from ..catalogue import load_problem
    from ..sampling import parse_sampling

    if not arguments.problem:
        raise InputError("PROBLEM is missing: a name, a path ending in .py, or --constants")
    text = options.only("sampling", arguments.sampling)
    sampling = None if text is None else parse_sampling(text)
    problem = load_problem(arguments.problem, rows=arguments.data, **options.pairs("param", arguments.param))
    return rates.of_problem(problem, sampling, arguments.theorem, **asked)


def _of_constants(arguments: Namespace, asked: dict[str, Any]) -> Rates:
    from .. import rates

    for option in ("problem", "sampling", "data", "param"):
        if value := getattr(arguments, option):
            raise InputError(f"{option}={value}: must be left out beside constants={arguments.constants}")
    given = options.pairs("constants", arguments.constants.split(","))
    return rates.of_constants({name: finite(name, value) for name, value in given.items()}, arguments.theorem, **asked)
