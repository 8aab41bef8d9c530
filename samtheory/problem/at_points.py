"""The quantities that assumptions about a point compare, at many points, with their rounding errors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives.lengths import length
from samtheory.sampling.law import Law

from .evaluation import EvaluationContext, curvature, in_blocks
from .quantity import Quantity
from .second_moment import SecondMoment, second_moment

#: Relative rounding error of a sum over components.
RELATIVE = 1e-12


class AtPoints:
    """Quantities at points.

    Parameters
    ----------
    context : the problem with its rounding errors
    law : of v, for the quantities of a sampled gradient g = g_v(x); None where none of them is asked for
    X : (R, d)
    members : the components that `component_values` is about, all by default
    slopes : whether derivatives are wanted (by a search, at one point)
    """

    def __init__(
        self,
        context: EvaluationContext,
        law: Law | None,
        X: Array,
        members: npt.NDArray[np.intp] | None = None,
        slopes: bool = False,
    ) -> None:
        self.context, self.law, self.X, self.slopes = context, law, X, slopes
        self.problem, self.f = context.problem, context.problem.objective
        self.members = np.arange(self.problem.n) if members is None else members

    @cached_property
    def gradient(self) -> Array:
        """grad f(x), (R, d)."""
        return self.f.gradient(self.X)

    def _slope(self, vectors: Array) -> Array | None:
        return vectors if self.slopes else None

    @cached_property
    def value(self) -> Quantity:
        """f(x)."""
        value = self.f.value(self.X)
        return Quantity(value, self._value_rounding(value), self._slope(self.gradient))

    def _value_rounding(self, value: Array) -> Array:
        of_terms = 64 * self.context.precision * np.abs(value)
        return np.asarray(self.context.value_rounding(self.X) + self.context.gap_resolution + of_terms)

    @cached_property
    def component_values(self) -> Quantity:
        """f_i(x) of the members, (R, m)."""
        value = in_blocks(self.f.values, self.X, self.problem.n)[:, self.members]
        context, rounding = self.context, self.context.gradient_rounding(self.X)[:, self.members]
        of_terms = 64 * context.precision * (context.value_size[self.members] + np.abs(value))
        return Quantity(value, rounding * length(self.X)[:, None] + of_terms + context.gap_resolution)

    def of_members(self, values: Array) -> Array:
        """The entries of one number for each f_i that belong to the members, (m,)."""
        return np.asarray(values[self.members])

    @cached_property
    def gap(self) -> Quantity:
        """f(x) - f_inf."""
        rounding = self.gap_rounding + self.context.value_rounding(self.X) + self.context.gap_resolution
        return Quantity(self.problem.suboptimality(self.X), rounding, self._slope(self.gradient))

    @cached_property
    def gap_rounding(self) -> Array:
        """A bound on the rounding error of the computed f(x) - f_inf by the formula of the objective alone, (R,)."""
        return self.problem.suboptimality_rounding(self.X)

    @cached_property
    def square(self) -> Quantity:
        """||grad f(x)||^2."""
        norm, error = length(self.gradient), self.context.mean_gradient_rounding(self.X)
        slope = 2 * self._hessian(self.gradient) if self.slopes else None
        return Quantity(norm**2, (2 * norm + error) * error, slope)

    @cached_property
    def second_moment(self) -> Quantity:
        """E||g||^2."""
        return self._moment(None)

    @cached_property
    def second_moment_around(self) -> Quantity:
        """E||g - g*||^2, g* = g(x*)."""
        return self._moment(self._minimiser)

    @cached_property
    def variance_around(self) -> Quantity:
        """E||g - g* - grad f(x)||^2."""
        return self.second_moment_around - self._mean_change_square

    @property
    def _minimiser(self) -> Array:
        """x*, (1, d)."""
        if self.problem.x_star is None:
            raise NotApplicable("no minimiser x* is known")
        return self.problem.x_star[None]

    @cached_property
    def _changes_from_minimiser(self) -> Callable[[Array], Array]:
        """X -> ||grad f_i(x) - grad f_i(x*)||, (R, n)."""
        return self.f.changes_from(self._minimiser[0])[0]

    @cached_property
    def _mean_at_minimiser(self) -> Array:
        """grad f(x*), (1, d)."""
        return self.f.gradient(self._minimiser)

    @cached_property
    def _mean_change_square(self) -> Quantity:
        """||grad f(x) - grad f(x*)||^2, which is ||grad f(x)||^2 up to rounding."""
        change = self.gradient - self._mean_at_minimiser
        norm, slip = length(change), self._mean_slip(self.X, self._minimiser)
        return Quantity(norm**2, (2 * norm + slip) * slip, 2 * self._hessian(change) if self.slopes else None)

    def _mean_slip(self, X: Array, origin: Array | None) -> Array:
        """A bound on the rounding error of grad f at X, or of its difference from the origin, (R,)."""
        slip = self.context.mean_gradient_rounding(X)
        return slip if origin is None else slip + self.context.mean_gradient_rounding(origin)

    def _moment(self, origin: Array | None) -> Quantity:
        """E||(1/n) sum v_i grad f_i(x)||^2, or with grad f_i(x) - grad f_i(y) for an origin y of shape (1, d)."""
        assert self.law is not None
        second, context = second_moment(self.law), self.context
        from_components = self._moment_of_norms if second.diagonal else self._moment_of_all

        def moments(X: Array) -> Array:
            slip = context.gradient_rounding(X)
            if origin is not None:
                slip = slip + context.gradient_rounding(origin)
            return from_components(second, X, origin, slip)

        held = self.f.numbers_held if second.diagonal else 3 * self.problem.n * self.problem.d
        value, lost = in_blocks(moments, self.X, held).T
        slope = 2 * self._component_hessians(second.weigh(self._changes(self.X, origin))) if self.slopes else None
        return Quantity(value, lost + RELATIVE * np.abs(value), slope)

    def _changes(self, X: Array, origin: Array | None) -> Array:
        """grad f_i(x), or their differences from those at the origin, (R, n, d)."""
        a = self.f.gradients(X)
        return a if origin is None else a - self.f.gradients(origin)

    def _moment_of_norms(self, second: SecondMoment, X: Array, origin: Array | None, slip: Array) -> Array:
        """The moment and its rounding error, (R, 2), for a diagonal K: from lengths alone."""
        norms = self.f.gradient_norms(X) if origin is None else self._changes_from_minimiser(X)
        mean = length(self.f.gradient(X) - (0 if origin is None else self._mean_at_minimiser))
        mean_slip = self._mean_slip(X, origin)
        lost = second.from_norms((2 * norms + slip) * slip, (2 * mean + mean_slip) * mean_slip)
        return np.stack([second.from_norms(norms**2, mean**2), lost], axis=-1)

    def _moment_of_all(self, second: SecondMoment, X: Array, origin: Array | None, slip: Array) -> Array:
        """The moment and its rounding error, (R, 2), from all components."""
        a = self._changes(X, origin)
        c = second.weigh(a)
        lost = 2 * np.sum(length(c) * slip, axis=1) + np.max(slip, axis=1) ** 2 * second.total
        return np.stack([np.sum(a * c, axis=(1, 2)), lost], axis=-1)

    def mean_square_over(self, L_i: Array) -> Quantity:
        """(1/n) sum ||grad f_i(x)||^2/L_i over the f_i with L_i > 0."""
        scale = np.divide(1.0, L_i, out=np.zeros_like(L_i), where=L_i > 0)

        def squares(X: Array) -> Array:
            norm, slip = self.f.gradient_norms(X), self.context.gradient_rounding(X)
            return np.stack([(norm**2 * scale).mean(axis=1), ((2 * norm + slip) * slip * scale).mean(axis=1)], axis=-1)

        value, lost = in_blocks(squares, self.X, self.f.numbers_held).T
        slope = None
        if self.slopes:
            slope = 2 * self._component_hessians(self.f.gradients(self.X) * scale[:, None] / self.problem.n)
        return Quantity(value, lost + RELATIVE * value, slope)

    def _hessian(self, U: Array) -> Array:
        """The Hessian of f at each point times that row of U, (R, d)."""
        return np.asarray(curvature(self.f.gradient, self.X, U, self.context.size))

    def _component_hessians(self, C: Array) -> Array:
        """sum_i H_i(x) c_i for the c_i of each point, C of shape (R, n, d); (R, d)."""
        each = np.arange(self.problem.n)[:, None]

        def turned(x: Array, c: Array) -> Array:
            X = np.repeat(x[None], self.problem.n, axis=0)
            products = curvature(lambda Y: self.f.gradients(Y, each)[:, 0], X, c, self.context.size)
            return np.asarray(products.sum(axis=0))

        return np.array([turned(x, c) for x, c in zip(self.X, C, strict=True)])
