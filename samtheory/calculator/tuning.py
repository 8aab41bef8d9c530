"""The step size with the fewest guaranteed iterations to a goal: of one theorem, and over all of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._version import __version__
from samtheory.catalogue import theorems as all_theorems
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable, nonnegative, reject
from samtheory.io.result import Result
from samtheory.request import Request
from samtheory.schedules import is_constant
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

SCHEMA = "samtheory.best/1"
KEYS = {SCHEMA: {"rho_min": "ρ may not be smaller", "theorem": "theorem with the fewest iterations, null for none"}}

#: Step-size grid: POINTS over DECADES below the largest, ended where the iterations exceed WORSE times the fewest; then
#: ROUNDS of bisection around the best.
DECADES, POINTS, WORSE, ROUNDS = 5, 16, 4, 5


@dataclass(frozen=True)
class TunedTheorem:
    """A theorem at its best step size.

    Attributes
    ----------
    plan : steps and guarantee
    iterations : after which the goal is guaranteed to be at most epsilon, None if never
    """

    theorem: Theorem
    plan: Plan
    iterations: int | None

    @property
    def order(self) -> tuple[float, float]:
        """Sort key: fewest iterations first; among those without, the smallest neighbourhood."""
        if self.iterations is not None:
            return self.iterations, math.inf
        return math.inf, math.inf if self.plan.neighbourhood is None else self.plan.neighbourhood


@dataclass(frozen=True, repr=False)
class Best(Result):
    """The theorem with the fewest guaranteed iterations to epsilon; `choice` is None if no theorem gets there."""

    choice: TunedTheorem | None
    epsilon: float
    rho_min: float

    def headline(self) -> str:
        """The theorem, its steps and the iterations."""
        if self.choice is None:
            return f"no theorem guarantees epsilon={self.epsilon:g} at rho >= {self.rho_min:g}"
        found = self.to_json()
        steps = f"rho={found['rho']:.6g}, gamma={found['gamma']:.6g}"
        return f"{found['theorem']}: epsilon={self.epsilon:g} after {found['iterations']} iterations at {steps}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """One row."""
        yield {name: value for name, value in self.to_json().items() if name not in ("schema", "version")}

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.best/1`; None where no theorem gets to epsilon."""
        choice = self.choice
        return {
            "schema": SCHEMA,
            "version": __version__,
            "epsilon": self.epsilon,
            "rho_min": self.rho_min,
            "theorem": None if choice is None else choice.theorem.key,
            "rho": None if choice is None else choice.plan.rho,
            "gamma": None if choice is None else choice.plan.gamma,
            "iterations": None if choice is None else choice.iterations,
        }


def best(
    constants: Constants,
    request: Request,
    delta0: float,
    rho_min: float = 0.0,
    theorems: Iterable[Theorem] = (),
) -> Best:
    """The theorem with the fewest guaranteed iterations to E f(x_T) - f* <= epsilon, at rho >= rho_min.

    Without PL the goal is the smallest or mean gradient norm. Every guarantee increases with rho, so rho = rho_min is
    the best admissible value. A theorem as remembered is no guarantee, and a theorem about another method than Unified
    SAM needs more than rho and gamma: both are left out.

    Parameters
    ----------
    constants : what is known of the problem under the sampling
    request : lam and epsilon
    delta0 : f(x0) - f_inf
    rho_min : the smallest ascent radius wanted, at every step
    theorems : theorems to choose from; the whole catalogue where empty

    Raises
    ------
    InputError
        If epsilon is missing or a number is bad.
    """
    if request.epsilon is None:
        raise InputError("epsilon is missing: the iterations to it are counted")
    rho_min, delta0 = nonnegative("rho-min", rho_min), nonnegative("delta0", delta0)
    away = 2 * delta0 / float(constants.mu) if constants.mu is not None else None
    starts = {"gap": delta0, "distance2": away}
    measures = ("gap", "distance2") if constants.mu is not None else ("min_grad2", "avg_grad2")
    found: list[TunedTheorem] = []
    for theorem in theorems or all_theorems().values():
        if theorem.status == "as remembered" or theorem.method != Theorem.method or theorem.measure not in measures:
            continue
        try:
            choice = tuned(theorem, constants, request.but(rho=rho_min), starts)
        except (NotApplicable, InputError):
            continue
        kept = rho_min == 0 or (choice.plan.rho >= rho_min * (1 - 1e-12) and is_constant(choice.plan.schedule.rho))
        if choice.iterations is not None and kept:
            found.append(choice)
    return Best(min(found, key=lambda each: each.order, default=None), request.epsilon, rho_min)


