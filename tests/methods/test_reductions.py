"""Methods of the catalogue that are another method at some parameters, along whole runs."""

from __future__ import annotations

import numpy as np
import pytest

import samtheory as st
from samtheory.catalogue import load_method, methods
from samtheory.engine.run import run, run_many
from samtheory.methods.adasam import AdaSam
from samtheory.methods.asam import Asam
from samtheory.methods.friendly_sam import FriendlySam
from samtheory.methods.heavy_ball import HeavyBall
from samtheory.methods.infosam import InfoSam
from samtheory.methods.looksam import LookSam
from samtheory.methods.presam import PreSam
from samtheory.methods.sam_on import SamOn
from samtheory.methods.sparse_sam import SparseSam
from samtheory.methods.unified_sam import step as unified
from samtheory.methods.universal import Universal, both_ways
from samtheory.methods.vasso import Vasso

RIDGE = st.load_problem("ridge")
D, GAMMA, RHO = RIDGE.d, 0.05, 0.3
ONES, ZEROS = np.ones(D), np.zeros(D)


def points(method, sampling="nice:3", steps=4, gamma=GAMMA, rho=RHO, lam=1.0, problem=RIDGE, trials=2):
    """The iterates of a method, named or an object, shape (trials, steps + 1, d)."""
    step = load_method(method, problem)
    asked = {"steps": steps, "trials": trials, "record": range(steps + 1), "keep": ("points",), "engine": "reference"}
    return run(problem, st.parse_sampling(sampling), st.Schedule(gamma, rho, lam), method=step, **asked).points


def universal(**more):
    return Universal(RIDGE.objective.gap, *both_ways(D), **more)


def smoothed(x, draw, gradient, gamma, rho, lam):
    """The mean gradient over the axes both ways."""
    directions, weights = both_ways(D)
    return x - gamma * sum(w * gradient(x + rho * u, draw) for u, w in zip(directions, weights, strict=True))


#: A method, the same in other words, and what is asked of both.
REDUCTIONS = {
    "SAM": ("sam", unified, {"lam": 1.0}),
    "USAM": ("usam", unified, {"lam": 0.0}),
    "SGD": ("sgd", unified, {"rho": 0.0}),
    "SAM-ON, mask of ones": (SamOn(ONES), "sam", {}),
    "SAM-ON, mask of zeros": (SamOn(ZEROS), "sgd", {}),
    "sparse SAM, mask of ones": (SparseSam(ONES), "sam", {}),
    "preSAM, S = I": (PreSam(ONES), "sam", {}),
    "ASAM, T = 1": (Asam(eta=1.0, cap=1.0), "sam", {}),
    "VaSSO, theta = 1": (Vasso(1.0), "sam", {}),
    "Friendly SAM, sigma = 0": (FriendlySam(sigma=0.0), "sam", {}),
    "Friendly SAM, first step": ("friendly-sam", "sam", {"steps": 1}),
    "infoSAM, first step": (InfoSam(), "sam", {"steps": 1}),
    "LookSAM, k = 1": (LookSam(k=1), "sam", {}),
    "LookSAM, rho = 0": (LookSam(k=3), "sgd", {"rho": 0.0}),
    "AdaSAM, b1 = 0, b2 = 1": (AdaSam(b1=0.0, b2=1.0, eps=1.0), "sam", {}),
    "m-SAM, one index": ("m-sam", "sam", {"sampling": "uniform"}),
    "different samples, full batch": ("different-sample", unified, {"sampling": "full", "lam": 0.4}),
    "different samples, lam = 0": ("different-sample", "different-sample-usam", {"lam": 0.0}),
    "Functional-SAM, linear model": ("functional-sam", "sgd", {}),
    "Functional-SAM, linear model, full batch": ("functional-sam", "sgd", {"sampling": "full"}),
    "universal, rho = 0": ("universal", "sgd", {"rho": 0.0}),
    "universal, phi constant": (universal(phi_slope=np.zeros_like), "sgd", {}),
    "universal, phi = psi = id": (
        universal(phi_slope=np.ones_like, psi=lambda t: t, psi_slope=np.ones_like), smoothed, {},
    ),
    "heavy ball, beta = 0": (HeavyBall(0.0), unified, {"lam": 0.4}),
    "heavy ball, beta = 0, on VaSSO": (HeavyBall(0.0, Vasso()), "vasso", {}),
    "past extragradient, first step": ("past-extragradient", "extragradient", {"steps": 1, "rho": GAMMA}),
}  # fmt: skip


