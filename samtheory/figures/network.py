"""A small neural network, many at once: a hidden layer with layer normalisation, tanh, softmax and cross-entropy.

A row of x holds the weights of one network, so that the step of a method trains many side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import LinearOperator, eigsh

from samtheory._typing import Array, Indices
from samtheory.errors import MissingExtra
from samtheory.sampling.law import Draw

Labels = npt.NDArray[np.intp]
#: Of the largest weight: what central differences of the gradient use.
DIFFERENCE = 1e-5
#: Added to the variance of a normalised layer.
EPSILON = 1e-5
#: Relative accuracy of the Ritz value at which Lanczos ends.
LANCZOS = 1e-4


@dataclass(frozen=True)
class Batch:
    """Examples for each network, or the same for all.

    Attributes
    ----------
    inputs : (R or 1, m, features)
    labels : (R or 1, m)
    """

    inputs: Array
    labels: Labels


class Forward(NamedTuple):
    """Normalised values (R, m, hidden), their standard deviation, hidden values, log-probabilities (R, m, classes)."""

    z: Array
    deviation: Array
    hidden: Array
    logs: Array


@dataclass(frozen=True)
class Network:
    """scores = tanh(s * z + b) V + c, with z = W'input less its mean and over its standard deviation; its layers."""

    features: int
    hidden: int
    classes: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """The numbers of weights: W, s, b, V, c."""
        return self.features * self.hidden, self.hidden, self.hidden, self.hidden * self.classes, self.classes

    @property
    def d(self) -> int:
        """The number of weights."""
        return sum(self.sizes)

    @property
    def normalisation(self) -> Array:
        """1 for the scales s and offsets b of the normalisation, 0 for other weights; shape (d,)."""
        return np.repeat([0.0, 1.0, 1.0, 0.0, 0.0], self.sizes)

    def layers(self, x: Array) -> tuple[Array, Array, Array, Array, Array]:
        """W, s, b, V, c of rows x of shape (R, d): views, matrices (R, in, out) and offsets (R, 1, out)."""
        W, s, b, V, c = np.split(x, np.cumsum(self.sizes)[:-1], axis=-1)
        return (
            W.reshape(-1, self.features, self.hidden), s[:, None, :], b[:, None, :],
            V.reshape(-1, self.hidden, self.classes), c[:, None, :],
        )  # fmt: skip

    def start(self, rng: np.random.Generator) -> Array:
        """Random weights, shape (d,), of variance 1/(inputs of the layer); scales 1, offsets 0."""
        W = rng.standard_normal(self.features * self.hidden) / np.sqrt(self.features)
        V = rng.standard_normal(self.hidden * self.classes) / np.sqrt(self.hidden)
        return np.concatenate([W, np.ones(self.hidden), np.zeros(self.hidden), V, np.zeros(self.classes)])

    def forward(self, x: Array, inputs: Array) -> Forward:
        """What the layers make of inputs of shape (R or 1, m, features)."""
        W, s, b, V, c = self.layers(x)
        z = inputs @ W
        z -= z.mean(axis=-1, keepdims=True)
        deviation = np.sqrt(np.einsum("rmh,rmh->rm", z, z)[..., None] / self.hidden + EPSILON)
        z /= deviation
        hidden = np.tanh(s * z + b)
        scores = hidden @ V + c
        scores -= scores.max(axis=-1, keepdims=True)
        return Forward(z, deviation, hidden, scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True)))

    def backward(self, x: Array, inputs: Array, found: Forward, slopes: Array) -> Array:
        """Vector-Jacobian product: the sum over examples of slopes times the Jacobian of the scores, shape (R, d)."""
        _, s, _, V, _ = self.layers(x)
        z, deviation, hidden, _ = found
        before = (slopes @ V.transpose(0, 2, 1)) * (1 - hidden**2)  # by s z + b
        by_z = s * before
        along = np.einsum("rmh,rmh->rm", by_z, z)[..., None] / self.hidden
        by_W = (by_z - by_z.mean(axis=-1, keepdims=True) - along * z) / deviation
        parts = (
            inputs.transpose(0, 2, 1) @ by_W, np.einsum("rmh,rmh->rh", before, z), before.sum(axis=1),
            hidden.transpose(0, 2, 1) @ slopes, slopes.sum(axis=1),
        )  # fmt: skip
        return np.concatenate([part.reshape(len(x), -1) for part in parts], axis=1)

    def loss(self, x: Array, batch: Batch) -> Array:
        """Mean cross-entropy, shape (R,)."""
        logs = self.forward(x, batch.inputs).logs
        return np.asarray(-np.take_along_axis(logs, _labels(logs, batch), axis=-1)[..., 0].mean(axis=-1))

    def gradient(self, x: Array, batch: Batch, weights: float | Array | None = None) -> Array:
        """The gradient of `loss`, or of the sum of the losses with weights of shape (R or 1, m); shape (R, d)."""
        found = self.forward(x, batch.inputs)
        each = 1 / found.logs.shape[1] if weights is None else np.asarray(weights)[..., None]
        return self.backward(x, batch.inputs, found, each * slopes(found.logs, batch))

    def accuracy(self, x: Array, batch: Batch) -> Array:
        """Classification accuracy, shape (R,)."""
        return np.asarray((self.forward(x, batch.inputs).logs.argmax(axis=-1) == batch.labels).mean(axis=-1))

    def curvature(self, x: Array, batch: Batch, direction: Array) -> Array:
        """Hessian times direction, shape (R, d), by a central difference of the gradient; direction has length 1."""
        h = DIFFERENCE * np.maximum(1.0, np.abs(x).max(axis=1, keepdims=True))
        ahead, behind = (self.gradient(x + sign * h * direction, batch) for sign in (1, -1))
        return np.asarray((ahead - behind) / (2 * h))

    def sharpness(self, x: Array, batch: Batch, rng: np.random.Generator) -> float:
        """The largest eigenvalue of the Hessian of one network x of shape (d,), by Lanczos on `curvature`."""

        def product(v: Array) -> Array:
            size = np.linalg.norm(v)
            return np.asarray(size * self.curvature(x[None], batch, v.reshape(1, -1) / size)[0])

        hessian = LinearOperator((self.d, self.d), matvec=product, dtype=np.float64)
        start = rng.standard_normal(self.d)
        found = eigsh(hessian, k=1, which="LA", v0=start, tol=LANCZOS, return_eigenvectors=False)
        return float(found[0])


