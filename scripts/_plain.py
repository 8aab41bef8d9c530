"""What `benchmark` measures against: Unified SAM the way research code writes it.

One draw by `choice` a step, batches by fancy indexing, the displayed formula as it stands with its three gradients,
every iterate kept in a list, and the full objective wherever the step is in `record`.
"""

from __future__ import annotations

import numpy as np


class Ridge:
    """(1/n) sum (a_i.x - b_i)^2/2 + (reg/2)||x||^2."""

    def __init__(self, A: np.ndarray, b: np.ndarray, reg: float) -> None:
        self.A, self.b, self.reg, self.n = A, b, reg, len(A)

    def value(self, x: np.ndarray) -> float:
        return 0.5 * np.mean((self.A @ x - self.b) ** 2) + 0.5 * self.reg * np.linalg.norm(x) ** 2

    def gradient(self, x: np.ndarray, batch: np.ndarray, weights: np.ndarray) -> np.ndarray:
        A, b = self.A[batch], self.b[batch]
        return A.T @ (weights * (A @ x - b)) / len(batch) + weights.mean() * self.reg * x


class Logistic(Ridge):
    """(1/n) sum log(1 + exp(-b_i a_i.x)) + (reg/2)||x||^2."""

    def value(self, x: np.ndarray) -> float:
        return np.mean(np.log(1 + np.exp(-self.b * (self.A @ x)))) + 0.5 * self.reg * np.linalg.norm(x) ** 2

    def gradient(self, x: np.ndarray, batch: np.ndarray, weights: np.ndarray) -> np.ndarray:
        A, b = self.A[batch], self.b[batch]
        return A.T @ (-weights * b / (1 + np.exp(b * (A @ x)))) / len(batch) + weights.mean() * self.reg * x


def unified_sam(
    f: Ridge,
    x0: np.ndarray,
    gamma: float,
    rho: float,
    lam: float,
    steps: int,
    record: np.ndarray,
    batch_size: int = 1,
    p: np.ndarray | None = None,
    seed: int = 0,
) -> tuple[list[np.ndarray], list[float]]:
    """Every iterate, and f at the steps in `record`; the full batch where batch_size is n."""
    rng = np.random.default_rng(seed)
    x = x0
    iterates, values = [x], []
    for t in range(steps):
        if t in record:
            values.append(f.value(x))
        batch = np.arange(f.n) if batch_size == f.n else rng.choice(range(f.n), size=batch_size, p=p)
        weights = np.ones(batch_size) if p is None else 1 / (f.n * p[batch])
        norm = np.linalg.norm(f.gradient(x, batch, weights))
        y = x + rho * (1 - lam + lam / norm) * f.gradient(x, batch, weights)
        x = x - gamma * f.gradient(y, batch, weights)
        iterates.append(x)
    return iterates, values
