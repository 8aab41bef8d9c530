"""The symbols of a step and of a recursion, and which are not negative: a part of every statement.

x is fixed.  The draw v gives g = g_v(x), y = x + rho (a + lam/||g||) g, h = g_v(y) = g + e, x+ = x - gamma h.
"""

from __future__ import annotations

import sympy as sp

from samtheory.theorems import symbols as s

from .facts import Fact, a, assume, define
from .vectors import function, norm, number, vector

grad, g, e = vector("∇f"), vector("g", random=True), vector("e", random=True)
h = g + e

#: The mean over the draw, of what is left after linearity.
E = sp.Function("E", real=True)

G, M = define("G", norm(grad) ** 2), define("M", E(norm(g) ** 2))
D, k = define("D", s.D), define("k", s.k)

#: f(x) - f*, and f(x+) - f*.
delta, new = number("δ", nonnegative=True), number("δ⁺", drawn=True, nonnegative=True)
delta_new = E(new)

#: The smoothness of the sampled function.
L_v = number("L_v", drawn=True, nonnegative=True)

#: The time, E f(x_t) - f* and E||grad f(x_t)||^2.
t, T = sp.Symbol("t", integer=True, nonnegative=True), sp.Symbol("T", integer=True, positive=True)
gap_at, grad2_at = function("δ"), function("G")

#: Caps of rho_t and gamma_t, and the time at which the second is reached.
rho_hat, gamma_hat = sp.Symbol("ρ̂", nonnegative=True), sp.Symbol("γ̂", positive=True)
t0 = sp.Symbol("t₀", integer=True, nonnegative=True)

#: The free numbers of Young's inequalities.
b1, b2, b3, theta, q = sp.symbols("b₁ b₂ b₃ θ q", positive=True)

positive = (
    T,
    b1,
    b2,
    b3,
    theta,
    q,
    gamma_hat,
    s.L,
    s.L_max,
    s.L_avg,
    s.mu,
    s.Lambda,
    s.Lambda1,
    s.Lambda2,
    s.gamma,
    s.epsilon,
)
nonnegative = (rho_hat, t0, s.A, s.B, s.C, s.Lcal, s.R, s.sigma2, s.rho, s.lam, a, s.delta0, t)

SIGNS: dict[sp.Symbol, Fact] = {
    **{symbol: assume("sign", f"{symbol} > 0", 0, "<", symbol) for symbol in positive},
    **{symbol: assume("sign", f"{symbol} >= 0", 0, "<=", symbol) for symbol in nonnegative},
}
