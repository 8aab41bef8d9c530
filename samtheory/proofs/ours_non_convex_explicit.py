"""R11: <v, e> >= -||v||^2/4 - ||e||^2 in the descent lemma, telescoped."""

import sympy as sp

from ..theorems import ours_non_convex_explicit as explicit
from ..theorems.symbols import A, B, C, L, Lambda, delta0, epsilon, gamma, lam, rho
from .descents import Formulas
from .facts import ONE, a, assume, define, in_a, square, step
from .lemmas import E_3, at_least, greatest, grows, jensen, mean, root
from .proof import Proof
from .setting import ER, shares, unbiased
from .smoothness import descends, length, within
from .symbols import SIGNS, G, M, delta, delta_new, e, g, grad, h, new, t
from .telescope import W, Weighted, m
from .vectors import dot, norm, number

part = sp.Rational
stated = Formulas(explicit.theorem)
K, bent = define("K", explicit.K), define("κ", explicit.bent)
