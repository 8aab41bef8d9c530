"""Dai, Ahn & Sra, Theorem 1, for gamma <= 1/L: `ours_sam_convex` at lam = 1."""

from ..theorems.dai_2023_1 import theorem
from ..theorems.symbols import lam, mu
from . import ours_sam_convex as proved
from .descents import Formulas
from .facts import a, define, step
from .lemmas import instance
from .proof import Proof
from .recursion import unrolled

sam = {a: 0, lam: 1}
stated = Formulas(theorem)


def special(fact):
    return instance("λ = 1", fact, sam)