def tuned(theorem: Theorem, constants: Constants, request: Request, starts: Mapping[str, float | None]) -> TunedTheorem:
    """The theorem at rho (a theorem on SGD at 0) and the gamma with the fewest iterations to epsilon.

    The theorem's own steps are tried too, unless their rho is smaller; where the statement fixes the steps, they are
    the only ones.

    Parameters
    ----------
    request : lam, rho and epsilon
    starts : V(x0) for each V that `Theorem.lyapunov` names, as `problem.distance.starts`

    Raises
    ------
    NotApplicable, InputError
        If the theorem does not apply, or not at this rho.
    """
    lam, rho, epsilon = request.lam, _number("rho", request.rho), _number("epsilon", request.epsilon)
    if reason := theorem.why_not_applicable(constants, lam if theorem.only is None else theorem.only):
        raise NotApplicable(reason)
    largest_rho, largest_gamma = theorem.limits(constants, lam)
    if largest_rho == 0:
        lam, rho = 0.0, 0.0
    start, goal = target(theorem, constants, epsilon, starts[theorem.lyapunov])
    found: dict[float | None, TunedTheorem] = {}

    def at(gamma: float | None) -> TunedTheorem:
        if gamma not in found:
            asked = request.but(lam=lam, rho=None if gamma is None else rho, gamma=gamma, epsilon=goal)
            plan = theorem.plan_for(constants, asked, starts["gap"])
            found[gamma] = TunedTheorem(theorem, plan, plan.iterations(goal, start))
        return found[gamma]

    def order(power: float) -> tuple[float, float]:
        return at(float(10**power)).order

    try:
        limit = largest_gamma(rho)
        if limit <= 0:
            raise reject("rho", f"{rho:.6g}", f"below rho_max={largest_rho:.6g} ({theorem.key})")
        top = math.log10(min(limit, 2 / float(constants.L)))
        centre, width = top, DECADES / POINTS
        for power in np.linspace(top, top - DECADES, POINTS + 1):
            fewest, now = order(centre), order(power)
            centre = power if now < fewest else centre
            # Once the steps are short enough to reach epsilon, shorter ones only need more of them.
            if now[0] > WORSE * fewest[0]:
                break
        for _ in range(ROUNDS if is_constant(lam) else ROUNDS // 2):
            width /= 2
            centre = min((power for power in (centre - width, centre, centre + width) if power <= top), key=order)
    except NotApplicable:
        found.clear()  # the statement fixes its steps
    own = at(None)
    if own.plan.rho < rho and len(found) > 1:
        del found[None]
    return min(found.values(), key=lambda each: each.order)


def target(theorem: Theorem, constants: Constants, epsilon: float, start: float | None) -> tuple[float, float]:
    """(start, goal) of the theorem's own measure, such that it implies f - f* <= epsilon where possible.

    ||grad f||^2 <= 2 mu epsilon does under PL, and ||x - x*||^2 <= 2 epsilon/L always.  Without PL epsilon is that of
    ||grad f||, and f - f* <= epsilon^2/(2L) does.
    """
    if start is None:
        raise NotApplicable("the distance of x0 from the minimisers is not known")
    if theorem.lyapunov == "gap":
        gradient = theorem.measure.endswith("grad2") and constants.mu is not None
        return start, math.sqrt(2 * float(constants.mu or 0.0) * epsilon) if gradient else epsilon
    gap = epsilon if constants.mu is not None else epsilon**2 / (2 * float(constants.L))
    return start, 2 * gap / float(constants.L) if theorem.measure == "distance2" else gap


def _number(name: str, value: Any) -> float:
    """A constant value of the request."""
    if value is None:
        raise InputError(f"{name} is missing")
    return nonnegative(name, value)
