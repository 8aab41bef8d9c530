"""A verdict does not depend on the unit of f: multiplying every f_i by a power of two changes no digit of it."""

import numpy as np
import pytest

from samtheory import FiniteSum, Problem, UserSum, claimed, verify
from samtheory.checking.card import check
from samtheory.methods.unified_sam import step
from samtheory.sampling.base import parse_sampling

#: About 1e-18, 1e8 and 1e18.
SCALES = [2.0**k for k in (-60, 27, 60)]
A, B = np.random.default_rng(0).standard_normal((6, 2)), np.random.default_rng(1).standard_normal(6)


def least_squares(scale, raised=0.0):
    """scale (a_i . x - b_i)^2/2 by callables; f_inf is `raised` times f(x0) - f* too high."""

    def value(i, X):
        return scale * (np.sum(A[i] * X, axis=-1) - B[i]) ** 2 / 2

    def gradient(i, X):
        return scale * (np.sum(A[i] * X, axis=-1) - B[i])[:, None] * A[i]

    f = UserSum(value, gradient, 6, 2, batched=True)
    x0, x_star = np.ones(2), np.linalg.lstsq(A, B, rcond=None)[0]
    curvature, (start, least) = np.linalg.svd(A, compute_uv=False) ** 2 / 6, f.value(np.array([x0, x_star]))
    return Problem(
        f,
        x0,
        claimed(scale * np.sum(A**2, axis=1) * (1 + 1e-12)),
        claimed(scale * curvature[0] * (1 + 1e-12)),
        claimed(float(least + raised * (start - least))),
        mu=claimed(scale * curvature[-1] * (1 - 1e-12)),
        f_i_inf=claimed(np.zeros(6)),
        x_star=x_star,
        properties=frozenset({"convex", "convex-components"}),
    )


def too_long(x, draw, gradient, gamma, rho, lam):
    """The step with twice the step size."""
    return step(x, draw, gradient, 2 * gamma, rho, lam)


def test_the_default_rounding_of_a_gap_is_that_of_its_terms():
    X = np.random.default_rng(2).standard_normal((5, 2))
    one = FiniteSum.gap_rounding(least_squares(1.0).objective, X)
    assert (one > 0).all()
    for scale in SCALES:
        np.testing.assert_array_equal(FiniteSum.gap_rounding(least_squares(scale).objective, X), scale * one)


@pytest.mark.parametrize(
    ("raised", "method", "verdict"),
    [(0.0, None, "holds"), (1e-3, None, "assumption-fails"), (0.0, too_long, "differs")],
)
def test_verify_judges_alike_at_every_scale(raised, method, verdict):
    for scale in SCALES:
        found = verify(
            least_squares(scale, raised), "uniform", "unified-sam/3.2", 0.0, trials=8, steps=20, method=method
        )
        assert found.verdict == verdict, scale


@pytest.mark.parametrize("raised", [0.0, 1e-3])
def test_check_judges_alike_at_every_scale(raised):
    for scale in SCALES:
        (card,) = check(least_squares(scale, raised), [parse_sampling("uniform")])
        assert [each.name for each in card.falsified if each.cause is None] == ["f_inf"] * (raised > 0), scale
