"""The master inequality, which every bound of this project follows from.

For every x, rho >= 0, gamma > 0 and lam in [0, 1], with G = ||grad f(x)||^2 and M = E||g(x)||^2,

    E f(x+) - f(x) <= -kappa0 G + kappa1 sqrt(G M) + kappa2 sqrt(G) + kappa3 M + kappa4 sqrt(M) + kappa5.

Proof.  Pathwise ||g(y) - g(x)|| <= L_v rho (a ||g|| + lam), so
E||g(y) - g(x)|| <= rho (a Lambda2 sqrt(M) + lam Lambda1) and
sqrt(E||g(y)||^2) <= (1 + a rho Lambda) sqrt(M) + lam rho Lambda2; insert both in the descent lemma
E f(x+) <= f - gamma <grad f, E g(y)> + (L gamma^2/2) E||g(y)||^2.

Full batch: with b = L rho (a sqrt(G) + lam) >= ||grad f(y) - grad f(x)||, the right side of the descent lemma is
largest where grad f(y) - grad f(x) is along -grad f (gamma <= 1/L) or +grad f (gamma >= 1/L), of length b:

    f(x+) - f(x) <= -gamma sqrt(G) (sqrt(G) -+ b) + (L gamma^2/2) (sqrt(G) -+ b)^2,

which is the same form with M = 0.  It is attained by quadratics (USAM, gamma >= 1/L) and in one dimension.

For gamma <= 1/L the descent lemma is delta+ <= delta - (gamma/2)(||grad f||^2 - b^2 + (1 - L gamma) ||h||^2), where
||h||^2 is at least (sqrt(G) - b)^2, which gives the above, and by PL at y at least
2 mu (delta + rho (a sqrt(G) + lam) sqrt(G) - (L/2) rho^2 (a sqrt(G) + lam)^2).  Any mixture of both holds: a *share* of
the second; then what is added to delta is the last entry.  A kappa2 below 0 counts as 0 (`family.member`).
"""

import sympy as sp

from .symbols import L, Lambda, Lambda1, Lambda2, a, gamma, lam, mu, rho, share

stretch = 1 + a * rho * Lambda

master = (
    gamma,
    gamma * rho * a * Lambda2,
    gamma * rho * lam * Lambda1,
    L * gamma**2 / 2 * stretch**2,
    L * gamma**2 * stretch * lam * rho * Lambda2,
    L * gamma**2 / 2 * (lam * rho * Lambda2) ** 2,
)

#: -1 where gamma <= 1/L, +1 where gamma >= 1/L; at 1/L both agree.
sign = sp.Symbol("sign", real=True)
shortened = 1 + sign * a * L * rho

full_batch = (
    gamma * shortened * (1 - L * gamma * shortened / 2),
    sp.Integer(0),
    -sign * gamma * lam * L * rho * (1 - L * gamma * shortened),
    sp.Integer(0),
    sp.Integer(0),
    L * gamma**2 / 2 * (lam * L * rho) ** 2,
)

#: gamma (1 - L gamma) times the share of PL at y; 0 where gamma >= 1/L.
shared = share * (1 - sign) / 2 * gamma * (1 - L * gamma)
nu, straight = L * rho, 1 - a * L * rho
at_y = (
    full_batch[0] + shared * (mu * rho * a * (2 - a * nu) - straight**2) / 2,
    sp.Integer(0),
    full_batch[2] - shared * lam * straight * (mu * rho + nu),
    sp.Integer(0),
    sp.Integer(0),
    full_batch[5] + shared * (1 + mu / L) / 2 * (lam * nu) ** 2,
    -mu * shared,
)
