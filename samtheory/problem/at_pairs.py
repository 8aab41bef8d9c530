"""The quantities that assumptions about two points compare, for functions of a family, with their rounding errors.

A pair is stored as (midpoint, half difference), so that a search can move it and shrink it independently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from samtheory._typing import Array
from samtheory.objectives.lengths import length
from samtheory.sampling.law import Law

from .at_points import RELATIVE
from .evaluation import EPS, SHORT, EvaluationContext, curvature, in_blocks
from .families import Family, Which
from .quantity import Quantity
from .second_moment import second_moment

#: Half the distance of a pair that shows the curvature at a point, in units of the size.
CLOSE = 1e-4
#: Power iterations towards the steepest direction.
POWER = 6


def pair(x: Array, y: Array) -> Array:
    """Pairs of rows x and y, stored as (midpoint, half difference), (R, 2, d)."""
    return np.stack([(x + y) / 2, (x - y) / 2], axis=-2)


def ends(Z: Array) -> tuple[Array, Array]:
    """The points x and y of the pairs."""
    return Z[..., 0, :] + Z[..., 1, :], Z[..., 0, :] - Z[..., 1, :]


def steepest_pairs(family: Family, X: Array, which: Which, rng: np.random.Generator) -> Array:
    """Pairs around the rows of X along the steepest direction of each member, (R, 2, d): power iteration."""
    h = CLOSE * (family.size + length(X))[:, None]
    U = rng.standard_normal(X.shape)
    U /= length(U)[:, None]
    for _ in range(POWER):
        with np.errstate(all="ignore"):
            turned = family.gradient(X + h * U, which) - family.gradient(X - h * U, which)
            norm = length(turned)[:, None]
        U = np.where(np.isfinite(norm) & (norm > 0), turned / np.where(norm > 0, norm, 1.0), U)
    return pair(X + h * U, X - h * U)


@dataclass(frozen=True, eq=False)
class PairQuantities:
    """Quantities at pairs x, y for members h of a family, without the points.

    Attributes
    ----------
    distance : ||x - y||
    change : ||grad h(x) - grad h(y)||
    rise : <grad h(x) - grad h(y), x - y>
    smoothness : the smoothness of each member that the claimed L_i give, (R,)
    which : (R,) the member of each pair
    """

    distance: Quantity
    change: Quantity
    rise: Quantity
    smoothness: Array
    which: Which

    def of_members(self, values: Array) -> Array:
        """The entries of one number for each member that belong to the pairs, (R,)."""
        return np.asarray(values[self.which])


def joined(parts: Sequence[PairQuantities]) -> PairQuantities:
    """The quantities of several sets of pairs as those of one."""

    def together(name: str) -> Quantity:
        each: list[Quantity] = [getattr(part, name) for part in parts]
        rounding = [np.broadcast_to(one.rounding, one.value.shape) for one in each]
        return Quantity(np.concatenate([one.value for one in each]), np.concatenate(rounding))

    smoothness, which = np.concatenate([part.smoothness for part in parts]), np.concatenate([p.which for p in parts])
    return PairQuantities(together("distance"), together("change"), together("rise"), smoothness, which)


def pair_quantities(family: Family, Z: Array, which: Which, slopes: bool = False) -> PairQuantities:
    """The quantities at pairs Z, (R, 2, d), of the members `which`, (R,), with their derivatives where asked for."""
    x, y = ends(Z)
    found = quantities_between(family, x, y, which)
    if not slopes:
        return found
    u, D = x - y, family.gradient(x, which) - family.gradient(y, which)
    (Ax, Ay), (Bx, By) = (_hessians(family, (x, y), which, U) for U in (D / length(D)[:, None], u))
    return replace(
        found,
        distance=replace(found.distance, slope=np.stack([0 * u, 2 * u / length(u)[:, None]], axis=1)),
        change=replace(found.change, slope=np.stack([Ax - Ay, Ax + Ay], axis=1)),
        rise=replace(found.rise, slope=np.stack([Bx - By, Bx + By + 2 * D], axis=1)),
    )


def quantities_between(family: Family, x: Array, y: Array, which: Which, g: Array | None = None) -> PairQuantities:
    """The quantities at pairs of rows x and y, (R, d); `g` are the gradients at x where they are known."""
    u, g, h = x - y, family.gradient(x, which) if g is None else g, family.gradient(y, which)
    D = g - h
    norm, change = length(u), length(D)
    error = family.rounding(x, which) + family.rounding(y, which)
    error = error + 4 * EPS * (length(g) + length(h)) + RELATIVE * change
    rise = np.einsum("rd,rd->r", D, u)
    smoothness = np.asarray(family.smoothness[which])
    return PairQuantities(Quantity(norm), Quantity(change, error), Quantity(rise, norm * error), smoothness, which)


def _hessians(family: Family, ends: tuple[Array, Array], which: Which, U: Array) -> list[Array]:
    """The Hessians at both ends times U."""
    return [curvature(lambda Y: family.gradient(Y, which), X, U, family.size) for X in ends]


class AtMeans:
    """Means over the members of a family, each at a pair of its own.

    Parameters
    ----------
    pairs : quantities at R x count pairs, those of all members in turn
    probability : (count,)
    """

    def __init__(self, pairs: PairQuantities, probability: Array) -> None:
        self.pairs, self.p = pairs, probability

    @cached_property
    def _ratios(self) -> tuple[Array, Array]:
        """r_k = ||grad h_k(x_k) - grad h_k(y_k)|| / ||x_k - y_k|| and their rounding errors, (R, count)."""
        distance, change = self.pairs.distance.value, self.pairs.change
        apart = distance > SHORT
        safe = np.where(apart, distance, 1.0)
        r, error = (np.where(apart, part / safe, 0.0) for part in (change.value, change.rounding))
        return r.reshape(-1, len(self.p)), error.reshape(-1, len(self.p))

    def mean_ratio(self, power: int) -> Quantity:
        """(sum_k p_k r_k^power)^(1/power) of the ratios r_k of the members."""
        value, rounding = (((part**power) @ self.p) ** (1 / power) for part in self._ratios)
        return Quantity(value, rounding)


def at_means(family: Family, Z: Array, probability: Array) -> AtMeans:
    """The means at pairs Z of shape (R, count, 2, d)."""
    which = np.tile(np.arange(family.count), len(Z))
    return AtMeans(pair_quantities(family, Z.reshape(-1, *Z.shape[2:]), which), probability)


class AtSharedPairs:
    """Quantities at a pair that all sampled functions share.

    Parameters
    ----------
    Z : (R, 2, d) pairs
    """

    def __init__(self, context: EvaluationContext, law: Law, Z: Array) -> None:
        self.context, self.second, self.Z = context, second_moment(law), Z

    @cached_property
    def distance(self) -> Quantity:
        """||x - y||."""
        x, y = ends(self.Z)
        return Quantity(length(x - y))

    @cached_property
    def mean_change(self) -> Quantity:
        """sqrt(E||g_v(x) - g_v(y)||^2)."""
        f, n, d = self.context.problem.objective, self.context.problem.n, self.context.problem.d

        def moment(Z: Array) -> Array:
            x, y = ends(Z)
            slips = self.context.gradient_rounding(x) + self.context.gradient_rounding(y)
            if self.second.diagonal:
                change = np.sum((f.gradient(x) - f.gradient(y)) ** 2, axis=-1)
                parts = (f.gradient_norms(x, y), change), (slips, slips.mean(axis=-1) ** 2)
                squares = [self.second.from_norms(norms**2, mean2) for norms, mean2 in parts]
            else:
                changes = f.gradients(x) - f.gradients(y)
                squares = [np.sum(a * self.second.weigh(a), axis=(1, 2)) for a in (changes, slips[..., None])]
            return np.asarray(np.sqrt(np.stack(squares, axis=-1)))

        value, rounding = in_blocks(moment, self.Z, f.numbers_held if self.second.diagonal else 4 * n * d).T
        return Quantity(value, rounding + RELATIVE * value)
