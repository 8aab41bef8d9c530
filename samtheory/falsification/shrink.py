"""Make a violation small: fewer parts, the theorem's own steps, numbers of few digits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from samtheory.errors import InputError
from samtheory.schedules import Listed, Rule, is_constant
from samtheory.theorems.base import Theorem

from .candidate import Candidate
from .evaluation import Evaluation, attempt

#: At least this share of the excess is kept, or so much of it.
KEEP, ENOUGH = 0.5, 0.1
#: Numbers of digits that are tried.
DIGITS = (1, 2, 3, 4, 6, 9, 15)

#: Whether a candidate still violates the theorem.
Test = Callable[[Candidate], bool]


def shrunk(theorem: Theorem, found: Evaluation, allowed: Test) -> Candidate:
    """A smaller candidate that still violates the theorem, its rho and gamma fixed; `allowed` limits what is tried."""
    least = min(KEEP * found.score, ENOUGH)

    def violates(candidate: Candidate) -> bool:
        again = attempt(theorem, candidate) if allowed(candidate) else None
        return again is not None and again.score >= least

    candidate = found.candidate
    for simplifications in (fewer_steps, simpler_parts, plainer_steps, plainer_point):
        candidate = reduced(candidate, simplifications, violates)
    candidate = fewer_digits(candidate, violates)
    return with_fixed_steps(theorem, candidate, violates)


def reduced(
    candidate: Candidate, simplifications: Callable[[Candidate], Iterator[Candidate]], violates: Test
) -> Candidate:
    """The candidate after every simplification under which the violation survives, again and again."""
    while True:
        tried = (each for each in simplifications(candidate) if each != candidate and violates(each))
        smaller = next(tried, None)
        if smaller is None:
            return candidate
        candidate = smaller


def fewer_steps(candidate: Candidate) -> Iterator[Candidate]:
    """A shorter run."""
    steps = candidate.steps
    yield from (replace(candidate, steps=fewer) for fewer in (1, steps // 2, steps - 1) if 0 < fewer < steps)


def simpler_parts(candidate: Candidate) -> Iterator[Candidate]:
    """Fewer knots, no tilts, the textbook's constants or no slack in the sharp ones."""
    for instance in candidate.instance.simpler():
        yield replace(candidate, instance=instance)
    if (sharpness := candidate.instance.sharpness) is not None:
        yield replace(candidate, instance=replace(candidate.instance, sharpness=None))
        if sharpness != (1.0, 0.0):
            yield replace(candidate, instance=replace(candidate.instance, sharpness=(1.0, 0.0)))


def plainer_steps(candidate: Candidate) -> Iterator[Candidate]:
    """Constant steps; lam at an end or in the middle; half the largest rho or none, the largest gamma."""
    if (burst := candidate.burst) is not None:
        yield replace(candidate, burst=None)
        if burst.rho != 1:
            yield replace(candidate, burst=replace(burst, rho=1.0))
        if burst.steps > 1:
            yield replace(candidate, burst=replace(burst, steps=1))
    if candidate.lam not in (0.0, 0.5, 1.0):
        yield from (replace(candidate, lam=lam) for lam in (0.0, 1.0, 0.5))
    if candidate.rho_fraction not in (0.0, 0.5):
        yield from (replace(candidate, rho_fraction=share) for share in (0.5, 0.0))
    if candidate.gamma_fraction != 1.0:
        yield replace(candidate, gamma_fraction=1.0)


def plainer_point(candidate: Candidate) -> Iterator[Candidate]:
    """1 in every coordinate."""
    if any(part != 1.0 for part in candidate.x):
        yield replace(candidate, x=(1.0,) * len(candidate.x))


def fewer_digits(candidate: Candidate, violates: Test) -> Candidate:
    """Each number of the instance, of the point and lam, one after another, with the fewest digits possible."""
    for place in range(len(numbers(candidate))):
        for digits in DIGITS:
            with suppress(InputError):  # such as a probability rounded to 0
                shorter = with_number(candidate, place, lambda value: rounded(value, digits))  # noqa: B023
                if violates(shorter):
                    candidate = shorter
                    break
    return candidate


def map_numbers(candidate: Candidate, change: Callable[[float], float]) -> Candidate:
    """The candidate with each number of the instance, of the point and lam changed."""
    lam = candidate.lam
    return replace(
        candidate,
        instance=candidate.instance.map_numbers(change),
        x=tuple(map(change, candidate.x)),
        lam=change(lam) if isinstance(lam, float) else lam,
    )


def numbers(candidate: Candidate) -> list[float]:
    """Every number that `map_numbers` changes, in order."""
    found: list[float] = []

    def record(value: float) -> float:
        found.append(value)
        return value

    map_numbers(candidate, record)
    return found


def with_number(candidate: Candidate, place: int, change: Callable[[float], float]) -> Candidate:
    """The candidate with one number changed.

    Raises
    ------
    InputError
        If the sampling cannot have the new number.
    """
    count = itertools.count()
    return map_numbers(candidate, lambda value: change(value) if next(count) == place else value)


def with_fixed_steps(theorem: Theorem, candidate: Candidate, violates: Test) -> Candidate:
    """rho, then gamma, rounded down to the fewest digits for which the violation survives."""
    for name in ("rho", "gamma"):
        found = attempt(theorem, candidate)
        if found is None or found.rho is None:  # the theorem itself fixes them
            return candidate
        for digits in DIGITS:
            steps = {name: fewer(getattr(found, name), digits)}
            shorter = replace(candidate, **steps)  # type: ignore[arg-type]
            if violates(shorter):
                candidate = shorter
                break
    return candidate


def fewer(value: Rule, digits: int) -> Rule:
    """A number, or listed numbers, rounded down to so many digits."""
    if isinstance(value, Listed):
        return Listed(tuple(rounded(each, digits, ROUND_FLOOR) for each in value.values))
    return rounded(float(value), digits, ROUND_FLOOR) if is_constant(value) else value  # type: ignore[arg-type]


def rounded(value: float, digits: int, mode: str = ROUND_HALF_EVEN) -> float:
    """A number of so many digits."""
    return float(Context(prec=digits, rounding=mode).create_decimal(Decimal(value)))
