"""E-values: their level on laws exactly on the bound, heavy tails included, and their power above it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from samtheory.verification.e_values import log_e_average, log_e_smallest, log_e_value, over_times

REPLICAS = 20_000

#: Laws of X >= 0 with mean exactly 1.
ON_THE_BOUND = {
    "constant": lambda rng, shape: np.ones(shape),
    "exponential": lambda rng, shape: rng.exponential(size=shape),
    "log-normal, sigma 2": lambda rng, shape: np.exp(rng.normal(-2.0, 2.0, size=shape)),
    "Pareto, infinite variance": lambda rng, shape: (1 + rng.pareto(1.5, size=shape)) / 3,
    "mostly nothing": lambda rng, shape: 1000.0 * (rng.random(shape) < 0.001),
}


@pytest.mark.parametrize("law", ON_THE_BOUND)
@pytest.mark.parametrize("trials", [5, 100])
def test_on_the_bound_the_level_is_kept(law: str, trials: int) -> None:
    """P(e >= 1/a) <= a = 0.01 over 20 000 replicas: more than 260 has probability below 1e-5 (binomial tail)."""
    X = ON_THE_BOUND[law](np.random.default_rng(7), (trials, REPLICAS))
    assert (log_e_value(X, np.ones(REPLICAS)) >= math.log(100)).sum() <= 260


def test_stopping_when_it_looks_good_does_not_break_the_level() -> None:
    """Ville: the running e-value reaches 1/a within 64 trials with probability at most a = 0.01 (tail below 1e-5)."""
    X = np.random.default_rng(8).exponential(size=(64, REPLICAS // 4))
    ever = np.zeros(X.shape[1], dtype=bool)
    for k in range(1, 65):
        ever |= log_e_value(X[:k], np.ones(X.shape[1])) >= math.log(100)
    assert ever.sum() <= 85


@pytest.mark.parametrize(("factor", "trials"), [(1.2, 700), (1.05, 7000)])
def test_a_mean_above_the_bound_is_found(factor: float, trials: int) -> None:
    """Log-normal with sigma 1/2: 1.2 times the bound in about 500 trials at 1e-6, 1.05 times in about 5000.

    Of 40 replicas at least 30 decide by the stated number of trials (fixed seed).
    """
    rng = np.random.default_rng(9)
    X = factor * np.exp(rng.normal(-0.125, 0.5, size=(trials, 40)))
    assert (log_e_value(X, np.ones(40)) >= math.log(1e6)).sum() >= 30


def test_below_the_bound_nothing_is_found() -> None:
    X = np.random.default_rng(10).uniform(0, 1.8, size=(5000, 50))
    assert log_e_value(X, np.ones(50)).max() < 0


def test_the_order_of_trials_does_not_matter() -> None:
    X = np.random.default_rng(11).exponential(1.5, size=(200, 3))
    assert log_e_value(X, np.ones(3)) == pytest.approx(log_e_value(X[::-1], np.ones(3)), rel=1e-12)


def test_numbers_that_are_none_and_bounds_of_zero() -> None:
    X = np.array([[np.nan, 1.0, 0.0, -1e-18], [1.0, 1.0, 0.0, 0.0]])
    found = log_e_value(X, np.array([1.0, 0.0, 0.0, 1.0]))
    assert np.isposinf(found[:2]).all()
    assert np.isfinite(found[3])
    assert found[2] < 0
    assert over_times(np.array([0.0, 0.0])) == pytest.approx(0.0, abs=1e-12)


def test_a_minimum_is_violated_only_if_every_mean_exceeds_the_bound() -> None:
    rng = np.random.default_rng(12)
    high = rng.uniform(1.0, 2.0, size=(400, 10))
    one_low = high.copy()
    one_low[:, 0] *= 0.5
    assert log_e_smallest(high, np.ones(10)) > math.log(1e6)
    assert log_e_smallest(one_low, np.ones(10)) < 0


def test_an_average_is_judged_as_an_average() -> None:
    X = np.tile([2.0, 0.0], (400, 5))
    assert log_e_average(X, np.full(10, 2.1)) < 0
    assert log_e_average(X, np.full(10, 0.9)) > math.log(1e6)
