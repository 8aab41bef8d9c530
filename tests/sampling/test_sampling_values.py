"""Samplings are values, and every law is that of the outcomes that its sampling lists."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samtheory
from samtheory.catalogue import load_problem
from samtheory.sampling.base import samplings
from samtheory.sampling.listed import ListedLaw
from samtheory.sampling.unweighted import Unweighted
from samtheory.verification.runs import _walks

sizes = st.integers(1, 5)


@st.composite
def searched(draw):
    """A sampling of every kind as the search for counterexamples makes it, with the L_i of a problem."""
    n = draw(sizes)
    units = iter(draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    kind = draw(st.sampled_from(list(samplings().values())))
    sampling = kind.searched(n, lambda low, high: low * (high / low) ** next(units))
    L_i = draw(st.lists(st.floats(0.01, 100), min_size=n, max_size=n))
    return sampling or samplings()["full"](), np.array(L_i)


@given(searched())
def test_a_law_is_that_of_the_listed_outcomes(case):
    sampling, L_i = case
    law, listed = sampling.law(L_i), ListedLaw(len(L_i), sampling.outcomes(L_i.tolist()))
    assert law.deterministic == listed.deterministic
    assert law.count == listed.count
    scale = 1e-9 * np.abs(law.second_moment).max()
    np.testing.assert_allclose(law.second_moment, listed.second_moment, atol=scale)
    np.testing.assert_allclose(law.B, listed.B, atol=scale)
    np.testing.assert_allclose(law.mean(), 1, rtol=1e-9)
    np.testing.assert_allclose(law.inclusion, listed.inclusion, rtol=1e-9)
    np.testing.assert_allclose(law.weight, listed.weight, rtol=1e-9)
    assert law.A(L_i) == pytest.approx(listed.A(L_i), rel=1e-6, abs=1e-9 * L_i.max())
    assert law.largest(L_i) == pytest.approx(listed.largest(L_i), rel=1e-9)
    assert law.mean_square(L_i) == pytest.approx(listed.mean_square(L_i), rel=1e-9)
    assert same_distribution(law, listed)


def same_distribution(one, other):
    """Whether two laws give the same probability to every value of v."""
    tables = []
    for law in (one, other):
        (indices, weights), probability = law.outcomes()
        v = np.zeros((len(probability), law.n))
        np.add.at(v, (np.arange(len(v))[:, None], indices), weights)
        table = {}
        for row, p in zip(np.round(v, 6), probability, strict=True):
            table[tuple(row)] = table.get(tuple(row), 0.0) + p
        tables.append(table)
    return tables[0] == pytest.approx(tables[1], rel=1e-9)


@given(searched())
def test_samplings_are_equal_hashable_picklable_and_readable(case):
    sampling, _ = case
    again = pickle.loads(pickle.dumps(sampling))  # noqa: S301
    assert again == sampling
    assert hash(again) == hash(sampling)
    assert type(sampling).__name__ in repr(sampling)
    assert len(repr(sampling)) < 200
    assert sampling != Unweighted(sampling)


def test_the_representation_is_the_call():
    assert repr(samtheory.Nice(2)) == "Nice(tau=2)"
    assert repr(samtheory.Independent(0.5)) == "Independent(p=0.5)"
    assert repr(samtheory.Uniform()) == "Uniform()"
    assert repr(samtheory.Single([0.25, 0.75])) == "Single(p=(0.25, 0.75))"
    assert len(repr(samtheory.Single(np.full(1000, 1e-3), "p.txt"))) < 100


def test_the_caches_hit_for_equal_samplings():
    problem = load_problem("tight-pair")
    assert problem.law(samtheory.Uniform()) is problem.law(samtheory.Uniform())
    theorem = samtheory.load_theorem("unified-sam/3.2")
    samtheory.verify(problem, samtheory.Uniform(), theorem, steps=20)
    before = _walks.cache_info()
    samtheory.verify(problem, samtheory.Uniform(), theorem, steps=20)
    after = _walks.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


@given(searched(), st.randoms(use_true_random=False))
def test_the_second_moment_of_a_sampled_gradient_is_that_of_the_outcomes(case, random):
    sampling, L_i = case
    law, n = sampling.law(L_i), len(L_i)
    gradients = np.random.default_rng(random.randrange(10**6)).standard_normal((3, n, 2))
    (indices, weights), probability = law.outcomes()
    sampled = np.einsum("kj,skjd->skd", weights, gradients[:, indices]) / n
    expected = np.sum(sampled**2, axis=-1) @ probability
    each = gradients.swapaxes(0, 1)
    second = law.B * np.sum(each.mean(axis=0) ** 2, axis=-1) + np.sum(each * law.spread(each), axis=(0, 2)) / n**2
    np.testing.assert_allclose(second, expected, rtol=1e-8)
