"""Faulty methods, samplings, constants and theorems for `self_test`; each names the evidence that must catch it.

The mistakes are common ones: a weight forgotten, the constant of another sampling, a square missing in a formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants, claimed
from samtheory.methods.unified_sam import ascent, step
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import parse_sampling
from samtheory.sampling.unweighted import Unweighted
from samtheory.schedules import Schedule
from samtheory.theorems import unified_sam_3_2 as paper
from samtheory.theorems.base import Theorem
from samtheory.theorems.chain import c2, nu
from samtheory.theorems.plan import Plan
from samtheory.theorems.symbols import B, C, D, L, Lambda, a, gamma, lam, mu, rho

from .cell import Cell
from .self_test import Variant

# Wrong methods: (x, draw, gradient, gamma, rho, lam) -> x+, as the reference `step`.


def minus(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """x - rho ... for x + rho ..."""
    return step(x, draw, g, gamma, -rho, lam)


def no_perturbation(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """SGD."""
    return step(x, draw, g, gamma, 0 * rho, lam)


def no_normalisation(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """USAM whatever lam."""
    return step(x, draw, g, gamma, rho, 0 * lam)


def swapped(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """lam and 1 - lam the wrong way round."""
    return step(x, draw, g, gamma, rho, 1 - lam)


def squared_radius(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """rho^2 for rho."""
    return step(x, draw, g, gamma, rho**2, lam)


def from_perturbed(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """The step is taken from the perturbed point."""
    y = x + rho * ascent(g(x, draw), lam)
    return np.asarray(y - gamma * g(y, draw))


def different_draws(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """The second pass on the draw of another run."""
    other = type(draw)(*(np.roll(part, 1, axis=0) for part in draw))
    return np.asarray(x - gamma * g(x + rho * ascent(g(x, draw), lam), other))


def second_unweighted(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """Weights in the ascent pass only."""
    plain = type(draw)(draw[0], np.full_like(draw[1], draw[1].mean()))
    return np.asarray(x - gamma * g(x + rho * ascent(g(x, draw), lam), plain))


def first_unweighted(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """Weights in the descent pass only."""
    plain = type(draw)(draw[0], np.full_like(draw[1], draw[1].mean()))
    return np.asarray(x - gamma * g(x + rho * ascent(g(x, plain), lam), draw))


def averaged_gradients(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """The mean of the gradients at x and y."""
    here = g(x, draw)
    return np.asarray(x - gamma * (here + g(x + rho * ascent(here, lam), draw)) / 2)


def squared_norm(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """lam g/||g||^2 for lam g/||g||."""
    here = g(x, draw)
    norm2 = np.maximum(np.sum(here * here, axis=-1, keepdims=True), 1e-300)
    return np.asarray(x - gamma * g(x + rho * ((1 - lam) * here + lam * here / norm2), draw))


def damped_norm(x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
    """||g|| + 0.1 under the fraction."""
    here = g(x, draw)
    norm = np.linalg.norm(here, axis=-1, keepdims=True) + 0.1
    return np.asarray(x - gamma * g(x + rho * ((1 - lam) * here + lam * here / norm), draw))


class PreviousGradient:
    """The ascent direction is that of the step before."""

    def __init__(self) -> None:
        self.before: Array | None = None

    def __call__(self, x: Array, draw: Any, g: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        here = g(x, draw)
        # Where the rows are not the trials of a run, the row before stands for the step before.
        before = np.zeros_like(here) if self.before is None else np.roll(np.resize(self.before, here.shape), 1, axis=0)
        self.before = here
        return np.asarray(x - gamma * g(x + rho * ascent(before, lam), draw))


def one_late(planned: Schedule) -> Schedule:
    """Parameters of t + 1 at t."""
    return Schedule(*(lambda t, k=k: planned.at(t + 1)[k] for k in range(3)))


def slower_rule(planned: Schedule) -> Schedule:
    """1/((t+1) mu) for (2t+1)/((t+1)^2 mu) in the decreasing steps: half as large in the end."""
    return Schedule(lambda t: planned.at(t)[0] * (t + 1) / (2 * t + 1), planned.rho, planned.lam)


# Wrong samplings and constants.


def times(**factors: float) -> Callable[[Constants], Constants]:
    """Constants with some multiplied by a factor."""

    def change(right: Constants) -> Constants:
        wrong: dict[str, Any] = {
            name: claimed(float(getattr(right, name)) * factor, "wrong") for name, factor in factors.items()
        }
        return right.changed(**wrong)

    return change


def put(**names: str) -> Callable[[Constants], Constants]:
    """Constants with some replaced by others, e.g. put(Lambda="L_max")."""
    return lambda right: right.changed(**{name: getattr(right, other) for name, other in names.items()})


def of_sampling(text: str) -> Callable[[Problem], Problem]:
    """The expected residual of another sampling."""

    def change(right: Problem) -> Problem:
        residual = right.expected_residual(right.law(parse_sampling(text)))
        assert residual is not None
        return right.claiming(lambda law: residual.named)

    return change


def raised(name: str, by: float) -> Callable[[Problem], Problem]:
    """f_inf, or every f_i_inf, claimed too high."""

    def change(right: Problem) -> Problem:
        value = getattr(right, name)
        if name == "f_i_inf":
            return replace(right, f_i_inf=replace(value, values=value.values + by))
        return replace(right, f_inf=claimed(float(value) + by, "wrong"))

    return change


# Wrong theorems: formulas of 3.2 with one error.


def formulas(**wrong: Any) -> Callable[[Theorem], Theorem]:
    """Theorem 3.2 with some of its formulas replaced."""
    return lambda right: replace(right, **wrong)


def cell(
    problem: str, theorem: str = "3.2", sampling: str = "uniform", lam: Any = 0.5, params: Any = (), **asked: Any
) -> Cell:
    """A short cell of the paper's theorems."""
    return Cell(problem, f"unified-sam/{theorem}", sampling, Request(lam, **{"steps": 60, **asked}), params)


