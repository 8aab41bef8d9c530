"""Right problems at the ends of float64: no verdict against them, at worst one line about what is too large."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samtheory
from samtheory import InputError, NotApplicable, claimed
from samtheory.objectives.lengths import length

rng = np.random.default_rng(0)
ROOTS, CENTRES, ROWS, TARGETS = (rng.standard_normal(shape) for shape in ((3, 2, 2), (3, 2), (3, 2), 3))
#: The Hessians of the f_i and their centres, by form.
H = {"own": ROOTS @ ROOTS.transpose(0, 2, 1), "rows": ROWS[:, :, None] * ROWS[:, None] + 0.1 * np.eye(2)}
PULL = {"own": np.einsum("nij,nj->i", H["own"], CENTRES) / 3, "rows": ROWS.T @ TARGETS / 3}


def scaled(form, c, s):
    """c s^2 f(x/s) for a fixed f, with the constants that follow."""
    hessians = H["own" if form == "quadratics" else form]
    x = np.linalg.solve(hessians.mean(axis=0), PULL["own" if form == "quadratics" else form])
    if form == "rows":
        objective = samtheory.LinearModel(ROWS * np.sqrt(c), TARGETS * np.sqrt(c) * s, "squared", 0.1 * c)
        f = np.mean((ROWS @ x - TARGETS) ** 2) / 2 + 0.05 * x @ x
    else:
        f = np.mean([(x - z) @ h @ (x - z) / 2 for z, h in zip(CENTRES, hessians, strict=True)])
    if form == "quadratics":
        objective = samtheory.Quadratics(hessians * c, CENTRES * s)
    elif form == "own":
        away = lambda i, X: X / s - CENTRES[i]  # noqa: E731
        objective = samtheory.UserSum(
            lambda i, X: np.einsum("rd,rde,re->r", away(i, X), hessians[i], away(i, X)) / 2 * c * s * s,
            lambda i, X: np.einsum("rde,re->rd", hessians[i], away(i, X)) * c * s,
            3,
            2,
            batched=True,
        )
    values = np.linalg.eigvalsh(hessians.mean(axis=0))
    return samtheory.Problem(
        objective,
        np.full(2, s),
        claimed(np.linalg.eigvalsh(hessians)[:, -1] * c),
        claimed(values[-1] * c),
        claimed(float(f) * c * s * s),
        mu=claimed(values[0] * c),
        f_i_inf=claimed(np.zeros(3)),
        x_star=x * s,
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
    )


CASES = [
    ("quadratics", 0, 150), ("own", -75, 150), ("rows", 75, 75), ("quadratics", 150, 0), ("rows", -150, -150),
    ("own", -300, 0), ("quadratics", 300, 0),
]  # fmt: skip


@pytest.mark.parametrize(("form", "of_f", "of_x"), CASES)
def test_no_scale_is_held_against_a_problem(form, of_f, of_x):
    try:
        problem = scaled(form, 10.0**of_f, 10.0**of_x)
        (card,) = samtheory.check(problem, "uniform", level="least")
        verdict = samtheory.verify(problem, "uniform", "ours/convex", 0.5, steps=5, trials=4)
    except (InputError, NotApplicable) as error:
        refused = re.search("too large|too small|scale the problem", str(error))
    else:
        refused = None
        assert card.falsified == []
        assert verdict.verdict in ("holds", "undecided")
    assert refused is None or max(abs(of_f), abs(of_x)) >= 150


@pytest.mark.parametrize("h", ["1,1e150", "1e150,1e150", "1,1e-150"])
def test_a_condition_number_of_any_size_holds(h):
    assert samtheory.verify("scaled-quadratics", "uniform", "unified-sam/3.2", 0.5, params={"h": h}, steps=5).holds


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=4), st.integers(-320, 307), st.sampled_from([(), (3,)]))
def test_lengths_are_right_at_every_scale(parts, scale, shape):
    x = np.array(parts)
    with np.errstate(under="ignore"):
        X = np.broadcast_to(x * 10.0**scale, (*shape, len(x)))
    expected = np.full(shape, np.linalg.norm(x)) * 10.0**scale
    np.testing.assert_allclose(length(X), expected, rtol=1e-12 if scale > -290 else 1, atol=1e-322)
    assert length(np.array([[3.0, np.inf], [np.nan, 1.0], [0.0, 0.0], [3.0, 4.0]])).tolist()[2:] == [0.0, 5.0]


@given(st.integers(-150, 140), st.integers(-150, 140), st.sampled_from([0.0, 1.0]), st.booleans())
def test_norms_of_gradients_are_those_of_the_gradients_at_every_scale(of_rows, of_x, reg, two):
    A, b = ROWS * 10.0 ** (of_rows / 2), np.zeros(3)
    f = samtheory.LinearModel(A, b, "squared", reg * 10.0**of_rows)
    X = 10.0**of_x * np.array([[1.0, -2.0], [0.5, 3.0]])
    Y = X[::-1] if two else None
    change = f.gradients(X) - (f.gradients(Y) if two else 0.0)
    np.testing.assert_allclose(f.gradient_norms(X, Y), length(change), rtol=1e-9)
