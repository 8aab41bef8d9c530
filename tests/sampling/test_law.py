"""What every law says of itself: its second moment, outcomes at the ends of its parameters, words and counts."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtheory.errors import InputError, NotApplicable
from samtheory.sampling.importance import Importance
from samtheory.sampling.independent import Independent, IndependentLaw
from samtheory.sampling.law import COUNTED, OUTCOME_LIMIT, choose, power
from samtheory.sampling.listed import ROUNDING, ListedLaw, decomposed
from samtheory.sampling.nice import NiceLaw
from samtheory.sampling.replacement import ReplacementLaw
from samtheory.sampling.single import SingleLaw
from samtheory.sampling.uniform import Uniform

TWO = np.array([1.0, 3.0])


@pytest.mark.parametrize("law", [NiceLaw(4, 2), IndependentLaw(np.array([0.2, 1.0, 0.7])), SingleLaw(TWO / 4)])
def test_the_second_moment_is_that_of_the_outcomes(law):
    (indices, weights), probability = law.outcomes()
    v = np.zeros((len(probability), law.n))
    np.add.at(v, (np.arange(len(v))[:, None], indices), weights)
    np.testing.assert_allclose(law.second_moment, v.T @ (v * probability[:, None]), atol=1e-12)
    K = law.second_moment - law.B
    for shape in ((), (2,), (2, 3)):
        X = np.random.default_rng(0).standard_normal((law.n, *shape))
        np.testing.assert_allclose(law.spread(X), np.tensordot(K, X, axes=1), atol=1e-12)


@pytest.mark.parametrize("p", [1.0, 0.25])
def test_the_exact_outcomes_of_independent_are_those_that_can_be(p):
    outcomes = list(Independent(p).outcomes([Fraction(1), Fraction(2)], Fraction))
    assert len(outcomes) == (1 if p == 1 else 4)
    assert sum(probability for probability, _ in outcomes) == 1
    assert all(probability > 0 for probability, _ in outcomes)
    mean = sum(probability * sum(weight for _, weight in chosen) for probability, chosen in outcomes)
    assert mean == 2


def test_importance_lists_no_outcome_without_probability():
    assert list(Importance().outcomes([Fraction(0), Fraction(1, 2)])) == [(1, [(1, 1)])]
    assert list(Importance().outcomes([Fraction(1), Fraction(3)]))[1] == (Fraction(3, 4), [(1, Fraction(4, 3))])


def test_importance_needs_one_component_that_is_not_constant():
    Importance().law(np.array([0.0, 1.0]))
    for call in (Importance().law, lambda L_i: list(Importance().outcomes(L_i.tolist()))):
        with pytest.raises(InputError, match="L_i: all 0"):
            call(np.zeros(2))


@pytest.mark.parametrize(
    ("law", "form", "A"),
    [
        (Uniform().law(TWO), "E[v v^T] = B 11^T + Diag(w)", "max w_i L_i / n"),
        (
            ListedLaw(3, [(0.5, [(0, 2.0), (1, 2.0)]), (0.5, [(2, 2.0)])]),
            "E[v v^T] = B 11^T + K",
            "lambda_max(D K D) / n, D = diag(sqrt L_i)",
        ),
    ],
)
def test_the_words_are_those_of_the_second_moment(law, form, A):
    assert (law.form, law.A_form) == (form, A)


@given(st.integers(0, 70), st.integers(0, 70))
def test_outcomes_are_counted_up_to_a_limit(n, k):
    if k <= n:
        assert choose(n, k) == min(math.comb(n, k), COUNTED)
    assert power(n + 1, k) == min((n + 1) ** k, COUNTED)


def test_the_largest_count_is_still_exact():
    assert COUNTED == 10**18
    assert power(10, 18) == COUNTED
    assert power(10, 17) == 10**17
    assert choose(COUNTED, 1) == COUNTED
    assert choose(70, 68) == 2415


def test_as_many_outcomes_as_the_limit_are_enumerated():
    law = SingleLaw(np.full(OUTCOME_LIMIT, 1 / OUTCOME_LIMIT))
    assert len(law.outcomes().probability) == OUTCOME_LIMIT
    assert NiceLaw(5, 2).outcomes(limit=10).probability.sum() == pytest.approx(1)
    with pytest.raises(NotApplicable, match="more than 9"):
        NiceLaw(5, 2).outcomes(limit=9)
    every = [(1 / OUTCOME_LIMIT, [(0, 1.0)])] * OUTCOME_LIMIT
    assert ListedLaw(1, every).count == OUTCOME_LIMIT
    with pytest.raises(NotApplicable, match="a law of its own"):
        ListedLaw(1, [*every, (0.0, [])])


def test_a_mean_is_added_up_over_the_outcomes_as_long_as_there_are_few_enough():
    """A law that says something wrong of its weights is seen by its mean, up to the limit of enumeration."""
    law = ReplacementLaw(np.full(2, 0.5), 2)
    law.inclusion = np.zeros(2)
    np.testing.assert_allclose(law.mean(), 1)


def test_rounding_in_a_second_moment_is_no_correlation():
    moment = np.array([[2.0, 1 + ROUNDING / 2], [1 + ROUNDING / 2, 3.0]])
    B, K = decomposed(moment)
    assert B == 1
    np.testing.assert_allclose(K, [1, 2])
    assert decomposed(np.array([[2.0, 0.5], [0.5, 3.0]]))[0] == 0.5
    assert decomposed(np.array([[2.0]]))[0] == 1
    noise = np.diag([3.0, 3.0, 3.0])
    noise[0, 1] = noise[1, 0] = ROUNDING
    assert decomposed(noise)[1].ndim == 1
