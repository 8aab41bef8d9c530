"""What each theorem promises: admissible steps, rate, neighbourhood, iterations to epsilon, and on what grounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from samtheory._version import __version__
from samtheory.catalogue import load_theorem
from samtheory.catalogue import theorems as all_theorems
from samtheory.constants import ASSUMPTIONS, Constant, Constants, weakest
from samtheory.errors import InputError, NotApplicable, nonnegative, positive
from samtheory.io.json import finite_or_none
from samtheory.problem.distance import start_distance
from samtheory.problem.problem import Problem
from samtheory.sampling.samplings import Full, Sampling, Uniform
from samtheory.schedules import Rule, lam_text, rule
from samtheory.theorems.base import Plan, Theorem, check_fraction, fraction_of_rho_max

SCHEMA = "samtheory.rates/1"

#: The constants by the assumption that introduces them.
INTRODUCED = {
    "smooth": ("L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2"),
    "PL": ("mu",),
    "ER": ("A", "B", "C"),
    "bounded-variance": ("C",),
    "ES": ("Lcal", "R", "sigma2"),
}


@dataclass(frozen=True)
class Rate:
    """One theorem at work.

    Attributes
    ----------
    theorem : the statement
    plan : its steps and guarantee
    iterations : steps to epsilon; None if the guarantee never gets there, or no epsilon is asked for
    """

    theorem: Theorem
    plan: Plan
    iterations: int | None

    def to_json(self) -> dict[str, Any]:
        """Plain data; None where the theorem has no such number."""
        return {
            "theorem": self.theorem.key,
            "title": self.theorem.title,
            "source": self.theorem.source,
            "status": self.theorem.status,
            "measure": self.theorem.measure,
            "statement": self.theorem.statement,
            "assumptions": [
                {"name": word, "meaning": ASSUMPTIONS[word], "constants": list(INTRODUCED.get(word, ()))}
                for word in self.theorem.assumptions
            ],
            "rho_max": finite_or_none(self.plan.rho_max),
            "rho": self.plan.rho,
            "gamma_max": finite_or_none(self.plan.gamma_max),
            "gamma": self.plan.gamma,
            "contraction": self.plan.contraction,
            "neighbourhood": self.plan.neighbourhood,
            "iterations": self.iterations,
        }


@dataclass(frozen=True)
class Rates:
    """The answer to `samtheory rates`.

    Attributes
    ----------
    rates : one for each theorem that applies
    skipped : (theorem, reason) of the others
    single : whether exactly one theorem was asked for, which puts its numbers at the top of the document
    """

    problem: str | None
    params: dict[str, Any]
    sampling: str | None
    lam: Rule
    epsilon: float | None
    region: str
    constants: dict[str, Constant]
    rates: list[Rate]
    skipped: list[tuple[str, str]]
    single: bool

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.rates/1`."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "version": __version__,
            "problem": self.problem,
            "params": self.params,
            "sampling": self.sampling,
            "lam": lam_text(self.lam),  # type: ignore[arg-type]
            "epsilon": self.epsilon,
            "region": self.region,
            "constants": {
                name: {"value": float(value), "known": value.known, "source": value.source}
                for name, value in self.constants.items()
            },
        }
        if self.single:
            return {**document, **self.rates[0].to_json()}
        skipped = [{"theorem": theorem, "reason": reason} for theorem, reason in self.skipped]
        return {**document, "rates": [rate.to_json() for rate in self.rates], "skipped": skipped}


def rate(
    theorem: Theorem,
    constants: Constants,
    lam: Rule = 0.5,
    *,
    rho: float | None = None,
    rho_fraction: float | None = None,
    gamma: float | None = None,
    epsilon: float | None = None,
    delta0: float | None = None,
    distance0: float | None = None,
) -> Rate:
    """What `theorem` promises where `constants` hold.

    Parameters
    ----------
    lam : a number in [0, 1], or a named rule where the theorem covers it
    rho, rho_fraction, gamma : the steps, at most one of the first two; the theorem's defaults otherwise
    epsilon, delta0 : the target and f(x0) - f_inf, both or neither
    distance0 : ||x0 - x*||^2, from which theorems about the distance start

    Raises
    ------
    NotApplicable
        If the theorem says nothing here.
    InputError
        If a number is bad, or outside what the theorem allows.
    """
    if reason := theorem.missing(constants, lam):
        raise NotApplicable(f"{theorem.key}: {reason}")
    if rho_fraction is not None:
        rho = fraction_of_rho_max(theorem, constants, lam, rho_fraction)
    plan = theorem.plan(constants, lam, rho, gamma, epsilon, delta0)
    start = delta0 if theorem.lyapunov == "gap" else distance0
    if epsilon is not None and start is None and theorem.lyapunov != "gap":
        raise NotApplicable(f"{theorem.key}: the iterations need ||x0 - x*||^2, which is not known here")
    steps = None if epsilon is None or start is None else plan.iterations(epsilon, start)
    return Rate(theorem, plan, steps)


def of_problem(problem: Problem, sampling: Sampling | None = None, theorems: Sequence[str] = (), **asked: Any) -> Rates:
    """The rates on a problem under a sampling (uniform, or the full batch of a single f_i, where None is given).

    Parameters
    ----------
    theorems : keys or paths; every theorem that applies where empty
    asked : `lam` and the keyword parameters of `rate`

    Raises
    ------
    NotApplicable, InputError
        As `rate`, for theorems that are named; if no theorem is left, where none is.
    """
    sampling = sampling or (Uniform() if problem.n > 1 else Full())
    constants = problem.constants(sampling)
    delta0 = Constant(problem.delta0, weakest([problem.f_inf]), "f(x0) - f_inf")
    asked["distance0"] = start_distance(problem)
    return _gather(problem.name, dict(problem.params), sampling.spec, constants, delta0, theorems, asked)


def of_constants(given: dict[str, float], theorems: Sequence[str] = (), **asked: Any) -> Rates:
    """The rates from bare constants taken as claimed.

    Parameters
    ----------
    given : numbers by name, with the defaults of `Constants.from_values`; `delta0` = f(x0) - f_inf may be among them
    theorems, asked : as in `of_problem`

    Raises
    ------
    NotApplicable, InputError
        As `of_problem`, and for numbers that no function has.
    """
    start = given.get("delta0")
    constants = Constants.from_values({name: value for name, value in given.items() if name != "delta0"})
    delta0 = None if start is None else Constant(nonnegative("delta0", start), "claimed", "given")
    return _gather(None, {}, None, constants, delta0, theorems, asked)


def _gather(
    problem: str | None,
    params: dict[str, Any],
    sampling: str | None,
    constants: Constants,
    delta0: Constant | None,
    keys: Sequence[str],
    asked: dict[str, Any],
) -> Rates:
    lam, epsilon = rule("lam", asked.pop("lam", 0.5)), asked.pop("epsilon", None)
    _check(epsilon, delta0, **asked)
    found: list[Rate] = []
    skipped: list[tuple[str, str]] = []
    refused: list[str] = []
    for key in keys or all_theorems():
        theorem = load_theorem(key)
        try:
            found.append(rate(theorem, constants, lam, epsilon=epsilon, delta0=delta0, **asked))
        except (NotApplicable, InputError) as reason:
            if keys:
                raise
            skipped.append((theorem.key, str(reason).removeprefix(f"{theorem.key}: ")))
            refused += [str(reason)] if isinstance(reason, InputError) else []
    # Steps that every theorem with a limit refuses are an error, even though one without a limit takes anything.
    if refused and not any(math.isfinite(each.plan.rho_max) for each in found):
        raise InputError("; ".join(dict.fromkeys(refused)))
    if not found:
        raise NotApplicable("no theorem applies: " + "; ".join(f"{key}: {reason}" for key, reason in skipped))
    used = {word for each in found for word in each.theorem.assumptions}
    named = {
        name: getattr(constants, name) for word, names in INTRODUCED.items() for name in names
        if word != "ES" or word in used
    }  # fmt: skip
    named["delta0"] = delta0
    known = {name: value for name, value in named.items() if value is not None}
    return Rates(
        problem, params, sampling, lam, epsilon, constants.region, known, found, skipped, single=len(keys) == 1
    )


def _check(
    epsilon: float | None,
    delta0: float | None,
    rho: float | None = None,
    rho_fraction: float | None = None,
    gamma: float | None = None,
    distance0: float | None = None,
) -> None:
    """What is wrong whatever the theorem."""
    if rho is not None:
        nonnegative("rho", rho)
    if rho_fraction is not None:
        check_fraction(rho_fraction)
    if gamma is not None:
        positive("gamma", gamma)
    if epsilon is not None:
        positive("epsilon", epsilon)
        if delta0 is None:
            raise InputError(f"epsilon={epsilon:g}: needs delta0 = f(x0) - f_inf among the constants, as delta0=1.5")
