"""The small instances of falsify: exact constants, the same as the library's, in floats, rationals and intervals."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtheory.certify.curves import pl_constant, sine
from samtheory.falsification.instances.arithmetic import (
    FLOAT,
    INTERVAL,
    RATIONAL,
    decimal,
    rounded_down,
    rounded_up,
    sqrt_lower,
    sqrt_upper,
)
from samtheory.falsification.instances.base import InfeasibleInstance
from samtheory.falsification.instances.facts import InstanceFacts
from samtheory.falsification.instances.finite_law import FiniteLaw, largest_eigenvalue
from samtheory.falsification.instances.parametrisation import COORDINATES, Decoder, SearchSpace, point
from samtheory.falsification.instances.sines import PL
from samtheory.falsification.problem_file import problem_file
from samtheory.falsification.spaces import FAMILIES, small_samplings
from samtheory.falsification.trajectory import trajectory
from samtheory.methods.unified_sam import step
from samtheory.schedules import Schedule
from samtheory.verification.enumeration import over_outcomes


def instances(seed: int, count: int):
    """Instances of every family and sampling, with their laws, constants and a start."""
    rng = np.random.default_rng(seed)
    spaces = [
        SearchSpace(build, n, knots, sampling, sharp, tilted)
        for group in FAMILIES
        for build, knots in group
        for n, sampling in small_samplings()
        for sharp in (True, False)
        for tilted in (False, True)
    ]
    while count:
        space = spaces[rng.integers(len(spaces))]
        decoder = Decoder(rng.random(COORDINATES).tolist())
        found = space.build(decoder, space)
        try:
            facts = InstanceFacts.of(found, FLOAT, {"ER"})
        except InfeasibleInstance:
            continue
        if "ER" in facts.claimed:
            count -= 1
            yield facts, point(decoder, found.d)


def written(facts, x):
    """The problem of an instance's file."""
    scope: dict = {}
    exec(compile(problem_file(["x"], [], x, facts), "instance.py", "exec"), scope)  # noqa: S102
    return scope["problem"]()


def test_an_instance_and_its_problem_file_have_the_same_constants_and_steps() -> None:
    rng = np.random.default_rng(3)
    for facts, x in instances(0, 60):
        found, exact_law = facts.instance, facts.law
        problem, sampling = written(facts, x), found.sampling
        ours, theirs = facts.claimed_numbers, problem.constants(sampling).values()
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            assert ours[name] == pytest.approx(value, rel=1e-9, abs=1e-12 * max(ours["L_max"], 1)), name
        g, r, weight = 0.1 / ours["L"], rng.uniform(0, 1) / ours["L"], rng.uniform()
        true = trajectory(found, exact_law, x, Schedule(g, r, weight), 1, "gap")
        assert true.gap[0] == pytest.approx(problem.delta0, rel=1e-9)
        law = problem.law(sampling)

        def after(X, draw, _, problem=problem, law=law, g=g, r=r, weight=weight):
            f = problem.objective
            gradient = f.gradient if law.deterministic else None
            move = step(X, draw, lambda y, v: gradient(y) if gradient else f.stochastic_gradient(y, *v), g, r, weight)
            return problem.suboptimality(move)

        outcomes = law.outcomes()
        expected = over_outcomes(problem.x0[None], outcomes, after)[0] @ outcomes.probability
        assert true.gap[1] == pytest.approx(expected, rel=1e-7, abs=1e-9 * problem.delta0)


def test_no_point_contradicts_the_constants_of_an_instance() -> None:
    """L_i, L, mu, the minima and the expected residual at many scales, from the definitions."""
    rng = np.random.default_rng(4)
    for facts, _ in instances(1, 120):
        found, law, constants = facts.instance, facts.law, facts.certified
        A, B, C = facts.claimed["ER"].values()
        n = found.n
        for _ in range(60):
            size = 10 ** rng.uniform(-4, 5)
            x = tuple((size * rng.standard_normal(found.d)).tolist())
            y = tuple((np.array(x) + size * 10 ** rng.uniform(-3, 1) * rng.standard_normal(found.d)).tolist())
            here, there = (np.array(found.gradients(each, FLOAT)) for each in (x, y))
            far = np.linalg.norm(np.subtract(x, y))
            noise = 1e-9 * (1 + np.abs(here).max())
            assert (np.linalg.norm(here - there, axis=1) <= np.array(constants.L_i) * far * (1 + 1e-9) + noise).all()
            grad = here.mean(axis=0)
            assert np.linalg.norm(grad - there.mean(axis=0)) <= constants.L * far * (1 + 1e-9) + noise
            delta, G = found.value(x, FLOAT) - constants.f_inf, grad @ grad
            assert delta >= -1e-12 * (1 + size**2)
            if constants.mu is not None:
                assert (
                    np.sqrt(G) >= np.sqrt(2 * constants.mu * max(delta, 0.0)) * (1 - 1e-9) - 1e-15 * np.abs(here).max()
                )
            second = sum(
                q * np.sum((sum(v * here[i] for i, v in chosen) / n) ** 2)
                for q, chosen in law.outcomes if chosen
            )  # fmt: skip
            assert second <= (2 * A * delta + B * G + C) * (1 + 1e-7) + 1e-12


