"""One try at a theorem: an instance, a point and steps that the theorem allows; what it claims there and what is true.

The same formulas measure in floats (for a search) and in rationals or intervals (for a proof).
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass

from samtheory.constants import Constants, claimed
from samtheory.errors import InputError, NotApplicable
from samtheory.schedules import NAMED
from samtheory.theorems.base import MEASURES, Plan, Theorem

from .instances.arithmetic import FLOAT, Kit, Number
from .instances.base import Card, Instance, NotThere, Point, Triple, mean, moved, squared

#: rho stays this much below rho_max, and gamma below gamma_max, relatively.
MARGIN = 1e-9
#: An excess of this much, relatively, is rounding.
ROUNDING = 1e-10
#: The score of exceeding a bound of 0.
BEYOND = 1e300
#: The one-step inequality in words, by the theorem's `lyapunov`.
STEP = {
    "gap": "E f(x+) - f* <= p (f(x) - f*) + q ||grad f(x)||^2 + r",
    "distance2": "E||x+ - x*||^2 <= p ||x - x*||^2 + q (f(x) - f*) + r",
}
#: What the bound at t = 1 is a bound on, by the theorem's measure: an attribute of `State`.
MEASURED = {
    "gap": "gap_after",
    "distance2": "distance2_after",
    "avg_gap": "gap",
    "min_grad2": "grad2",
    "avg_grad2": "grad2",
}


@dataclass(frozen=True)
class Trial:
    """What is tried.

    Attributes
    ----------
    instance : the finite sum and the sampling
    x : the point
    lam : a number or a named rule, which counts at t = 0
    of_rho, of_gamma : the steps, as fractions of the largest that the theorem allows (of 1/Lambda and 1/L where it
        has no limit)
    rho, gamma : the steps themselves, where they are fixed
    """

    instance: Instance
    x: Point
    lam: float | str
    of_rho: float
    of_gamma: float
    rho: float | None = None
    gamma: float | None = None


@dataclass(frozen=True)
class State:
    """What is true at the point before and after a step, in one kind of number.

    Attributes
    ----------
    gap, grad2, distance2 : f(x) - f*, ||grad f(x)||^2, ||x - x*||^2
    gap_after, distance2_after : expectations over the sampling
    """

    gap: Number
    grad2: Number
    distance2: Number
    gap_after: Number
    distance2_after: Number

    def lyapunov(self, theorem: Theorem) -> tuple[Number, Number, Number]:
        """(V, W, E V+) of the theorem's one-step inequality."""
        if theorem.lyapunov == "gap":
            return self.gap, self.grad2, self.gap_after
        return self.distance2, self.gap, self.distance2_after


@dataclass(frozen=True)
class Finding:
    """A claim and the truth.

    Attributes
    ----------
    score : above 0 for a violation, see `relative`
    claim : the inequality in words
    rho, gamma : None where the theorem itself fixes them
    """

    trial: Trial
    score: float
    claim: str
    measured: float
    bound: float
    rho: float | None
    gamma: float | None
    constants: Constants

    @property
    def ratio(self) -> float:
        """measured / bound."""
        return self.measured / self.bound if self.bound else math.inf


def smoothness(instance: Instance, kit: Kit, card: Card) -> dict[str, Number]:
    """L, L_max, L_avg, Lambda, Lambda1, Lambda2 as `Problem.constants` has them."""
    L_i, L, n = card.L_i, card.L, instance.n
    average = sum(L_i) / n
    found = {"L": L, "L_max": max(L_i), "L_avg": average}
    if instance.weights.deterministic:
        return {**found, "Lambda": L, "Lambda1": L, "Lambda2": L}
    law = instance.weights.moments(kit)
    square = law.B * average**2 + sum(w * each**2 for w, each in zip(law.w, L_i, strict=True)) / n**2
    return {**found, "Lambda": instance.weights.largest(kit, L_i), "Lambda1": average, "Lambda2": kit.above(square)}


def constants_of(instance: Instance, kit: Kit, card: Card, residual: Triple) -> dict[str, Number]:
    """Every constant by name; mu only where f is PL, Lcal, R and sigma2 only where every f_i is convex."""
    A, B, C = residual
    found = {**smoothness(instance, kit, card), "A": A, "B": B, "C": C}
    found |= {} if card.mu is None else {"mu": card.mu}
    if "convex-components" in card.properties:
        found |= dict(zip(("Lcal", "R", "sigma2"), around(instance, kit, card), strict=True))
    return found


def around(instance: Instance, kit: Kit, card: Card) -> Triple:
    """Lcal, R and sigma2 as `Problem.expected_smoothness` has them."""
    law, n = instance.weights.moments(kit), instance.n
    tilts = instance.gradients((kit.number(0),) * instance.d, kit)
    A = max(w * each for w, each in zip(law.w, card.L_i, strict=True)) / n
    return A + law.B * card.L, A, sum(w * squared(tilt) for w, tilt in zip(law.w, tilts, strict=True)) / n**2


def claimed_constants(instance: Instance, card: Card, numbers: dict[str, Number]) -> Constants:
    """The constants as a theorem reads them, with the assumptions that hold; x* = 0 is known.

    Raises
    ------
    InputError
        If they are those of no function, which is rounding.
    """
    held = {"smooth", "ER", "minimiser", *card.properties}
    held |= {word for word, name in (("PL", "mu"), ("ES", "Lcal")) if name in numbers}
    held |= {"bounded-variance"} if (float(numbers["A"]), float(numbers["B"])) == (0.0, 1.0) else set()
    held |= {"full-batch"} if instance.weights.deterministic else set()
    given = {name: claimed(float(number), "instance") for name, number in numbers.items()}
    return Constants(given, frozenset(held))


