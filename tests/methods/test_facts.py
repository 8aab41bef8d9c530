"""Exact facts about the methods of the catalogue, on random quadratics and by enumeration of all that is drawn."""

from __future__ import annotations

import numpy as np
import pytest

import samtheory as st
from samtheory.catalogue import methods
from samtheory.engine.laws import law_of
from samtheory.methods.asam import Asam
from samtheory.methods.friendly_sam import FriendlySam
from samtheory.methods.functional_sam import FunctionalSam
from samtheory.methods.heavy_ball import HeavyBall
from samtheory.methods.infosam import InfoSam
from samtheory.methods.sam_on import SamOn
from samtheory.methods.sparse_sam import SparseSam
from samtheory.methods.unified_sam import step as unified
from samtheory.methods.unified_sam import unit
from samtheory.methods.universal import Universal, both_ways
from samtheory.sampling.law import Draw

N, D, RHO = 4, 3, 0.2


def quadratics(seed=0):
    """A problem of random quadratics, its H_i and its gradients at x*."""
    rng = np.random.default_rng(seed)
    roots, centres = rng.standard_normal((N, D, D)), rng.standard_normal((N, D))
    f = st.Quadratics(np.einsum("nij,nkj->nik", roots, roots), centres)
    largest = np.linalg.eigvalsh(f.H)[:, -1]
    problem = st.Problem(
        objective=f, x0=rng.standard_normal(D), L_i=st.exact(largest, ""), L=st.exact(largest.mean(), ""),
        f_inf=st.exact(f.reference, ""), x_star=f.minimiser,
    )  # fmt: skip
    return problem, f.H, f.gradients(f.minimiser[None])[0]


def expected(problem, sampling, step, rho=RHO, lam=0.0):
    """E h and E||h||^2 at x0, h = x - x+ at gamma = 1."""
    law = law_of(problem, sampling, step)
    draw, p = law.outcomes()
    x = np.repeat(problem.x0[None], len(p), axis=0)
    h = x - step(x, draw, lambda y, v: problem.objective.stochastic_gradient(y, *v), 1.0, rho, lam)
    return p @ h, p @ np.sum(h * h, axis=1)


def shared(x, draw, gradient, gamma, rho, lam):
    """Different samples with the same draw twice."""
    half = draw.indices.shape[-1] // 2
    v = Draw(draw.indices[:, :half], draw.weights[:, :half])
    return x - gamma * gradient(x + rho * gradient(x, v), v)


shared.second = "draw"


def test_a_second_draw_leaves_no_bias_on_quadratics_and_the_same_draw_does():
    """E h = (I + rho H) grad f, against (H + rho Q) z + rho b, with Q = E H_v^2 and b = E H_v g_v(x*)."""
    problem, H, at_star = quadratics()
    grad, mean = problem.objective.gradient(problem.x0[None])[0], H.mean(axis=0)
    different, _ = expected(problem, st.Uniform(), methods()["different-sample"].step)
    assert different == pytest.approx(grad + RHO * mean @ grad, rel=1e-12)
    Q, b = (H @ H).mean(axis=0), np.einsum("nij,nj->i", H, at_star) / N
    same = (mean + RHO * Q) @ (problem.x0 - problem.x_star) + RHO * b
    for step in (methods()["usam"].step, shared):
        assert expected(problem, st.Uniform(), step)[0] == pytest.approx(same, rel=1e-12)
    assert same != pytest.approx(different, rel=1e-2)


def test_random_perturbations_have_the_mean_gradient_on_quadratics():
    """E h = grad f and E||h||^2 = E||g||^2 + rho^2 tr(E H_v^2)/d."""
    problem, H, _ = quadratics()
    h, square = expected(problem, st.Uniform(), methods()["random-perturbation"].step)
    g, M = expected(problem, st.Uniform(), methods()["sgd"].step)
    assert h == pytest.approx(g, rel=1e-12)
    assert square == pytest.approx(M + RHO**2 * np.trace((H @ H).mean(axis=0)) / D, rel=1e-12)


