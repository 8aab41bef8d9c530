"""Estimates of Lipschitz constants: the steepest pair of points of every member of a family, and the least convex."""

from __future__ import annotations

from math import isfinite

import numpy as np

from samtheory._typing import Array
from samtheory.execution.time_limit import deadline, share
from samtheory.objectives.lengths import length
from samtheory.problem.at_pairs import CLOSE, POWER, ends, pair, pair_quantities, steepest_pairs
from samtheory.problem.evaluation import BLOCK
from samtheory.problem.families import Family, Which

#: Steps of a random walk towards larger curvature.
WALK = 60
#: Hessians are computed in full where members x dimension^2 is at most this.
FULL = 400_000
#: Where one gradient of every member costs more than this the search takes one base and short lines.
CHEAP_MODE = 1_000_000
#: Lines are searched through this many bases a level, fewer where they would cost more than this, but one.
LINES, LINE_WORK = 4, 10_000_000
#: Where a line is looked at, in units of the size.
_OUTWARDS = np.concatenate([np.geomspace(1e-3, 0.1, 12), np.linspace(0.15, 4, 32), np.geomspace(5, 1e6, 24)])
LINE = np.concatenate([-_OUTWARDS[::-1], [0.0], _OUTWARDS])
SHORT_LINE = np.array([-100.0, -10.0, -1.0, 0.0, 1.0, 10.0, 100.0])
#: The distances of two points from the first base, in units of the size.
FAR_PAIRS = [(1.0, 1.0), (1.0, 1e3), (1e3, 1e3), (1e6, 1e6)]
#: Pairs that are evaluated between two looks at the time.
OFFERED = 256
#: The steepest pair of a line is looked at more closely, in units of half its distance, and again.
NEARER, ZOOMS = np.linspace(-4, 4, 17), 4


class LipschitzEstimate:
    """The largest gradient changes that a search saw.

    Attributes
    ----------
    ratio, pair : (count,), (count, 2, d), the largest ||D|| / ||x - y|| less rounding of each member, and where,
        for D = grad h(x) - grad h(y)
    negative_curvature, concave_pair : the largest -<D, x - y> / ||x - y||^2 less rounding, and where
    evaluations : pairs evaluated
    """

    def __init__(self, family: Family, d: int) -> None:
        self.family, self.evaluations = family, 0
        self.ratio, self.pair = np.zeros(family.count), np.zeros((family.count, 2, d))
        self.negative_curvature = np.full(family.count, -np.inf)
        self.concave_pair = np.zeros((family.count, 2, d))

    def offer(self, x: Array, y: Array, which: Which) -> None:
        """Evaluate the pairs (x, y), rows (R, d), of the members `which`."""
        first, count = 0, 1 if isfinite(deadline()) else len(which)
        while first < len(which):
            some = slice(first, first + count)
            self._offer(pair(x[some], y[some]), which[some])
            first, count = first + count, min(2 * count, OFFERED)

    def _offer(self, Z: Array, which: Which) -> None:
        with np.errstate(all="ignore"):
            at = pair_quantities(self.family, Z, which)
            distance, change, rise = at.distance.value, at.change, at.rise
            _keep(self.ratio, self.pair, (change.value - change.rounding) / distance, Z, which)
            concave = -(rise.value + rise.rounding) / distance**2
            _keep(self.negative_curvature, self.concave_pair, concave, Z, which)
        self.evaluations += len(Z)

    def best(self) -> LipschitzEstimate:
        """The best over the members, as if they were one."""
        one = LipschitzEstimate(self.family, self.pair.shape[-1])
        k, j = int(np.argmax(self.ratio)), int(np.argmax(self.negative_curvature))
        one.ratio, one.pair = self.ratio[[k]], self.pair[[k]]
        one.negative_curvature, one.concave_pair = self.negative_curvature[[j]], self.concave_pair[[j]]
        one.evaluations = self.evaluations
        return one

    def around(self, X: Array, U: Array, h: Array, which: Which) -> None:
        """Evaluate the pairs x - h u, x + h u."""
        self.offer(X + h * U, X - h * U, which)