_gamma_star = paper.gamma_max
_bracket = 1 + 2 * (Lambda * rho * a) ** 2

#: f_i = h_i x^2/2, h = (0.1, 1.9), at rho = rho*/20 and three times the largest step (lam = 0, A = C = 0).
_H = (("h", "0.1,1.9"),)
_B = (0.1**2 + 1.9**2) / 2
_RHO = 1 / (1.9 * (1 + 2 * _B)) / 20
_TRIPLED = 3 * (1 - 1 / 20) / (2 * _B * (1 + 2 * (1.9 * _RHO) ** 2))


def method(name: str, change: Any, where: Cell, **more: Any) -> Variant:
    """A wrong method: the bound may stay true, equality with the reference does not."""
    return Variant(name, "method", where, ("reference",), method=change, **more)


def constant(name: str, change: Any, where: Cell, caught_by: tuple[str, ...] = ("hypothesis",), **more: Any) -> Variant:
    """A wrong constant."""
    return Variant(name, "constants", where, caught_by, constants=change, **more)


def statement(name: str, where: Cell, caught_by: tuple[str, ...] = ("derivation",), **wrong: Any) -> Variant:
    """Theorem 3.2 with wrong formulas."""
    return Variant(name, "theorem", where, caught_by, theorem=formulas(**wrong))


def later(right: Plan) -> Plan:
    """The bound of t + 1 at t."""
    return replace(right, bound=lambda t, delta0: right.bound(np.asarray(t) + 1, delta0))


def without_start(right: Plan) -> Plan:
    """The decreasing-steps bound without the term of the start."""
    return replace(right, bound=lambda t, delta0: right.bound(t, delta0 / 2))


_R = "ridge"