def slopes(logs: Array, batch: Batch) -> Array:
    """Derivative of the cross-entropy of each example by its scores, shape (R, m, classes)."""
    found, labels = np.exp(logs), _labels(logs, batch)
    np.put_along_axis(found, labels, np.take_along_axis(found, labels, axis=-1) - 1, axis=-1)
    return found


def _labels(logs: Array, batch: Batch) -> Labels:
    return np.broadcast_to(batch.labels[..., None], (*logs.shape[:2], 1))


@dataclass(frozen=True, eq=False)
class Examples:
    """The mean over n examples as a finite sum, f_i the cross-entropy of example i; a `Model` of Functional-SAM.

    Attributes
    ----------
    batch : inputs of shape (1, n, features) and labels of shape (1, n)
    """

    network: Network
    batch: Batch

    @property
    def n(self) -> int:
        """Number of examples."""
        return int(self.batch.inputs.shape[1])

    def gradient(self, x: Array, draw: Draw) -> Array:
        """g_v(x), shape (R, d)."""
        return self.network.gradient(x, self._drawn(draw.indices), draw.weights / self.n)

    def slopes(self, X: Array, indices: Indices) -> Array:
        """Derivatives by the scores, shape (R, m, classes)."""
        batch = self._drawn(indices)
        return slopes(self.network.forward(X, batch.inputs).logs, batch)

    def pulled_back(self, Y: Array, indices: Indices, slopes: Array) -> Array:
        """Vector-Jacobian product, shape (R, d)."""
        inputs = self._drawn(indices).inputs
        return self.network.backward(Y, inputs, self.network.forward(Y, inputs), slopes)

    def rest(self, X: Array) -> Array:
        """Nothing is added to the losses."""
        return np.zeros_like(X)

    def _drawn(self, indices: Indices) -> Batch:
        return Batch(self.batch.inputs[0, indices], self.batch.labels[0, indices])


def digits(rng: np.random.Generator, test: int = 1349) -> tuple[Batch, Batch]:
    """The 1797 digit images that scikit-learn ships, pixels from 0 to 1: all but `test` to train on, and those to test.

    Raises
    ------
    MissingExtra
        If scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise MissingExtra("the digit images", "data") from None
    images, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(images))
    inputs, labels = images[order][None] / 16.0, labels[order][None].astype(np.intp)
    return Batch(inputs[:, test:], labels[:, test:]), Batch(inputs[:, :test], labels[:, :test])