def _keep(best: Array, pairs: Array, values: Array, Z: Array, which: Which) -> None:
    """Put the largest of each member's `values` into `best` where it is larger, and its pair into `pairs`."""
    usable = np.flatnonzero(np.isfinite(values))
    order = usable[np.lexsort((values[usable], which[usable]))]
    largest = order[np.append(np.diff(which[order]) != 0, True)] if len(order) else order
    better = largest[values[largest] > best[which[largest]]]
    best[which[better]], pairs[which[better]] = values[better], Z[better]


def among(family: Family, X: Array, rng: np.random.Generator) -> LipschitzEstimate:
    """Search the pairs of neighbours and some other pairs of the points X, for constants that hold on a region."""
    found = LipschitzEstimate(family, X.shape[1])
    members = np.arange(family.count)
    for Y in (X[1:], *(X[rng.permutation(len(X))[1:]] for _ in range(4))):
        rows, which = np.tile(Y, (family.count, 1)), np.repeat(members, len(Y))
        found.offer(rows, np.tile(X[:-1], (family.count, 1)), which)
    return found


def lipschitz_estimate(
    family: Family, bases: Array, own: Array | None, level: int, rng: np.random.Generator
) -> LipschitzEstimate:
    """Search every member around `bases` (B, d), in common, the best first, and around `own` (count, b, d), its own.

    The steepest directions at each base (from full Hessians where they are small, else by power iteration), lines along
    them, and pairs of points far apart.
    """
    found = LipschitzEstimate(family, bases.shape[1])
    with share(0.4):
        _search(found, bases, own, level, rng)
    return found


