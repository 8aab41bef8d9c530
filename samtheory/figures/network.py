"""A small neural network, many at once: one hidden layer, tanh, softmax and cross-entropy, in NumPy.

A row of x holds the weights of one network, so that `methods.unified_sam.step` trains many side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.errors import MissingExtra

Labels = npt.NDArray[np.intp]
#: Of the largest weight: what central differences of the gradient use.
DIFFERENCE = 1e-5


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


@dataclass(frozen=True)
class Network:
    """The sizes of the layers."""

    features: int
    hidden: int
    classes: int

    @property
    def d(self) -> int:
        """The number of weights."""
        return (self.features + 1) * self.hidden + (self.hidden + 1) * self.classes

    def layers(self, x: Array) -> tuple[Array, Array, Array, Array]:
        """The two matrices and offsets in rows x of shape (R, d): views, of shapes (R, in, out) and (R, 1, out)."""
        inner, outer = self.features * self.hidden, self.hidden * self.classes
        W, b, V, c = np.split(x, np.cumsum([inner, self.hidden, outer]), axis=-1)
        return (
            W.reshape(-1, self.features, self.hidden), b[:, None, :],
            V.reshape(-1, self.hidden, self.classes), c[:, None, :],
        )  # fmt: skip

    def start(self, rng: np.random.Generator) -> Array:
        """Random weights, shape (d,), of variance 1/(inputs of the layer); offsets 0."""
        W = rng.standard_normal(self.features * self.hidden) / np.sqrt(self.features)
        V = rng.standard_normal(self.hidden * self.classes) / np.sqrt(self.hidden)
        return np.concatenate([W, np.zeros(self.hidden), V, np.zeros(self.classes)])

    def forward(self, x: Array, inputs: Array) -> tuple[Array, Array]:
        """Hidden values and log-probabilities, shapes (R, m, hidden) and (R, m, classes)."""
        W, b, V, c = self.layers(x)
        hidden: Array = np.tanh(inputs @ W + b)
        scores = hidden @ V + c
        scores -= scores.max(axis=-1, keepdims=True)
        return hidden, scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))

    def loss(self, x: Array, batch: Batch) -> Array:
        """Mean cross-entropy, shape (R,)."""
        _, logs = self.forward(x, batch.inputs)
        return np.asarray(-np.take_along_axis(logs, self._labels(logs, batch), axis=-1)[..., 0].mean(axis=-1))

    def gradient(self, x: Array, batch: Batch) -> Array:
        """The gradient of `loss`, shape (R, d)."""
        _, _, V, _ = self.layers(x)
        hidden, logs = self.forward(x, batch.inputs)
        m = logs.shape[1]
        back = np.exp(logs)  # d loss/d scores, times m
        labels = self._labels(logs, batch)
        np.put_along_axis(back, labels, np.take_along_axis(back, labels, axis=-1) - 1, axis=-1)
        back /= m
        inner = (back @ V.transpose(0, 2, 1)) * (1 - hidden**2)
        rows = len(x)
        return np.concatenate(
            [
                (batch.inputs.transpose(0, 2, 1) @ inner).reshape(rows, -1), inner.sum(axis=1),
                (hidden.transpose(0, 2, 1) @ back).reshape(rows, -1), back.sum(axis=1),
            ],
            axis=1,
        )  # fmt: skip

    def accuracy(self, x: Array, batch: Batch) -> Array:
        """Classification accuracy, shape (R,)."""
        _, logs = self.forward(x, batch.inputs)
        return np.asarray((logs.argmax(axis=-1) == batch.labels).mean(axis=-1))

    def curvature(self, x: Array, batch: Batch, direction: Array) -> Array:
        """Hessian times direction, shape (R, d), by a central difference of the gradient; direction has length 1."""
        h = DIFFERENCE * np.maximum(1.0, np.abs(x).max(axis=1, keepdims=True))
        ahead, behind = (self.gradient(x + sign * h * direction, batch) for sign in (1, -1))
        return np.asarray((ahead - behind) / (2 * h))

    def sharpness(self, x: Array, batch: Batch, rounds: int, rng: np.random.Generator) -> Array:
        """The Hessian's eigenvalue of largest modulus, shape (R,), by power iteration."""
        v = np.tile(rng.standard_normal(self.d), (len(x), 1))
        for _ in range(rounds):
            v /= np.linalg.norm(v, axis=1, keepdims=True)
            Hv = self.curvature(x, batch, v)
            found, v = np.sum(v * Hv, axis=1), Hv
        return np.asarray(found)

    def _labels(self, logs: Array, batch: Batch) -> Labels:
        return np.broadcast_to(batch.labels[..., None], (*logs.shape[:2], 1))


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
