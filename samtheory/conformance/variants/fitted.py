"""Mistakes with a parameter that is read off a run: a constant in the norm, a clipping threshold, a factor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.oracle import Oracle
from samtheory.conformance.problem import n
from samtheory.conformance.reference import Mask

from .ascent import Normed
from .base import Variant

if TYPE_CHECKING:
    from samtheory.conformance.run import Run


def constant(values: Iterable[float], within: float = 0.02) -> float | None:
    """The median of values that agree up to a relative error, None where they do not, or there is none above 0."""
    found = np.array(list(values))
    if not len(found) or not np.isfinite(found).all() or not (middle := float(np.median(found))) > 0:
        return None
    return middle if (np.abs(found - middle) <= within * middle).all() else None


def lengths(run: Run) -> list[tuple[float, float]]:
    """(||g||, ||e||/rho) of each step, of runs in which e is along g; empty for others."""
    found = []
    for step in run.steps:
        e = (step.y - step.x) / run.context.rho
        g, length = float(np.linalg.norm(step.g)), float(np.linalg.norm(e))
        if not (g > 0 and length > 0) or np.abs(e / length - step.g / g).max() > 1e-6:
            return []
        found.append((g, length))
    return found


def descents(run: Run) -> list[tuple[Array, Array]]:
    """(h, gradient that the base optimiser used) of each step, where momentum and weight decay are 0."""
    c = run.context
    if c.momentum or c.weight_decay or c.changes:
        return []
    return [(step.h, (step.x - step.after) / c.gamma) for step in run.steps]


class Eps(Normed):
    """g/(||g|| + eps)."""

    name = "norm + eps"
    sentence = "A constant is added to the norm."
    fails = ("trajectory", "points")
    eps = 1e-4

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        eps = constant(g * (1 / e - 1) for g, e in lengths(run)) if run.context.lam == 1 else None
        return None if eps is None else cls.with_(f", eps = {eps:.2g}", eps=eps)

    def norm(self, g: Array) -> float:
        return super().norm(g) + self.eps


class EpsUnderRoot(Normed):
    """g/sqrt(||g||^2 + eps)."""

    name = "eps under the root of the norm"
    sentence = "A constant is added to the square of the norm."
    fails = ("trajectory", "points")
    eps2 = 1e-3

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        eps = constant((g / e) ** 2 - g * g for g, e in lengths(run)) if run.context.lam == 1 else None
        return None if eps is None else cls.with_(f", eps = {eps:.2g}", eps2=eps)

    def norm(self, g: Array) -> float:
        return float(np.sqrt(g @ g + self.eps2))


class RadiusScaled(Variant):
    """C rho."""

    name = "rho times a constant"
    sentence = "The radius is multiplied by a constant."
    fails = ("trajectory", "points", "contraction")
    radius_factor = 0.7

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        factor = constant((e for _, e in lengths(run)), 1e-6) if run.context.lam == 1 else None
        return None if factor is None else cls.with_(f", {factor:.4g}", radius_factor=factor)

    def radius(self) -> Array:
        return self.radius_factor * super().radius()


class GammaScaled(Variant):
    """C gamma."""

    name = "gamma times a constant"
    sentence = "The step size is multiplied by a constant."
    fails = ("trajectory", "rho-zero", "contraction")
    gamma_factor = 0.7

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        factor = constant((float(d @ h / (h @ h)) for h, d in descents(run) if h.any()), 1e-6)
        return None if factor is None else cls.with_(f", {factor:.4g}", gamma_factor=factor)

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        return self.gamma_factor * super().with_momentum(descent, present)


def shorter(pairs: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """(c, eps) of pairs in which the second number is c full/(full + eps), where it is below the first.

    PyTorch clips with eps = 1e-6.
    """
    clipped = [(full, short) for full, short in pairs if short < full * (1 - 1e-9)]
    for eps in (0.0, 1e-6):
        limit = constant((short * (full + eps) / full for full, short in clipped), 1e-10)
        if limit is not None:
            return limit, eps
    return None


def clipped(g: Array, limit: float, eps: float) -> Array:
    """g scaled to a norm of at most a limit."""
    return g * min(1.0, limit / max(float(np.linalg.norm(g)) + eps, 1e-300))


class AscentClipped(Variant):
    """g scaled to a norm of at most c before the ascent."""

    name = "ascent gradient clipped by norm"
    sentence = "The gradient of the first pass is clipped to a norm."
    needs = "lam"
    fails = ("trajectory-lam-0", "contraction")
    ascent_norm = (2.0, 0.0)

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        found = shorter(lengths(run)) if run.context.lam == 0 else None
        return None if found is None else cls.with_(f", {found[0]:.4g}", ascent_norm=found)

    def ascent_gradient(self, g: Array) -> Array:
        return clipped(super().ascent_gradient(g), *self.ascent_norm)


class AscentClippedByValue(Variant):
    """Entries of g in [-c, c] before the ascent."""

    name = "ascent gradient clipped by value"
    sentence = "The entries of the first gradient are clipped before the ascent."
    fails = ("trajectory", "points", "contraction")
    ascent_entry = 0.5

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        limits = []
        for step in run.steps:
            u, g = np.abs(step.y - step.x), np.abs(step.g)
            # Entries below the threshold keep their ratio to e: it gives the scale of e.
            if not u.any() or not g.any() or (ratio := float(np.max(u / np.where(g > 0, g, np.inf)))) <= 0:
                return None
            limits.append((float(g.max()), float(u.max() / ratio)))
        # Where every entry is clipped, the scale is that of the smallest entry, and too large.
        limit = min((short for full, short in limits if short < full * (1 - 1e-9)), default=None)
        return None if limit is None else cls.with_(f", {limit:.4g}", ascent_entry=limit)

    def ascent_gradient(self, g: Array) -> Array:
        return np.clip(super().ascent_gradient(g), -self.ascent_entry, self.ascent_entry)


class DescentClipped(Variant):
    """h scaled to a norm of at most c."""

    name = "descent gradient clipped by norm"
    sentence = "The gradient of the second pass is clipped to a norm."
    fails = ("trajectory", "rho-zero", "contraction", "theorem-tight-pair", "theorem-scaled-quadratics")
    descent_norm = (2.0, 0.0)

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        found = shorter((float(np.linalg.norm(h)), float(np.linalg.norm(d))) for h, d in descents(run))
        return None if found is None else cls.with_(f", {found[0]:.4g}", descent_norm=found)

    def descent_gradient(self, g: Array, h: Array) -> Array:
        return clipped(super().descent_gradient(g, h), *self.descent_norm)


class DescentClippedByValue(Variant):
    """Entries of h in [-c, c]."""

    name = "descent gradient clipped by value"
    sentence = "The entries of the second gradient are clipped."
    fails = ("trajectory", "rho-zero", "contraction", "theorem-tight-pair", "theorem-scaled-quadratics")
    descent_entry = 0.5

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        found = shorter((float(np.abs(h).max()), float(np.abs(d).max())) for h, d in descents(run))
        return None if found is None else cls.with_(f", {found[0]:.4g}", descent_entry=found[0])

    def descent_gradient(self, g: Array, h: Array) -> Array:
        return np.clip(super().descent_gradient(g, h), -self.descent_entry, self.descent_entry)


class SomeStepsPlain(Variant):
    """The steps t of `plain` are those of the base optimiser."""

    name = "some steps plain"
    sentence = "Some steps are not perturbed."
    fails = ("trajectory", "points", "contraction")
    plain: frozenset[int] = frozenset({2, 3, 7})

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        plain = frozenset(step.t for step in run.steps if np.array_equal(step.x, step.y))
        steps = ", ".join(str(t + 1) for t in sorted(plain))
        return cls.with_(f": {steps}", plain=plain) if 0 < len(plain) < len(run.steps) else None

    def perturbation(self, g: Array) -> Array:
        return super().perturbation(g) * (self.t not in self.plain)


class SecondDraw(Variant):
    """The second pass on another draw."""

    name = "a second draw in pass 2"
    sentence = "The two passes of a step use different mini-batches."
    fails = ("trajectory", "rho-zero", "zero-gradient", "same-draw")
    draws: tuple[int, ...] = ()
    shift = 1

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        draws = tuple(call.draw for call in run.log.calls if call.number == 1)
        own = tuple(call.own for call in run.log.calls if call.number == 1)
        if draws == own or len(draws) < len(run.context.draws):
            return None
        shifts = {(draw - right) % n for draw, right in zip(draws, own, strict=True)}
        return cls.with_(shift=shifts.pop()) if len(shifts) == 1 else cls.with_(draws=draws)

    def second(self, oracles: Sequence[Oracle]) -> Sequence[Oracle]:
        if self.t < len(self.draws):
            return [Oracle(oracle._log, self.draws[self.t]) for oracle in oracles]
        return [Oracle(oracle._log, (oracle.draw + self.shift) % n) for oracle in oracles]
