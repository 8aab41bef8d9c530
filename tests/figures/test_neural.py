"""The small network: its gradient, its curvature, and many side by side."""

import numpy as np
import pytest

from samtheory.figures import network as neural
from samtheory.methods.unified_sam import step

NETWORK = neural.Network(4, 3, 3)


def some(seed, networks=2, examples=5):
    """Weights and a batch for each network."""
    rng = np.random.default_rng(seed)
    x = np.array([NETWORK.start(rng) for _ in range(networks)]) + 0.1 * rng.standard_normal((networks, NETWORK.d))
    labels = rng.integers(0, 3, (networks, examples))
    return x, neural.Batch(rng.standard_normal((networks, examples, 4)), labels)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_that_of_the_loss(seed):
    x, batch = some(seed)
    numerical = np.empty_like(x)
    for k in range(NETWORK.d):
        h = 1e-6 * np.eye(NETWORK.d)[k]
        numerical[:, k] = (NETWORK.loss(x + h, batch) - NETWORK.loss(x - h, batch)) / 2e-6
    assert NETWORK.gradient(x, batch) == pytest.approx(numerical, abs=1e-8)


def test_networks_side_by_side_are_networks_alone():
    x, batch = some(0)
    parts = [neural.Batch(batch.inputs[k : k + 1], batch.labels[k : k + 1]) for k in (0, 1)]
    alone = [NETWORK.gradient(x[k : k + 1], parts[k]) for k in (0, 1)]
    assert NETWORK.gradient(x, batch) == pytest.approx(np.concatenate(alone), rel=1e-12)
    shared = neural.Batch(batch.inputs[:1], batch.labels[:1])
    assert NETWORK.gradient(x, shared)[:1] == pytest.approx(alone[0], rel=1e-12)


def test_sharpness_is_the_largest_eigenvalue_of_the_hessian():
    x, batch = some(1)
    one = np.eye(NETWORK.d)
    hessian = np.stack([NETWORK.curvature(x, batch, np.tile(each, (2, 1))) for each in one], axis=2)
    assert hessian == pytest.approx(hessian.transpose(0, 2, 1), abs=1e-8)
    values = np.linalg.eigvalsh(hessian)
    largest = [each[np.argmax(np.abs(each))] for each in values]
    assert NETWORK.sharpness(x, batch, 300, np.random.default_rng(0)) == pytest.approx(largest, rel=1e-4)


def test_scores_that_are_huge_do_not_overflow():
    x, batch = some(2)
    assert np.isfinite(NETWORK.loss(1e3 * x, batch)).all()
    assert np.isfinite(NETWORK.gradient(1e3 * x, batch)).all()


def test_settings_train_together_as_they_train_alone():
    """Row by row the method is the reference: lam and rho of one setting do not touch another."""
    x, batch = some(3)
    gamma, rho, lam = (np.array(values)[:, None] for values in ((0.1, 0.2), (0.05, 0.5), (0.0, 1.0)))
    together = step(x, batch, NETWORK.gradient, gamma, rho, lam)
    for k in range(2):
        mine = neural.Batch(batch.inputs[k : k + 1], batch.labels[k : k + 1])
        alone = step(x[k : k + 1], mine, NETWORK.gradient, gamma[k, 0], rho[k, 0], lam[k, 0])
        assert together[k : k + 1] == pytest.approx(alone, rel=1e-12)
