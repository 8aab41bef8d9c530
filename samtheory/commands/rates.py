"""What each theorem promises: admissible steps, rate, neighbourhood, iterations to epsilon, and on what grounds.

examples:
  samtheory rates ridge --theorem unified-sam/3.2 --lam 0.5 --epsilon 1e-3
  samtheory rates --constants mu=0.03,L_max=3.1,A=3.1,B=0,C=0,delta0=1.5 --epsilon 1e-3
  samtheory rates ridge --lam 1 --epsilon 1e-2 --best --rho-min 1e-3
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from samtheory.errors import InputError, finite, whole
from samtheory.request import Request
from samtheory.schedules import LAM

from . import options

if TYPE_CHECKING:
    from samtheory.calculator.rates import RateTable
    from samtheory.problem.problem import Problem
    from samtheory.sampling.samplings import Sampling


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("problem", metavar="PROBLEM", nargs="?", help="name or FILE.py")
    parser.add_argument(
        "--constants",
        metavar="K=V,...",
        help="bare constants instead of a problem: L_max (or L), mu, A, B, C, Lambda, Lambda1, Lambda2, delta0",
    )
    parser.add_argument("--epsilon", metavar="E", help="count the iterations to this accuracy")
    parser.add_argument("--best", action="store_true", help="only the theorem and steps that get to epsilon first")
    parser.add_argument("--rho-min", metavar="R", help="with --best: the smallest ascent radius wanted (default: 0)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options.add_choice(parser, lam="0.5")
    options.add_steps(parser)
    options.add_problem(parser)


def run(arguments: Namespace) -> int:
    """Print what the theorems promise."""
    from samtheory.io import json
    from samtheory.report import tables

    options.check_names([arguments.problem] if arguments.problem else [], arguments.theorem, arguments.sampling)
    whole("seed", arguments.seed)
    lam = options.only("lam", arguments.lam)
    epsilon = options.number("epsilon", arguments.epsilon)
    asked = {"lam": LAM if lam is None else lam, "epsilon": epsilon, **options.steps(arguments)}
    if arguments.rho_min is not None and not arguments.best:
        raise InputError(f"rho-min={arguments.rho_min}: must be left out without --best")
    if arguments.best:
        return _best(arguments, asked)
    answer = _of_problem(arguments, asked) if arguments.constants is None else _of_constants(arguments, asked)
    if arguments.json:
        json.show(answer.to_json())
    else:
        print(*tables.rates(answer, tables.width_of(sys.stdout)), sep="\n")
    return 0


def _of_problem(arguments: Namespace, asked: dict[str, Any]) -> RateTable:
    from samtheory.calculator import rates

    return rates.of_problem(*_problem(arguments), arguments.theorem, Request(**asked))


def _problem(arguments: Namespace) -> tuple[Problem, Sampling | None]:
    from samtheory.catalogue import load_problem
    from samtheory.sampling.samplings import parse_sampling

    if not arguments.problem:
        raise InputError("PROBLEM is missing: a name, a path ending in .py, or --constants")
    text = options.only("sampling", arguments.sampling)
    problem = load_problem(arguments.problem, rows=arguments.data, **options.pairs("param", arguments.param))
    return problem, None if text is None else parse_sampling(text)


def _of_constants(arguments: Namespace, asked: dict[str, Any]) -> RateTable:
    from samtheory.calculator import rates

    return rates.of_constants(_given(arguments), arguments.theorem, Request(**asked))


def _given(arguments: Namespace) -> dict[str, float]:
    """The bare constants."""
    for option in ("problem", "sampling", "data", "param"):
        if value := getattr(arguments, option):
            raise InputError(f"{option}={value}: must be left out beside constants={arguments.constants}")
    given = options.pairs("constants", arguments.constants.split(","))
    return {name: finite(name, value) for name, value in given.items()}


def _best(arguments: Namespace, asked: dict[str, Any]) -> int:
    """Print the theorem, rho and gamma with the fewest guaranteed iterations to epsilon."""
    from samtheory.calculator.compare import best
    from samtheory.catalogue import load_theorem
    from samtheory.constants import Constants
    from samtheory.io import json
    from samtheory.report import comparison, tables
    from samtheory.sampling.samplings import Full, Uniform

    for name in ("rho", "rho_fraction", "gamma"):
        if asked[name] is not None:
            raise InputError(f"{name.replace('_', '-')}={asked[name]:g}: must be left out beside --best")
    epsilon = asked["epsilon"]
    if epsilon is None:
        raise InputError("epsilon is missing: --best counts the iterations to it")
    if arguments.constants is None:
        problem, sampling = _problem(arguments)
        constants = problem.constants(sampling or (Uniform() if problem.n > 1 else Full()))
        delta0 = problem.delta0
    else:
        given = _given(arguments)
        if "delta0" not in given:
            raise InputError(f"epsilon={epsilon:g}: needs delta0 = f(x0) - f_inf among the constants, as delta0=1.5")
        delta0 = given.pop("delta0")
        constants = Constants.from_values(given)
    theorems = [load_theorem(key) for key in arguments.theorem] or None
    rho_min = options.number("rho-min", arguments.rho_min) or 0.0
    found = best(constants, asked["lam"], epsilon, delta0, rho_min, theorems)
    if arguments.json:
        json.show(comparison.best_json(found, epsilon, rho_min))
    else:
        print(*comparison.best(found, epsilon, tables.width_of(sys.stdout)), sep="\n")
    return 0
