"""The paper's one-step inequality, from which 3.2, 3.5 and 3.7 follow.

E f(x+) - f(x) <= -gamma (1 - Lambda rho/2) ||grad f||^2 + c2 E||g||^2 + c0 at every x, for any rho >= 0, gamma > 0
(Oikonomou & Loizou, ICLR 2025, proof of Theorem 3.2; L is that of f, Lambda the essential supremum of L_v).
With E||g||^2 <= 2A delta + B ||grad f||^2 + C it becomes E delta+ <= (1 + alpha) delta - s ||grad f||^2 + nu.
"""

from .symbols import A, B, C, L, Lambda, a, gamma, lam, rho

# gamma stands in front: gamma^2 could underflow where gamma L does not.
c2 = gamma * (Lambda * rho * a**2 + L * gamma * (1 + 2 * (Lambda * rho * a) ** 2))
c0 = gamma * lam**2 * Lambda * rho * (1 + 2 * L * gamma * Lambda * rho)

alpha = 2 * A * c2
s = gamma * (1 - Lambda * rho / 2) - B * c2
nu = c2 * C + c0
