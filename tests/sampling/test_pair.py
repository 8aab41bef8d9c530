"""Two draws at once: each half is a draw of its own law, and the halves are independent."""

import itertools

import numpy as np
import pytest

from samtheory.errors import NotApplicable
from samtheory.sampling.full import FullLaw
from samtheory.sampling.independent import IndependentLaw
from samtheory.sampling.nice import NiceLaw
from samtheory.sampling.pair import PairLaw, SignsLaw, paired
from samtheory.sampling.single import SingleLaw

LAW = SingleLaw(np.array([0.2, 0.3, 0.5]))
L_i = np.array([1.0, 2.0, 4.0])


def vectors(draw, n):
    """The weights as vectors, a row each."""
    v = np.zeros((len(draw.indices), n))
    np.add.at(v, (np.arange(len(v))[:, None], draw.indices), draw.weights)
    return np.round(v, 9)


def halves(draw, width):
    """The two draws."""
    return [type(draw)(draw.indices[:, part], draw.weights[:, part]) for part in (slice(width), slice(width, None))]


def table(law):
    """The probability of each value of v."""
    draw, probability = law.outcomes()
    found = {}
    for v, p in zip(map(tuple, vectors(draw, law.n)), probability, strict=True):
        found[v] = found.get(v, 0.0) + p
    return found


@pytest.mark.parametrize(
    ("first", "second"), [(LAW, LAW), (LAW, SignsLaw(2)), (NiceLaw(3, 2), SignsLaw(1)), (SingleLaw(np.ones(1)), LAW)]
)
def test_the_outcomes_are_all_pairs_with_the_product_of_their_probabilities(first, second):
    law = PairLaw(first, second)
    draw, probability = law.outcomes()
    assert law.count == len(probability) == first.count * second.count
    assert draw.indices.shape[1] == law.width == 2 * max(first.width, second.width)
    one, two = halves(draw, law.width // 2)
    found = {}
    for v, w, p in zip(map(tuple, vectors(one, first.n)), map(tuple, vectors(two, second.n)), probability, strict=True):
        found[v, w] = found.get((v, w), 0.0) + p
    tables = table(first), table(second)
    assert found == pytest.approx({(v, w): tables[0][v] * tables[1][w] for v, w in itertools.product(*tables)})


def test_draws_have_the_probabilities_of_the_outcomes():
    """Each of 24 pairs in 40,000 draws: off by more than 6 standard errors with probability below 1e-7 in all."""
    law, size = PairLaw(NiceLaw(3, 2), SignsLaw(3)), 40_000
    one, two = halves(law.draw(np.random.default_rng(1), size), law.width // 2)
    pairs = np.hstack([vectors(one, 3), vectors(two, 3)])
    _, counts = np.unique(pairs, axis=0, return_counts=True)
    assert len(counts) == law.count == 24
    p = 1 / 24
    assert np.abs(counts / size - p).max() < 6 * np.sqrt(p * (1 - p) / size)


def test_everything_else_is_that_of_the_first_draw():
    law = PairLaw(LAW, SignsLaw(5))
    assert (law.n, law.B, law.K.tolist()) == (LAW.n, LAW.B, LAW.K.tolist())
    assert law.largest(L_i) == LAW.largest(L_i)
    np.testing.assert_allclose(law.inclusion * law.weight, 1)


def test_a_pair_is_random_unless_neither_draw_is():
    full = FullLaw(3)
    assert PairLaw(full, full).deterministic
    assert not PairLaw(full, SignsLaw(1)).deterministic
    assert not PairLaw(LAW, full).deterministic


def test_signs_are_one_and_minus_one_with_mean_zero():
    law = SignsLaw(3)
    v, p = vectors(law.outcomes().draw, 3), law.outcomes().probability
    assert set(v.ravel()) == {-1.0, 1.0}
    np.testing.assert_allclose(p @ v, 0, atol=1e-12)
    np.testing.assert_allclose(v.T @ (v * p[:, None]), law.second_moment, atol=1e-12)
    assert law.largest(L_i) == pytest.approx(7 / 3)


def test_the_second_draw_is_asked_by_its_name():
    assert isinstance(paired(LAW, "signs", 4).second, SignsLaw)
    assert paired(LAW, "signs", 4).second.n == 4
    assert paired(LAW, "draw", 4).second is LAW


def test_too_many_pairs_are_not_enumerated():
    law = PairLaw(IndependentLaw(np.full(12, 0.5)), SignsLaw(12))
    with pytest.raises(NotApplicable, match="outcomes"):
        law.outcomes()
