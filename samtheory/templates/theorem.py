"""Full batch, PL, USAM: replace this line by the title of your theorem.

State the theorem and its proof here. This one follows from three facts about f and y = x + rho grad f(x):

    f(x+) <= f - gamma <grad f, grad f(y)> + (L gamma^2/2) ||grad f(y)||^2    (f is L-smooth)
    ||grad f(y) - grad f(x)|| <= L rho ||grad f(x)||                          (the same)
    ||grad f(x)||^2 >= 2 mu (f - f*)                                          (PL)

A statement is four formulas: the largest rho, the largest gamma for a rho, and the two of the one-step inequality

    E f(x+) - f* <= contraction (f(x) - f*) + noise.

The symbols are those of the paper: L, L_max, L_avg, Lambda, Lambda1, Lambda2, mu, A, B, C, gamma, rho, lam, and
a = 1 - lam, D = B mu + A. Write a fraction of numbers as sp.Rational(1, 2), not 1 / 2. Then

    samtheory explain THIS_FILE.py                    the statement with its formulas
    samtheory rates ridge --theorem THIS_FILE.py      the guarantee on a problem
    samtheory falsify THIS_FILE.py                    search for a counterexample
    samtheory verify --theorem THIS_FILE.py           verify it on every problem of the catalogue
"""

import sympy as sp

from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.symbols import L, gamma, mu, rho

rho_max = 1 / L
gamma_max = (1 - L * rho) / (L * (1 + L * rho) ** 2)
contraction = 1 - gamma * mu * (1 - L * rho)
noise = sp.Integer(0)

# For a bound without a linear rate, or on another quantity than f - f*: `samtheory.theorems.forms.descent.Descent`, of
# one inequality E V+ <= (1 + growth) V - descent W + noise. Where formulas are not enough, subclass
# `samtheory.theorems.base.Theorem`; every file in samtheory/theorems/ is an example.
theorem = ConstantSteps(
    key="mine/usam",
    title="PL, full batch, USAM",  # one line for listings
    source="this file",  # the paper and the number of the theorem
    status="ours",  # or "paper", "as remembered"
    assumptions=("smooth", "PL", "full-batch"),  # words of samtheory.constants.ASSUMPTIONS
    measure="gap",  # the bounded quantity: f(x_t) - f*
    statement="f(x_t) − f* ≤ (1 − γμ(1 − Lρ))^t (f(x₀) − f*) for Lρ < 1, γ ≤ (1 − Lρ)/(L(1 + Lρ)²)",
    only=0.0,  # the lam that the theorem covers; without this line every lam in [0, 1]
    rho_max=rho_max,
    gamma_max=gamma_max,
    contraction=contraction,
    noise=noise,
)
