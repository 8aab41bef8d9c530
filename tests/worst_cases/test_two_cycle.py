"""The PL function on which SAM circles: its constants by ball arithmetic, for every kappa >= 1000; its cycle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from samtheory.falsification.candidate import Candidate
from samtheory.falsification.counterexample import confirmed
from samtheory.falsification.instances.arithmetic import FLOAT
from samtheory.theorems import ours_sam_deterministic
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.hard import lower
from samtheory.worst_cases.instances.two_cycle import FROM, LEAST_KAPPA, SHAPES, TO, TwoCycle, W, cycle, step
from samtheory.worst_cases.quantity import Quantity

#: sup |eta'| and sup |eta''|: those of the polynomial are 15/8 and 10/sqrt(3).
STEEP, BENT = 1.875 / W, 5.7736 / W**2
LEVEL = Quantity("", "level", {"gap 1": 1}, {}, 0.0)


def cell(gamma: Fraction, kappa: int, rho: str = "1") -> Cell:
    return Cell("pl", Fraction(kappa), gamma, Fraction(rho), Fraction(1))


@pytest.fixture(params=SHAPES, ids=str)
def gamma(request: pytest.FixtureRequest) -> Fraction:
    return request.param


class Balls:
    """The numbers of f as balls, mu in (0, 1/1000]."""

    def __init__(self, gamma: Fraction) -> None:
        self.arb = pytest.importorskip("flint", reason="python-flint, the extra `certify`").arb
        shape = SHAPES[gamma]
        slope, shift, self.b, self.A, self.p, self.q = (self.arb(text) for text in shape[:-1])
        self.mu = self.between(0, 1 / LEAST_KAPPA)
        c = slope - shift * self.mu
        # mu x on the support of eta.
        self.along = c + self.mu * self.between(FROM - W, TO + W)
        self.sloped, self.bent = self.between(-STEEP, STEEP), self.between(-BENT, BENT)

    def between(self, low: float, high: float) -> Any:
        """A ball around an interval."""
        return self.arb(low).union(self.arb(high))

    def everywhere(self, holds: Callable[..., bool], *sides: tuple[float, float], most: int = 60_000) -> int:
        """The number of boxes on which it is shown, each half of another along its longest side; -1 where it is not."""
        boxes, shown = [sides], 0
        while boxes and shown < most:
            box = boxes.pop()
            if holds(*(self.between(*side) for side in box)):
                shown += 1
                continue
            lengths = [(high - low) / (b - a) for (low, high), (a, b) in zip(box, sides, strict=True)]
            k = lengths.index(max(lengths))
            if lengths[k] < 1e-3:
                return -1
            middle = sum(box[k]) / 2
            boxes += [(*box[:k], half, *box[k + 1 :]) for half in ((box[k][0], middle), (middle, box[k][1]))]
        return shown if not boxes else -1


def pl(f: Balls, z: Any, theta: Any, eta: Any) -> bool:
    """||grad f||^2 - 2 mu f = z^2 E with E > 0, on a box."""
    A = f.A * eta
    V, V1 = f.q**2 / 2 * (f.q * z / 2).sinc() ** 2, f.q**2 * (f.q * z).sinc()
    Y = A * f.p * theta.cos() + f.A * f.sloped
    E = 2 * f.along * V * Y + (z * V * Y) ** 2 + (f.b + A * theta.sin() * V1) ** 2
    return bool(E - f.mu * (f.b + 2 * A * theta.sin() * V) > 0)


def smooth(f: Balls, theta: Any, phi: Any, eta: Any) -> bool:
    """-I < Hessian < I on a box, phi = q z."""
    s, c, rise = theta.sin(), theta.cos(), 1 - phi.cos()
    a = f.mu + f.A * rise * (f.bent * s + 2 * f.sloped * f.p * c - eta * f.p**2 * s)
    d = f.b + f.A * eta * s * f.q**2 * phi.cos()
    o = f.A * (f.sloped * s + eta * f.p * c) * f.q * phi.sin()
    return all(bool(1 - k * a > 0) and bool((1 - k * a) * (1 - k * d) - o**2 > 0) for k in (1, -1))


def test_the_function_is_pl_with_mu(gamma: Fraction) -> None:
    """Where |z| <= 4 by boxes; beyond, V <= 2/z^2 and |V1| <= q/|z| leave E > 0.4."""
    f = Balls(gamma)
    assert f.everywhere(lambda *box: pl(f, *box), (0.0, 4.0), (0.0, 6.2832), (0.0, 1.0)) > 10
    b, A, p, q = (float(text) for text in SHAPES[gamma][2:6])
    along = float(SHAPES[gamma].slope) + (TO + W) / LEAST_KAPPA
    steepest = A * (p + STEEP)
    assert (b - A * q / 4) ** 2 - 2 * along * (2 / 16) * steepest - (b + 2 * A * 2 / 16) / LEAST_KAPPA > 0.4
    # f >= 0: on the support of the ripple the parabola is higher than the ripple is deep.
    lowest = float(SHAPES[gamma].slope) - (float(SHAPES[gamma].shift) + W - FROM) / LEAST_KAPPA
    assert lowest**2 * LEAST_KAPPA / 2 > 2 * A


def test_the_function_is_1_smooth(gamma: Fraction) -> None:
    f = Balls(gamma)
    assert f.everywhere(lambda *box: smooth(f, *box), (0.0, 6.2832), (0.0, 6.2832), (0.0, 1.0)) > 10


def test_the_proofs_of_the_constants_notice_other_functions(gamma: Fraction) -> None:
    """A larger ripple is neither PL nor 1-smooth."""
    f = Balls(gamma)
    f.A = 2 * f.A
    assert f.everywhere(lambda *box: smooth(f, *box), (0.0, 6.2832), (0.0, 6.2832), (0.0, 1.0)) == -1
    f.A = 2 * f.A
    assert f.everywhere(lambda *box: pl(f, *box), (0.0, 4.0), (0.0, 6.2832), (0.0, 1.0)) == -1


def test_the_taper_is_no_steeper_than_the_proofs_say() -> None:
    u = np.linspace(0, 1, 10_001)
    values, slopes = np.array([step(each) for each in u.tolist()]).T
    assert slopes.max() <= STEEP * W
    assert np.abs(np.diff(slopes)).max() <= BENT * W**2 * (u[1] - u[0]) * (1 + 1e-9)
    assert np.abs(np.diff(values) - (slopes[1:] + slopes[:-1]) / 2 * (u[1] - u[0])).max() < 1e-11


#: f on the cycle over kappa L rho^2, for large kappa.
HEIGHT = {Fraction(1): 0.0489, Fraction(1, 2): 0.01277}


@pytest.mark.parametrize("kappa", [1000, 2000, 10_000])
def test_sam_circles_at_a_height_proportional_to_kappa(gamma: Fraction, kappa: int) -> None:
    found = lower(cell(gamma, kappa, "1/10"), LEVEL)
    assert found is not None
    assert float(found[0]) == pytest.approx(HEIGHT[gamma] * kappa, rel=2e-3)
    assert lower(cell(gamma, 999), LEVEL)[0] < 1, "the constants are proved from kappa = 1000 on"


def test_sam_stays_there(gamma: Fraction) -> None:
    """By simulation, from beside the cycle; in other units of rho."""
    f = TwoCycle.of(cell(gamma, 1000, "1/10")).in_arithmetic(FLOAT)
    w, level = cycle(cell(gamma, 1000))
    x = 0.1 * (np.array(w) + 1e-7)
    for _ in range(1000):
        g = np.array(f.gradients(tuple(x), FLOAT)[0])
        y = x + 0.1 * g / np.linalg.norm(g)
        x = x - float(gamma) * np.array(f.gradients(tuple(y), FLOAT)[0])
    assert f.value(tuple(x), FLOAT) == pytest.approx(float(level) / 100, rel=1e-6)


def test_a_theorem_with_a_lower_level_is_refuted_by_its_problem_file() -> None:
    theorem = replace(ours_sam_deterministic.theorem, key="wrong", noise=ours_sam_deterministic.theorem.noise / 50)
    asked = cell(Fraction(1), 1000, "1/10")
    start = tuple(0.1 * part for part in cycle(asked)[0])
    candidate = Candidate(TwoCycle.of(asked).in_arithmetic(FLOAT), start, 1.0, 0.0, 0.0, rho=0.1, gamma=1.0)
    found = confirmed(theorem, "wrong", candidate)
    assert found is not None
    assert found.arithmetic == "interval"
    scope: dict[str, Any] = {}
    exec(found.source, scope)  # noqa: S102 - the text was written by the package
    problem = scope["problem"]()
    assert problem.objective.values(problem.x0[None]).mean() == pytest.approx(candidate.instance.value(start, FLOAT))
    gradient = problem.objective.gradients(problem.x0[None])[0, 0]
    assert gradient == pytest.approx(candidate.instance.gradients(start, FLOAT)[0])
