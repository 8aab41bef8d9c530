"""Gower et al. 2019, Theorem 3.1: strong convexity and the second moment in ||x+ - x*||^2 for x+ = x - gamma g."""

import sympy as sp

from samtheory.theorems.gower_2019_3_1 import theorem
from samtheory.theorems.symbols import Lcal, gamma, mu

from .kernel.rules import ONE, along, hypothesis, mean, sign, step
from .language.terms import E, V, define, delta, far, w
from .proof import Proof
from .setting import here, sgd_moves, strongly_convex, unbiased
from .shared.minimiser import Lcal_positive, mu_Lcal, second
from .shared.recursion import DISTANCE, unrolled

half = sp.Rational(1, 2)
q, noise = define("q", theorem.contraction), define("ν", theorem.noise)
small = hypothesis("γ ≤ 1/(2ℒ)", "steps", gamma * define("(1/γ_max)", 1 / theorem.gamma_max), "<=", 1)
strong = strongly_convex(here, -w)
one = step(
    "one step", E(far), "<=", q * V + noise,
    {mean(sgd_moves): 1, strong: 2 * gamma, unbiased(w): -2 * gamma, second: gamma**2, small: 2 * gamma * delta},
)  # fmt: skip
contracts = step("q ≥ 0", 0, "<=", q, {small: mu / (2 * Lcal), mu_Lcal: 1 / (2 * Lcal), ONE: half}, Lcal_positive)
shrinks = step("q < 1", 0, "<", 1 - q, {sign(gamma): mu})
bound, *more = unrolled(along(one), q, noise / (1 - q), contracts, shrinks, of=DISTANCE)

proof = Proof(theorem, (one,), (bound,), tuple(more))