def perturbation(step, x, gradient, rho=RHO):
    """e of a step: how far the last point of a gradient is from x."""
    asked = []

    def recorded(y, draw):
        asked.append(y)
        return gradient(y, draw)

    step(x, None, recorded, 1.0, rho, 1.0)
    return asked[-1] - x


def test_sam_on_and_sparse_sam_differ_by_the_length():
    rng = np.random.default_rng(1)
    g, mask = rng.standard_normal((5, D)), np.array([1.0, 0.0, 1.0])
    x, gradient = np.zeros((5, D)), lambda y, draw: g
    on, sparse = (perturbation(made(mask), x, gradient) for made in (SamOn, SparseSam))
    share = np.linalg.norm(mask * g, axis=1, keepdims=True) / np.linalg.norm(g, axis=1, keepdims=True)
    assert np.linalg.norm(on, axis=1) == pytest.approx(RHO)
    assert sparse == pytest.approx(on * share)
    assert (np.linalg.norm(sparse, axis=1) < 0.999 * RHO).all()


def test_a_mask_may_push_against_the_gradient():
    """So no theorem that uses <grad f, h - grad f> >= 0 of convex f covers masks."""
    H, g, mask = np.array([[1.0, -0.9], [-0.9, 1.0]]), np.array([1.0, 1.2]), np.array([1.0, 0.0])
    assert g @ H @ (mask * g) == pytest.approx(-0.08)


def test_asam_scales_with_the_parameters():
    """f'(x) = f(c x) has e/c at x/c."""
    problem, _, _ = quadratics()
    f, c, x = problem.objective, 3.0, problem.x0[None]
    step = Asam(eta=0.0, cap=np.inf)
    e = perturbation(step, x, lambda y, draw: f.gradient(y))
    assert perturbation(step, x / c, lambda y, draw: c * f.gradient(c * y)) == pytest.approx(e / c)
    assert step.deviation is None


def test_friendly_sam_subtracts_the_mean_before_the_step():
    """At sigma = 1 the direction is that with the new mean; at another sigma it is not."""
    rng = np.random.default_rng(2)
    g, m = rng.standard_normal((2, 1, D))
    x, memory = np.zeros((1, D)), (m, np.ones((1, 1)))
    for sigma, same in ((1.0, True), (0.5, False)):
        step = FriendlySam(sigma)
        with_memory = lambda x, *given: step(x, *given, memory)[0]  # noqa: E731, B023
        e = perturbation(with_memory, x, lambda y, draw: g)
        new = step.l * m + (1 - step.l) * g
        assert e == pytest.approx(RHO * unit(g - sigma * m))
        assert np.allclose(e, RHO * unit(g - sigma * new)) == same
        assert perturbation(with_memory, x, lambda y, draw: sigma * m + 1e-16) == pytest.approx(0.0, abs=1e-300)  # noqa: B023


@pytest.mark.parametrize("name", ["vasso", "infosam", "friendly-sam"])
def test_directions_from_a_memory_have_the_full_length(name):
    rng, step = np.random.default_rng(3), methods()[name].step
    x, g = np.zeros((6, D)), rng.standard_normal((6, D))
    _, memory = step(x, None, lambda y, draw: rng.standard_normal((6, D)), 1.0, RHO, 1.0, step.memory(x))
    e = perturbation(lambda x, *given: step(x, *given, memory)[0], x, lambda y, draw: g)
    assert np.linalg.norm(e, axis=1) == pytest.approx(RHO)
    assert e != pytest.approx(RHO * unit(g), rel=1e-2)


def test_infosam_divides_by_the_distance_from_the_mean():
    """b = alpha^2 (w - g)^2 for the w before the step, as w_new - g = alpha (w - g)."""
    rng, step = np.random.default_rng(5), InfoSam(alpha=0.7)
    w, g = rng.standard_normal((2, 1, D))
    x, memory = np.zeros((1, D)), (w, np.ones((1, 1)))
    e = perturbation(lambda x, *given: step(x, *given, memory)[0], x, lambda y, draw: g)
    assert e == pytest.approx(RHO * unit(g / (0.49 * (w - g) ** 2 + step.eps)))


