"""Phase retrieval, f_i(x) = ((a_i.x)^2 - b_i)^2/4 with b_i = (a_i.x^)^2: not convex, smooth on bounded sets only.

Gaussian a_i; +-x^ are minima, 0 is a maximum.

Constants: the Hessian of f_i is (3 (a_i.x)^2 - b_i) a_i a_i^T, so L_i = ||a_i||^2 max(3 ||a_i||^2 R^2 - b_i, b_i) where
||x|| <= R, and L <= mean L_i.  f* = inf f_i = 0 at x^.
"""

import numpy as np

from samtheory import Problem, UserSum, exact
from samtheory.errors import positive, whole


def problem(n: int = 8, d: int = 3, R: float = 4.0, seed: int = 0) -> Problem:
    n, d, R = whole("param n", n, 1), whole("param d", d, 1), positive("param R", R)
    rng = np.random.default_rng(whole("param seed", seed))
    A, solution = rng.standard_normal((n, d)) / np.sqrt(d), rng.standard_normal(d)
    solution *= R / (2 * np.linalg.norm(solution))
    b = (A @ solution) ** 2

    def residual(i, x):
        t = np.sum(A[i] * x, axis=1)
        return t, t**2 - b[i]

    def gradient(i, x):
        t, r = residual(i, x)
        return (r * t)[:, None] * A[i]

    norms2 = np.sum(A**2, axis=1)
    L_i = norms2 * np.maximum(3 * norms2 * R**2 - b, b)
    return Problem(
        objective=UserSum(lambda i, x: residual(i, x)[1] ** 2 / 4, gradient, n=n, d=d, batched=True),
        x0=np.full(d, R / (4 * np.sqrt(d))),
        L_i=exact(L_i, "||a_i||^2 max(3 ||a_i||^2 R^2 - b_i, b_i)"),
        L=exact(L_i.mean(), "mean L_i"),
        f_inf=exact(0.0, "f(x^) = 0"),
        f_i_inf=exact(np.zeros(n), "f_i(x^) = 0"),
        x_star=solution,
        properties=frozenset({"interpolation"}),
        region=f"||x|| <= {R:g}",
        outside="f is smooth on bounded sets only, and steps may leave them",
        source="closed formulas",
    )
