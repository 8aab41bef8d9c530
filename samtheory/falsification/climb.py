"""One restart of the search: random points of the unit cube, then local search from the best of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array
from samtheory.schedules import NAMED, Rule
from samtheory.theorems.base import Theorem

from .candidate import Burst, Candidate
from .evaluation import Evaluation, attempt
from .instances.parametrisation import COORDINATES, Decoder, point
from .spaces import Target

#: Points of a restart that are drawn, and steps of the local search from the best of them: of one step, of several.
DRAWN, STEPS = 40, {False: 300, True: 80}
#: A local search that comes this close to 0 has found an inequality that is attained.
ATTAINED = 1e-7
#: The work of an evaluation, in steps of the method.
OVERHEAD = 200

#: rho is at most this fraction of the largest, and may be as small as the second; gamma at least the third.
RHO, SMALL_RHO, GAMMA = 0.999, 1e-6, 0.01
#: How far from a landmark the first step ends, relatively.
LANDING = (1e-4, 1.0)
#: The longest run, and by how much the first steps may differ from the later ones.
LONGEST, BURST = 300, (0.01, 100.0)


@dataclass
class Search:
    """One restart: random points of the unit cube, then local search from the best of them.

    Attributes
    ----------
    bursts : whether the first steps differ from the later ones
    evaluations, work : instances tried so far, and the steps that they took
    """

    theorem: Theorem
    target: Target
    lam: Rule | None
    rng: np.random.Generator
    bursts: bool
    evaluations: int = 0
    work: int = 0

    def candidate(self, u: Array) -> tuple[Candidate, int]:
        """The candidate at a point of the cube, and how many of the coordinates matter."""
        decoder = Decoder(u.tolist())
        instance = self.target.space.build(decoder, self.target.space)
        x, scale = point(decoder, instance.d), decoder.either(0, 0, 1, 2)
        rho = decoder.either(RHO * decoder.unit(), decoder.log(SMALL_RHO, RHO), 0.0, 0.0)
        gamma, steps = (
            decoder.log(GAMMA, 1.0),
            round(decoder.either(decoder.log(1, 10), *[decoder.log(10, LONGEST)] * 2)),
        )
        steps = steps if self.target.several else 1
        burst, lam = self.burst(decoder), self.lam_of(decoder)
        landing = decoder.either(None, 0, 1, 1, 2)
        if landing is not None and instance.landmarks():
            x, scale = (decoder.signed(*LANDING),), 0
        scale = scale if rho else 0
        return Candidate(instance, x, lam, rho, gamma, burst, scale=scale, landing=landing, steps=steps), decoder.read

    def lam_of(self, decoder: Decoder) -> Rule:
        """What was asked for, else a number or, where lam may change with t, a rule."""
        if self.lam is not None:
            return self.lam
        number = decoder.either(0.0, decoder.unit(), 1.0)
        if not self.theorem.varying_lam:
            return float(number)
        return decoder.either(number, number, *NAMED)  # type: ignore[no-any-return]

    def burst(self, decoder: Decoder) -> Burst | None:
        """Other first steps, where they are asked for."""
        if not self.bursts:
            return None
        count, gamma = decoder.either(1, 1, 2, 3), decoder.log(*BURST)
        return Burst(count, gamma, decoder.either(1.0, decoder.log(*BURST)))

    def evaluate(self, u: Array) -> tuple[Evaluation | None, int]:
        """The theorem's claim at a point of the cube and the true value, and how many coordinates matter."""
        candidate, read = self.candidate(u)
        self.evaluations += 1
        self.work += OVERHEAD + candidate.steps
        return attempt(self.theorem, candidate, self.target.several), read

    def climb(self, deadline: float) -> Evaluation | None:
        """The best of the restart; None where the theorem says nothing."""
        best, place, read = None, self.rng.random(COORDINATES), COORDINATES
        for _ in range(DRAWN):
            if time.monotonic() > deadline:
                break
            u = self.rng.random(COORDINATES)
            found, read = self.evaluate(u)
            if found is not None and (best is None or found.score > best.score):
                best, place = found, u
        size = 0.2
        for _ in range(STEPS[self.target.several] if best is not None else 0):
            if time.monotonic() > deadline or (best is not None and -ATTAINED < best.score <= 0):
                break
            u = self.near(place, size, read)
            found, _ = self.evaluate(u)
            better = found is not None and best is not None and found.score > best.score
            best, place = (found, u) if better else (best, place)
            size = min(1.3 * size, 0.5) if better else max(0.97 * size, 1e-3)
        return best

    def near(self, place: Array, size: float, read: int) -> Array:
        """A neighbour in the cube: a few coordinates moved, reflected at its faces."""
        u = place.copy()
        moving = np.flatnonzero(self.rng.random(read) < max(0.2, 1.5 / read))
        u[moving] = np.abs(u[moving] + size * self.rng.standard_normal(len(moving)))
        return np.clip(np.where(u > 1, 2 - u, u), 0.0, 1.0)