def test_heavy_ball_adds_the_steps_up():
    """m = beta m + h and x+ = x - gamma m, with the h of the method."""
    problem, _, _ = quadratics()
    f, beta, gamma = problem.objective, 0.6, 0.01
    run = st.run(problem, "full", gamma=gamma, rho=RHO, lam=0.3, steps=3, record=range(4), keep=("points",),
                 method=HeavyBall(beta))  # fmt: skip
    x, m = problem.x0[None], np.zeros((1, D))
    for t in range(3):
        m = beta * m + (x - unified(x, None, lambda y, draw: f.gradient(y), 1.0, RHO, 0.3))
        x = x - gamma * m
        assert run.points[:, t + 1] == pytest.approx(x, rel=1e-12)


class QuadraticModel:
    """F_i(x) = x.Q_i x/2 + q_i.x with squared losses (F_i - b_i)^2/2."""

    def __init__(self, rng):
        self.n, root = N, rng.standard_normal((N, D, D))
        self.Q, self.q, self.b = root + root.transpose(0, 2, 1), rng.standard_normal((N, D)), rng.standard_normal(N)

    def residuals(self, X):
        return np.einsum("rj,njk,rk->rn", X, self.Q, X) / 2 + X @ self.q.T - self.b

    def slopes(self, X, indices):
        return np.take_along_axis(self.residuals(X), indices, axis=1)

    def pulled_back(self, Y, indices, slopes):
        jacobian = np.einsum("nij,rj->rni", self.Q, Y) + self.q
        return np.einsum("rm,rmd->rd", slopes, np.take_along_axis(jacobian, indices[..., None], axis=1))

    def rest(self, X):
        return np.zeros_like(X)


def test_functional_sam_differs_from_sgd_by_the_residual_times_the_hessian_of_the_model():
    """h - g = (1/n) sum v_i r_i Q_i e."""
    rng = np.random.default_rng(4)
    model, x = QuadraticModel(rng), rng.standard_normal((2, D))
    draw = Draw(np.array([[0, 2], [1, 3]]), np.array([[2.0, 1.0], [0.5, 3.0]]))

    def gradient(y, v):
        return model.pulled_back(y, v.indices, v.weights * model.slopes(y, v.indices)) / N

    g = gradient(x, draw)
    e, r = RHO * unit(g), np.take_along_axis(model.residuals(x), draw.indices, axis=1)
    h = x - FunctionalSam(model)(x, draw, gradient, 1.0, RHO, 1.0)
    bent = np.einsum("rm,rm,rmij,rj->ri", draw.weights, r, model.Q[draw.indices], e) / N
    assert h - g == pytest.approx(bent, rel=1e-11)


def test_the_universal_step_is_a_gradient_step_on_the_sharpness_objective():
    """E h = grad of f + rho^2 phi(I), by central differences; and I is that of the Hessian where grad f = 0."""
    problem, H, _ = quadratics()
    f, (directions, weights) = problem.objective, both_ways(D)
    step, mean = Universal(f.value, directions, weights), H.mean(axis=0)

    def sharp(X):
        s = np.array([f.value(X + RHO * u) - f.value(X) for u in directions]) / RHO**2
        return f.value(X) + RHO**2 * np.log1p(np.exp(weights @ np.tanh(s)))

    small = 1e-5 * np.eye(D)
    numerical = (sharp(problem.x0 + small) - sharp(problem.x0 - small)) / 2e-5
    assert expected(problem, st.Uniform(), step)[0] == pytest.approx(numerical, rel=1e-7)
    curvature = np.einsum("ui,ij,uj->u", directions, mean, directions) / 2
    x_star = problem.x_star[None]
    assert sharp(x_star)[0] - f.value(x_star)[0] == pytest.approx(
        RHO**2 * np.log1p(np.exp(weights @ np.tanh(curvature))), rel=1e-9
    )
