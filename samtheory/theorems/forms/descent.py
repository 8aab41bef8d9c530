"""Theorems that are one inequality: E V+ <= (1 + growth) V - descent W + noise at every x.

V = delta and W = ||grad f||^2, or V = ||x - x*||^2 and W = delta (`base.LYAPUNOV`).  Under PL, W >= 2 mu V in the
first case, and f - f* >= (mu/2) dist(x, X*)^2 in the second (Karimi, Nutini, Schmidt 2016): a linear rate.  Without PL
the sum over t < T telescopes to a bound on the smallest W, or on the mean of all where growth = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError, nonnegative
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, is_constant, rule

from ..base import Plan, Step, Theorem, linear_plan
from ..numbers import evaluate, first_at_most, number, recursion, summed
from ..symbols import mu

#: Parameters that change with t are followed for this many steps.
LONGEST = 10**6
#: W >= slope V under PL.
SLOPES = {"gap": 2 * mu, "distance2": mu / 2}


@dataclass(frozen=True, kw_only=True)
class Descent(Theorem):
    """One inequality with constant rho and gamma, and what follows from it for the measure.

    Attributes
    ----------
    rho_max, gamma_max, growth, descent, noise : SymPy expressions in the symbols of `symbols`
    rho_usual, gamma_usual : the steps that are used where none are given; rho_max/2 and gamma_max by default
    """

    rho_max: sp.Expr = field(repr=False)
    gamma_max: sp.Expr = field(repr=False)
    growth: sp.Expr = field(default=sp.Integer(0), repr=False)
    descent: sp.Expr = field(repr=False)
    noise: sp.Expr = field(repr=False)
    rho_usual: sp.Expr | None = field(default=None, repr=False)
    gamma_usual: sp.Expr | None = field(default=None, repr=False)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        """Where lam changes with t, those of lam = 0, the smallest."""
        values = values_at(constants, lam)
        return number(self.rho_max, values), lambda rho: number(self.gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = values_at(constants, request.lam)
        if request.rho is None:
            request = request.but(rho=number(self.rho_max / 2 if self.rho_usual is None else self.rho_usual, values))
        if request.gamma is None and self.gamma_usual is not None:
            rho = nonnegative("rho", request.rho)
            request = request.but(gamma=number(self.gamma_usual, values, rho=rho))
        rho, gamma, rho_max, gamma_max = self.choose(constants, request)
        schedule = Schedule(gamma, rho, request.lam)
        parts = Parts(self, {**values, "rho": rho, "gamma": gamma}, schedule)
        if self.measure not in SLOPES:
            bound, iterations = telescoped(self, parts)
            plan = Plan(self, schedule, bound, iterations, parts.step, rho, gamma, rho_max, gamma_max, start=1)
        elif schedule.constant:
            growth, descent, noise = parts.at(0)
            x = number(SLOPES[self.lyapunov], values) * descent - growth
            plan = linear_plan(self, schedule, x, noise, rho_max, gamma_max)
        else:
            bound, iterations = rolled_out(parts, number(SLOPES[self.lyapunov], values))
            plan = Plan(self, schedule, bound, iterations, parts.step, rho, gamma, rho_max, gamma_max)
        return replace(plan, step=cache(parts.step))


def values_at(constants: Constants, lam: Rule) -> dict[str, float]:
    """The numbers of the formulas at lam, at 0 where it changes with t."""
    lam = rule("lam", lam)
    return constants.values(lam=float(lam) if is_constant(lam) else 0.0)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Parts:
    """growth, descent and noise over time."""

    theorem: Descent
    values: dict[str, float]
    schedule: Schedule

    def at(self, t: int) -> tuple[float, float, float]:
        """(growth, descent, noise) at t."""
        now = {**self.values, "lam": self.schedule.at(t)[2]}
        growth, descent, noise = (number(part, now) for part in self.expressions)
        return growth, descent, noise

    def step(self, t: int) -> Step:
        """(p, q, r) at t."""
        growth, descent, noise = self.at(t)
        return 1 + growth, -descent, noise

    def arrays(self, stop: int) -> tuple[Array, Array, Array]:
        """(growth, descent, noise) at 0, ..., stop - 1."""
        lam = self.schedule.arrays(0, stop)[2]
        now = {**self.values, "lam": lam}
        growth, descent, noise = (np.broadcast_to(evaluate(part, now), lam.shape) for part in self.expressions)
        return growth, descent, noise

    @property
    def expressions(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """The three formulas."""
        return self.theorem.growth, self.theorem.descent, self.theorem.noise


Bound = Callable[[Any, float], Array]
Iterations = Callable[[float, float], int | None]


def rolled_out(parts: Parts, slope: float) -> tuple[Bound, Iterations]:
    """The bound of E V_{t+1} <= (1 + growth_t - slope descent_t) E V_t + noise_t, and the first time it is small."""

    def curve(length: int, start: float) -> Array:
        growth, descent, noise = parts.arrays(length)
        return recursion(np.minimum(slope * descent - growth, 1.0), noise, start)

    def bound(t: Any, start: float) -> Array:
        times = np.asarray(t, dtype=np.intp)
        return np.asarray(curve(int(times.max()), start)[times])

    def iterations(epsilon: float, start: float) -> int | None:
        for length in (1000, 10_000, 100_000, LONGEST):
            reached = np.flatnonzero(curve(length, start) <= epsilon)
            if len(reached):
                return int(reached[0])
        return None

    return bound, iterations


def telescoped(theorem: Descent, parts: Parts) -> tuple[Bound, Iterations]:
    """(V_0 + sum w_t noise_t)/(sum w_t descent_t) over t < T, w_t = prod_{j <= t} 1/(1 + growth_j).

    That is a bound on a mean with weights w_t descent_t; for the plain mean the smallest descent_t stands for all.
    """
    constant = parts.schedule.constant
    growth, descent, noise = parts.at(0)
    if constant and descent <= 0:
        gamma, rho, _ = parts.schedule.at(0)
        raise InputError(f"gamma={gamma:g}: {theorem.key} has no descent left at rho={rho:g}")

    def bound(t: Any, start: float) -> Array:
        T = np.asarray(t, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            if constant:
                W = -summed(-growth, -T)
                return np.asarray((np.where(W > 0, start / W, np.inf) + noise) / descent)
            growths, descents, noises = parts.arrays(max(int(T.max()), 1))
            w = np.exp(-np.cumsum(np.log1p(growths)))
            if theorem.measure == "min_grad2":
                total = np.cumsum(w * descents)
            else:
                total = np.minimum.accumulate(descents) * np.arange(1, len(w) + 1)
            found = (start + np.cumsum(w * noises)) / total
            return np.asarray(np.concatenate([[np.inf], found])[T.astype(np.intp)])

    def iterations(epsilon: float, start: float) -> int | None:
        target = epsilon if theorem.measure == "avg_gap" else epsilon**2
        if constant:
            reachable = growth * start + noise < descent * target
            return first_at_most(lambda T: bound(T, start), target, start=1) if reachable else None
        reached = np.flatnonzero(bound(np.arange(LONGEST // 10), start) <= target)
        return int(reached[0]) if len(reached) else None

    return bound, iterations
