"""Indefinite quadratics, f_i(x) = (x - c_i)^T H_i (x - c_i)/2 with a strongly convex mean: no f_i is bounded below.

H_i = H +- E_k in pairs, H = Q diag(h) Q^T with h from 1/condition to 1, every E_k symmetric with the eigenvalues spread
and -spread, spread > 1, and others between; Gaussian c_i of length about `distance`.

Constants: L_i = ||H_i||, L = lambda_max(H), mu = lambda_min(H), f* where H x = mean H_i c_i.  inf f_i = -inf, so there
is no textbook expected residual.  With z = x - x*, g_i = grad f_i(x*) and H_v = (1/n) sum v_i H_i,
g_v - grad f = (H_v - H) z + (1/n) sum v_i g_i.  With K = E H_v^2 - H^2 and R = lambda_max(H^{-1/2} K H^{-1/2}),
E||(H_v - H) z||^2 = z^T K z <= R z^T H z = 2R (f - f*), hence
E||g_v||^2 = ||grad f||^2 + E||g_v - grad f||^2 <= ||grad f||^2 + 2 (2R) (f - f*) + 2 E||(1/n) sum v_i g_i||^2.
E[v v^T] = B 11^T + K' gives E H_v^2 = B H^2 + (1/n^2) sum K'_ij H_i H_j and, as sum g_i = 0, the last expectation
(1/n^2) sum K'_ij <g_i, g_j>.  So A = 2R, B = 1, C = (2/n^2) sum K'_ij <g_i, g_j>.
"""

import numpy as np

from samtheory import Problem, Quadratics, exact
from samtheory.errors import finite, nonnegative, reject, whole
from samtheory.objectives.synthetic import log_spaced, orthonormal


def problem(
    pairs: int = 3, d: int = 3, condition: float = 4.0, spread: float = 1.5, distance: float = 1.0, seed: int = 0
) -> Problem:
    pairs, d = whole("param pairs", pairs, 1), whole("param d", d, 2)
    if finite("param spread", spread) <= 1:
        raise reject("param spread", spread, "above 1, the largest eigenvalue of H")
    rng = np.random.default_rng(whole("param seed", seed))
    Q = orthonormal(d, d, rng)
    mean = (Q * log_spaced(d, condition)) @ Q.T
    H = np.array([mean + sign * E for E in bends(pairs, d, spread, rng) for sign in (1, -1)])
    H, n = (H + H.transpose(0, 2, 1)) / 2, len(H)
    f = Quadratics(H, nonnegative("param distance", distance) / np.sqrt(d) * rng.standard_normal((n, d)))
    g = f.gradients(f.minimiser[None])[0]
    root = np.linalg.inv(np.linalg.cholesky(f.mean_hessian))

    def residual(law):
        K = (law.B - 1) * f.mean_hessian @ f.mean_hessian + np.einsum("nij,njk->ik", H, law.spread(H)) / n**2
        R = max(float(np.linalg.eigvalsh(root @ K @ root.T)[-1]), 0.0)
        return {
            "A": exact(2 * R, "2 lambda_max(H^{-1/2} (E H_v^2 - H^2) H^{-1/2})"),
            "B": exact(1.0, "E||g||^2 = ||grad f||^2 + E||g - grad f||^2"),
            "C": exact(2 * np.sum(g * law.spread(g)) / n**2, "(2/n^2) sum K'_ij <grad f_i(x*), grad f_j(x*)>"),
        }

    return Problem(
        objective=f,
        x0=np.full(d, 3.0),
        L_i=exact(f.component_smoothness, "||H_i||"),
        L=exact(f.eigenvalues[-1], "lambda_max(H)"),
        mu=exact(f.eigenvalues[0], "lambda_min(H)"),
        f_inf=f.infimum(f.minimiser, f.eigenvalues[0], "normal equations"),
        claims=residual,
        x_star=f.minimiser,
        properties=frozenset({"convex", "strongly-convex"}),
        source="Gower, Sebbouh, Loizou 2021 (expected residual); constants re-derived",
    )


def bends(pairs: int, d: int, spread: float, rng: np.random.Generator) -> list[np.ndarray]:
    """Random symmetric matrices with the eigenvalues spread and -spread, the others between."""
    found = []
    for _ in range(pairs):
        V = orthonormal(d, d, rng)
        found.append((V * np.append(rng.uniform(-spread, spread, d - 2), [spread, -spread])) @ V.T)
    return found
