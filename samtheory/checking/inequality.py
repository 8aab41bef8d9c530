"""An inequality left <= right that a search tries to break, with the witness that anybody can recompute.

A point (or pair of points) where left > right + rounding is a witness against a claim.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.assumptions.claim import Claim, Sides
from samtheory.problem.at_pairs import AtSharedPairs, ends, pair_quantities
from samtheory.problem.at_pairs import at_means as means
from samtheory.problem.at_points import AtPoints
from samtheory.problem.evaluation import TINY, EvaluationContext
from samtheory.problem.families import Family
from samtheory.problem.quantity import Quantity, as_quantity
from samtheory.sampling.law import Law

#: Points of the line that is drawn through a witness, with s = 1 among them.
LINE = 41
#: A constant is compared with 0 at this many times its claim, so that no digit of its coefficient is lost.
LARGE = 2.0**32


class Inequality(ABC):
    """left <= right at every z: a point, a pair of points, or a pair for each member of a family."""

    #: The inequality in the symbols of the theory.
    text: str
    #: Whether the right side may be negative, so that the sides have no ratio.
    signed: bool = False

    @abstractmethod
    def sides(self, Z: Array) -> Sides:
        """Both sides and the rounding error of left - right, for Z of shape (R, ...); each of shape (R,)."""

    @abstractmethod
    def location(self, z: Array) -> dict[str, Any]:
        """The point in the words of a witness: `x`, `y`, `component`, ..."""

    def ascent(self, z: Array) -> tuple[float, Array]:
        """The merit at z and the derivative of log left - log right; 0 where the search must not move it."""
        return float(self.merit(z[None])[0]), np.zeros_like(z)

    def merit(self, Z: Array) -> Array:
        """The objective of a search, (left - rounding) / right or the difference; -inf where not finite; shape (R,)."""
        with np.errstate(all="ignore"):
            return self.merit_of(self.sides(Z))

    def merit_of(self, sides: Sides) -> Array:
        """`merit` from both sides."""
        left, right, rounding = sides
        excess = left - rounding
        value = excess - right if self.signed else excess / np.maximum(right, TINY)
        return np.where(np.isfinite(value), value, -np.inf)

    def broken(self, Z: Array) -> npt.NDArray[np.bool_]:
        """Where left > right beyond rounding, shape (R,); a side that is not finite breaks nothing."""
        with np.errstate(all="ignore"):
            left, right, rounding = self.sides(Z)
            return np.asarray(np.isfinite(left) & np.isfinite(right) & (left - right > rounding))

    def witness(self, z: Array) -> dict[str, Any]:
        """The point, both sides and their ratio."""
        left, right, _ = (float(side[0]) for side in self.sides(z[None]))
        ratio = left / right if right else float("inf")
        return {"inequality": self.text, **self.location(z), "left": left, "right": right, "ratio": ratio}


class ClaimInequality(Inequality):
    """The inequality of an assumption, for a problem with its claimed constants.

    Parameters
    ----------
    claim : the inequality
    constants : the claimed numbers as attributes
    at : (Z, whether derivatives are wanted) -> the quantities at Z
    location : z -> the words of a witness
    member : the component or the member of a family that it is about, where it is about one
    """

    def __init__(
        self,
        claim: Claim,
        constants: Any,
        at: Callable[[Array, bool], Any],
        location: Callable[[Array], dict[str, Any]],
        member: int | None = None,
    ) -> None:
        self.claim, self.constants, self.at, self._location, self.member = claim, constants, at, location, member
        self.text, self.signed = claim.text, claim.signed

    def location(self, z: Array) -> dict[str, Any]:
        return self._location(z)

    def sides(self, Z: Array) -> Sides:
        return self.sides_of(self.at(Z, False), len(Z), self.constants)

    def sides_of(self, quantities: Any, R: int, constants: Any) -> Sides:
        """The sides from quantities at R points."""
        return self.columns(self.claim.sides(quantities, constants), R)

    def columns(self, parts: Sides, R: int) -> Sides:
        """The sides of the one member, at R points."""
        columns = (np.asarray(part)[..., 0] if np.ndim(part) == 2 else part for part in parts)
        return Sides(*(np.broadcast_to(column, (R,)) for column in columns))

    def ascent(self, z: Array) -> tuple[float, Array]:
        left, right = map(as_quantity, self.claim.statement(self.at(z[None], True), self.constants))
        sides = self.columns(Sides(left.value, right.value, left.rounding + right.rounding), 1)
        return float(self.merit_of(sides)[0]), _log_slope(left, z) - _log_slope(right, z)

    def line(self, z: Array, centre: Array) -> dict[str, list[float | None]]:
        """Both sides along the line through the witness at s = 1, to draw; None for what is not finite.

        Parameters
        ----------
        z : a point, on a line from `centre` at s = 0; or pairs, whose y moves from x at s = 0
        """
        s = np.linspace(0.0, 2.0, LINE)[1:]
        if z.ndim == 1:
            Z = centre + s[:, None] * (z - centre)
        else:
            scale = s.reshape(-1, *(1,) * (z.ndim - 1))
            x, half = z[..., 0, :] + z[..., 1, :], scale * z[..., 1, :]
            Z = np.stack([x - half, half], axis=-2)
        with np.errstate(all="ignore"):
            sides = self.sides(Z)
        columns = {"s": s, "left": sides.left, "right": sides.right}
        return {
            name: [float(value) if np.isfinite(value) else None for value in np.broadcast_to(column, s.shape)]
            for name, column in columns.items()
        }

    def value_of(self, number: Any) -> float:
        """The claimed number itself, or its entry for the component at hand."""
        return float(number if np.ndim(number) == 0 else np.asarray(number)[self.member or 0])

    def best_value(self, name: str, downwards: bool, Z: Array) -> float | None:
        """The strongest value of a constant that holds at every z, the others as claimed; None if there is none.

        The sides and their rounding errors are affine in each constant.
        """
        quantities, R = self.at(Z, False), len(Z)
        large = LARGE * max(1.0, float(np.max(np.abs(getattr(self.constants, name)))))
        with np.errstate(all="ignore"):
            both = (self.sides_of(quantities, R, _with(self.constants, name, value)) for value in (0.0, large))
            excess = [side.left - side.right - (0.0 if self.signed else side.rounding) for side in both]
            grows = (excess[1] - excess[0]) / large
            limit = -excess[0] / grows
        seen = limit[np.isfinite(limit) & np.isfinite(grows) & ((grows > 0) if downwards else (grows < 0))]
        if downwards:
            return float(seen.min()) if len(seen) else None
        return float(seen.max(initial=0.0))


def _with(constants: Any, name: str, value: float) -> Any:
    changed = type(constants)(**vars(constants))
    setattr(changed, name, np.zeros_like(getattr(constants, name)) + value)
    return changed


def _log_slope(side: Quantity, z: Array) -> Array:
    if side.slope is None:
        return np.zeros_like(z)
    return np.asarray(side.slope[0] / np.ravel(side.value)[0])


def at_point(
    claim: Claim, constants: Any, context: EvaluationContext, law: Law | None, member: int | None = None
) -> ClaimInequality:
    """A claim about a point, and about one component where a member is given."""
    members = None if member is None else np.array([member])

    def location(z: Array) -> dict[str, Any]:
        return {"x": z.tolist()} | ({} if member is None else {"component": member})

    return ClaimInequality(
        claim, constants, lambda Z, slopes: AtPoints(context, law, Z, members, slopes), location, member
    )


def at_pair(claim: Claim, constants: Any, family: Family, member: int) -> ClaimInequality:
    """A claim about a pair of points and one member of a family."""

    def location(z: Array) -> dict[str, Any]:
        x, y = ends(z)
        return {"x": x.tolist(), "y": y.tolist(), **family.label(member)}

    return ClaimInequality(
        claim,
        constants,
        lambda Z, slopes: pair_quantities(family, Z, np.full(len(Z), member), slopes),
        location,
        member,
    )


def at_means(claim: Claim, constants: Any, family: Family, probability: Array) -> ClaimInequality:
    """A claim about the mean over the members of a family, each at a pair of its own."""

    def location(z: Array) -> dict[str, Any]:
        x, y = ends(z)
        labels = [family.label(k) for k in range(family.count)]
        named = {key: [label[key] for label in labels] for key in labels[0]}
        return {"x": x.tolist(), "y": y.tolist(), "probability": probability.tolist(), **named}

    return ClaimInequality(claim, constants, lambda Z, _: means(family, Z, probability), location)


def at_shared_pair(claim: Claim, constants: Any, context: EvaluationContext, law: Law) -> ClaimInequality:
    """A claim about a pair that all sampled functions share."""

    def location(z: Array) -> dict[str, Any]:
        x, y = ends(z)
        return {"x": x.tolist(), "y": y.tolist()}

    return ClaimInequality(claim, constants, lambda Z, _: AtSharedPairs(context, law, Z), location)
