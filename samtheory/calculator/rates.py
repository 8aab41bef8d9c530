"""Guarantees by theorem: admissible steps, rate, neighbourhood, iterations to epsilon, and the constants used."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from samtheory._version import __version__
from samtheory.assumptions import assumptions
from samtheory.catalogue import theorems as all_theorems
from samtheory.constants import ASSUMPTIONS, Constant, Constants, weakest
from samtheory.errors import InputError, NotApplicable, nonnegative, reject
from samtheory.io.json import finite_or_none, under
from samtheory.io.result import Result
from samtheory.problem.contradictions import consistent
from samtheory.problem.distance import starts
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling
from samtheory.schedules import Rule, rule_text
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

from .classes import OWN, Reading

if TYPE_CHECKING:
    from .expected import Expected

SCHEMA = "samtheory.rates/1"
#: The keys of one theorem.
RATE = {
    "assumptions.constants": "constants that the assumption needs",
    "assumptions.meaning": "the assumption in words",
    "assumptions.name": "key of the assumption",
    "gamma_max": "largest admissible γ, null for none",
    "reached": "iterations after which the bound itself is at most ε, null where it never is",
    "rho_max": "largest admissible ρ, null for none",
    "title": "the theorem in a few words",
}
KEYS = {
    SCHEMA: {
        **RATE,
        **under("rates", RATE),
        "constants": "constants of the problem under the sampling, by name",
        "constants.*.known": "how the constant is known, such as exact or estimated",
        "constants.*.source": "formula or text that the constant comes from",
        "constants.*.value": "the number",
        "method": "method whose class is covered, null for Unified SAM",
        "rates": "one entry for each theorem that applies; of a single theorem its keys are at the top instead",
        "region": "where the constants hold, empty for everywhere",
    }
}

#: Groups of reasons that an error message repeats.
GROUPS = 4


@dataclass(frozen=True)
class TheoremRate:
    """The guarantee of one theorem.

    Attributes
    ----------
    theorem : the statement
    plan : its steps and guarantee
    iterations : steps after which the guarantee is and stays at most epsilon; None if never, if that is not certain,
        or if no epsilon is asked for
    reached : steps after which it is at most epsilon for the first time; None if never, or if no epsilon is asked for
    start : f(x0) - f_inf or ||x0 - x*||^2, from which the bound begins; None where it is not known
    """

    theorem: Theorem
    plan: Plan
    iterations: int | None
    reached: int | None = None
    start: float | None = None

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
                {"name": word, "meaning": ASSUMPTIONS[word], "constants": list(assumptions()[word].constants)}
                for word in self.theorem.assumptions
            ],
            "rho_max": finite_or_none(self.plan.rho_max),
            "rho": self.plan.rho,
            "gamma_max": finite_or_none(self.plan.gamma_max),
            "gamma": self.plan.gamma,
            "contraction": self.plan.contraction,
            "neighbourhood": self.plan.neighbourhood,
            "iterations": self.iterations,
            "reached": self.reached,
        }


@dataclass(frozen=True, repr=False)
class RateTable(Result):
    """The guarantees of the theorems that apply to a problem under a sampling, or to bare constants.

    Attributes
    ----------
    rates : one for each theorem that applies
    skipped : (theorem, reason) of the others
    single : whether exactly one theorem was asked for, which puts its numbers at the top of the document
    method : the method that the theorems cover, "" for each theorem's own
    """

    problem: str | None
    params: dict[str, Any]
    sampling: str | None
    lam: Rule
    epsilon: float | None
    region: str
    constants: dict[str, Constant]
    rates: list[TheoremRate]
    skipped: list[tuple[str, str]]
    single: bool
    data: dict[str, Any] | None = None
    method: str = ""

    columns = ("theorem", "rho", "gamma", "contraction", "neighbourhood", "iterations")

    def headline(self) -> str:
        """The setting, the number of theorems, and the fewest iterations where a target is given."""
        setting = ", ".join(
            filter(None, [self.problem or "bare constants", self.sampling, f"λ={rule_text(self.lam)}", self.method])
        )
        text = f"{setting}: {len(self.rates)} theorem{'s' * (len(self.rates) != 1)} apply, {len(self.skipped)} do not"
        if self.epsilon is None:
            return text
        counted = [each for each in self.rates if each.iterations is not None]
        least = min(counted, key=lambda each: each.iterations or 0, default=None)
        first = "never guaranteed" if least is None else f"{least.iterations:,} iterations, {least.theorem.key}"
        return f"{text}; ε = {self.epsilon:.4g}: {first}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each theorem that applies."""
        names = ("rho", "rho_max", "gamma", "gamma_max", "contraction", "neighbourhood")
        for each in self.rates:
            numbers = {name: getattr(each.plan, name) for name in names}
            yield {
                "theorem": each.theorem.key,
                "measure": each.theorem.measure,
                **numbers,
                "iterations": each.iterations,
            }

    def plot(self, ax: Any = None) -> Any:
        """Plot the bounds on f(x_t) - f* over t, or those on another quantity where no theorem bounds it.

        Parameters
        ----------
        ax : matplotlib axes; new ones by default

        Returns
        -------
        The axes.

        Raises
        ------
        NotApplicable
            If no bound can be evaluated, as f(x0) - f_inf is not known.

        Examples
        --------
        >>> import samtheory as st
        >>> axes = st.rates("ridge", theorem=["unified-sam/3.2", "ours/tight"], epsilon=1.0).plot()
        >>> [line.get_label() for line in axes.get_lines()]
        ['unified-sam/3.2', 'ours/tight']
        """
        from .bounds import plot

        return plot(self, ax)

    def expect(self, stated: str) -> Expected:
        """Compare stated numbers with those of the one theorem of this table.

        Parameters
        ----------
        stated : NAME=VALUE[±TOLERANCE],... with names rho, rho_max, gamma, gamma_max, contraction (q), neighbourhood
            (N), iterations (T); without a tolerance, half a unit of the last digit given

        Raises
        ------
        InputError
            If a number is badly written, or the table is not of one theorem.

        Examples
        --------
        >>> import samtheory as st
        >>> st.rates("ridge", theorem="unified-sam/3.2").expect("rho_max=0.0228").agrees
        True
        """
        from .expected import Expected, expectations

        if len(self.rates) != 1:
            raise reject("theorem", len(self.rates), "exactly one theorem beside expect")
        found = Expected(self.rates[0], expectations(stated))
        if self.epsilon is None and any(each.name == "iterations" for each in found.stated):
            raise InputError("epsilon: must be given to count the iterations that expect states")
        return found

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.rates/1`."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "version": __version__,
            "problem": self.problem,
            "params": self.params,
            "data": self.data,
            "sampling": self.sampling,
            "lam": rule_text(self.lam),
            "method": self.method or None,
            "epsilon": self.epsilon,
            "region": self.region,
            "constants": {
                name: {"value": float(value), "known": value.provenance, "source": value.source}
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
    request: Request,
    starts: Mapping[str, float | None],
) -> TheoremRate:
    """The guarantee of `theorem` under `constants`.

    Parameters
    ----------
    request : lam, steps and epsilon
    starts : V(x0) for each V that `Theorem.lyapunov` names, needed beside epsilon

    Raises
    ------
    NotApplicable
        If the theorem does not cover the request.
    InputError
        If rho or gamma is outside what the theorem admits.
    """
    plan, start = theorem.plan_for(constants, request, starts["gap"]), starts[theorem.lyapunov]
    if request.epsilon is not None and start is None and theorem.lyapunov != "gap":
        raise NotApplicable(f"{theorem.key}: the iterations need ||x0 - x*||^2, which is not known here")
    if request.epsilon is None or start is None:
        return TheoremRate(theorem, plan, None, start=start)
    return TheoremRate(
        theorem, plan, plan.iterations(request.epsilon, start), plan.reached(request.epsilon, start), start
    )


@dataclass(frozen=True)
class Setting:
    """The input of the rates; problem and sampling by name, None for bare constants."""

    problem: str | None
    params: dict[str, Any]
    sampling: str | None
    constants: Constants
    delta0: Constant | None
    starts: Mapping[str, float | None]
    data: dict[str, Any] | None = None


def of_problem(
    problem: Problem, sampling: Sampling, theorems: Sequence[Theorem], request: Request, reading: Reading = OWN
) -> RateTable:
    """The rates on a problem under a sampling.

    Parameters
    ----------
    theorems : every theorem of the catalogue that applies where empty
    request : lam, steps and epsilon
    reading : the method that the theorems are to cover; each theorem's own by default

    Raises
    ------
    NotApplicable, InputError
        As `rate`, for theorems that are named; if no theorem is left, where none is.
    """
    delta0 = Constant(consistent(problem).delta0, weakest([problem.f_inf]), "f(x0) - f_inf")
    constants = reading.constants(problem, sampling, request.rho)
    setting = Setting(
        problem.name, dict(problem.params), sampling.spec, constants, delta0, starts(problem), problem.data_shown
    )
    return _gather(setting, theorems, request, reading)


def of_constants(given: Mapping[str, float], theorems: Sequence[Theorem], request: Request) -> RateTable:
    """The rates from bare constants taken as claimed.

    Parameters
    ----------
    given : numbers by name, with the defaults of `Constants.from_values`; `delta0` = f(x0) - f_inf may be among them
    theorems, request : as in `of_problem`

    Raises
    ------
    NotApplicable, InputError
        As `of_problem`, and for numbers that no function has.
    """
    constants, start = bare_constants(given)
    delta0 = None if start is None else Constant(start, "claimed", "given")
    return _gather(Setting(None, {}, None, constants, delta0, {"gap": start, "distance2": None}), theorems, request)


def bare_constants(given: Mapping[str, float]) -> tuple[Constants, float | None]:
    """Constants from numbers by name, and delta0 where it is among them."""
    start = given.get("delta0")
    constants = Constants.from_values({name: value for name, value in given.items() if name != "delta0"})
    return constants, None if start is None else nonnegative("delta0", start)


def grouped(skipped: Sequence[tuple[str, str]]) -> str:
    """The reasons why theorems do not apply, the most frequent first, each with a theorem and the number of others."""
    keys: dict[str, list[str]] = {}
    for key, reason in skipped:
        keys.setdefault(reason, []).append(key)
    groups = sorted(keys.items(), key=lambda each: -len(each[1]))
    told = [
        f"{reason} ({each[0]}{f' and {len(each) - 1} more' if each[1:] else ''})" for reason, each in groups[:GROUPS]
    ]
    left = [f"{len(groups) - GROUPS} other reasons"] if len(groups) > GROUPS else []
    return "; ".join(told + left)


def _gather(setting: Setting, theorems: Sequence[Theorem], request: Request, reading: Reading = OWN) -> RateTable:
    """The rate of each theorem that applies, and why the others do not."""
    constants, delta0, epsilon = setting.constants, setting.delta0, request.epsilon
    if epsilon is not None and delta0 is None:
        raise InputError(f"epsilon={epsilon:g}: needs delta0 = f(x0) - f_inf among the constants, as delta0=1.5")
    found: list[TheoremRate] = []
    skipped: list[tuple[str, str]] = []
    refused: list[str] = []
    for theorem in theorems or all_theorems().values():
        try:
            read = reading.request(theorem, request)
            found.append(rate(theorem, constants, read, setting.starts))
        except (NotApplicable, InputError) as reason:
            if theorems:
                raise
            skipped.append((theorem.key, str(reason).removeprefix(f"{theorem.key}: ")))
            refused += [str(reason)] if isinstance(reason, InputError) else []
    # Steps that every theorem with a limit refuses are an error, even though one without a limit takes anything.
    if refused and not any(math.isfinite(each.plan.rho_max) for each in found):
        raise InputError("; ".join(dict.fromkeys(refused)))
    if not found:
        raise NotApplicable(f"no theorem applies: {grouped(skipped)}")
    used = {word for each in found for word in each.theorem.assumptions}
    named = {
        name: getattr(constants, name) for word, assumption in assumptions().items() for name in assumption.constants
        if assumption.basic or word in used
    }  # fmt: skip
    named["delta0"] = delta0
    known = {name: value for name, value in named.items() if value is not None}
    return RateTable(
        setting.problem,
        setting.params,
        setting.sampling,
        request.lam,
        epsilon,
        constants.region,
        known,
        found,
        skipped,
        single=len(theorems) == 1,
        method=reading.name,
        data=setting.data,
    )
