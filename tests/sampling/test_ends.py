"""Samplings and listed laws at the ends of what they allow, and beyond."""

from fractions import Fraction

import numpy as np
import pytest

from samtheory.errors import InputError
from samtheory.sampling.base import samplings
from samtheory.sampling.independent import Independent
from samtheory.sampling.listed import ROUNDING, ListedLaw
from samtheory.sampling.nice import Nice
from samtheory.sampling.replacement import Replacement
from samtheory.sampling.single import SUM, Single, SingleLaw

HALVES = (0.5, 0.5)


@pytest.mark.parametrize(
    ("key", "sampling", "least", "most"),
    [("nice", Nice(2), 3, 100), ("replacement", Replacement(2), 2, 100), ("independent", Independent(0.5), 2, 100)],
)
def test_minibatches_are_swept_where_they_are_new_and_few(key, sampling, least, most):
    examples = samplings()[key].examples
    assert examples(least - 1) == examples(most + 1) == []
    assert examples(least) == examples(most) == [sampling]


@pytest.mark.parametrize("key", ["uniform", "importance"])
def test_samplings_of_one_component_are_swept_where_there_are_two(key):
    kind = samplings()[key]
    assert (kind.examples(1), kind.examples(2)) == ([], [kind()])


@pytest.mark.parametrize("kind", [Nice, Replacement])
def test_a_batch_has_from_one_to_n_members(kind):
    assert kind(1).law(np.ones(3)).width == 1
    assert kind.parse("1") == kind(1)
    assert kind(3).law(np.ones(3)).width == 3
    with pytest.raises(InputError, match="tau=0"):
        kind(0)
    with pytest.raises(InputError, match="tau=0"):
        kind.parse("0")


def test_a_subset_of_one_of_two():
    law = Nice(1).law(np.ones(2))
    assert law.B == 0
    np.testing.assert_allclose(law.second_moment, [[2, 0], [0, 2]])


def test_probabilities_may_miss_their_sum_by_rounding_only():
    near = Single((0.5, 0.5 + SUM / 2))
    np.testing.assert_allclose(near.law(np.ones(2)).p.sum(), 1, rtol=1e-15)
    for wrong in (0.5 + 3 * SUM, 0.5 - 3 * SUM):
        with pytest.raises(InputError, match="must be 1"):
            Single((0.5, wrong))
    with pytest.raises(InputError, match=r"p: q\.txt: sum is 1\.5"):
        Single((0.5, 1.0), "q.txt")
    for wrong in ((0.5, float("nan")), (float("inf"), 0.5), (0.0, 1.0), (1.5, -0.5)):
        with pytest.raises(InputError, match="must be a finite number above 0"):
            Single(wrong)


def test_single_shows_a_few_of_its_probabilities():
    assert repr(Single(HALVES)) == "Single(p=(0.5, 0.5))"
    assert repr(Single((0.25,) * 4)) == "Single(p=(0.25, 0.25, 0.25, 0.25))"
    assert repr(Single((0.2,) * 5)) == "Single(p=(0.2, 0.2, 0.2, 0.2, ...))"
    assert repr(Single(HALVES, "p.txt")) == "Single(path='p.txt', p=(0.5, 0.5))"


def test_single_is_the_same_wherever_it_was_read():
    assert Single(HALVES, "p.txt") == Single(HALVES)
    with pytest.raises(InputError, match="p: probabilities: 2 probabilities: must be n=3"):
        Single(HALVES).law(np.ones(3))
    with pytest.raises(InputError, match=r"p: q\.txt: 2 probabilities: must be n=3"):
        Single(HALVES, "q.txt").law(np.ones(3))


def test_single_searches_and_changes_its_probabilities():
    assert Single.searched(3, lambda low, high: high) == Single((1 / 3, 1 / 3, 1 / 3))
    least = Single.searched(2, lambda low, high: low)
    assert 0 < least.p[0] < 1e-5
    assert Single((0.25, 0.25, 0.5)).map_numbers(lambda p: p / 2) == Single((0.125, 0.125, 0.75))
    assert 0 < Independent.searched(2, lambda low, high: low).p < 1e-5


def test_the_exact_outcomes_of_single():
    found = list(Single((0.25, 0.75)).outcomes([Fraction(1), Fraction(1)], Fraction))
    assert found == [(Fraction(1, 4), [(0, 4)]), (Fraction(3, 4), [(1, Fraction(4, 3))])]


def test_one_component_is_the_full_batch():
    law = SingleLaw(np.ones(1))
    assert law.deterministic
    np.testing.assert_allclose(law.second_moment, [[1]])


def listed(*outcomes, n=2):
    return ListedLaw(n, outcomes)


def test_an_outcome_may_be_empty_and_need_no_probability():
    law = listed((0.5, []), (0.5, [(0, 2.0), (1, 2.0)]), (0.0, [(0, 7.0)]))
    assert law.count == 3
    assert law.width == 2
    np.testing.assert_allclose(law.mean(), [1, 1])
    assert listed((1.0, []), n=1).width == 1
    assert listed((1.0, []), n=1).weight == [0]


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([(0.5, [(0, 1.0)]), (0.6, [(1, 1.0)])], "add up to 1.1"),
        ([(0.5, [(0, 1.0)]), (0.5 - 1e-6, [(1, 1.0)])], "must be at least 0 and add up to 1"),
        ([(1.5, [(0, 1.0)]), (-0.5, [(1, 1.0)])], "must be at least 0 and add up to 1"),
        ([(0.5, [(0, 1.0)]), (0.5, [(1, -1.0)])], "smallest weight is -1: must be at least 0"),
    ],
)
def test_what_is_no_distribution_is_refused(outcomes, words):
    with pytest.raises(InputError, match=words):
        listed(*outcomes)


def test_a_sum_of_probabilities_may_miss_one_by_rounding():
    listed((0.5, [(0, 2.0)]), (0.5 + 50 * ROUNDING, [(1, 2.0)]))
    with pytest.raises(InputError, match="add up to"):
        listed((0.5, [(0, 2.0)]), (0.5 + 200 * ROUNDING, [(1, 2.0)]))


def test_small_correlations_are_kept_and_rounding_is_not():
    small = 1e-6
    law = listed((0.5 - small, [(0, 1.0)]), (0.5 - small, [(1, 1.0)]), (2 * small, [(0, 1.0), (1, 1.0)]))
    assert law.B == pytest.approx(2 * small)
    apart = listed((0.5, [(0, 2.0), (1, 2.0)]), (0.5, [(2, 2.0)]), n=3)
    assert (apart.diagonal, apart.B) == (False, 0.0)
    np.testing.assert_allclose(apart.second_moment, [[2, 2, 0], [2, 2, 0], [0, 0, 2]])
    assert apart.A(np.zeros(3)) == 0
