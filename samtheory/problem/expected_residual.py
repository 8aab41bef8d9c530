"""Expected-residual constants of one problem that are sharper than the textbook's.

Any triple (A, B, C) is valid in every theorem, and which is best depends on the steps: they are offered side by side.
"""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constant, ExpectedResidual, exact, labelled, weakest
from samtheory.objectives.base import FiniteSum
from samtheory.sampling.law import Law

from .problem import Problem

#: s of the triples ((1 + s) A, B, (1 + 1/s) sigma2).
SPREADS = (0.03, 0.1, 0.3, 1.0, 3.0)
#: The most numbers in all Hessians together.
SIZE = 2_000_000


def sharp_residuals(problem: Problem, law: Law) -> list[ExpectedResidual]:
    """Valid expected residuals of the problem under `law`: its own first, then sharper ones where they are known.

    Convex f_i with a known minimiser: ((1+s) A, B, (1+1/s) sigma2) for several s > 0.  Quadratics: the smallest C for
    several A above the smallest that goes with the law's B.
    """
    own = problem.expected_residual(law)
    found = [] if own is None else [own]
    around = problem.expected_smoothness(law)
    if law.deterministic or around is None:
        return found
    _, A, sigma2 = around
    B = exact(law.B, law.form)
    for s in SPREADS if sigma2 > 0 else (0.0,):
        noise = (1 + 1 / s) * sigma2 if s else 0.0
        known = weakest([A, sigma2])
        found.append(
            ExpectedResidual(
                Constant((1 + s) * A, known, f"(1 + s) {law.A_form}, s = {s:g}, every f_i convex"),
                B,
                Constant(noise, known, f"(1 + 1/s) E||g(x*)||^2, s = {s:g}"),
            )
        )
    if problem.x_star is not None and (hessians := component_hessians(problem.objective)) is not None:
        at_minimum = problem.objective.gradients(problem.x_star[None])[0] * (sigma2 > 0)
        found += frontier(hessians, at_minimum, law, B)
    return found


def component_hessians(f: FiniteSum) -> Array | None:
    """The H_i of quadratic f_i, shape (n, d, d); None where they are not quadratic or too many numbers.

    Additive noise has its own constants, with A = 0, which no triple of the H_i alone improves.
    """
    if f.n * f.d**2 > SIZE or f.as_tilted() is not None:
        return None
    hessians = f.hessians()
    return None if hessians is None else hessians.each()


def frontier(H_i: Array, at_minimum: Array, law: Law, B: Constant) -> list[ExpectedResidual]:
    """The smallest C for A a little above the smallest that the quadratic allows.

    With z = x - x*, H = mean H_i and g_i* = grad f_i(x*), 2A delta + B||grad f||^2 + C - E||g||^2 is
    z^T R z - 2 b^T z + C - s2, where R = A H - Q, Q = (1/n^2) sum K_ij H_i H_j, b = (1/n^2) sum K_ij H_i g_j* and
    s2 = (1/n^2) sum K_ij <g_i*, g_j*>.  It is never negative exactly if R >= 0, b is in its range and
    C >= s2 + b^T R^+ b.
    """
    H, noise = H_i.mean(axis=0), law.spread(at_minimum) / law.n**2
    Q = np.einsum("nij,njk->ik", H_i, law.spread(H_i)) / law.n**2
    b = np.einsum("nij,nj->i", H_i, noise)
    s2 = float(np.sum(at_minimum * noise))
    values, vectors = np.linalg.eigh(H)
    curved = values > 1e-12 * values[-1]
    U = vectors[:, curved]
    root = U / np.sqrt(values[curved])
    least = float(max(0.0, np.linalg.eigvalsh(root.T @ Q @ root)[-1]))
    # Where some f_i is curved and f is not, no triple exists.
    if least == 0 or np.abs(Q - U @ (U.T @ Q)).max() > 1e-9 * np.abs(Q).max():
        return []
    found = []
    for s in SPREADS if s2 > 0 else (1e-9,):
        A = (1 + s) * least
        C = s2 + quadratic_form(A * H - Q, b, U) if s2 > 0 else 0.0
        found.append(
            ExpectedResidual(
                labelled("numerical", A, f"(1 + s) lambda_max(H^(-1/2) Q H^(-1/2)), s = {s:g}"),
                B,
                labelled("numerical", C * (1 + 1e-9), "s2 + b^T (A H - Q)^+ b"),
            )
        )
    return found


def quadratic_form(R: Array, b: Array, U: Array) -> float:
    """b^T R^+ b for an R that is positive definite on the span of U."""
    inside = U.T @ R @ U
    return float(U.T @ b @ np.linalg.solve(inside, U.T @ b))
