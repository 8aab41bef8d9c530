"""The checks of a plan at run time: off by default, silent where bounds follow, loud where they do not."""

from dataclasses import replace

import numpy as np
import pytest

from samtheory.catalogue import load_theorem
from samtheory.constants import Constants
from samtheory.errors import Contradiction
from samtheory.theorems import debug
from samtheory.theorems.unified_sam_3_2 import theorem

CONSTANTS = Constants.from_values({"L": 2, "mu": 0.1, "A": 4, "B": 0.5, "C": 0.3})


class Halved(type(theorem)):
    """A bound of half of the noise."""

    def make_plan(self, constants, request, delta0):
        plan = super().make_plan(constants, request, delta0)
        return replace(plan, bound=lambda t, start: plan.bound(t, start) - plan.neighbourhood / 2 * (np.asarray(t) > 3))


class Hasty(type(theorem)):
    """A number of iterations that is one too small."""

    def make_plan(self, constants, request, delta0):
        plan = super().make_plan(constants, request, delta0)
        return replace(plan, iterations=lambda epsilon, start: plan.iterations(epsilon, start) - 1)


def changed(kind):
    return kind(**{name: getattr(theorem, name) for name in theorem.__dataclass_fields__})


def test_nothing_is_checked_by_default(monkeypatch):
    monkeypatch.delenv(debug.VARIABLE, raising=False)
    assert float(changed(Halved).plan(CONSTANTS).bound(10, 1.0)) > 0
    monkeypatch.setenv(debug.VARIABLE, "0")
    assert not debug.switched_on()


@pytest.mark.parametrize("way", ["variable", "context"])
def test_a_bound_below_the_rollout_is_a_contradiction(monkeypatch, way):
    if way == "variable":
        monkeypatch.setenv(debug.VARIABLE, "1")
        plan = changed(Halved).plan(CONSTANTS)
    else:
        with debug.checked_bounds():
            plan = changed(Halved).plan(CONSTANTS)
        assert not debug.switched_on()
    assert plan.bound(np.arange(4), 1.0).shape == (4,)
    with pytest.raises(Contradiction, match=r"unified-sam/3.2: the bound at t=4 is .*one-step inequality"):
        plan.bound(np.arange(20), 1.0)
    with pytest.raises(Contradiction, match=r"t=7"):
        plan.bound(7, 1.0)


def test_iterations_after_which_the_bound_is_still_above_are_a_contradiction():
    with debug.checked_bounds():
        plan = changed(Hasty).plan(CONSTANTS)
    with pytest.raises(Contradiction, match="iterations="):
        plan.iterations(900 * plan.neighbourhood, 1e3 * plan.neighbourhood)


@pytest.mark.parametrize(
    ("key", "lam"),
    [("unified-sam/3.5", 0.5), ("unified-sam/rollout", "1/t"), ("ours/tight", "1-1/t"), ("ours/non-convex", "1/t"),
     ("ours/3.5+", 1.0), ("ours/inverse-lam", "1/t"), ("khaled-richtarik-2020/2", 0.0)],
)  # fmt: skip
def test_the_theorems_pass(key, lam):
    with debug.checked_bounds():
        plan = load_theorem(key).plan(CONSTANTS, lam, delta0=0.7)
    assert (plan.bound(np.arange(plan.start, 300), 0.7) > 0).all()
    assert plan.iterations(2.0, 0.7) is not None
    assert plan.bound(10**5, 0.7) > 0
