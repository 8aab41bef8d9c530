"""A problem under a sampling, as the assumptions derive their constants from it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions import symbols
from samtheory.constants import Constant, as_constant, weakest
from samtheory.errors import InputError, reject
from samtheory.sampling.law import Law

if TYPE_CHECKING:
    from .problem import Problem

#: The constants that are fields of a problem.
OF_PROBLEM = ("L_i", "L", "mu", "f_inf", "f_i_inf")


class ProblemFacts:
    """`assumptions.base.Facts` of a problem: floats with provenance.

    Parameters
    ----------
    problem, law : the finite sum and the distribution of the weights v
    """

    def __init__(self, problem: Problem, law: Law) -> None:
        self.problem, self.law, self.n, self.L_i = problem, law, problem.n, problem.L_i.values
        self.L, self.mu, self.f_inf = problem.L, problem.mu, problem.f_inf
        self.properties, self.minimiser = problem.properties, problem.x_star is not None

    @cached_property
    def _under_law(self) -> dict[str, Any]:
        """The constants under the law that the problem states itself."""
        found = (None if self.problem.claims is None else self.problem.claims(self.law)) or {}
        for name in found:
            if name not in symbols():
                raise reject("claims", name, "among " + ", ".join(symbols()))
        constants = {name: as_constant(name, value) for name, value in found.items()}
        for name, value in constants.items():
            symbols()[name].checked(value)
        return constants

    def given(self, *names: str) -> dict[str, Any] | None:
        """The constants of these names that the problem states itself; None if it leaves one to be derived."""
        found = {
            name: getattr(self.problem, name) if name in OF_PROBLEM else self._under_law.get(name) for name in names
        }
        return None if any(value is None for value in found.values()) else found

    def derived(self, value: Any, source: str, *parts: Any) -> Constant:
        """A constant as strongly known as its weakest part; what is computed from x* is numerical."""
        known = [self._part(part) for part in parts]
        if not np.isfinite(value):
            used = ", ".join(part if isinstance(part, str) else f"{float(part):g}" for part in parts)
            raise InputError(f"{source} = {float(value):g}: must be finite: too large for float64: {used}")
        return Constant(value, weakest(known), source)

    def _part(self, part: Any) -> Any:
        if part == "x_star":
            return Constant(0.0, "numerical")
        return getattr(self.problem, part) if isinstance(part, str) else part

    def component_gap(self) -> Constant | None:
        """f_inf - mean f_i_inf >= 0; None where some f_i is unbounded below."""
        return self.problem.component_gap()

    def noise(self) -> float:
        """E||g(x*)||^2 = (1/n^2) sum K_ij <grad f_i(x*), grad f_j(x*)>, as the mean of the grad f_i(x*) is 0."""
        assert self.problem.x_star is not None
        f, x_star = self.problem.objective, self.problem.x_star[None]
        if self.law.diagonal:
            return float(f.gradient_norms(x_star)[0] ** 2 @ self.law.K) / self.n**2
        g = f.gradients(x_star)[0]
        return float(np.sum(g * self.law.spread(g))) / self.n**2

    def mean(self, values: Array) -> float:
        """The mean of one number for each component."""
        return float(np.mean(values))

    def root(self, value: float) -> float:
        """The square root."""
        return float(np.sqrt(value))
