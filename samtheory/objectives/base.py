"""The protocol of a finite sum f = (1/n) sum f_i on R^d, and the structure that an objective may declare."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.constants import Constant, numerical

from .lengths import length
from .rotation import Rotation
from .written import Written, altered

if TYPE_CHECKING:
    from .hessians import Hessians
    from .linear import LinearModel
    from .penalised import Penalised
    from .quadratic import Quadratics
    from .separable import SineSum
    from .tilted import Tilted

#: Methods that follow from each of these: a class that overrides the first has their defaults again.
FOLLOWING = {
    "values": ("own_values", "value", "gap", "gap_rounding"),
    "value": ("gap", "gap_rounding"),
    "gap": ("gap_rounding",),
    "gradients": ("gradient", "stochastic_gradient", "stationarity", "gradient_norms", "changes_from"),
}

Offer = TypeVar("Offer")


def capability(declared: Callable[[Any], Offer | None]) -> Callable[[Any], Offer | None]:
    """Mark a method that declares structure of its own class.

    The method returns None for a subclass, and where a function of the instance or of the class was replaced: the
    structure of a class does not describe other code.
    """

    @wraps(declared)
    def guarded(f: Any) -> Offer | None:
        own = declared.__name__ in vars(type(f)) and altered(f) is None
        return declared(f) if own else None

    return guarded


class FiniteSum(Written, ABC):
    """f(x) = (1/n) sum_i f_i(x).

    A subclass gives `n`, `d`, `values` and `gradients`; everything else has a default that follows from them and may be
    overridden by something faster or more accurate.  `X` has shape (R, d), one row a run.

    A class of this package may declare structure with methods marked as a `capability`.  Engines, proofs and expected
    residuals compute with it; None stands for structure that the objective does not have.
    """

    n: int
    d: int

    #: The value that `gap` is measured from: f(x) = reference + gap(x).
    reference: float = 0.0

    def __init_subclass__(cls, **others: Any) -> None:
        for name, following in FOLLOWING.items():
            if name in vars(cls):
                for each in following:
                    if each not in vars(cls):
                        setattr(cls, each, getattr(FiniteSum, each))
        super().__init_subclass__(**others)

    @abstractmethod
    def values(self, X: Array) -> Array:
        """f_i(x) for every i, shape (R, n)."""

    @abstractmethod
    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        """grad f_i(x) for the indices of each row (shape (R, m)), or all i; shape (R, m, d)."""

    @property
    def terms(self) -> int:
        """The most terms that a number in a value or a gradient is added up from, of those that rounding counts."""
        return self.d

    def own_values(self, X: Array, which: Indices) -> Array:
        """f_i(x) of one component for each row, `which` of shape (R,); shape (R,)."""
        return np.asarray(self.values(X)[np.arange(len(X)), which])

    def value(self, X: Array) -> Array:
        """f(x), shape (R,)."""
        return np.asarray(self.values(X).mean(axis=-1))

    def gradient(self, X: Array) -> Array:
        """grad f(x), shape (R, d)."""
        return np.asarray(self.gradients(X).mean(axis=1))

    def gradient_norms(self, X: Array, Y: Array | None = None) -> Array:
        """||grad f_i(x)|| for every i, or ||grad f_i(x) - grad f_i(y)|| for rows y, one or as many; shape (R, n)."""
        changes = self.gradients(X) if Y is None else self.gradients(X) - self.gradients(Y)
        return length(changes)

    def changes_from(self, y: Array) -> tuple[Callable[[Array], Array], Array]:
        """X -> ||grad f_i(x) - grad f_i(y)|| for every i, (R, n), and ||grad f_i(y)||, (n,), at one y of shape (d,)."""
        there = self.gradients(y[None])

        return lambda X: length(self.gradients(X) - there), length(there[0])

    @property
    def work(self) -> int:
        """The multiplications that the gradients of all f_i at one point take."""
        return self.n * self.d

    @property
    def numbers_held(self) -> int:
        """How many numbers `gradient_norms` holds for each point."""
        return self.n * self.d

    def stochastic_gradient(self, X: Array, indices: Indices, weights: Array) -> Array:
        """g_v(x) = (1/n) sum_j weights[:, j] grad f_{indices[:, j]}(x), shape (R, d)."""
        return np.asarray(np.einsum("rm,rmd->rd", weights, self.gradients(X, indices)) / self.n)

    def stationarity(self, x: Array) -> float:
        """||grad f(x)|| at one x of shape (d,), added up over the components."""
        return float(np.linalg.norm(self.gradients(x[None]).mean(axis=1)))

    def infimum(self, x: Array, mu: float, how: str) -> Constant:
        """f(x) - ||grad f(x)||^2/(2 mu) <= inf f for a PL constant mu, at x of shape (d,), found by `how`."""
        rest = self.stationarity(x)
        source = f"{how}, ||grad f|| = {rest:.0e}: f - ||grad f||^2/(2 mu)"
        return numerical(float(self.value(x[None])[0]) - rest**2 / (2 * mu), source)

    def gap(self, X: Array) -> Array:
        """f(x) - reference without cancellation where the structure allows it, shape (R,)."""
        return self.value(X) - self.reference

    def gap_rounding(self, X: Array) -> Array:
        """A bound on the rounding error of `gap`, shape (R,), from the size of the f_i(x) and of the reference."""
        size = np.abs(self.values(X)).mean(axis=-1) + abs(self.reference)
        return np.asarray((64 + self.terms) * np.finfo(float).eps * size)

    # Structure

    def as_linear_model(self) -> LinearModel | None:
        """The same function as f_i(x) = phi(a_i . x, b_i) + (reg/2)||x||^2."""
        return None

    def as_quadratics(self) -> Quadratics | None:
        """The same function as f_i(x) = (x - c_i)^T H_i (x - c_i)/2 with dense H_i."""
        return None

    def as_sine_sum(self) -> SineSum | None:
        """The same function as sum_j w_j (y_j^2 + a sin^2 y_j), y = Q x."""
        return None

    def as_tilted(self) -> Tilted | None:
        """The same function as f_i(x) = F(x) + <c_i, x>."""
        return None

    def as_penalised(self) -> Penalised | None:
        """The same function as f_i(x) = b_i(x) + weight r(x)."""
        return None

    def hessians(self) -> Hessians | None:
        """The constant Hessians of quadratic f_i."""
        return None

    def rotation(self) -> Rotation | None:
        """Coordinates in which grad f acts on every coordinate by itself; `reference` is f at their centre."""
        hessians = self.hessians()
        return None if hessians is None else Rotation.of_hessian(hessians.mean(), hessians.minimiser)

    def strong_convexity(self) -> float | None:
        """An m > 0 for which f is m-strongly convex."""
        return None

    def batched_gradient(self) -> Callable[[Indices, Array], Array] | None:
        """(indices of shape (R,), X of shape (R, d)) -> grad f_i(x) row by row, shape (R, d)."""
        return None
