"""Heterogeneous quadratics, f_i(x) = (x - c_i)^T H_i (x - c_i)/2: strongly convex, not interpolated.

H_i = s_i Q_i diag(h) Q_i^T with h from 1/condition to 1, random rotations Q_i and sizes s_i from 1/spread to 1;
Gaussian centres c_i of length about `distance`.

Constants: L_i = lambda_max(H_i) = s_i; with H = (1/n) sum H_i, L = lambda_max(H) and mu = lambda_min(H).
f* at the solution of (sum H_i) x = sum H_i c_i; inf f_i = 0 at c_i.
"""

import numpy as np

from samtheory import Problem, Quadratics, exact
from samtheory.errors import nonnegative, positive, reject, whole
from samtheory.objectives.synthetic import log_spaced, orthonormal


def problem(
    n: int = 6, d: int = 3, condition: float = 10.0, spread: float = 4.0, distance: float = 1.0, seed: int = 0
) -> Problem:
    n, d = whole("param n", n, 2), whole("param d", d, 1)
    if positive("param spread", spread) < 1:
        raise reject("param spread", spread, "at least 1")
    rng = np.random.default_rng(whole("param seed", seed))
    h, sizes = log_spaced(d, condition), np.geomspace(1 / spread, 1.0, n)
    rotations = np.array([orthonormal(d, d, rng) for _ in range(n)])
    H = sizes[:, None, None] * (rotations * h) @ rotations.transpose(0, 2, 1)
    f = Quadratics(H, nonnegative("param distance", distance) / np.sqrt(d) * rng.standard_normal((n, d)))
    return Problem(
        objective=f,
        x0=np.full(d, 3.0),
        L_i=exact(f.component_smoothness, "lambda_max(H_i)"),
        L=exact(f.eigenvalues[-1], "lambda_max(H)"),
        mu=exact(f.eigenvalues[0], "lambda_min(H)"),
        f_inf=f.infimum(f.minimiser, f.eigenvalues[0], "normal equations"),
        f_i_inf=exact(np.zeros(n), "f_i(c_i) = 0"),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
        source="closed formulas",
    )