@pytest.mark.parametrize(("method", "other", "asked"), REDUCTIONS.values(), ids=REDUCTIONS)
def test_a_reduction(method, other, asked):
    found, expected = points(method, **asked), points(other, **asked)
    assert np.abs(found - expected).max() <= 1e-12 * np.abs(expected).max()
    assert np.abs(expected[:, -1] - expected[:, 0]).max() > 1e-3


def test_adasam_without_averages_has_the_step_gamma_over_eps():
    eps = 0.125
    assert points(AdaSam(b1=0.0, b2=1.0, eps=eps), gamma=GAMMA * eps) == pytest.approx(points("sam"), rel=1e-12)


def test_extragradient_is_usam_at_minus_rho():
    x = RIDGE.x0[None]
    gradient = lambda y, draw: RIDGE.objective.gradient(y)  # noqa: E731
    step, usam = methods()["extragradient"].step, methods()["usam"].step
    assert np.array_equal(step(x, None, gradient, GAMMA, RHO, 0.0), usam(x, None, gradient, GAMMA, -RHO, 0.0))


def test_in_one_dimension_looksam_is_sgd_between_its_looks():
    problem = st.load_problem("two-quadratics")
    sgd, sam = (points(name, "uniform", 1, problem=problem) for name in ("sgd", "sam"))
    look = points(LookSam(k=2), "uniform", 2, problem=problem)
    assert look[:, 1] == pytest.approx(sam[:, 1])
    gradient = lambda y, draw: problem.objective.stochastic_gradient(y, *draw)  # noqa: E731
    law = problem.law(st.Uniform())
    draws = [law.draw(np.random.default_rng(child), 256) for child in np.random.SeedSequence(0).spawn(2)]
    for x, new, draw in zip(look[:, 1], look[:, 2], draws, strict=True):
        at = type(draw)(draw.indices[1:2], draw.weights[1:2])
        assert new == pytest.approx((x - GAMMA * gradient(x[None], at))[0], rel=1e-12)
    assert sgd.shape == sam.shape


#: Methods that keep a memory, and those that draw twice.
MEMORY = [name for name in methods() if hasattr(load_method(name, RIDGE), "start")]
TWICE = ["different-sample", "random-perturbation"]


def test_there_are_methods_with_a_memory():
    assert set(MEMORY) >= {"vasso", "friendly-sam", "infosam", "looksam", "adasam", "heavy-ball", "past-extragradient"}


@pytest.mark.parametrize("name", [*MEMORY, *TWICE])
def test_a_run_depends_on_its_seed_alone(name):
    """Neither on a run before it, nor on the runs and schedules beside it, nor on what is recorded."""
    found = points(name)
    assert np.array_equal(points(name), found)
    assert points(name, trials=1)[0] == pytest.approx(found[0], rel=1e-13)
    step, schedules = load_method(name, RIDGE), [st.Schedule(gamma, RHO, 1.0) for gamma in (GAMMA, 2 * GAMMA)]
    asked = {"steps": 4, "trials": 2, "record": [4], "keep": ("points",), "method": step}
    both = run_many(RIDGE, st.parse_sampling("nice:3"), schedules, **asked)
    assert both[0].points[:, 0] == pytest.approx(found[:, -1], rel=1e-12)
    assert both[1].points[:, 0] != pytest.approx(found[:, -1], rel=1e-3)
