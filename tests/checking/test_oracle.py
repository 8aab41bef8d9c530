"""A function that does not answer, or not twice the same, is reported as that before every claim."""

import re

import attacks
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samtheory as st_
from samtheory.catalogue import load_problem, problems
from samtheory.checking.card import check
from samtheory.checking.oracle import Oracle, precision_of

#: What is left to the search of wrong gradients, or to the precision of the functions.
OTHERS = ("integer-values", "integer-gradients", "writes-its-argument", "float16", "6-decimals", "3-decimals")
#: The question at the start is not answered, which is bad input.
REFUSED = ("no-answer", "transposed")
CASES = [case for case in attacks.cases("oracle") if case not in OTHERS]
WORDS = {"noise": "answers one question in two ways", "raises": "raises", "not finite": "is not finite"}


def gradients_of(problem, **options):
    (card,) = check(problem, [st_.parse_sampling("uniform")], level="least", **options)
    return card, card.constants[0]


@pytest.mark.parametrize("case", CASES)
def test_every_defect_is_named_and_nothing_else_is(case):
    what, problem = attacks.false_claims("oracle", case), load_problem(str(attacks.FILES / "oracle.py"), case=case)
    if case in REFUSED:
        with pytest.raises(st_.InputError, match="gradient: "):
            gradients_of(problem)
        return
    card, found = gradients_of(problem)
    if not what:
        assert card.falsified == []
    elif case != "another-after-1-calls":  # which is a wrong gradient, and always the same
        assert found.verdict == "falsified"
        assert WORDS[what] in found.method or "another answer" in found.method
        assert found.witness["left"] >= 1
        if what == "noise":
            assert {each.verdict for each in card.constants[1:]} <= {"undecided", "not claimed"}


def test_the_message_of_an_exception_and_its_place_are_shown():
    _, found = gradients_of(load_problem(str(attacks.FILES / "oracle.py"), case="raises-beyond-5"))
    assert "RuntimeError: cuda out of memory" in found.method
    assert np.abs(found.witness["x"]).max() > 5


@pytest.mark.parametrize("name", problems())
def test_the_problems_of_the_catalogue_answer(name):
    try:
        problem = load_problem(name)
    except st_.MissingExtra as reason:
        pytest.skip(str(reason))
    assert Oracle(problem, [0]).again() is None


@settings(max_examples=15)
@given(st.floats(1e-9, 0.5), st.integers(0, 10**6), st.sampled_from(["value", "gradient"]))
def test_noise_of_any_size_is_seen(size, seed, of):
    dice = np.random.default_rng(seed)
    noise = lambda shape: 1 + size * dice.standard_normal(shape)  # noqa: E731
    one = np.ones((1, 1))
    f = st_.UserSum(
        lambda i, X: np.sum(X * X, axis=1) / 2 * (noise(len(i)) if of == "value" else 1),
        lambda i, X: X * (noise((len(i), 1)) if of == "gradient" else one),
        3,
        2,
        batched=True,
    )
    defect = Oracle(plain(f), [seed]).again()
    assert defect is not None
    assert (defect.what, defect.function) == ("differs", of)


@settings(max_examples=15)
@given(st.sampled_from([np.float32, np.float64]), st.integers(1, 5), st.integers(1, 4), st.integers(0, 10**6))
def test_functions_of_any_precision_that_answer_are_left_alone(kind, n, d, seed):
    A = np.random.default_rng(seed).standard_normal((n, d)).astype(kind)
    f = st_.UserSum(
        lambda i, X: np.sum(A[i] * X.astype(kind), axis=1) ** 2 / 2,
        lambda i, X: np.sum(A[i] * X.astype(kind), axis=1)[:, None] * A[i],
        n,
        d,
        batched=True,
    )
    assert Oracle(plain(f), [seed]).again() is None
    assert precision_of(np.asarray(A, dtype=float)) == np.finfo(kind).eps


def plain(f):
    return st_.Problem(
        objective=f, x0=np.ones(f.d), L_i=st_.claimed(np.ones(f.n)), L=st_.claimed(1.0), f_inf=st_.claimed(0.0)
    )


def half_square(gradient):
    """f(x) = ||x||^2/2 twice, with the gradient given."""
    f = st_.UserSum(lambda i, x: float(x @ x) / 2, gradient, 2, 2)
    return st_.Problem(f, np.ones(2), np.ones(2), 1.0, 0.0, np.zeros(2), 1.0, x_star=np.zeros(2))


def raises_rarely(i, x):
    if 0.3 < x[0] < 0.31:
        raise ValueError("rare")
    return x.copy()


@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        (raises_rarely, "the gradient raises at .* searched points, first at x = .*ValueError: rare"),
        (lambda i, x: x * (np.nan if 0.3 < x[1] < 0.31 else 1.0), "the gradient is not finite at .* searched points"),
        (lambda i, x: x * (np.nan if x[1] > 1e4 else 1.0), "the gradient is not finite at .* points"),
    ],
)
def test_what_only_the_searches_meet_is_said_first(gradient, words):
    (card,) = check(half_square(gradient), [st_.parse_sampling("uniform")])
    assert card.constants[0].verdict == "falsified"
    assert re.match(words, card.constants[0].method)


@pytest.mark.parametrize(
    "gradient",
    [lambda i, x: x.astype(np.float32), lambda i, x: x.astype(np.float32).astype(float) * np.pi / np.pi],
    ids=["float32", "float32 inside"],
)
def test_the_rounding_of_float32_falsifies_nothing(gradient):
    (card,) = check(half_square(gradient), [st_.parse_sampling("uniform")])
    assert card.falsified == []


@pytest.mark.parametrize(("size", "noted"), [(1e-3, True), (1e-7, True), (0.0, False)])
@pytest.mark.parametrize("of", ["value", "gradient"])
def test_functions_that_are_rough_everywhere_are_noted(of, size, noted):
    """A rough function answers the same each time: no constant is decided below its roughness, and the card says so."""
    A, b = np.random.default_rng(0).standard_normal((6, 3)), np.ones(6)

    def rough(name, x):
        return 1 + size * np.sin(1e9 * x.sum()) if of == name else 1.0

    f = st_.UserSum(
        lambda i, x: float((A[i] @ x - b[i]) ** 2 / 2 * rough("value", x)),
        lambda i, x: (A[i] @ x - b[i]) * A[i] * rough("gradient", x),
        6,
        3,
    )
    L_i = np.sum(A**2, axis=1)
    claims = (st_.claimed(each) for each in (L_i, float(L_i.mean()), 0.0))
    problem = st_.Problem(f, np.ones(3), *claims)
    (card,) = check(problem, [st_.Uniform()], level="least")
    assert ("nothing finer is decided" in (card.note or "")) == noted
