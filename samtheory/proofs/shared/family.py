"""The family of one-step bounds below the master inequality: Young's inequality with free b1, b2, b3, and the bonus."""

from samtheory.theorems.forms import family
from samtheory.theorems.symbols import A, B, C, L, b1, b2, b3, mu
from samtheory.theorems.symbols import bonus as sigma

from ..kernel.rules import mean, square, step
from ..language.terms import E, G, define, delta, h, new
from ..setting import ER, x_plus
from .bonus import bonus, half
from .master import kappas, one_step, root_G, root_M, terms

grounds = family.Grounds(A, B, C, mu, L)
growth, slope, rest = (
    define(name, part) for name, part in zip("pqr", family.member(kappas, grounds, (b1, b2, b3)), strict=True)
)
_, k1, k2, k3, k4, _ = kappas
young = {
    square(b1 * root_G - root_M): k1 / (2 * b1),
    square(b2 * root_G - 1): k2 / (2 * b2),
    square(b3 * root_M - 1): k4 / (2 * b3),
    ER: k3 + (k1 / b1 + k4 * b3) / 2,
}  # fmt: skip
member = step("a member", E(new), "<=", (1 + growth) * delta + slope * G + rest, {one_step: 1, **young})

# With the bonus, for any sigma >= 0.
heavy, more = 1 + sigma * mu / (2 * L * (1 + sigma)), 1 + sigma / 2
growth_bonus, slope_bonus, rest_bonus = (
    define(f"{name}′", part)
    for name, part in zip(
        "pqr", family.member(family.with_bonus(kappas, grounds, sigma), grounds, (b1, b2, b3)), strict=True
    )
)
member_bonus = step(
    "a member with its bonus", E(new), "<=", (1 + growth_bonus) * delta + slope_bonus * G + rest_bonus,
    {
        mean(bonus(half, x_plus, h, 1 + sigma)): 1 / heavy, terms: more / heavy,
        **{fact: m * more / heavy for fact, m in young.items()},
    },
)  # fmt: skip
