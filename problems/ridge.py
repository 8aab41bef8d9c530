"""Ridge regression, f_i(x) = (a_i.x - b_i)^2/2 + (reg/2)||x||^2: strongly convex.

Gaussian data whose singular values are set so that f has the asked condition number (L/mu, regulariser included), and
targets A x_true + noise.

Constants: L_i = ||a_i||^2 + reg;  L and mu are the extreme eigenvalues of A^T A/n + reg I;  f* from the least-squares
solution;  inf f_i = b_i^2/2 * reg/(||a_i||^2 + reg), attained on the line of a_i.
Source: closed formulas; literature P1.
"""

import numpy as np

from samtheory import InputError, LinearModel, Problem, exact, numerical


def rows_with_condition(n: int, d: int, condition: float, reg: float, rng: np.random.Generator) -> np.ndarray:
    """An (n, d) matrix A, n >= d, with eigenvalues of A^T A/n + reg I from `reg + 1/condition`-like to the top, log-spaced."""
    U, _ = np.linalg.qr(rng.standard_normal((n, d)))
    V, _ = np.linalg.qr(rng.standard_normal((d, d)))
    top = max(1.0, condition * reg * (1 + 1e-9))
    eigenvalues = np.geomspace(top / condition, top, d) - reg
    return (U * np.sqrt(n * np.maximum(eigenvalues, 0))) @ V.T


def problem(
    n: int = 20, d: int = 5, condition: float = 10.0, reg: float = 0.05, noise: float = 1.0, seed: int = 0, rows=None
) -> Problem:
    if rows is None:
        if not (n >= d >= 2 and condition > 1 and reg > 0 and noise >= 0):
            raise InputError(
                f"param n={n}, d={d}, condition={condition:g}, reg={reg:g}, noise={noise:g}:"
                " must have n >= d >= 2, condition > 1, reg > 0, noise >= 0"
            )
        rng = np.random.default_rng(seed)
        A = rows_with_condition(n, d, condition, reg, rng)
        b = A @ rng.standard_normal(d) + noise * rng.standard_normal(n)
    else:
        A, b = rows
    f = LinearModel(A, b, "squared", reg)
    spectrum = np.linalg.eigvalsh(f.gram) + reg
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "||a_i||^2 + reg"),
        L=exact(spectrum[-1], "lambda_max(A^T A)/n + reg"),
        mu=exact(spectrum[0], "lambda_min(A^T A)/n + reg"),
        f_inf=numerical(f.reference, "least squares solution"),
        f_i_inf=exact(f.component_infima, "b_i^2/2 * reg/(||a_i||^2 + reg)"),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components"}),
        source="literature P1",
    )
