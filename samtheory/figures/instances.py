"""The problems of the paper's experiments, of its sizes; the random numbers are ours."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.catalogue import load_problem
from samtheory.objectives.synthetic import log_spaced, orthonormal, rows_with_spectrum
from samtheory.problem.problem import Problem

N = 100
REG = 3 / N


def interpolated(seed: int) -> Problem:
    """Least squares, n = d = 100, with a solution of A x = b and kappa(A) = 10: kappa(f) = 100."""
    rng = np.random.default_rng(seed)
    A = rows_with_spectrum(N, N, log_spaced(N, 100.0), rng)
    return load_problem("interpolated-ls", rows=(A, A @ rng.standard_normal(N)))


def ridge(seed: int) -> Problem:
    """Ridge regression, n = d = 100, reg = 3/n, kappa(f) = 10."""
    return load_problem("ridge", n=N, d=N, condition=10.0, reg=REG, seed=seed)


def uneven(seed: int) -> Problem:
    """Ridge regression, reg = 3/n, A symmetric with eigenvalues 1, 10 and the rest in [1, 2], b = A x: uneven L_i."""
    rng = np.random.default_rng(seed)
    A = symmetric(rng)
    return load_problem("ridge", reg=REG, rows=(A, A @ rng.standard_normal(N)))


def symmetric(rng: np.random.Generator) -> Array:
    """A random symmetric matrix with these eigenvalues."""
    eigenvalues = np.concatenate([[1.0, 10.0], rng.uniform(1.0, 2.0, N - 2)])
    Q = orthonormal(N, N, rng)
    return np.asarray((Q * eigenvalues) @ Q.T)
