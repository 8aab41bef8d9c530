"""The descent lemma of `ours_biased`, telescoped by the weights (1 + L gamma^2 A')^-t."""

from samtheory.theorems.ours_biased_non_convex import theorem
from samtheory.theorems.symbols import b, gamma

from .kernel.rules import hypothesis, sign, step
from .language.terms import define
from .ours_biased import lemma
from .proof import Proof
from .shared.descents import Formulas
from .shared.telescope import Weighted

stated = Formulas(theorem)
one = step("one step", *stated.one_step, {lemma: 1})
small = hypothesis("γ ≤ b/(LB′)", "steps", gamma * define("(1/γ_max)", 1 / theorem.gamma_max), "<=", 1)
falls = step("s > 0", 0, "<", stated.descent, {small: gamma * b / 2, sign(b): gamma / 2})
weighted = Weighted(one, stated.growth, stated.descent, stated.noise, falls)

proof = Proof(theorem, (one,), (weighted.bound,), (weighted.closed,))
