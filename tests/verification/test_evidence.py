"""A comparison reports the worst violation, not the first."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from samtheory.status import Status
from samtheory.verification.evidence import compare

sizes = st.floats(1e-6, 1e6)
rows = st.lists(st.tuples(sizes, sizes), min_size=1, max_size=12)


def compared(bound, measured, rounding=0.0):
    return compare("trajectory", "mean", np.array(bound), np.array(measured), rounding, str)


@given(rows)
def test_the_smallest_ratio_is_reported_with_its_place(pairs):
    bound, measured = map(np.array, zip(*pairs, strict=True))
    found = compared(bound, measured)
    ratio = bound / measured
    assert found.verdict == (Status.VIOLATED if (ratio < 1).any() else Status.HOLDS)
    assert found.bound_ratio == ratio.min()
    assert ratio[int(found.location)] == ratio.min()


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    assert compared(*zip(*pairs, strict=True)).bound_ratio == compared(*zip(*shuffled, strict=True)).bound_ratio


@given(rows, st.integers(0, 11), st.sampled_from([math.nan, math.inf]))
def test_what_is_not_finite_is_the_worst(pairs, place, value):
    bound, measured = map(list, zip(*pairs, strict=True))
    measured[place % len(pairs)] = value
    found = compared(bound, measured)
    assert (found.verdict, found.bound_ratio) == (Status.VIOLATED, 0.0)
    assert int(found.location) == place % len(pairs)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=12, unique=True))
def test_of_bounds_of_0_the_largest_excess_is_reported(measured):
    found = compared([0.0] * len(measured), measured)
    assert (found.bound_ratio, int(found.location)) == (0.0, int(np.argmax(measured)))


def test_rounding_is_no_violation_and_counts_as_attained():
    found = compared([1.0, 2.0], [1.0 + 1e-12, 1.0], 1e-9)
    assert (found.verdict, found.bound_ratio, found.location) == (Status.HOLDS, 1.0, "0")


def test_a_run_that_breaks_its_bound_reports_where_it_is_farthest_from_it():
    """Means that leave a bound of 1 slowly: at t = 4 the bound is a quarter of the mean."""
    found = compared(np.ones(6), [0.9, 1.001, 2.0, 3.0, 4.0, 3.5])
    assert (found.bound_ratio, found.location) == (0.25, "4")
