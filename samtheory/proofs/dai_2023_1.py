"""Dai, Ahn & Sra, Theorem 1, for gamma <= 1/L: `ours_sam_convex` at lam = 1."""

from samtheory.theorems.dai_2023_1 import theorem
from samtheory.theorems.symbols import L, gamma, lam, rho

from . import ours_sam_convex as proved
from .kernel.rules import instance, step
from .language.terms import a, define
from .proof import Proof

noise = step(
    "the noise of SAM", define("ν at λ = 1", theorem.noise.subs(lam, 1)), "=", L**3 * (gamma * rho) ** 2 / 2, {}
)

sam = {a: 0, lam: 1}
one, bound = (instance("at λ = 1", fact, sam) for fact in (proved.proof.one[0], proved.proof.bounds[0]))

proof = Proof(theorem, (one,), (bound,), (noise,))