def test_the_pl_constant_of_a_piecewise_quadratic_is_the_best() -> None:
    """Not just valid: it is attained on a fine grid."""
    seen = 0
    for facts, _ in instances(2, 100):
        found, constants = facts.instance, facts.certified
        if (
            found.family != "piecewise quadratics in one dimension"
            or not found.knots
            or not (constants.mu or 0) > 1e-12
        ):
            continue
        near, far = min(map(abs, found.knots)), max(map(abs, found.knots))
        out = np.concatenate([np.geomspace(1e-3 * near, 3 * far, 1000), np.geomspace(3 * far, 1e9 * far, 50)])
        grid = np.concatenate([out, -out, found.knots])
        values = np.array([found.value((x,), FLOAT) for x in grid])
        slopes = np.array([np.mean(found.gradients((x,), FLOAT)) for x in grid])
        assert np.min(slopes**2 / (2 * values)) == pytest.approx(constants.mu, rel=0.05)
        seen += 1
    assert seen > 5


def test_the_constants_of_every_sampling_are_those_of_its_law() -> None:
    """In floats and in rationals, from the outcomes alone."""
    rng = np.random.default_rng(0)
    for n, space in small_samplings():
        sampling = space(n, lambda low, high: math.sqrt(low * high))
        L_i = np.round(rng.uniform(0.1, 2.0, n), 3)
        law = sampling.law(L_i)
        for kind in (FLOAT, RATIONAL):
            numbers = list(map(kind.number, L_i.tolist()))
            ours = FiniteLaw.of(sampling, numbers, kind)
            assert np.array(ours.second_moment, dtype=float) == pytest.approx(law.second_moment, rel=1e-9)
            assert (float(ours.A(numbers)), float(ours.B)) == pytest.approx((law.A(L_i), law.B), rel=1e-9, abs=1e-12)
            assert float(ours.largest(numbers)) == pytest.approx(law.largest(L_i))
            assert ours.deterministic == law.deterministic


@given(st.lists(st.lists(st.fractions(-3, 3, max_denominator=7), min_size=3, max_size=3), min_size=3, max_size=3))
def test_the_rational_eigenvalue_is_an_upper_bound_and_close(rows) -> None:
    K = [[rows[i][j] + rows[j][i] for j in range(3)] for i in range(3)]
    L_i = [Fraction(1), Fraction(1, 3), Fraction(5)]
    root = np.sqrt(np.array(L_i, dtype=float))
    true = np.linalg.eigvalsh(root[:, None] * np.array(K, dtype=float) * root)[-1]
    found = largest_eigenvalue(K, L_i, RATIONAL)
    assert max(true, 0.0) - 1e-12 <= found <= max(true, 0.0) + 1e-7 * (1 + np.abs(np.array(K, dtype=float)).max())


def test_the_precision_of_mpmath_belongs_to_its_users() -> None:
    """A fresh process that imports the interval arithmetic leaves mpmath.iv as it was."""
    asked = "import mpmath, samtheory.falsification.instances.arithmetic; print(mpmath.iv.prec, mpmath.mp.prec)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["53", "53"]


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
        assert sqrt_lower(value) ** 2 <= value <= sqrt_upper(value) ** 2
    assert rounded_up(Fraction(1, 8)) == rounded_down(Fraction(1, 8)) == Fraction(1, 8)
    assert sqrt_upper(Fraction(9, 4)) == Fraction(3, 2)
    assert decimal(0.1) == Fraction(1, 10)


def test_an_interval_holds_the_number_and_a_rational_has_no_sine() -> None:
    x = INTERVAL.sqrt(INTERVAL.number(2))
    assert x.a**2 <= 2 <= x.b**2
    assert float(x.a) == pytest.approx(math.sqrt(2))
    with pytest.raises(ArithmeticError):
        RATIONAL.sin(Fraction(1))
