"""A new sampling needs its outcomes alone, and its second moment need not be diagonal."""

from fractions import Fraction

import numpy as np
import pytest
from new_samplings import Blocks, Halves, Rare

import samtheory
from samtheory.catalogue import load_problem, load_theorem
from samtheory.falsification.instances.arithmetic import RATIONAL
from samtheory.falsification.instances.finite_law import FiniteLaw
from samtheory.falsification.search import falsify
from samtheory.status import Status

NEW = [Halves(), Blocks(2), Blocks(3)]


@pytest.mark.parametrize("sampling", NEW, ids=repr)
def test_the_constants_are_those_of_the_blocks(sampling):
    """Of a partition into blocks b of probability p_b, B = 0 and A = max (1/(n p_b)) sum over b of L_i (by hand)."""
    L_i = np.array([1.0, 4.0, 2.0, 0.5, 3.0, 1.0, 8.0])
    n, law = len(L_i), sampling.law(L_i)
    blocks = [(float(p), [i for i, _ in chosen]) for p, chosen in sampling.outcomes(L_i.tolist())]
    assert not law.diagonal
    assert law.B == 0
    largest = max(L_i[block].sum() / (n * p) for p, block in blocks)
    assert law.A(L_i) == pytest.approx(largest, rel=1e-12)
    assert law.largest(L_i) == pytest.approx(largest, rel=1e-12)
    np.testing.assert_allclose(law.mean(), 1, rtol=1e-12)
    exact = [Fraction(str(each)) for each in L_i.tolist()]
    bound = FiniteLaw.of(sampling, exact, RATIONAL)
    A, B = bound.A(exact), bound.B
    assert B == 0
    assert 0 <= A - Fraction(largest) <= Fraction(1, 10**7)


@pytest.mark.parametrize("sampling", [Halves(), Blocks(2)], ids=repr)
@pytest.mark.parametrize("name", ["tight-orthogonal", "interpolated-ls", "ridge", "additive-noise", "indefinite"])
def test_every_theorem_holds_and_no_constant_is_false(name, sampling):
    problem = load_problem(name)
    constants = problem.constants(sampling)
    theorems = [load_theorem(key) for key in ("unified-sam/3.2", "unified-sam/3.5", "ours/convex")]
    for theorem in theorems:
        if theorem.why_not_applicable(constants) is None:
            assert samtheory.verify(problem, sampling, theorem, steps=30).verdict == Status.HOLDS
    (card,) = samtheory.check(problem, [sampling])
    assert card.falsified == []


def test_a_diagonal_bound_that_forgets_the_blocks_is_caught():
    """The sampled gradient of a block is a sum: max w_i L_i / n with w = diag E[v v^T] is too small."""
    problem, sampling = load_problem("tight-orthogonal"), Blocks(2)
    law = problem.law(sampling)
    bound = float((np.diag(law.second_moment) * problem.L_i.values).max() / law.n)
    aligned = samtheory.Quadratics(np.ones((4, 1, 1)), np.zeros((4, 1)))
    x = np.ones((1, 1))
    second = sampling.law(np.ones(4)).mean_square(aligned.gradients(x)[0, :, 0])
    assert law.A(problem.L_i.values) > bound or second > 2 * bound * aligned.value(x)[0]
    assert second <= 2 * sampling.law(np.ones(4)).A(np.ones(4)) * aligned.value(x)[0] * (1 + 1e-12)


@pytest.mark.parametrize("sampling", [Halves(), Blocks(2), Rare()], ids=repr)
def test_falsify_finds_nothing_against_what_is_proved(sampling):
    found = falsify(load_theorem("unified-sam/3.2"), sampling=sampling, restarts=2, budget=600)
    assert found.counterexample is None
    assert found.margin is not None


def test_falsify_finds_what_is_false_of_a_new_sampling():
    """L_v of the rare component exceeds L_max, so that the printed form of Theorem 3.2 is false."""
    found = falsify(load_theorem("unified-sam/3.2/as-printed"), sampling=Rare(), budget=60).counterexample
    assert found is not None
    assert found.instance.sampling == Rare()
    assert found.to_json()["sampling"] == "rare"
