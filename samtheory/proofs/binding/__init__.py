"""What ties a proof to its theorem: the statement, the hypotheses, and the numbers of the calculator."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from samtheory.theorems.rollout import rollout
from samtheory.theorems.symbols import gamma, lam, rho

from ..kernel.facts import Fact, assumed, said
from ..language.terms import Flaw, T, require
from ..proof import Proof
from .hypotheses import Open, opened, parameters
from .samples import ROUNDING, Sample, samples
from .statement import wrong_measure, wrong_one_step

#: What is left of V_0 = 1 by rounding.
NOTHING = 1e-12
#: Times at which the bound is compared.
TIMES, LATEST = (0, 1, 2, 3, 5, 8, 20, 60), 10**5


def drawn(proof: Proof) -> tuple[Sample, ...]:
    """Plans of the theorem, with the values that the proof gives to its own symbols."""
    found = []
    for each in samples(proof.theorem):
        more = {}
        for symbol, value in proof.values.items():
            require(symbol.name not in each.values(0), symbol.name, "the calculator gives this symbol its value")
            more[symbol] = float(value(each.plan, each.start))
        found.append(Sample(each.plan, each.start, more))
    return tuple(found)


def flaw(proof: Proof) -> str | None:
    """Why a proof does not prove its theorem; None if it does."""
    try:
        return next(flaws(proof), None)
    except Flaw as found:
        return str(found)


def flaws(proof: Proof) -> Iterator[str]:
    """Everything that is wrong."""
    require(type(proof) is Proof, type(proof).__name__, "is no proof")
    for claim in proof.claims:
        said(claim)
    if proof.refused:
        yield proof.refused
        return
    if not proof.claims:
        yield "nothing is claimed"
    yield from filter(None, (wrong_one_step(proof), wrong_measure(proof)))
    plans = drawn(proof)
    yield from (each.wrong for each in examined(proof) if each.wrong is not None)
    yield from filter(None, (other_steps(bound, plans) for bound in proof.bounds))
    yield from filter(None, (smaller(proof, plans) if proof.bounds else None, not_followed(proof, plans)))


def unused(proof: Proof) -> list[str]:
    """The assumptions of the theorem that the proof does not use."""
    found = {each.word for claim in proof.claims for each in opened(proof, claim, ())}
    return [word for word in proof.theorem.assumptions if word not in found]


def smaller(proof: Proof, plans: tuple[Sample, ...]) -> str | None:
    """Where the calculator's bound is below all that are proved at a time."""
    compared: set[Fact] = set()
    for sample in plans:
        turns = {int(value) + more for value in sample.more.values() for more in (0, 1, 30)}
        for time in sorted({*TIMES, *turns, sample.plan.horizon or 0}):
            if time < sample.plan.start or time > LATEST:
                continue
            proved = {bound: sample.at(bound.rhs, time) for bound in proof.bounds if in_range(bound, sample, time)}
            numbers = [each for each in proved.values() if each is not None and not np.isnan(each)]
            compared |= {bound for bound, each in proved.items() if each is not None}
            found = float(sample.plan.bound(time, sample.start))
            if not numbers and time > 0 and np.isfinite(found):
                return f"nothing is proved at t = {time}, where the calculator has a bound"
            if numbers and found < min(numbers) * (1 - ROUNDING) - NOTHING * sample.start:
                return f"the calculator's bound is {found:.6g} at t = {time}, below {min(numbers):.6g}, which is proved"
    missing = [bound.name for bound in proof.bounds if bound not in compared]
    return f"{missing[0]}: cannot be compared with the calculator's bound" if missing else None


def not_followed(proof: Proof, plans: tuple[Sample, ...]) -> str | None:
    """Where the calculator's bound is below its own inequality of one step, followed step by step."""
    for sample in plans if proof.theorem.inequality else ():
        plan = sample.plan
        times = np.arange(plan.start, 60) if plan.horizon is None else np.array([plan.horizon])
        bound, least = plan.bound(times, sample.start), rollout(plan, sample.start, int(times.max()))[times]
        below = np.flatnonzero(bound < least * (1 - ROUNDING) - NOTHING * sample.start)
        if len(below):
            return f"the calculator's bound is below its inequality of one step, followed to t = {times[below[0]]}"
    return None


def other_steps(bound: Fact, plans: tuple[Sample, ...]) -> str | None:
    """Where the steps of a plan are not those that a bound is about."""
    about = parameters(bound)
    for sample in plans:
        for time in sorted({*TIMES, *(int(each) + more for each in sample.more.values() for more in (-2, -1, 0, 30))}):
            inside = time >= 0 and in_range(bound, sample, time) and in_range(bound, sample, time + 1)
            schedule = dict(zip((gamma, rho, lam), sample.plan.schedule.at(max(time, 0)), strict=True))
            for symbol, value in about.items() if inside else ():
                proved = sample.at(value, time)
                if symbol in schedule and (proved is None or not np.isclose(proved, schedule[symbol], rtol=1e-9)):
                    return f"{bound.name}: is about {symbol} = {value} at t = {time}, not {schedule[symbol]:.6g}"
    return None


def in_range(bound: Fact, sample: Sample, time: int) -> bool:
    """Whether a bound is about this time."""
    if time == 0 and bound.rhs.has(T):
        return False
    gaps = ((limit.relation, sample.at(limit.gap, time)) for limit in limits(bound))
    return all(gap is not None and (gap > 0 or (gap == 0 and relation != "<")) for relation, gap in gaps)


@cache
def limits(bound: Fact) -> list[Fact]:
    """The limits of the times that a bound is about."""
    kinds = ((fact, assumed(fact)) for fact in said(bound).hypotheses)
    return [fact for fact, kind in kinds if kind is not None and kind.word == "time"]


@cache
def examined(proof: Proof) -> tuple[Open, ...]:
    """Every hypothesis of every claim."""
    plans = drawn(proof)
    return tuple(each for claim in proof.claims for each in opened(proof, claim, plans))


def table(proof: Proof) -> list[Open]:
    """Every hypothesis of the claims, and who checks it, each once."""
    found: dict[Fact, Open] = {}
    for each in examined(proof):
        found.setdefault(each.fact, each)
    return list(found.values())
