"""The small network: its gradient, its curvature, its Jacobian, and many side by side."""

import numpy as np
import pytest

from samtheory.figures import network as neural
from samtheory.methods.functional_sam import FunctionalSam
from samtheory.methods.sam_on import SamOn
from samtheory.methods.unified_sam import step, unit
from samtheory.sampling.law import Draw

NETWORK = neural.Network(4, 3, 3)


def some(seed, networks=2, examples=5):
    """Weights and a batch for each network."""
    rng = np.random.default_rng(seed)
    x = np.array([NETWORK.start(rng) for _ in range(networks)]) + 0.1 * rng.standard_normal((networks, NETWORK.d))
    labels = rng.integers(0, 3, (networks, examples))
    return x, neural.Batch(rng.standard_normal((networks, examples, 4)), labels)


def numerical(f, x):
    """The gradient by differences of f, (rows, d) -> (rows,)."""
    found = np.empty_like(x)
    for k in range(NETWORK.d):
        h = 1e-6 * np.eye(NETWORK.d)[k]
        found[:, k] = (f(x + h) - f(x - h)) / 2e-6
    return found


def shared(seed, networks=2, examples=5):
    """Weights, and the finite sum over the examples that all networks see."""
    x, batch = some(seed, networks, examples)
    return x, neural.Examples(NETWORK, neural.Batch(batch.inputs[:1], batch.labels[:1]))


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_that_of_the_loss(seed):
    x, batch = some(seed)
    assert NETWORK.gradient(x, batch) == pytest.approx(numerical(lambda y: NETWORK.loss(y, batch), x), abs=1e-8)


def test_the_layer_is_normalised():
    """Mean 0 and variance 1 before scale and offset, so that the scale of the first weights says nothing."""
    x, batch = some(0)
    z = NETWORK.forward(x, batch.inputs).z
    assert z.mean(axis=-1) == pytest.approx(0, abs=1e-12)
    assert z.var(axis=-1) == pytest.approx(1, abs=1e-3)
    some_scale, larger = (np.where(np.arange(NETWORK.d) < NETWORK.sizes[0], scale * x, x) for scale in (1e3, 2e3))
    assert NETWORK.loss(larger, batch) == pytest.approx(NETWORK.loss(some_scale, batch), rel=1e-6)
    assert NETWORK.normalisation.sum() == 2 * NETWORK.hidden


def test_networks_side_by_side_are_networks_alone():
    x, batch = some(0)
    parts = [neural.Batch(batch.inputs[k : k + 1], batch.labels[k : k + 1]) for k in (0, 1)]
    alone = [NETWORK.gradient(x[k : k + 1], parts[k]) for k in (0, 1)]
    assert NETWORK.gradient(x, batch) == pytest.approx(np.concatenate(alone), rel=1e-12)
    one = neural.Batch(batch.inputs[:1], batch.labels[:1])
    assert NETWORK.gradient(x, one)[:1] == pytest.approx(alone[0], rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_sharpness_is_the_largest_eigenvalue_of_the_hessian(seed):
    x, batch = some(seed, networks=1)
    one = np.eye(NETWORK.d)
    hessian = np.concatenate([NETWORK.curvature(x, batch, each[None]) for each in one])
    assert hessian == pytest.approx(hessian.T, abs=1e-7)
    largest = np.linalg.eigvalsh(hessian)[-1]
    assert NETWORK.sharpness(x[0], batch, np.random.default_rng(seed)) == pytest.approx(largest, rel=1e-4)


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


def test_a_draw_weighs_its_examples():
    """g_v = (1/n) sum v_i grad f_i."""
    x, examples = shared(4)
    indices, weights = np.array([[1, 3, 1]]), np.array([[0.5, 2.0, 1.0]])
    each = [
        NETWORK.gradient(x, neural.Batch(examples.batch.inputs[:, i : i + 1], examples.batch.labels[:, i : i + 1]))
        for i in range(examples.n)
    ]
    expected = (1.5 * each[1] + 2.0 * each[3]) / examples.n
    assert examples.gradient(x, Draw(indices, weights)) == pytest.approx(expected, rel=1e-12)


def test_functional_sam_has_the_slopes_of_x_and_the_jacobian_of_y():
    """h = the gradient at y of sum v_i u_i.F_i/n with u_i = l_i'(F_i(x)); SAM takes u_i at y too."""
    x, examples = shared(5)
    indices, weights, rho = np.array([[0, 2, 4]]), np.array([[1.0, 2.0, 0.5]]), 0.3
    draw = Draw(indices, weights)
    y = x + rho * unit(examples.gradient(x, draw))
    fixed = weights[..., None] * examples.slopes(x, indices) / examples.n
    inputs = examples.batch.inputs[0, indices]
    # Sums of slopes are 0, so that log-probabilities serve as scores.
    model = numerical(lambda z: np.sum(fixed * NETWORK.forward(z, inputs).logs, axis=(1, 2)), y)
    h = x - FunctionalSam(examples)(x, draw, examples.gradient, 1.0, rho, 1.0)
    assert h == pytest.approx(model, abs=1e-8)
    assert h != pytest.approx(examples.gradient(y, draw), rel=1e-2)
    assert x - FunctionalSam(examples)(x, draw, examples.gradient, 1.0, 0.0, 1.0) == pytest.approx(
        examples.gradient(x, draw), rel=1e-12
    )


def test_sam_on_perturbs_the_normalisation_alone():
    x, examples = shared(6)
    asked = []
    draw = Draw(np.array([[0, 1]]), np.ones((1, 2)))

    def recorded(y, v):
        asked.append(y - x)
        return examples.gradient(y, v)

    SamOn(NETWORK.normalisation)(x, draw, recorded, 0.1, 0.3, 1.0)
    e = asked[-1]
    assert np.linalg.norm(e, axis=1) == pytest.approx(0.3)
    assert not e[:, NETWORK.normalisation == 0].any()