VARIANTS: tuple[Variant, ...] = (
    method("wrong sign of the perturbation", minus, cell(_R)),
    method("no perturbation", no_perturbation, cell(_R)),
    method("no normalisation", no_normalisation, cell(_R, lam=1.0)),
    method("lam and 1 - lam swapped", swapped, cell(_R, lam=1.0)),
    method("rho^2 for rho", squared_radius, cell(_R)),
    method("descending from the perturbed point", from_perturbed, cell(_R)),
    method("different draws in the two passes", different_draws, cell(_R)),
    method("weights in the ascent pass only", second_unweighted, cell(_R, sampling="importance")),
    method("weights in the descent pass only", first_unweighted, cell(_R, sampling="importance")),
    method("mean of the two gradients", averaged_gradients, cell(_R)),
    method("g/||g||^2 for g/||g||", squared_norm, cell(_R)),
    method("0.1 added to the norm", damped_norm, cell(_R)),
    method("ascent gradient from the previous step", PreviousGradient(), cell(_R)),
    Variant("schedule of lam off by one", "method", cell(_R, "rollout", lam="1/t"), ("reference",), schedule=one_late),
    Variant(
        "schedule of gamma off by one",
        "method",
        cell("sine-1d", "3.5", "full", 0.0, steps=300),
        ("reference",),
        schedule=one_late,
    ),
    Variant(
        "decreasing rule 1/(t+1) for (2t+1)/(t+1)^2", "method", cell(_R, "3.5"), ("reference",), schedule=slower_rule
    ),
    Variant(
        "three times the largest step",
        "method",
        cell("scaled-quadratics", lam=0.0, params=_H, rho=_RHO, gamma=_TRIPLED, allow_outside=True),
        ("one-step", "moments"),
    ),
    Variant(
        "importance sampling without its weights",
        "sampling",
        cell(_R, sampling="importance"),
        ("hypothesis",),
        sampling=Unweighted,
    ),
    constant("Lambda halved", times(Lambda=0.5), cell(_R)),
    constant(
        "L_max for Lambda, independent sampling", put(Lambda="L_max"), cell("tight-pair", sampling="independent:0.5")
    ),
    constant("Lambda1 halved", times(Lambda1=0.5), cell(_R)),
    constant("Lambda2 halved", times(Lambda2=0.5), cell(_R)),
    constant("L halved", times(L=0.5), cell(_R, sampling="full")),
    constant("mu doubled", times(mu=2.0), cell(_R, sampling="full", lam=0.0, rho=0.0), ("hypothesis", "one-step")),
    constant("mu of A^T A for A^T A/n", times(mu=4.0), cell(_R)),
    constant("A lowered by a tenth", times(A=0.9), cell("tight-orthogonal")),
    constant("B lowered by a tenth", times(B=0.9), cell("tight-orthogonal", sampling="nice:2")),
    constant("C lowered by a tenth", times(C=0.9), cell("tight-pair")),
    constant("C = 0 without interpolation", times(C=0.0), cell(_R)),
    Variant(
        "nice constants with replacement",
        "constants",
        cell("tight-orthogonal", sampling="replacement:2"),
        ("hypothesis",),
        problem=of_sampling("nice:2"),
    ),
    Variant(
        "importance constants for uniform sampling",
        "constants",
        cell("tight-orthogonal"),
        ("hypothesis",),
        problem=of_sampling("importance"),
    ),
    Variant(
        "f* from a run that had not converged", "constants", cell(_R), ("hypothesis",), problem=raised("f_inf", 1e-4)
    ),
    Variant("f_i_inf too high", "constants", cell("tight-pair"), ("hypothesis",), problem=raised("f_i_inf", 0.01)),
    statement("no lam^2 term", cell(_R, sampling="full", lam=1.0), ("derivation", "one-step"), noise=c2 * C),
    statement(
        "rate 1 - 2 gamma mu",
        cell(_R, sampling="full", lam=0.0, rho=0.0),
        ("derivation", "one-step"),
        contraction=1 - 2 * gamma * mu,
    ),
    statement("N without 1/mu", cell(_R), noise=nu * mu),
    statement("no C in the noise", cell(_R), noise=nu.subs(C, 0)),
    statement("gamma* without its bracket", cell(_R, sampling="full"), gamma_max=_gamma_star * _bracket),
    statement("gamma* doubled", cell(_R), gamma_max=2 * _gamma_star),
    statement("gamma* = mu/(2 L D) whatever rho", cell(_R), gamma_max=mu / (2 * L * D)),
    statement("rho* doubled", cell(_R, rho_fraction=0.75), ("refused",), rho_max=2 * paper.rho_max),
    statement("A for D = B mu + A", cell(_R, sampling="nice:2"), gamma_max=_gamma_star.subs(B, 0)),
    statement("L of f for Lambda", cell(_R), gamma_max=_gamma_star.subs(Lambda, L), noise=nu.subs(Lambda, L)),
    statement(
        "half of the second-order noise",
        cell(_R, lam=1.0),
        noise=c2 * C + lam**2 * (gamma * Lambda * rho + L * (gamma * Lambda * rho) ** 2),
    ),
    Variant(
        "bound one step ahead", "theorem", cell(_R, sampling="full", lam=0.0), ("derivation", "trajectory"), plan=later
    ),
    Variant(
        "half of delta0 in the bound", "theorem", cell(_R, "3.5"), ("derivation", "trajectory"), plan=without_start
    ),
    Variant(
        "(1 - lam) for (1 - lam)^2",
        "theorem",
        cell(_R),
        theorem=formulas(
            rho_max=mu / (Lambda * (mu + 2 * D * a)),
            gamma_max=(mu - Lambda * rho * (mu + 2 * D * a)) / (2 * L * D * (1 + 2 * (Lambda * rho) ** 2 * a)),
            noise=nu + gamma * Lambda * rho * (a - a**2) * C + 2 * L * (gamma * Lambda * rho) ** 2 * (a - a**2) * C,
        ),
        weaker="a <= 1 gives a^2 <= a: rho* and gamma* only shrink and the noise only grows, so Theorem 3.2 implies it",
    ),
)
