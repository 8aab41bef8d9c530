"""The symbols of the formulas, named as in `constants.Constants` and the paper."""

import sympy as sp

from samtheory.constants import signs


def constant(name: str) -> sp.Symbol:
    """The symbol of a constant that an assumption introduces."""
    return sp.Symbol(name, **{signs()[name]: True})


L, L_max, L_avg, mu = map(constant, ("L", "L_max", "L_avg", "mu"))
Lambda, Lambda1, Lambda2 = map(constant, ("Lambda", "Lambda1", "Lambda2"))
A, B, C = map(constant, ("A", "B", "C"))
gamma, epsilon = sp.symbols("gamma epsilon", positive=True)
rho, lam, delta0 = sp.symbols("rho lam delta0", nonnegative=True)

#: The free numbers of Young's inequalities.
b1, b2, b3, theta, q = sp.symbols("b1 b2 b3 theta q", positive=True)
#: The free number of the bonus, and the share of PL at y in a bound on ||grad f(y)||, at most 1.
bonus, share = sp.symbols("bonus share", nonnegative=True)

#: a = 1 - lam and D = B mu + A, the paper's shorthands.
a = 1 - lam
D = B * mu + A

#: Around a minimiser: expected smoothness, centred expected smoothness, noise.
Lcal, R, sigma2 = map(constant, ("Lcal", "R", "sigma2"))
#: A biased step.
b, c, A_h, B_h, C_h = map(constant, ("b", "c", "A_h", "B_h", "C_h"))
#: k = D/mu, for which E||g||^2 <= k ||grad f||^2 + C under PL.
k = D / mu


def largest(*values: sp.Expr) -> sp.Expr:
    """Max(values), as it is written: SymPy takes long to find out which of them it may leave out."""
    return sp.Max(*values, evaluate=False)


def smallest(*values: sp.Expr) -> sp.Expr:
    """Min(values), as it is written."""
    return sp.Min(*values, evaluate=False)
