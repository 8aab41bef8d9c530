"""Gower et al. 2019, Theorem 3.1: strong convexity and the second moment in ||x+ - x*||^2 for x+ = x - gamma g."""

import sympy as sp

from samtheory.theorems.gower_2019_3_1 import theorem
from samtheory.theorems.symbols import Lcal, gamma, mu

from .kernel.facts import ONE, assume, define, step
from .kernel.lemmas import along, mean_of
from .kernel.proof import Proof
from .kernel.symbols import SIGNS, delta, g, grad, t
from .kernel.vectors import dot
from .shared.distances import V0, V, V_at, start
from .shared.minimiser import Lcal_positive, mu_Lcal, second, w
from .shared.recursion import Sequence, unrolled

half = sp.Rational(1, 2)
q, noise = define("q", theorem.contraction), define("ν", theorem.noise)
new = define("V⁺", mean_of((w - gamma * g).norm2))
small = assume("steps", "γ ≤ 1/(2ℒ)", gamma * define("(1/γ_max)", 1 / theorem.gamma_max), "<=", 1)
strong = assume("strongly-convex", "strong convexity", delta + mu / 2 * V, "<=", dot(grad, w))
unbiased_w = assume("sampling", "E g = ∇f(x)", mean_of(dot(g, w)), "=", dot(grad, w))
one = step(
    "one step", new, "<=", q * V + noise,
    {strong: 2 * gamma, unbiased_w: -2 * gamma, second: gamma**2, small: 2 * gamma * delta},
)  # fmt: skip
contracts = step("q ≥ 0", 0, "<=", q, {small: mu / (2 * Lcal), mu_Lcal: 1 / (2 * Lcal), ONE: half}, Lcal_positive)
shrinks = step("q < 1", 0, "<", 1 - q, {SIGNS[gamma]: mu})
every = along(one, {new: V_at(t + 1), V: V_at(t)})

proof = Proof(theorem, (one, *unrolled(every, q, noise / (1 - q), contracts, shrinks, of=Sequence(V_at, V0, start))))
