"""Probabilities that are best for one constant; blocks of a partition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import samtheory as st
from samtheory.sampling.partition import Partition
from samtheory.sampling.probabilities import in_proportion, least_noise, mixture
from samtheory.sampling.single import Single

positive = some.floats(0.01, 100.0)
components = some.integers(2, 6).flatmap(
    lambda n: some.tuples(some.lists(positive, min_size=n, max_size=n), some.lists(positive, min_size=n, max_size=n))
)


def largest(L, p):
    """max L_i/(n p_i): A and Lambda of single draws."""
    return (L / (len(L) * p)).max()


def noise(a, p):
    """sigma*^2 = (1/n^2) sum a_i^2/p_i."""
    return (a**2 / p).sum() / len(a) ** 2


@settings(deadline=None, max_examples=30)
@given(components, some.integers(0, 2**32 - 1), some.floats(1.0, 10.0))
def test_no_other_probabilities_are_better(numbers, seed, room):
    """Each p against random ones, and the water-filling against those and the mixture within the same limit on A."""
    L, a = map(np.array, numbers)
    rng, n = np.random.default_rng(seed), len(L)
    smooth, quiet = in_proportion(L), in_proportion(a)
    limit = room * L.mean()
    best = least_noise(L, a, limit)
    assert best.sum() == pytest.approx(1)
    assert largest(L, best) <= limit * (1 + 1e-9)
    assert largest(L, smooth) == pytest.approx(L.mean())
    assert noise(a, quiet) == pytest.approx(a.mean() ** 2)
    others = [*rng.dirichlet(np.ones(n), 50), mixture(smooth, quiet, 1 / room), mixture(smooth, best, 0.5)]
    for p in (np.maximum(each, 1e-12) for each in others):
        assert largest(L, p) >= L.mean() * (1 - 1e-9)
        assert (L**2 / p).sum() >= L.sum() ** 2 * (1 - 1e-9)
        assert noise(a, p) >= a.mean() ** 2 * (1 - 1e-9)
        if largest(L, p) <= limit:
            assert noise(a, p) >= noise(a, best) * (1 - 1e-9)


@settings(deadline=None, max_examples=30)
@given(components, some.floats(0.05, 0.95))
def test_a_mixture_is_nearly_best_for_both(numbers, eta):
    L, a = map(np.array, numbers)
    p = mixture(in_proportion(L), in_proportion(a), eta)
    assert largest(L, p) <= L.mean() / eta * (1 + 1e-9)
    assert noise(a, p) <= a.mean() ** 2 / (1 - eta) * (1 + 1e-9)


def test_the_constants_of_a_problem_are_those_of_its_probabilities():
    """Through the law: weights 1/(n p_i) in the gradient, and the bias without them."""
    problem = st.load_problem("ridge")
    L, n = problem.L_i.values, problem.n
    a = problem.objective.gradient_norms(problem.x_star[None])[0]
    p = least_noise(L, a, 1.5 * L.mean())
    law = problem.law(Single(p))
    known = problem.constants(Single(p))
    assert float(known.A) == pytest.approx(largest(L, p))
    assert float(known.Lambda) == pytest.approx(largest(L, p))
    assert float(known.sigma2) == pytest.approx(noise(a, p), rel=1e-6)
    (indices, weights), probability = law.outcomes()
    x = np.repeat(problem.x0[None], n, axis=0)
    g = problem.objective.stochastic_gradient(x, indices, weights)
    assert probability @ g == pytest.approx(problem.objective.gradient(problem.x0[None])[0])
    plain = problem.objective.stochastic_gradient(x, indices, np.full_like(weights, n))
    assert probability @ plain != pytest.approx(problem.objective.gradient(problem.x0[None])[0], rel=1e-2)


def test_what_is_no_limit_or_no_weight_is_refused():
    L = np.array([1.0, 3.0])
    with pytest.raises(st.InputError, match=r"A=1.5: must be at least mean L_i = 2"):
        least_noise(L, L, 1.5)
    assert least_noise(L, np.zeros(2), 3.0) == pytest.approx(in_proportion(L))
    for weights in (np.zeros(2), np.array([-1.0, 2.0]), np.array([np.inf, 1.0]), np.ones((2, 2))):
        with pytest.raises(st.InputError, match="weights"):
            in_proportion(weights)
    with pytest.raises(st.InputError, match="eta"):
        mixture(L, L, 2.0)


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_a_partition_has_its_own_second_moment(size):
    """E[v v^T] is n/size within a block, 0 outside; E v = 1; and the expected residual is checked with it."""
    problem, n = st.load_problem("ridge"), 8
    sampling = st.parse_sampling(f"partition:{size}")
    assert sampling == Partition(size)
    assert sampling.spec == f"partition:{size}"
    law = problem.law(sampling)
    block = np.arange(n) // size
    lengths = np.array([np.sum(block == each) for each in block])
    expected = np.where(block[:, None] == block, n / lengths[:, None], 0.0)
    assert law.second_moment == pytest.approx(expected)
    assert law.mean() == pytest.approx(np.ones(n))
    assert law.diagonal == (size in (1, n))
    means = [problem.L_i.values[block == each].mean() for each in range(block[-1] + 1)]
    assert law.largest(problem.L_i.values) == pytest.approx(max(means))


def test_theorems_hold_under_a_partition():
    assert st.verify("ridge", "partition:3", "unified-sam/3.2", 0.5, steps=40, trials=8).holds
    with pytest.raises(st.InputError, match=r"size=9: must be at most n=8"):
        st.rates("ridge", "partition:9")
