"""Logistic regression, f_i(x) = log(1 + exp(-b_i a_i.x)) + (reg/2)||x||^2, labels b_i = -1, +1: strongly convex.

Synthetic rows: Gaussian a_i, the half with the larger a_i.x_true + noise labelled +1.  With rows of your own, `n`, `d`,
`noise` and `seed` play no part; labels may be -1/1, 0/1 or 1/2 and are mapped to -1/+1.

Constants: phi(t) = log(1 + exp(-t)) has 0 < phi'' <= 1/4, attained at t = 0; so L_i = ||a_i||^2/4 + reg and
L = lambda_max(A^T A)/(4n) + reg, both attained at x = 0.  mu = reg, the strong convexity of the regulariser.
f* by Newton: f is reg-strongly convex, so f* >= f(x) - ||grad f(x)||^2/(2 reg), below rounding for the gradient stated.
inf f_i is on the line of a_i; by bisection, and lowered by the same kind of bound.
"""

import numpy as np

from samtheory import LinearModel, Problem, exact, numerical
from samtheory.errors import nonnegative, positive, whole
from samtheory.io.rows import signed_labels
from samtheory.objectives.synthetic import labelled_rows


def problem(rows, reg: float = 0.1) -> Problem:
    A, b = rows
    f = LinearModel(A, signed_labels(b), "logistic", positive("param reg", reg))
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "||a_i||^2/4 + reg"),
        L=exact(f.smoothness, "lambda_max(A^T A)/(4n) + reg"),
        mu=exact(f.reg, "reg"),
        f_inf=f.infimum(f.minimiser, f.reg, "Newton"),
        f_i_inf=numerical(f.component_infima, "bisection along a_i, lowered by |F'|^2/(2m), F m-strongly convex"),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
        source="closed formulas; f* by Newton",
    )


def synthetic(n: int = 8, d: int = 3, noise: float = 0.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    n, d, noise = whole("param n", n, 2), whole("param d", d, 1), nonnegative("param noise", noise)
    return labelled_rows(n, d, noise, np.random.default_rng(whole("param seed", seed)))