def _search(found: LipschitzEstimate, bases: Array, own: Array | None, level: int, rng: np.random.Generator) -> None:
    """The search of `lipschitz_estimate`, into `found`."""
    family = found.family
    count, d, size = family.count, bases.shape[1], family.size
    cheap = count * family.cost > CHEAP_MODE
    bases = bases[:1] if cheap else bases
    everywhere = np.broadcast_to(bases, (count, *bases.shape))
    points = everywhere if own is None else np.concatenate([everywhere, own[:, :1] if cheap else own], axis=1)
    X = points.reshape(-1, d)
    which = np.repeat(np.arange(count), points.shape[1])
    members = np.arange(count)
    for near, far in FAR_PAIRS * level or FAR_PAIRS[:1]:
        x, y = (points[:, 0] + scale * size * rng.standard_normal((count, d)) for scale in (near, far))
        found.offer(x, y, members)
    with share(0.5):
        if count * d * d <= FULL and not cheap:
            _by_hessians(found, points)
        else:
            _by_power(found, X, which, rng)
    if cheap or level == 0:
        _along(found, points[:, 0], _unit(found.pair[:, 1]), SHORT_LINE * size, members)
        return
    through = [everywhere[:, k] for k in range(len(bases))]
    if own is not None:
        through.insert(1, own[:, 0])
    affordable = int(np.clip(LINE_WORK // (count * family.cost * 2 * len(LINE)), 1, LINES))
    with share(0.8):
        for X in through[: affordable * level]:
            with np.errstate(all="ignore"):
                downhill = np.nan_to_num(family.gradient(X + CLOSE * size, members))
            for U in (_unit(found.pair[:, 1]), _unit(downhill)):
                _along(found, X, U, LINE * size, members)
    for _ in range(ZOOMS):
        middle, half = found.pair[:, 0], length(found.pair[:, 1])[:, None]
        _along(found, middle, _unit(found.pair[:, 1]) * half, NEARER, members)


def _unit(U: Array) -> Array:
    """The rows of U at length 1; zero rows stay."""
    norm = length(U)[:, None]
    return np.asarray(U / np.where(norm > 0, norm, 1.0))


def _by_hessians(found: LipschitzEstimate, points: Array) -> None:
    """Extreme eigenvectors of finite-difference Hessians, one base of all members at a time."""
    family, (count, many, d) = found.family, points.shape
    members = np.arange(count)
    for base in range(many):
        X = points[:, base]
        h = CLOSE * (family.size + length(X))
        which, rows = np.repeat(members, d), np.repeat(X, d, axis=0)
        step = np.tile(np.eye(d), (count, 1)) * np.repeat(h, d)[:, None]
        with np.errstate(all="ignore"):
            H = (family.gradient(rows + step, which) - family.gradient(rows - step, which)).reshape(count, d, d)
        H = H / (2 * h[:, None, None])
        good = np.isfinite(H).all(axis=(1, 2))
        if good.any():
            vectors = np.linalg.eigh((H[good] + H[good].transpose(0, 2, 1)) / 2)[1]
            for end in (0, -1):
                found.around(X[good], vectors[:, :, end], h[good][:, None], members[good])


def _by_power(found: LipschitzEstimate, X: Array, which: Which, rng: np.random.Generator) -> None:
    """Pairs along the steepest directions at the rows of X."""
    found.offer(*ends(steepest_pairs(found.family, X, which, rng)), which)
    found.evaluations += POWER * len(X)


def _along(found: LipschitzEstimate, X: Array, U: Array, line: Array, members: Which) -> None:
    """Neighbouring points of the lines x + t u, one line a member, some members at a time."""
    d = X.shape[1]
    some = max(1, BLOCK // (4 * len(line) * d))
    for k in range(0, len(members), some):
        points = X[k : k + some, None, :] + line[:, None] * U[k : k + some, None, :]
        which = np.repeat(members[k : k + some], len(line) - 1)
        found.offer(points[:, 1:].reshape(-1, d), points[:, :-1].reshape(-1, d), which)


def points_of_large_curvature(family: Family, X: Array, rng: np.random.Generator) -> Array:
    """Points where curvature is large, the largest first, by a random walk uphill from each row of X, all at once.

    Parameters
    ----------
    family : copies of one function, one for each row of X
    """
    found = LipschitzEstimate(family, X.shape[1])
    members = np.arange(len(X))
    with share(0.2):
        _by_power(found, X, members, rng)
    stride = np.maximum(family.size, length(X) * CLOSE)[:, None]
    with share(0.2):
        for _ in range(WALK):
            before = found.ratio.copy()
            middle, half = found.pair[:, 0] + stride * rng.standard_normal(X.shape), found.pair[:, 1]
            with np.errstate(all="ignore"):
                turned = family.gradient(middle + half, members) - family.gradient(middle - half, members)
            found.around(middle, np.nan_to_num(_unit(turned)), length(half)[:, None], members)
            stride = stride * np.where(found.ratio > before, 1.5, 0.85)[:, None]
    steepest = np.argsort(-found.ratio, kind="stable")
    return np.asarray(found.pair[steepest[found.ratio[steepest] > 0], 0])


def stationary(family: Family, starts: Array, steps: int, first: Array) -> Array:
    """Points where the members' gradients are small, by Barzilai-Borwein descent of all members at once.

    Parameters
    ----------
    starts : (count, S, d)
    steps : iterations
    first : (count,) first step lengths

    Returns
    -------
    (count, S, d), for each start the iterate with the smallest gradient.
    """
    count, S, d = starts.shape
    which = np.repeat(np.arange(count), S)
    x = np.array(starts.reshape(-1, d))
    step = np.repeat(first, S)[:, None]
    shortest, longest = 1e-3 * step, 1e6 * step
    best, least = np.array(x), np.full(len(x), np.inf)
    with np.errstate(all="ignore"), share(0.2):
        g = family.gradient(x, which)
        for _ in range(steps):
            norm = length(g)
            better = norm < least
            best[better], least[better] = x[better], norm[better]
            s = -step * g
            h = family.gradient(x + s, which)
            y = h - g
            moved, curved = (np.abs(np.sum(s * part, axis=1, keepdims=True)) for part in (s, y))
            step = np.clip(moved / np.where(curved > 0, curved, np.inf), shortest, longest)
            sound = np.isfinite(h).all(axis=1, keepdims=True)
            x, g = np.where(sound, x + s, best), np.where(sound, h, 0.0)
    return best.reshape(count, S, d)