def state(instance: Instance, kit: Kit, x: Point, gamma: Number, rho: Number, lam: Number) -> State:
    """The expectation over the sampling of one step of Unified SAM from x; x* = 0 and f* = 0."""
    here, n = instance.gradients(x, kit), instance.n
    gap_after = distance2_after = kit.number(0)
    for probability, chosen in instance.weights.outcomes(kit):
        after = x
        if chosen:
            g = weighted(here, chosen, n)
            y = moved(x, rho, ascent(g, lam, kit))
            after = moved(x, -gamma, weighted(instance.gradients(y, kit), chosen, n))
        gap_after += probability * instance.value(after, kit)
        distance2_after += probability * squared(after)
    return State(instance.value(x, kit), squared(mean(here)), squared(x), gap_after, distance2_after)


def weighted(gradients: list[Point], chosen: list[tuple[int, Number]], n: int) -> Point:
    """(1/n) sum v_i grad f_i."""
    total = tuple(0 * part for part in gradients[0])
    for i, v in chosen:
        total = moved(total, v / n, gradients[i])
    return total


def ascent(g: Point, lam: Number, kit: Kit) -> Point:
    """(1 - lam + lam/||g||) g, 0 where g = 0."""
    if lam == 0 or not any(g):
        return g
    length = abs(g[0]) if len(g) == 1 else kit.root(squared(g))
    return tuple((1 - lam + lam / length) * part for part in g)


def at_start(lam: float | str) -> float:
    """lam_0."""
    return float(NAMED[lam](0)) if isinstance(lam, str) else lam


def attempt(theorem: Theorem, trial: Trial) -> Finding | None:
    """What the theorem claims and what is true, in floats; None where the theorem says nothing."""
    try:
        card = trial.instance.card(FLOAT)
        instance = trial.instance.settled(card.L_i)
        numbers = constants_of(instance, FLOAT, card, instance.residual(FLOAT, card))
        constants = claimed_constants(instance, card, numbers)
        if excluded(theorem, constants, trial.lam):
            return None
        V = instance.value(trial.x, FLOAT) if theorem.lyapunov == "gap" else squared(trial.x)
        plan, rho, gamma = planned(theorem, constants, trial, V)
        worst = claim(theorem, plan, state(instance, FLOAT, trial.x, *plan.schedule.at(0)))
    except (NotThere, NotApplicable, InputError, ZeroDivisionError, OverflowError):
        return None
    if not all(map(math.isfinite, worst[:1] + worst[2:])):
        return None
    return Finding(trial, *worst, rho, gamma, constants)


def excluded(theorem: Theorem, constants: Constants, lam: float | str) -> str | None:
    """Reason why the theorem covers no such problem; None if it does.

    What this project objects to in a theorem of the paper is no part of that theorem; in any other it is an assumption.
    """
    return theorem.why_not_applicable(constants, lam, allow_outside=theorem.status == "paper")


def planned(theorem: Theorem, constants: Constants, trial: Trial, V: float) -> tuple[Plan, float | None, float | None]:
    """The theorem's plan at the trial's steps, with rho and gamma; None for both where the theorem fixes them."""
    rho, gamma = steps(theorem, constants, trial)
    try:
        return theorem.plan(constants, trial.lam, rho, gamma, delta0=V, allow_outside=True), rho, gamma
    except NotApplicable:
        return theorem.plan(constants, trial.lam, delta0=V, allow_outside=True), None, None


def steps(theorem: Theorem, constants: Constants, trial: Trial) -> tuple[float, float]:
    """rho and gamma that the theorem allows."""
    rho_max, gamma_max = theorem.admissible(constants, trial.lam)
    rho, gamma = trial.rho, trial.gamma
    if rho is None:
        rho = trial.of_rho * (rho_max if rho_max < math.inf else 10 / constants.Lambda)
    if not (rho < rho_max or (rho == rho_max and (theorem.closed or rho == 0))):
        raise NotThere
    largest = gamma_max(rho)
    if gamma is None:
        gamma = trial.of_gamma * (1 - MARGIN) * (largest if largest < math.inf else 10 / constants.L)
    if not 0 < gamma <= largest:
        raise NotThere
    return rho, gamma


def claim(theorem: Theorem, plan: Plan, found: State) -> tuple[float, str, float, float]:
    """(score, words, measured, bound) of the one-step inequality, or of the bound at t = 1 where that is nearer."""
    V, W, after = found.lyapunov(theorem)
    step = -1.0, STEP[theorem.lyapunov], math.nan, math.nan
    with suppress(NotApplicable):  # a statement may come without an inequality of one step
        p, q, r = plan.step(0)
        bound = p * V + q * W + r
        step = relative(after, bound, V), STEP[theorem.lyapunov], after, bound
    later = MEASURED.get(theorem.measure)
    if step[0] > 0 or later is None or plan.start > 1:
        return step
    measured, bound = getattr(found, later), float(plan.bound(1, V))
    words = f"the bound at t = 1 on {MEASURES[theorem.measure]}"
    return max(step, (relative(measured, bound, V), words, measured, bound))


def relative(measured: float, bound: float, start: float) -> float:
    """Above 0, measured/bound - 1; below, (measured - bound) by how far both are from the start, -1 if by rounding.

    The ratio itself tends to 1 with every step size, whatever the theorem: a search that maximised it would end there.
    """
    excess, rounding = measured - bound, ROUNDING * (abs(measured) + abs(bound) + start)
    if excess > rounding:
        return excess / abs(bound) if bound else BEYOND
    size = abs(measured - start) + abs(bound - start)
    return min(excess, 0.0) / size if size > 1000 * rounding else -1.0
