"""The family of one-step bounds below the master inequality: Young's inequality with free b1, b2, b3 > 0."""

from samtheory.theorems.forms import family
from samtheory.theorems.symbols import A, B, C, L, b1, b2, b3, mu

from ..kernel.rules import square, step
from ..language.terms import E, G, define, delta, new
from ..setting import ER
from .master import kappas, one_step, root_G, root_M

grounds = family.Grounds(A, B, C, mu, L)
growth, slope, rest = (
    define(name, part) for name, part in zip("pqr", family.member(kappas, grounds, (b1, b2, b3)), strict=True)
)
_, k1, k2, k3, k4, _ = kappas
member = step(
    "a member", E(new), "<=", (1 + growth) * delta + slope * G + rest,
    {
        one_step: 1,
        square(b1 * root_G - root_M): k1 / (2 * b1),
        square(b2 * root_G - 1): k2 / (2 * b2),
        square(b3 * root_M - 1): k4 / (2 * b3),
        ER: k3 + (k1 / b1 + k4 * b3) / 2,
    },
)  # fmt: skip
