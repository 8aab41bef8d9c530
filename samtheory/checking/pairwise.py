"""The claims about a pair of points: Lipschitz gradients of f, of the f_i and of the sampled f_v, and convexity.

A pair is stored as (midpoint, half difference), so that a search can move it and shrink it independently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.sampling.law import Outcomes

from .inequality import Inequality, Sides
from .rounding import BLOCK, EPS, SecondMoment, Setting, curvature, in_blocks, length, price

Which = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Family:
    """Functions asked for their gradients row by row: f itself, the f_i, or the f_v of a sampling.

    Attributes
    ----------
    count : number of members
    gradient : (X of shape (R, d), member of each row (R,)) -> (R, d)
    steepness : (count,) a Lipschitz constant of each, for the rounding error
    usual : (count,) the size of each gradient at ordinary points
    unit : relative rounding error
    price : what one gradient costs, as `falsify_setting.price`
    label : member -> words of the witness
    """

    count: int
    gradient: Callable[[Array, Which], Array]
    steepness: Array
    usual: Array
    unit: float
    price: int
    label: Callable[[int], dict[str, Any]]

    def slip(self, X: Array, which: Which) -> Array:
        """A bound on the rounding error of the gradients, shape (R,)."""
        return np.asarray(self.unit * (self.steepness[which] * length(X) + self.usual[which]))


def whole(setting: Setting, copies: int = 1) -> Family:
    """f, once or several times."""
    f, L_avg, usual = setting.problem.objective, setting.problem.L_i.values.mean(), setting.usual_gradient.mean()
    return Family(
        copies,
        lambda X, _: f.gradient(X),
        np.full(copies, L_avg),
        np.full(copies, usual),
        setting.unit,
        price(setting.problem),
        lambda _: {},
    )


def each(setting: Setting) -> Family:
    """The components f_i."""
    f, problem = setting.problem.objective, setting.problem
    return Family(
        problem.n,
        lambda X, which: _rows(lambda rows: f.gradients(X[rows], which[rows, None])[:, 0], len(X), problem.d),
        problem.L_i.values,
        setting.usual_gradient,
        setting.unit,
        price(problem) // problem.n,
        lambda i: {"component": i},
    )


def sampled(setting: Setting, outcomes: Outcomes) -> Family:
    """The f_v, one for each outcome."""
    f, problem = setting.problem.objective, setting.problem
    (indices, weights), _ = outcomes
    width = indices.shape[1] * problem.d

    def gradient(X: Array, which: Which) -> Array:
        return _rows(
            lambda rows: f.stochastic_gradient(X[rows], indices[which[rows]], weights[which[rows]]), len(X), width
        )

    def mixed(values: Array) -> Array:
        return np.asarray((weights * values[indices]).sum(axis=1) / problem.n)

    def label(k: int) -> dict[str, Any]:
        used = weights[k] != 0
        return {"outcome": {"indices": indices[k][used].tolist(), "weights": weights[k][used].tolist()}}

    return Family(
        len(indices),
        gradient,
        mixed(problem.L_i.values),
        mixed(setting.usual_gradient),
        setting.unit,
        indices.shape[1] * price(problem) // problem.n,
        label,
    )


def _rows(evaluate: Callable[[slice], Array], count: int, width: int) -> Array:
    """evaluate over slices of `count` rows, of which each needs `width` numbers."""
    step = max(1, BLOCK // max(width, 1))
    return np.concatenate([evaluate(slice(k, k + step)) for k in range(0, count, step)])


class Lipschitz(Inequality):
    """||grad h(x) - grad h(y)|| <= L ||x - y|| for one member h of a family; a place is (midpoint, half difference)."""

    def __init__(self, family: Family, member: int, L: float, text: str, size: float) -> None:
        self.family, self.member, self.L, self.text, self.size = family, member, L, text, size

    def _of(self, X: Array) -> Array:
        return self.family.gradient(X, np.full(len(X), self.member))

    def sides(self, Z: Array) -> Sides:
        distance, change, slip, _ = apart(self.family, Z, np.full(len(Z), self.member))
        return Sides(change, self.L * distance, slip + 1e-12 * change)

    def slope(self, z: Array) -> Array:
        x, y = z[0] + z[1], z[0] - z[1]
        g, h = self._of(np.stack([x, y]))
        D, u = g - h, x - y
        Hx, Hy = curvature(self._of, np.stack([x, y]), np.stack([D, D]), self.size) / (D @ D)
        pull = u / (u @ u)
        return np.stack([Hx - Hy, Hx + Hy - 2 * pull])

    def place(self, z: Array) -> dict[str, Any]:
        return {"x": (z[0] + z[1]).tolist(), "y": (z[0] - z[1]).tolist(), **self.family.label(self.member)}


class Monotone(Lipschitz):
    """mu ||x - y||^2 <= <grad h(x) - grad h(y), x - y> for one member h of a family: convexity, strong where mu > 0."""

    def __init__(self, family: Family, member: int, size: float, mu: float = 0.0) -> None:
        super().__init__(family, member, 0.0, "mu ||x - y||^2 <= <grad h(x) - grad h(y), x - y>", size)
        self.mu = mu
        if mu == 0:
            self.text = "0 <= <grad h(x) - grad h(y), x - y>"

    def sides(self, Z: Array) -> Sides:
        distance, change, slip, rise = apart(self.family, Z, np.full(len(Z), self.member))
        return Sides(self.mu * distance**2, rise, distance * (slip + 1e-12 * change))


class MeanLipschitz(Inequality):
    """(sum_k p_k r_k^q)^(1/q) <= bound, r_k the Lipschitz ratio of member k at a pair of its own."""

    def __init__(self, family: Family, probability: Array, power: int, bound: float, text: str) -> None:
        self.family, self.p, self.power, self.bound, self.text = family, probability, power, bound, text

    def sides(self, Z: Array) -> Sides:
        R, members = len(Z), np.arange(self.family.count)
        pairs = Z.reshape(-1, *Z.shape[2:])
        distance, change, slip, _ = apart(self.family, pairs, np.tile(members, R))
        safe = np.where(distance > 0, distance, 1.0)
        r, error = ((part / safe).reshape(R, -1) for part in (change, slip + 1e-12 * change))
        left, rounding = (((part**self.power) @ self.p) ** (1 / self.power) for part in (r, error))
        return Sides(left, np.full(R, self.bound), rounding)

    def place(self, z: Array) -> dict[str, Any]:
        labels = [self.family.label(k) for k in range(self.family.count)]
        named = {key: [label[key] for label in labels] for key in labels[0]}
        return {
            "x": (z[:, 0] + z[:, 1]).tolist(),
            "y": (z[:, 0] - z[:, 1]).tolist(),
            "probability": self.p.tolist(),
            **named,
        }


class PairMoment(Inequality):
    """E||g_v(x) - g_v(y)||^2 <= Lambda2^2 ||x - y||^2, without enumerating v."""

    text = "sqrt(E||g_v(x) - g_v(y)||^2) <= Lambda2 ||x - y||"

    def __init__(self, setting: Setting, second: SecondMoment, Lambda2: float) -> None:
        self.setting, self.second, self.Lambda2 = setting, second, Lambda2

    def sides(self, Z: Array) -> Sides:
        x, y = Z[:, 0] + Z[:, 1], Z[:, 0] - Z[:, 1]
        width = 4 * self.setting.problem.n * self.setting.problem.d

        def moment(pairs: Array) -> Array:
            changes = self.setting.components(pairs[:, 0]) - self.setting.components(pairs[:, 1])
            return np.asarray(np.sqrt(np.sum(changes * self.second.weigh(changes), axis=(1, 2))))

        left = in_blocks(moment, np.stack([x, y], axis=1), width)
        slips = self.setting.slip(x) + self.setting.slip(y)
        rounding = np.sqrt(np.sum(slips[..., None] * self.second.weigh(slips[..., None]), axis=(1, 2)))
        return Sides(left, self.Lambda2 * length(x - y), rounding + 1e-12 * left)

    def place(self, z: Array) -> dict[str, Any]:
        return {"x": (z[0] + z[1]).tolist(), "y": (z[0] - z[1]).tolist()}


def apart(family: Family, Z: Array, which: Which) -> tuple[Array, Array, Array, Array]:
    """||x - y||, ||D||, a bound on the rounding error of D, and <D, x - y>, D = grad h(x) - grad h(y); each (R,)."""
    x, y = Z[:, 0] + Z[:, 1], Z[:, 0] - Z[:, 1]
    g, h = family.gradient(x, which), family.gradient(y, which)
    slip = family.slip(x, which) + family.slip(y, which) + 4 * EPS * (length(g) + length(h))
    return length(x - y), length(g - h), slip, np.sum((g - h) * (x - y), axis=-1)
