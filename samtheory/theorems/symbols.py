"""The symbols of the formulas, named as in `constants.Constants` and the paper."""

import sympy as sp

L, L_max, L_avg, mu = sp.symbols("L L_max L_avg mu", positive=True)
Lambda, Lambda1, Lambda2 = sp.symbols("Lambda Lambda1 Lambda2", positive=True)
A, B, C = sp.symbols("A B C", nonnegative=True)
gamma, epsilon = sp.symbols("gamma epsilon", positive=True)
rho, lam, delta0 = sp.symbols("rho lam delta0", nonnegative=True)

#: a = 1 - lam and D = B mu + A, the paper's shorthands.
a = 1 - lam
D = B * mu + A

#: Around a minimiser, see `constants`: expected smoothness, centred expected smoothness, noise.
Lcal, R, sigma2 = sp.symbols("Lcal R sigma2", nonnegative=True)
#: k = D/mu, for which E||g||^2 <= k ||grad f||^2 + C under PL.
k = D / mu


def largest(*values: sp.Expr) -> sp.Expr:
    """Max(values), as it is written: SymPy takes long to find out which of them it may leave out."""
    return sp.Max(*values, evaluate=False)


def smallest(*values: sp.Expr) -> sp.Expr:
    """Min(values), as it is written."""
    return sp.Min(*values, evaluate=False)
