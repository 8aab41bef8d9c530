"""Tilted sines, f_i(x) = F(x) + c_i.x: not convex, PL, exactly bounded variance.

F(x) = sum_j w_j (y_j^2 + 3 sin^2 y_j) with y = Q x, Q orthogonal, w from 1/condition to 1; sum c_i = 0 and
mean ||c_i||^2 = noise^2; so f = F.

Constants: every f_i has the Hessian of F, Q^T diag(w_j (2 + 6 cos 2 y_j)) Q, so L_i = L = 8 max w, attained at 0.
With u(t) = t^2 + 3 sin^2 t and u'^2 >= 2 mu_1 u, mu_1 = 0.17553098587 (see sine-1d):
||grad F||^2 = sum w_j^2 u'(y_j)^2 >= 2 mu_1 min w F.  F* = 0 at 0.
Without its sines f_i is a parabola below it, so inf f_i >= -(1/4) sum_j (Q c_i)_j^2/w_j.
The noise does not depend on x: with m = (1/n) sum v_i, E||g||^2 = E m^2 ||grad f||^2 + (1/n^2) sum w_i ||c_i||^2 for
every law whose w is constant; so A = 0, and B = 1 unless the sampling is independent (`Tilted.expected_residual`).
"""

import numpy as np

from samtheory import Problem, SineSum, Tilted, exact
from samtheory.errors import nonnegative, whole
from samtheory.objectives.losses import Sine
from samtheory.objectives.synthetic import centred, log_spaced, orthonormal


def problem(n: int = 6, d: int = 2, condition: float = 2.0, noise: float = 1.0, seed: int = 0) -> Problem:
    n, d, noise = whole("param n", n, 2), whole("param d", d, 1), nonnegative("param noise", noise)
    rng = np.random.default_rng(whole("param seed", seed))
    w, Q, c = log_spaced(d, condition), orthonormal(d, d, rng), centred(n, d, noise, rng)
    f = Tilted(SineSum(w, Q, a=3.0), c)
    L = 8 * w.max()
    return Problem(
        objective=f,
        x0=Q.T @ np.full(d, 3.0),
        L_i=exact(np.full(n, L), "8 max w"),
        L=exact(L, "8 max w"),
        mu=exact(Sine.PL * w.min(), f"{Sine.PL} min w"),
        f_inf=exact(0.0, "F(0) = 0"),
        f_i_inf=exact(-((c @ Q.T) ** 2) @ (1 / w) / 4, "-(1/4) sum_j (Q c_i)_j^2/w_j, a lower bound"),
        claims=f.expected_residual,
        x_star=np.zeros(d),
        source="closed formulas; Karimi, Nutini, Schmidt 2016 for F",
    )
