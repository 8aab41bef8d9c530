"""What the theorems assume of the sampling and of f, beside smoothness (`smoothness`)."""

from __future__ import annotations

from samtheory.theorems.symbols import A, B, C, Lambda, Lambda1, Lambda2, lam, mu

from .facts import a, assume
from .lemmas import mean_of
from .symbols import E, G, L_v, M, delta, g, grad
from .vectors import dot

unbiased = assume("sampling", "E g = ∇f(x)", mean_of(dot(grad, g)), "=", G)
bounded = assume("sampling", "L_v ≤ Λ for every draw", L_v, "<=", Lambda)
mean_L = assume("sampling", "E L_v = Λ₁", E(L_v), "=", Lambda1)
square_L = assume("sampling", "E L_v² = Λ₂²", E(L_v**2), "=", Lambda2**2)

shares = assume("sign", "a = 1 - λ", a + lam, "=", 1)

ER = assume("ER", "expected residual", M, "<=", 2 * A * delta + B * G + C)
PL = assume("PL", "Polyak-Łojasiewicz", 2 * mu * delta, "<=", G)
