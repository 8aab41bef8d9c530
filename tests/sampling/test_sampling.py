"""Samplings: their draws, their enumeration, and the constants that the theorems take from them."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from samtheory.errors import InputError, NotApplicable
from samtheory.sampling.full import FullLaw
from samtheory.sampling.importance import Importance
from samtheory.sampling.independent import Independent, IndependentLaw
from samtheory.sampling.law import COUNTED, OUTCOME_LIMIT
from samtheory.sampling.nice import NiceLaw
from samtheory.sampling.replacement import ReplacementLaw
from samtheory.sampling.single import SingleLaw
from samtheory.sampling.uniform import Uniform

L4 = np.array([1.0, 2.5, 0.5, 4.0])
P4 = np.array([0.1, 0.2, 0.3, 0.4])

#: A law of each kind for four components; the ids name them.
SMALL = {
    "full": FullLaw(4),
    "uniform": Uniform().law(L4),
    "importance": Importance().law(L4),
    "single": SingleLaw(P4),
    "nice:1": NiceLaw(4, 1),
    "nice:2": NiceLaw(4, 2),
    "nice:4": NiceLaw(4, 4),
    "replacement:3": ReplacementLaw(np.full(4, 0.25), 3),
    "replacement, own q": ReplacementLaw(P4, 2),
    "independent": Independent(0.3).law(L4),
    "independent, own p": IndependentLaw(np.array([0.2, 1.0, 0.7, 0.5])),
}
each_law = pytest.mark.parametrize("law", SMALL.values(), ids=SMALL.keys())


def dense(law, draw):
    """The weights as vectors v, shape (size, n)."""
    v = np.zeros((len(draw.indices), law.n))
    np.add.at(v, (np.arange(len(v))[:, None], draw.indices), draw.weights)
    return v


def enumerated(law):
    draw, probability = law.outcomes()
    return dense(law, draw), probability


@st.composite
def laws(draw):
    """A law of any kind with random L_i, n, tau and p; and the L_i."""
    n = draw(st.integers(1, 6))
    L_i = np.array(draw(st.lists(st.floats(0.01, 100), min_size=n, max_size=n)))
    raw = np.array(draw(st.lists(st.floats(0.02, 1), min_size=n, max_size=n)))
    tau = draw(st.integers(1, n))
    kinds = {
        "full": lambda: FullLaw(n),
        "single": lambda: SingleLaw(raw / raw.sum()),
        "importance": lambda: Importance().law(L_i),
        "nice": lambda: NiceLaw(n, tau),
        "replacement": lambda: ReplacementLaw(raw / raw.sum(), min(tau, 3)),
        "independent": lambda: IndependentLaw(raw),
    }
    return kinds[draw(st.sampled_from(sorted(kinds)))](), L_i


@given(laws())
def test_outcomes_are_a_distribution_with_mean_one(case):
    law, _ = case
    v, probability = enumerated(law)
    assert len(probability) == law.count
    assert (probability > 0).all()
    assert math.isclose(probability.sum(), 1, rel_tol=1e-12)
    np.testing.assert_allclose(probability @ v, 1, rtol=1e-12)
    np.testing.assert_allclose(law.mean(), 1, rtol=1e-12)


@given(laws())
def test_inclusion_and_weight_are_those_of_the_draws(case):
    law, _ = case
    (indices, weights), probability = law.outcomes()
    included = np.zeros(law.n)
    np.add.at(included, indices, (weights > 0) * probability[:, None])
    np.testing.assert_allclose(law.inclusion, included, rtol=1e-12)
    np.testing.assert_allclose(weights[weights > 0], law.weight[indices[weights > 0]], rtol=1e-12)
    np.testing.assert_allclose(law.inclusion * law.weight, 1, rtol=1e-12)
    assert indices.shape[1] == law.width


@given(laws())
def test_second_moment_is_rank_one_plus_diagonal(case):
    law, _ = case
    v, probability = enumerated(law)
    moment = (v * probability[:, None]).T @ v
    expected = law.B * np.ones((law.n, law.n)) + np.diag(law.w)
    np.testing.assert_allclose(moment, expected, atol=1e-12 * max(1, np.abs(expected).max()))


@given(laws())
def test_smoothness_of_the_sampled_function(case):
    law, L_i = case
    v, probability = enumerated(law)
    L_v = v @ L_i / law.n
    assert math.isclose(probability @ L_v, L_i.mean(), rel_tol=1e-12)
    assert math.isclose(probability @ L_v**2, law.mean_square(L_i), rel_tol=1e-12)
    assert math.isclose(L_v.max(), law.largest(L_i), rel_tol=1e-12)


@given(laws(), st.integers(0, 2**32 - 1))
def test_expected_residual_holds_and_is_tight(case, seed):
    """On f_i = L_i x_i^2/2, so f_inf = f_i_inf = 0: M <= 2A f + B ||grad f||^2, equal along the largest w_i L_i."""
    law, L_i = case
    v, probability = enumerated(law)
    A, B = law.A(L_i), law.B
    for x in (np.random.default_rng(seed).standard_normal(law.n), np.eye(law.n)[np.argmax(law.w * L_i)]):
        gradients = np.diag(L_i * x)
        M = probability @ np.sum((v @ gradients / law.n) ** 2, axis=1)
        bound = 2 * A * (L_i @ x**2) / (2 * law.n) + B * np.sum(gradients.mean(axis=0) ** 2)
        assert M <= bound * (1 + 1e-12)
    assert math.isclose(M, bound, rel_tol=1e-12)


def table(kind, L_i, p, tau):
    """(A, B, Lambda) by the formulas of theory, Proposition 1.2."""
    n, L_max = len(L_i), max(L_i)
    if kind == "nice":
        spread = tau * (n - 1)
        return (n - tau) * L_max / spread, n * (tau - 1) / spread, np.mean(sorted(L_i)[-tau:])
    if kind == "independent":
        return max((1 - p) * L_i / (n * p)), 1, np.mean(L_i / p)
    if kind == "replacement":
        return max(L_i / (tau * n * p)), 1 - 1 / tau, max(L_i / (n * p))
    return max(L_i / (n * p)), 0, max(L_i / (n * p))


@pytest.mark.parametrize(
    ("kind", "law", "p", "tau"),
    [
        ("single", Uniform().law(L4), np.full(4, 0.25), None),
        ("single", Importance().law(L4), L4 / L4.sum(), None),
        ("single", SingleLaw(P4), P4, None),
        ("nice", NiceLaw(4, 2), None, 2),
        ("nice", NiceLaw(4, 3), None, 3),
        ("replacement", ReplacementLaw(P4, 3), P4, 3),
        ("independent", IndependentLaw(P4), P4, None),
    ],
    ids=["uniform", "importance", "single", "nice:2", "nice:3", "replacement", "independent"],
)
def test_constants_are_those_of_the_table(kind, law, p, tau):
    A, B, Lambda = table(kind, L4, p, tau)
    assert (law.A(L4), law.B, law.largest(L4)) == pytest.approx((A, B, Lambda), rel=1e-14)


def test_importance_sampling_has_the_average():
    law = Importance().law(L4)
    assert law.A(L4) == pytest.approx(L4.mean(), rel=1e-15)
    assert law.largest(L4) == pytest.approx(L4.mean(), rel=1e-15)
    assert law.mean_square(L4) == pytest.approx(L4.mean() ** 2, rel=1e-15)


@pytest.mark.parametrize(
    "law",
    [
        FullLaw(3), NiceLaw(3, 3), NiceLaw(1, 1), IndependentLaw(np.ones(3)),
        SingleLaw(np.ones(1)), ReplacementLaw(np.ones(1), 2),
    ],
    ids=["full", "nice:n", "nice:1 of 1", "independent:1", "single of 1", "replacement of 1"],
)  # fmt: skip
def test_deterministic_laws_are_recognised(law):
    v, _ = enumerated(law)
    assert law.deterministic
    np.testing.assert_array_equal(v, np.ones_like(v))
    assert (law.A(np.ones(law.n)), law.B) == (0, 1)


@pytest.mark.parametrize(
    "law", [NiceLaw(3, 2), ReplacementLaw(np.full(3, 1 / 3), 3), IndependentLaw(np.array([1, 1, 0.999])), SingleLaw(P4)]
)
def test_random_laws_are_not_taken_for_deterministic(law):
    assert not law.deterministic
    assert law.A(np.ones(law.n)) > 0


@each_law
def test_draws_have_the_enumerated_probabilities(law):
    """Chi-square over the outcomes; a false alarm has probability 1e-9 a law."""
    draws = 40_000
    v, probability = enumerated(law)
    slot: dict[bytes, int] = {}
    for row in np.round(v, 9):
        slot.setdefault(row.tobytes(), len(slot))
    expected = np.zeros(len(slot))
    np.add.at(expected, [slot[row.tobytes()] for row in np.round(v, 9)], probability * draws)
    drawn = np.round(dense(law, law.draw(np.random.default_rng(7), draws)), 9)
    seen = np.bincount([slot[row.tobytes()] for row in drawn], minlength=len(slot))
    statistic = np.sum((seen - expected) ** 2 / expected)
    assert statistic <= chi2.isf(1e-9, max(len(slot) - 1, 1))


@each_law
def test_the_same_stream_gives_the_same_draws(law):
    first, second = (law.draw(np.random.default_rng(3), 50) for _ in range(2))
    np.testing.assert_array_equal(first.indices, second.indices)
    np.testing.assert_array_equal(first.weights, second.weights)
    assert first.indices.shape == first.weights.shape
    assert len(first.indices) == 50
    assert first.indices.shape[1] <= law.width
    assert ((first.indices >= 0) & (first.indices < law.n)).all()


def test_nice_draws_distinct_indices_uniformly():
    """All C(6, 3) subsets by chi-square at 1e-9; every i at every tau."""
    law = NiceLaw(6, 3)
    indices = np.sort(law.draw(np.random.default_rng(1), 60_000).indices, axis=1)
    assert (np.diff(indices, axis=1) > 0).all()
    subsets = list(itertools.combinations(range(6), 3))
    seen = np.array([np.sum((indices == subset).all(axis=1)) for subset in subsets])
    assert np.sum((seen - 3000) ** 2 / 3000) <= chi2.isf(1e-9, len(subsets) - 1)


def test_independent_pads_with_weight_zero():
    law = IndependentLaw(np.full(6, 0.2))
    indices, weights = law.draw(np.random.default_rng(0), 400)
    sizes = (weights > 0).sum(axis=1)
    assert sizes.min() == 0
    assert sizes.max() == indices.shape[1] < 6
    for row, values, size in zip(indices, weights, sizes, strict=True):
        assert len(set(row[:size])) == size
        np.testing.assert_array_equal(values, [5.0] * size + [0.0] * (len(row) - size))


def test_independent_draws_nothing_at_all():
    indices, weights = IndependentLaw(np.full(3, 1e-12)).draw(np.random.default_rng(0), 5)
    assert indices.shape == (5, 1)
    np.testing.assert_array_equal(weights, 0)


def test_importance_leaves_out_constant_components():
    L_i = np.array([2.0, 0.0, 6.0])
    law = Importance().law(L_i)
    v, probability = enumerated(law)
    assert law.count == 2
    np.testing.assert_allclose(probability @ v, [1, 0, 1])
    np.testing.assert_allclose(law.mean(), [1, 0, 1])
    assert set(law.draw(np.random.default_rng(0), 1000).indices.ravel()) == {0, 2}
    assert law.A(L_i) == pytest.approx(L_i.mean())
    assert law.largest(L_i) == pytest.approx(L_i.mean())
    with pytest.raises(InputError, match="L_i"):
        Importance().law(np.zeros(3))


# Wrong samplings, and what sees them.


def test_importance_without_its_weights_is_seen_small_and_large():
    for n in (5, OUTCOME_LIMIT + 1):
        law = Importance().law(np.linspace(1, 3, n))
        law.weight = np.full(n, float(n))
        assert np.abs(law.mean() - 1).max() > 0.4


def test_the_mean_of_a_law_too_large_to_enumerate():
    for law in (NiceLaw(5000, 500), IndependentLaw(np.full(5000, 0.5)), ReplacementLaw(np.full(5000, 1 / 5000), 100)):
        np.testing.assert_allclose(law.mean(), 1, rtol=1e-12)
        assert law.count == COUNTED
        with pytest.raises(NotApplicable, match="200000"):
            law.outcomes()


def test_outcomes_are_counted_exactly_where_they_are_few():
    assert [NiceLaw(n, tau).count for n, tau in ((5, 2), (30, 28), (60, 30), (10**6, 2))] == [
        10, 435, math.comb(60, 30), math.comb(10**6, 2),
    ]  # fmt: skip
    assert ReplacementLaw(np.full(10, 0.1), 17).count == 10**17
    assert ReplacementLaw(np.ones(1), 5).count == 1
    assert IndependentLaw(np.full(40, 0.5)).count == 2**40


def test_drawing_with_replacement_breaks_the_constants_of_nice():
    """f_i = x_i^2/2, n = tau = 2: nice has A = 0, B = 1; two draws with replacement have E||g||^2 = 3/2 G."""
    nice = NiceLaw(2, 2)
    v, probability = enumerated(ReplacementLaw(np.full(2, 0.5), 2))
    gradient = np.eye(2)  # at x = (1, 1)
    M = probability @ np.sum((v @ gradient / 2) ** 2, axis=1)
    G = np.sum(gradient.mean(axis=0) ** 2)
    assert M == pytest.approx(1.5 * G)
    assert 2 * nice.A(np.ones(2)) * 0.5 + nice.B * G < M


def test_the_smoothness_of_a_minibatch_with_replacement_has_no_tau():
    assert ReplacementLaw(np.full(4, 0.25), 3).largest(L4) == L4.max()
