"""A Lipschitz ratio that grows with the radius is noticed, and estimates are marked with the region they hold on."""

import numpy as np
import pytest

import samtheory
from samtheory import claimed, load_problem
from samtheory.catalogue import problems
from samtheory.checking.card import check
from samtheory.checking.growth import growth
from samtheory.sampling.base import parse_sampling


def factorisation(n=4):
    """f_i(u, v) = (u v - b_i)^2/2."""
    b = np.linspace(0.5, 1.5, n)
    return samtheory.UserSum(
        lambda i, X: (X[:, 0] * X[:, 1] - b[i]) ** 2 / 2,
        lambda i, X: (X[:, 0] * X[:, 1] - b[i])[:, None] * X[:, ::-1],
        n,
        2,
        batched=True,
    )


def quartic():
    return samtheory.UserSum(lambda i, x: float(np.sum(x**4)), lambda i, x: 4 * x**3, 2, 3)


def cosh():
    return samtheory.UserSum(lambda i, x: float(np.sum(np.cosh(x))), lambda i, x: np.sinh(x), 1, 2)


@pytest.mark.parametrize("made", [factorisation, quartic, cosh])
def test_growth_is_said_by_check_and_marks_estimates(made):
    f = made()
    found = samtheory.estimate(f, np.array([1.0, 0.7, -0.4])[: f.d])
    assert "gradient descent" in found.region
    assert float(found.L) < 1e3
    claims = samtheory.Problem(f, found.x0, claimed(np.full(f.n, 50.0)), claimed(50.0), claimed(0.0))
    (card,) = check(claims, [parse_sampling("uniform")], level="least")
    assert "grows with the distance" in card.note
    assert "region=" in card.note
    assert card.to_json()["note"] == card.note


@pytest.mark.parametrize("name", problems())
def test_smooth_functions_do_not_grow(name):
    try:
        problem = load_problem(name)
    except samtheory.MissingExtra as reason:
        pytest.skip(str(reason))
    if "large-batch" not in name:
        assert growth(problem, 1.0) is None or problem.outside
