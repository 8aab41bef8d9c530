"""The small instances of falsify: exact constants, the same as the library's, in floats, rationals and intervals."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import samtheory as st
from samtheory.certify.curves import pl_constant, sine
from samtheory.falsification.instances.arithmetic import (
    FLOAT,
    INTERVAL,
    RATIONAL,
    decimal,
    root_above,
    root_below,
    rounded_down,
    rounded_up,
)
from samtheory.falsification.instances.base import NotThere
from samtheory.falsification.instances.laws import Weights
from samtheory.falsification.instances.parametrisation import COORDINATES, Dial, Frame, point
from samtheory.falsification.instances.sines import PL
from samtheory.falsification.problem_file import problem_file
from samtheory.falsification.search import LAWS, SIZES
from samtheory.falsification.trial import constants_of, state
from samtheory.methods.unified_sam import step
from samtheory.sampling.samplings import parse_sampling
from samtheory.verification.enumeration import over_outcomes


def instances(seed: int, count: int):
    """Instances of every family and law, with a start."""
    rng = np.random.default_rng(seed)
    frames = [
        Frame(build, n, knots, kind, argument, sharp, tilted)
        for size in SIZES for build, knots in size for n, kind, argument in LAWS for sharp in (True, False)
        for tilted in (False, True)
    ]  # fmt: skip
    while count:
        frame = frames[rng.integers(len(frames))]
        dial = Dial(rng.random(COORDINATES).tolist())
        found = frame.build(dial, frame)
        try:
            card = found.card(FLOAT)
            found = found.settled(card.L_i)
            residual = found.residual(FLOAT, card)
        except NotThere:
            continue
        count -= 1
        yield found, card, residual, point(dial, found.d)


def written(found, card, residual, x):
    """The problem of an instance's file, and its sampling."""
    scope: dict = {}
    exec(compile(problem_file(["x"], [], x, found, card, residual), "instance.py", "exec"), scope)  # noqa: S102
    p = found.weights.probabilities if found.weights.kind == "single" else None
    return scope["problem"](), st.Single(np.array(p)) if p else parse_sampling(found.weights.spec)


def test_an_instance_and_its_problem_file_have_the_same_constants_and_steps() -> None:
    rng = np.random.default_rng(3)
    for found, card, residual, x in instances(0, 60):
        problem, sampling = written(found, card, residual, x)
        ours, theirs = constants_of(found, FLOAT, card, residual), problem.constants(sampling).values()
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            assert ours[name] == pytest.approx(value, rel=1e-9, abs=1e-12 * max(ours["L_max"], 1)), name
        g, r, weight = 0.1 / ours["L"], rng.uniform(0, 1) / ours["L"], rng.uniform()
        true = state(found, FLOAT, x, g, r, weight)
        assert true.gap == pytest.approx(problem.delta0, rel=1e-9)
        law = problem.law(sampling)

        def after(X, draw, _, problem=problem, law=law, g=g, r=r, weight=weight):
            f = problem.objective
            gradient = f.gradient if law.deterministic else None
            move = step(X, draw, lambda y, v: gradient(y) if gradient else f.stochastic_gradient(y, *v), g, r, weight)
            return problem.suboptimality(move)

        outcomes = law.outcomes()
        expected = over_outcomes(problem.x0[None], outcomes, after)[0] @ outcomes.probability
        assert true.gap_after == pytest.approx(expected, rel=1e-7, abs=1e-9 * problem.delta0)


def test_no_point_contradicts_the_card_of_an_instance() -> None:
    """L_i, L, mu, the minima and the expected residual at many scales, from the definitions."""
    rng = np.random.default_rng(4)
    for found, card, (A, B, C), _ in instances(1, 120):
        n = found.n
        for _ in range(60):
            size = 10 ** rng.uniform(-4, 5)
            x = tuple((size * rng.standard_normal(found.d)).tolist())
            y = tuple((np.array(x) + size * 10 ** rng.uniform(-3, 1) * rng.standard_normal(found.d)).tolist())
            here, there = (np.array(found.gradients(each, FLOAT)) for each in (x, y))
            far = np.linalg.norm(np.subtract(x, y))
            noise = 1e-9 * (1 + np.abs(here).max())
            assert (np.linalg.norm(here - there, axis=1) <= np.array(card.L_i) * far * (1 + 1e-9) + noise).all()
            grad = here.mean(axis=0)
            assert np.linalg.norm(grad - there.mean(axis=0)) <= card.L * far * (1 + 1e-9) + noise
            delta, G = found.value(x, FLOAT) - card.f_inf, grad @ grad
            assert delta >= -1e-12 * (1 + size**2)
            if card.mu is not None:
                assert np.sqrt(G) >= np.sqrt(2 * card.mu * max(delta, 0.0)) * (1 - 1e-9) - 1e-15 * np.abs(here).max()
            second = sum(
                q * np.sum((sum(v * here[i] for i, v in chosen) / n) ** 2)
                for q, chosen in found.weights.outcomes(FLOAT) if chosen
            )  # fmt: skip
            assert second <= (2 * A * delta + B * G + C) * (1 + 1e-7) + 1e-12


