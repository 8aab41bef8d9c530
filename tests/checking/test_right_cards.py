"""Right cards in the corners of float64 are never called wrong."""

from pathlib import Path

import pytest

from samtheory import verify
from samtheory.catalogue import load_problem
from samtheory.checking.card import check
from samtheory.sampling.base import parse_sampling

FILE = str(Path(__file__).parents[1] / "support" / "right_cards.py")
#: Rows of size 1e8; f* of 1e-31 beside a proved 0, at several scales; a constant; callables; sines; noise; tails.
SEEDS = [160, 251, 15, 39, 54, 104, 106, 208, 314, 12, 23, 7, 8, 3224, 3267]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_card_is_not_falsified(seed):
    (card,) = check(load_problem(FILE, seed=seed), [parse_sampling("uniform")], seed=seed)
    assert card.falsified == []


@pytest.mark.parametrize("theorem", ["ours/sam-convex", "ours/deterministic-convex"])
def test_callables_that_cancel_far_from_the_minimiser_break_no_bound(theorem):
    """(a . x - b)^2/2 at |x| = 1e6 is known up to the rounding of a . x."""
    assert verify(FILE, "full", theorem, 0.5, params={"seed": 10}, trials=32, steps=20).holds


@pytest.mark.parametrize(("seed", "sampling"), [(88, "full"), (248, "importance")])
def test_gradients_that_are_rounding_alone_break_no_bound_over_time(seed, sampling):
    """A start at the minimiser, 1e13 from the origin: the least-squares gradient there is the rounding of a . x."""
    assert verify(FILE, sampling, "ours/non-convex", 0.5, params={"seed": seed}, trials=32, steps=20).holds
