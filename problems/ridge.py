"""Ridge regression, f_i(x) = (a_i.x - b_i)^2/2 + (reg/2)||x||^2: strongly convex.

Synthetic rows: random directions, singular values such that L/mu of f, regulariser included, is `condition` (L = 1, or
condition * reg if that is larger, since mu >= reg); targets b = A x_true + noise.  With rows of your own, `n`, `d`,
`condition`, `noise` and `seed` play no part, and reg may be 0 if A has full column rank.

Constants: the Hessian of f_i is a_i a_i^T + reg I, so L_i = ||a_i||^2 + reg; that of f is A^T A/n + reg I, whose
extreme eigenvalues are mu and L.  f* at the least squares solution.  f_i is smallest on the line of a_i, at t a_i with
t = b_i/(||a_i||^2 + reg), where f_i = (b_i^2/2) reg/(||a_i||^2 + reg).
"""

import numpy as np

from samtheory import LinearModel, Problem, exact
from samtheory.errors import nonnegative, positive, reject, whole
from samtheory.objectives.synthetic import log_spaced, rows_with_spectrum


def problem(rows, reg: float = 0.05) -> Problem:
    A, b = rows
    f = LinearModel(A, b, "squared", nonnegative("param reg", reg))
    mu = f.least_eigenvalue.plus(reg, "lambda_min(A^T A)/n + reg")
    if mu <= 0:
        rank = f"rank {f.rank}, not d={f.d}" if f.small else f"no certified rank d={f.d}"
        raise reject("param reg", reg, f"above 0: A has {rank} (or see rank-deficient-ls)")
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "||a_i||^2 + reg"),
        L=exact(f.smoothness, "lambda_max(A^T A)/n + reg"),
        mu=mu,
        f_inf=f.infimum(f.minimiser, mu, "least squares"),
        f_i_inf=exact(f.component_infima, "b_i^2/2 * reg/(||a_i||^2 + reg)"),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
        source="closed formulas",
    )


def synthetic(
    n: int = 8, d: int = 3, condition: float = 10.0, reg: float = 0.05, noise: float = 1.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    d, n = whole("param d", d, 2), whole("param n", n, d)
    reg, noise = positive("param reg", reg), nonnegative("param noise", noise)
    rng = np.random.default_rng(whole("param seed", seed))
    hessian = log_spaced(d, condition, top=max(1.0, condition * reg))
    A = rows_with_spectrum(n, d, np.maximum(hessian - reg, 0.0), rng)
    return A, A @ rng.standard_normal(d) + noise * rng.standard_normal(n)