def test_the_pl_constant_of_a_piecewise_quadratic_is_the_best() -> None:
    """Not just valid: it is attained on a fine grid."""
    seen = 0
    for found, card, *_ in instances(2, 100):
        if found.family != "piecewise quadratics in one dimension" or not found.knots or card.mu is None:
            continue
        near, far = min(map(abs, found.knots)), max(map(abs, found.knots))
        out = np.concatenate([np.geomspace(1e-3 * near, 3 * far, 1000), np.geomspace(3 * far, 1e9 * far, 50)])
        grid = np.concatenate([out, -out, found.knots])
        values = np.array([found.value((x,), FLOAT) for x in grid])
        slopes = np.array([np.mean(found.gradients((x,), FLOAT)) for x in grid])
        assert np.min(slopes**2 / (2 * values)) == pytest.approx(card.mu, rel=0.05)
        seen += 1
    assert seen > 5


def test_the_laws_are_those_of_the_library() -> None:
    rng = np.random.default_rng(0)
    for n in (2, 3, 4):
        p = rng.dirichlet(np.ones(n))
        L_i = rng.uniform(0.1, 2.0, n)
        cases = [
            (Weights("uniform", n), st.Uniform()), (Weights("full", n), st.Full()),
            (Weights("single", n, p=tuple(p[:-1])), st.Single(p)),
            (Weights("nice", n, tau=2), st.Nice(2)), (Weights("replacement", n, tau=2), st.Replacement(2)),
            (Weights("independent", n, p=(0.3,)), st.Independent(0.3)),
        ]  # fmt: skip
        for ours, sampling in cases:
            law = sampling.law(L_i)
            B, w = ours.moments(FLOAT)
            assert pytest.approx(law.B) == B
            assert list(w) == pytest.approx(law.w.tolist(), abs=1e-12)
            second = np.zeros((n, n))
            total = np.zeros(n)
            for probability, chosen in ours.outcomes(FLOAT):
                v = np.zeros(n)
                for i, weight in chosen:
                    v[i] += weight
                second += probability * np.outer(v, v)
                total += probability * v
            assert total == pytest.approx(np.ones(n))
            assert second == pytest.approx(law.B * np.ones((n, n)) + np.diag(law.w))
            if not ours.deterministic:
                assert ours.largest(FLOAT, L_i) == pytest.approx(law.largest(L_i))


@pytest.mark.parametrize("a", PL)
def test_the_pl_constants_of_sines_are_certified(a: int) -> None:
    certificate = pl_constant(sine(float(a)))
    assert PL[a] <= certificate.lower <= PL[a] * (1 + 1e-6)


def test_rounding_and_roots_are_on_the_safe_side() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        value = Fraction(int(rng.integers(1, 10**9)), int(rng.integers(1, 10**9)))
        assert rounded_down(value, 5) <= value <= rounded_up(value, 5)
        assert rounded_up(value, 5) - rounded_down(value, 5) <= value / 1000
        assert root_below(value) ** 2 <= value <= root_above(value) ** 2
    assert rounded_up(Fraction(1, 8)) == rounded_down(Fraction(1, 8)) == Fraction(1, 8)
    assert root_above(Fraction(9, 4)) == Fraction(3, 2)
    assert decimal(0.1) == Fraction(1, 10)


def test_an_interval_holds_the_number_and_a_rational_has_no_sine() -> None:
    x = INTERVAL.root(INTERVAL.number(2))
    assert x.a**2 <= 2 <= x.b**2
    assert float(x.a) == pytest.approx(math.sqrt(2))
    with pytest.raises(ArithmeticError):
        RATIONAL.sine(Fraction(1))
