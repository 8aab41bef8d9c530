"""A constant of one fact is the norm of a random vector in the next."""

import sympy as sp

from samtheory.proofs.kernel.analysis import all_of, one_of
from samtheory.proofs.kernel.rules import ONE, mean, step
from samtheory.proofs.language.terms import DRAW, E, vector
from samtheory.proofs.setting import L_v

EXPECTED = "the name is taken"

c = sp.Symbol("‖z‖", nonnegative=True)
larger = sp.Max(c, L_v, evaluate=False)
parts = (step("", c, "<=", c + L_v, {ONE: L_v}), step("", L_v, "<=", c + L_v, {ONE: c}))
above = mean(all_of("larger", larger, c + L_v, *parts))
vector("z", DRAW)
step("false", E(c), "<=", c + E(L_v), {above: 1, mean(one_of(larger, c)): 1})
