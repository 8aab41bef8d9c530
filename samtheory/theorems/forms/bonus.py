"""What the gradient at the next point adds to a one-step inequality: the *bonus*.

With p = grad f(x) - L gamma h, the descent lemma leaves out a square: for every L-smooth f

    f(x+) <= f(x) - gamma <grad f, h> + (L gamma^2/2) ||h||^2 - k/(2L) ||grad f(x+) - p||^2,   k = 1/2, or 1 if convex,

and ||grad f(x+) - p||^2 >= (1 - tau) ||grad f(x+)||^2 - (1/tau - 1) ||p||^2 for every tau > 0, tau = 1/(1 + sigma).  PL
at x+ then moves the first term to the left side.  Where ||p|| <= Pi ||grad f(x)|| the best tau is Pi/s, and

    f(x+) - f* <= s^2 (f(x) - f*),   (1 + m) s^2 = 2 m Pi s + 1 - m/k + m (1/k - 1) Pi^2,   m = k mu/L.
"""

from __future__ import annotations

import sympy as sp

from ..symbols import L, mu

#: k of the bonus: for every smooth f, and for convex f.
SMOOTH, CONVEX = sp.Rational(1, 2), sp.Integer(1)


def under_root(Pi: sp.Expr, k: sp.Rational) -> sp.Expr:
    """What the root in s is taken of."""
    return (L / k + mu) * (L - mu) + mu * (L * (1 / k - 1) + mu) * Pi**2


def root_rate(Pi: sp.Expr, k: sp.Rational) -> sp.Expr:
    """s, the root of the contraction factor of one step with ||p|| <= Pi ||grad f||, Pi < 1."""
    return (mu * Pi + sp.sqrt(1 / k) * sp.sqrt(under_root(Pi, k))) / (L / k + mu)
