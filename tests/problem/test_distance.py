"""Distances are to the set of minimisers, whatever part of the start lies along it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samtheory
from samtheory import LinearModel, Problem, Uniform, exact, load_problem, verify
from samtheory.catalogue import problem_of, theorems
from samtheory.errors import InputError, NotApplicable
from samtheory.problem.distance import distance_to_set, squared_distance, starts, why_set_unknown
from samtheory.request import Request
from samtheory.verification.baseline import snapshot
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judge


def flat_least_squares(n=2, d=3, rank=1, seed=0, along=3.0, scale=1.0):
    """Least squares with a right card whose minimisers are a subspace; the start is moved by `along` inside of it."""
    rng = np.random.default_rng(seed)
    rows, b = scale * rng.standard_normal((n, rank)) @ rng.standard_normal((rank, d)), rng.standard_normal(n)
    f = LinearModel(rows, b, "squared", 0.0)
    _, _, V = np.linalg.svd(rows)
    L_i, eigenvalues = f.norms2, f.spectrum
    return Problem(
        objective=f,
        x0=f.minimiser + rng.standard_normal(d) + along * V[-1],
        L_i=exact(L_i * (1 + 1e-12), "||a_i||^2"),
        L=exact(eigenvalues[-1] * (1 + 1e-12), "lambda_max"),
        mu=exact(f.least_nonzero * (1 - 1e-12), "smallest non-zero eigenvalue"),
        f_inf=exact(f.reference, "least squares"),
        f_i_inf=exact(np.zeros(n), "squares"),
        x_star=f.minimiser + along * V[-1] / 2,
        properties=frozenset({"convex", "convex-components"}),
        name="flat",
    )


@given(st.integers(0, 50), st.floats(-1e3, 1e3), st.integers(1, 2))
def test_moves_along_the_minimisers_do_not_change_the_distance(seed, along, rank):
    here, there = (flat_least_squares(3, 4, rank, seed, shift) for shift in (0.0, along))
    away_there, away_here = (starts(each)["distance2"] for each in (there, here))
    assert away_there == pytest.approx(away_here, rel=1e-6, abs=1e-9)
    away = there.x0 - there.x_star
    assert away_there <= away @ away * (1 + 1e-12)


@settings(max_examples=4)
@given(st.integers(0, 20), st.sampled_from([0.0, 3.0, 100.0]), st.sampled_from([0.0, 0.5, 1.0]))
def test_no_theorem_is_violated_by_a_start_far_along_the_minimisers(seed, along, lam):
    problem = flat_least_squares(seed=seed, along=along)
    judged = 0
    for theorem in theorems().values():
        if theorem.lyapunov == "distance2":
            try:
                verdict = verify(problem, Uniform(), theorem, lam, trials=8, steps=12)
            except (NotApplicable, InputError):
                continue
            judged += 1
            assert verdict.violations == [], theorem.key
    assert judged > 0


def test_where_the_set_is_not_known_the_distance_is_that_from_one_minimiser():
    huber, robust = load_problem("huber"), load_problem("robust")
    assert "only minimiser" in why_set_unknown(huber)
    assert squared_distance(huber, huber.x0[None])[0] == pytest.approx(np.sum((huber.x0 - huber.x_star) ** 2))
    assert starts(huber)["distance2"] == squared_distance(huber, huber.x0[None])[0]
    assert "no minimiser is known" in why_set_unknown(robust)
    assert np.isnan(squared_distance(robust, robust.x0[None])[0])
    assert starts(robust)["distance2"] is None
    for problem in (huber, robust):
        with pytest.raises(NotApplicable):
            distance_to_set(problem, problem.x0[None])


FILE = """
import numpy as np
from samtheory import LinearModel, Problem, exact

def problem(along=0.0):
    f = LinearModel(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0.0, 1.0]), "squared", 0.0)
    return Problem(
        f, np.array([1.0, 3.0]), exact(np.ones(2), ""), exact(1.0, ""), exact(0.125, ""), mu=exact(1.0, ""),
        f_i_inf=exact(np.zeros(2), ""), x_star=np.array([0.5, along]),
        properties=frozenset({"convex", "convex-components"}),
    )
"""


@pytest.mark.parametrize("key", ["ours/convex", "ours/convex-average", "unified-sam/3.2"])
def test_every_answer_begins_its_bound_from_the_same_value(key, tmp_path):
    (tmp_path / "flat.py").write_text(FILE)
    path, theorem = str(tmp_path / "flat.py"), theorems()[key]
    begins = set()
    for along in ("0.0", "7.0"):
        asked = Request(0.5 if theorem.only is None else theorem.only, steps=10, trials=4, epsilon=0.5)
        params = (("along", along),)
        there, found = problem_of(path, params, None), judge(Cell(path, key, "uniform", asked, params))
        assert found.violations == []
        plan = theorem.plan_for(there.constants(Uniform()), asked, there.delta0)
        (start,) = {rate.start for rate in samtheory.rates(there, "uniform", theorem, asked.lam, epsilon=0.5).rates}
        begins |= {start, starts(there)[theorem.lyapunov]}
        (kept,) = snapshot([found])["cells"].values()
        line = samtheory.trajectories(there, "uniform", theorem, asked.lam, steps=10, trials=4).lines[0]
        points = [(t, bound) for piece in found.evidence for t, _, bound in zip(*piece.curve, strict=True)]
        points += [*zip(line.t, line.bound, strict=True), (10, kept["bound"]["10"])]
        assert len(points) > 20
        for t, bound in points:
            assert bound == pytest.approx(float(plan.bound(t, start)), rel=1e-4), (along, t)
    assert len(begins) == 1
