"""Make a violation small: fewer parts, the theorem's own steps, numbers of few digits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from samtheory.theorems.base import Theorem

from .trial import Finding, Trial, attempt

#: At least this share of the excess is kept.
KEEP = 0.5
#: Digits that are tried.
DIGITS = (1, 2, 3, 4, 6, 9, 15)


def shrunk(theorem: Theorem, found: Finding, allowed: Callable[[Trial], bool]) -> Trial:
    """A smaller trial that still violates the theorem, its rho and gamma fixed; `allowed` says what may be tried."""
    least = KEEP * found.score

    def good(trial: Trial) -> bool:
        again = attempt(theorem, trial) if allowed(trial) else None
        return again is not None and again.score >= least

    trial = found.trial
    for ways in (simpler_parts, plainer_steps, plainer_point):
        trial = reduced(trial, ways, good)
    trial = fewer_digits(trial, good)
    return fixed(theorem, trial, good)


def reduced(trial: Trial, ways: Callable[[Trial], Iterator[Trial]], good: Callable[[Trial], bool]) -> Trial:
    """The trial after every simplification that it survives, again and again."""
    while True:
        smaller = next((each for each in ways(trial) if each != trial and good(each)), None)
        if smaller is None:
            return trial
        trial = smaller


def simpler_parts(trial: Trial) -> Iterator[Trial]:
    """Fewer knots, no tilts, the textbook's constants or no slack in the sharp ones."""
    for instance in trial.instance.simpler():
        yield replace(trial, instance=instance)
    if (sharpness := trial.instance.sharpness) is not None:
        yield replace(trial, instance=replace(trial.instance, sharpness=None))
        if sharpness != (1.0, 0.0):
            yield replace(trial, instance=replace(trial.instance, sharpness=(1.0, 0.0)))


def plainer_steps(trial: Trial) -> Iterator[Trial]:
    """lam at an end or in the middle; half the largest rho, the largest gamma."""
    if isinstance(trial.lam, float) and trial.lam not in (0.0, 0.5, 1.0):
        yield from (replace(trial, lam=lam) for lam in (0.0, 1.0, 0.5))
    if trial.of_rho != 0.5:
        yield replace(trial, of_rho=0.5)
    if trial.of_gamma != 1.0:
        yield replace(trial, of_gamma=1.0)


def plainer_point(trial: Trial) -> Iterator[Trial]:
    """1 in every coordinate."""
    if any(part != 1.0 for part in trial.x):
        yield replace(trial, x=(1.0,) * len(trial.x))


def fewer_digits(trial: Trial, good: Callable[[Trial], bool]) -> Trial:
    """Every number of the instance, of the point and lam with as few digits as it survives, one after another."""
    total = len(numbers(trial))
    for place in range(total):
        for digits in DIGITS:
            shorter = with_number(trial, place, lambda value: rounded(value, digits))  # noqa: B023
            if good(shorter):
                trial = shorter
                break
    return trial


def numbers(trial: Trial) -> list[float]:
    """Every number that `with_number` can change."""
    found: list[float] = []
    trial.instance.mapped(lambda value: found.append(value) or value)  # type: ignore[func-returns-value]
    return [*found, *trial.x, trial.lam if isinstance(trial.lam, float) else 0.0]


def with_number(trial: Trial, place: int, change: Callable[[float], float]) -> Trial:
    """The trial with one number changed."""
    count = itertools.count()

    def one(value: float) -> float:
        return change(value) if next(count) == place else value

    instance = trial.instance.mapped(one)
    x = tuple(map(one, trial.x))
    return replace(trial, instance=instance, x=x, lam=one(trial.lam) if isinstance(trial.lam, float) else trial.lam)


def fixed(theorem: Theorem, trial: Trial, good: Callable[[Trial], bool]) -> Trial:
    """rho, then gamma, rounded down to as few digits as the violation survives."""
    for name in ("rho", "gamma"):
        found = attempt(theorem, trial)
        if found is None or found.rho is None:  # the theorem itself fixes them
            return trial
        for digits in DIGITS:
            shorter = replace(trial, **{name: rounded(getattr(found, name), digits, ROUND_FLOOR)})  # type: ignore[arg-type]
            if good(shorter):
                trial = shorter
                break
    return trial


def rounded(value: float, digits: int, mode: str = ROUND_HALF_EVEN) -> float:
    """A number of so many digits."""
    return float(Context(prec=digits, rounding=mode).create_decimal(Decimal(value)))
