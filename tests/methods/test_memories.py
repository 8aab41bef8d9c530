"""A class that a method leaves late, or now and then, is left: the memories of whole runs are looked at."""

from __future__ import annotations

import numpy as np
import pytest

import samtheory as st
from samtheory.methods.base import Deviation, OneVector
from samtheory.methods.unified_sam import unit


class Longer(OneVector):
    """SAM, with three times the radius at the steps that `when` names."""

    deviation = Deviation(alpha=0.0, beta=1.0)

    def __init__(self, when):
        self.when = when

    def __call__(self, x, draw, gradient, gamma, rho, lam, memory):
        vector, t = memory
        e = rho * unit(gradient(x, draw)) * np.where(self.when(t), 3.0, 1.0)
        return x - gamma * gradient(x + e, draw), (vector, t + 1)


class Summed(OneVector):
    """The perturbation along the sum of the directions so far, which grows where they agree."""

    deviation = Deviation(alpha=0.0, beta=1.0)

    def __call__(self, x, draw, gradient, gamma, rho, lam, memory):
        total = memory[0] + unit(gradient(x, draw))
        return x - gamma * gradient(x + rho * total, draw), (total, memory[1])


LEAVE = {
    "after two steps": Longer(lambda t: t > 1),
    "after fifty steps": Longer(lambda t: t > 50),
    "every twentieth step": Longer(lambda t: t % 20 == 19),
    "a sum": Summed(),
}


@pytest.mark.parametrize("sampling", ["uniform", "full"])
@pytest.mark.parametrize("method", LEAVE.values(), ids=LEAVE)
def test_a_class_that_is_left_later_is_found_out(method, sampling):
    found = st.verify("tight-pair", sampling, "unified-sam/3.2", method=method, steps=60, trials=4)
    assert found.verdict == "assumption-fails"


def test_a_class_that_is_kept_holds():
    kept = Longer(lambda t: t < 0)
    assert st.verify("tight-pair", "uniform", "unified-sam/3.2", method=kept, steps=60, trials=4).holds


class Counting:
    """SAM with a count of its own calls, which it keeps in the object."""

    deviation = Deviation(alpha=0.0, beta=1.0)

    def __init__(self, when):
        self.when, self.t = when, 0

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        self.t += 1
        e = rho * unit(gradient(x, draw)) * (3.0 if self.when(self.t) else 1.0)
        return x - gamma * gradient(x + e, draw)


class MeanInTheObject:
    """VaSSO that forgets no run: the class is kept, but a run depends on those before."""

    deviation = Deviation(alpha=0.0, beta=1.0)
    mean = None

    def __call__(self, x, draw, gradient, gamma, rho, lam):
        g = gradient(x, draw)
        self.mean = g if self.mean is None or self.mean.shape != g.shape else 0.6 * self.mean + 0.4 * g
        return x - gamma * gradient(x + rho * unit(self.mean), draw)


HIDDEN = {
    "every 25th call": lambda: Counting(lambda t: t % 25 == 0),
    "the first 30 calls": lambda: Counting(lambda t: t <= 30),
    "a mean": MeanInTheObject,
}


@pytest.mark.parametrize("make", HIDDEN.values(), ids=HIDDEN)
def test_what_is_kept_beside_the_memory_is_found_out(make):
    found = st.verify("ridge", "full", "unified-sam/3.2", method=make(), steps=60, lam=1.0)
    assert [piece.name for piece in found.evidence if piece.verdict.failed] == [
        "the step depends on its arguments alone"
    ]
    assert found.verdict == "assumption-fails"
