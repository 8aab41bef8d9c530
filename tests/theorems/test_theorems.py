"""The formulas of the theorems, in exact arithmetic, against the paper's written out a second time."""

import math
from fractions import Fraction
from random import Random

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from samtheory.theorems import (
    chain,
    symbols,
    unified_sam_3_2,
    unified_sam_3_2_as_printed,
    unified_sam_3_3,
    unified_sam_3_4,
    unified_sam_3_5,
    unified_sam_3_7,
)


def numbers():
    """L <= Lambda, mu <= L, D >= mu, and everything else; A, B, C, rho may be 0, lam 0 or 1."""
    return st.builds(numbers_of, st.integers(0, 2**32))


def numbers_of(seed):
    rng = Random(seed)

    def some():
        return Fraction(rng.randint(1, 100), rng.randint(1, 50))

    def some_or_0():
        return some() if rng.random() < 0.7 else Fraction(0)

    mu = some()
    L = mu + some_or_0()
    A, B = rng.choice([(0, 1), (1, 0), (1, 1), (3, 2)])
    return {
        "L": L, "L_max": L + some_or_0(), "Lambda": L + some_or_0(), "mu": mu,
        "A": A * (mu + some_or_0()), "B": B * (1 + some_or_0()), "C": some_or_0(),
        "lam": rng.choice([Fraction(0), Fraction(1), Fraction(rng.randint(1, 19), 20)]),
        "rho": some_or_0(), "gamma": some(), "epsilon": some(), "delta0": some_or_0(), "T": rng.randint(1, 100),
    }  # fmt: skip


def exactly(expression, values):
    """The rational value of a SymPy expression of +, *, whole powers and Max."""
    if expression.is_Symbol:
        return Fraction(values[str(expression)])
    if expression.is_Rational:
        return Fraction(int(expression.p), int(expression.q))
    parts = [exactly(part, values) for part in expression.args]
    if expression.is_Pow:
        assert parts[1].denominator == 1, expression
        return parts[0] ** int(parts[1])
    return {sp.Add: sum, sp.Mul: math.prod, sp.Max: max}[expression.func](parts)


def test_exact_values_are_those_of_subs():
    values = {"mu": Fraction(1, 3), "Lambda": Fraction(7, 2), "A": Fraction(5, 3), "B": 1, "lam": Fraction(1, 7)}
    for formula in (unified_sam_3_2.rho_max, unified_sam_3_3.rho_simple, unified_sam_3_7.rho_max):
        by_subs = formula.subs({name: sp.Rational(value) for name, value in by_symbol(formula, values)})
        assert sp.Rational(exactly(formula, values)) == by_subs


def by_symbol(formula, values):
    return [(symbol, values[str(symbol)]) for symbol in formula.free_symbols]


def of_the_paper(L, Lambda, mu, A, B, C, lam, rho, gamma, **_):
    """rho*, gamma*(rho), N and the noise c2 C + c0 of Theorem 3.2."""
    a, D, r = 1 - lam, B * mu + A, Lambda * rho
    rho_star = mu / (Lambda * (mu + 2 * D * a**2))
    gamma_star = (mu - r * (mu + 2 * D * a**2)) / (2 * L * D * (1 + 2 * r**2 * a**2))
    N = (C * (L * gamma + r * a**2 + 2 * L * gamma * r**2 * a**2) + lam**2 * r * (1 + 2 * L * gamma * r)) / mu
    return rho_star, gamma_star, N, gamma * mu * N


@given(numbers())
def test_theorem_3_2(v):
    rho_star, gamma_star, N, noise = of_the_paper(**v)
    assert exactly(unified_sam_3_2.rho_max, v) == rho_star
    assert exactly(unified_sam_3_2.gamma_max, v) == gamma_star
    assert exactly(unified_sam_3_2.neighbourhood, v) == N
    assert exactly(unified_sam_3_2.theorem.noise, v) == noise
    assert exactly(unified_sam_3_2.theorem.contraction, v) == 1 - v["gamma"] * v["mu"]
    assert exactly(unified_sam_3_2.gamma_max, {**v, "rho": rho_star}) == 0


@given(numbers())
def test_theorem_3_2_as_printed_has_one_constant(v):
    printed = unified_sam_3_2_as_printed.theorem
    L_max = v["L_max"]
    rho_star, gamma_star, _, noise = of_the_paper(**{**v, "L": L_max, "Lambda": L_max})
    assert exactly(printed.rho_max, v) == rho_star
    assert exactly(printed.gamma_max, v) == gamma_star
    assert exactly(printed.noise, v) == noise
    a, lam, rho, gamma = 1 - v["lam"], v["lam"], v["rho"], v["gamma"]
    bracket = rho * (1 + 2 * gamma * L_max**2 * rho)
    N = L_max / v["mu"] * (v["C"] * (gamma + bracket * a**2) + bracket * lam**2)
    assert noise == gamma * v["mu"] * N


@given(numbers())
def test_corollary_3_4_is_the_full_batch(v):
    theorem = unified_sam_3_4.theorem
    L, a, lam, rho, gamma = v["L"], 1 - v["lam"], v["lam"], v["rho"], v["gamma"]
    assert exactly(theorem.rho_max, v) == 1 / (L * (1 + 2 * a**2))
    assert exactly(theorem.gamma_max, v) == (1 - L * rho * (1 + 2 * a**2)) / (2 * L * (1 + 2 * (L * rho * a) ** 2))
    assert exactly(theorem.noise, v) == gamma * L * lam**2 * rho * (1 + 2 * gamma * L**2 * rho)
    assert {str(s) for s in theorem.noise.free_symbols} <= {"L", "lam", "rho", "gamma"}


@given(numbers())
def test_corollary_3_3(v):
    mu, l, a, D = v["mu"], v["Lambda"], 1 - v["lam"], v["B"] * v["mu"] + v["A"]  # noqa: E741
    rho_s = (min(1, mu / (2 * D * a**2)) if a else 1) / (4 * l)
    assert exactly(unified_sam_3_3.rho_simple, v) == rho_s
    gamma_s = mu / (8 * v["L"] * D)
    assert exactly(unified_sam_3_3.gamma_simple, v) == gamma_s
    V = v["C"] * a**2 + Fraction(17, 16) * v["lam"] ** 2
    if V:
        assert exactly(unified_sam_3_3.rho_epsilon, v) == mu * v["epsilon"] / (4 * l * V)
    if v["C"]:
        assert exactly(unified_sam_3_3.gamma_epsilon, v) == 2 * mu * v["epsilon"] / (9 * v["L"] * v["C"])
    # They are steps of 3.2: rho_s < rho*, gamma_s <= 9/2 * 2/9 ... <= gamma*(rho_s).
    rho_star, gamma_star, _, _ = of_the_paper(**{**v, "rho": rho_s})
    assert rho_s < rho_star
    assert gamma_s <= Fraction(2, 9) * mu / (v["L"] * D) <= gamma_star


@given(numbers())
def test_the_steps_of_3_3_reach_epsilon_over_2(v):
    """N <= epsilon/2 at the corollary's steps, which is all its iteration count needs."""
    caps = {"rho": [unified_sam_3_3.rho_simple], "gamma": [unified_sam_3_3.gamma_simple]}
    if v["C"] or v["lam"]:
        caps["rho"].append(unified_sam_3_3.rho_epsilon)
    if v["C"]:
        caps["gamma"].append(unified_sam_3_3.gamma_epsilon)
    steps = {name: min(exactly(cap, v) for cap in several) for name, several in caps.items()}
    assert of_the_paper(**{**v, **steps})[2] <= v["epsilon"] / 2


@given(numbers())
def test_the_chain(v):
    """c2, c0 of (3.4), and alpha, s, nu that follow with the expected residual."""
    a, lam, gamma, L, r = 1 - v["lam"], v["lam"], v["gamma"], v["L"], v["Lambda"] * v["rho"]
    c2 = gamma * r * a**2 + L * gamma**2 * (1 + 2 * r**2 * a**2)
    c0 = lam**2 * (gamma * r + 2 * L * gamma**2 * r**2)
    assert exactly(chain.c2, v) == c2
    assert exactly(chain.c0, v) == c0
    assert exactly(chain.alpha, v) == 2 * v["A"] * c2
    assert exactly(chain.s, v) == gamma * (1 - r / 2) - v["B"] * c2
    assert exactly(chain.nu, v) == c2 * v["C"] + c0


def test_half_of_the_descent_is_left_at_the_largest_step():
    """2 mu s - alpha = gamma mu exactly at gamma*: this is where gamma* comes from."""
    left = (2 * symbols.mu * chain.s - chain.alpha - symbols.gamma * symbols.mu).subs(
        symbols.gamma, unified_sam_3_2.gamma_max
    )
    assert sp.simplify(left) == 0


@given(numbers())
def test_theorem_3_5(v):
    mu, l, a, C = v["mu"], v["Lambda"], 1 - v["lam"], v["C"]  # noqa: E741
    V = C * a**2 + v["lam"] ** 2
    assert exactly(unified_sam_3_5.V, v) == V
    assert exactly(unified_sam_3_5.K1, v) == l * V / mu + 4 * v["L"] / mu**2 * (C + 2 * l**2 * v["rho"] ** 2 * V)


@given(numbers())
def test_theorem_3_7(v):
    A, B, C, L, l, a = v["A"], v["B"], v["C"], v["L"], v["Lambda"], 1 - v["lam"]  # noqa: E741
    eps, delta0, T = v["epsilon"], v["delta0"], v["T"]
    V = C * a**2 + Fraction(7, 6) * v["lam"] ** 2
    assert exactly(unified_sam_3_7.horizon, v) == max(
        1,
        72 * max(B, 1) * L * delta0 / eps**2,
        144 * C * L * delta0 / eps**4,
        648 * A * L * delta0**2 / eps**4,
        5184 * A**2 * l**2 * a**4 * delta0**2 / eps**4,
    )
    squares = [exactly(cap**2, v) for cap in unified_sam_3_7.rho_caps[: 3 if V else 2]]
    expected = [Fraction(1, T), (1 / (2 * l * (1 + 2 * B * a**2))) ** 2, (eps**2 / (8 * l * V)) ** 2 if V else None]
    assert squares == expected[: len(squares)]
    caps = dict(zip(("largest", "alpha", "A", "C"), unified_sam_3_7.gamma_caps, strict=True))
    assert exactly(caps["largest"], v) == 1 / (6 * max(B, 1) * L)
    if A and a:
        assert exactly(caps["alpha"] ** 2, v) == (1 / (6 * A * l * a**2)) ** 2 / T
    if A:
        assert exactly(caps["A"] ** 2, v) == Fraction(2, 9) / (A * L * T)
    if C:
        assert exactly(caps["C"], v) == eps**2 / (12 * C * L)


@given(numbers())
def test_half_the_step_descends_in_3_7(v):
    """s >= gamma/2 for rho <= rho_max, gamma <= gamma_max: the theorem's first line of proof."""
    rho, gamma = (exactly(part, v) for part in (unified_sam_3_7.rho_max, unified_sam_3_7.gamma_max))
    for part in (Fraction(1), Fraction(1, 3)):
        at = {**v, "rho": part * rho, "gamma": gamma}
        assert exactly(chain.s, at) >= at["gamma"] / 2


@given(numbers(), numbers())
def test_larger_lam_allows_larger_steps(v, other):
    low, high = ({**v, "lam": lam} for lam in sorted((v["lam"], other["lam"])))
    low_rho, high_rho = (exactly(unified_sam_3_2.rho_max, at) for at in (low, high))
    assert low_rho <= high_rho
    for part in (Fraction(0), Fraction(1, 2), Fraction(9, 10)):
        steps = [exactly(unified_sam_3_2.gamma_max, {**at, "rho": part * low_rho}) for at in (low, high)]
        assert 0 < steps[0] <= steps[1]


@given(numbers())
def test_no_step_shrinks_more_than_half(v):
    """gamma* mu <= 1/2 as D >= mu (theory, Lemma 0.1): 1 - gamma mu needs no guard."""
    assert exactly(unified_sam_3_2.gamma_max, {**v, "rho": Fraction(0)}) * v["mu"] <= Fraction(1, 2)


# Theory, section 7: each special case of Theorem 3.2 as its row of the table says.

L, Lambda, mu, A, B, C, rho, gamma, lam = (
    symbols.L, symbols.Lambda, symbols.mu, symbols.A, symbols.B, symbols.C, symbols.rho, symbols.gamma, symbols.lam,
)  # fmt: skip
a, D, r = 1 - lam, B * mu + A, Lambda * rho
SPECIAL = {
    "SGD": ({rho: 0}, None, mu / (2 * L * D), L * gamma * C / mu),
    "bounded variance": (
        {A: 0, B: 1},
        1 / (Lambda * (1 + 2 * a**2)),
        (1 - r * (1 + 2 * a**2)) / (2 * L * (1 + 2 * r**2 * a**2)),
        (C * (L * gamma + r * a**2 + 2 * L * gamma * r**2 * a**2) + lam**2 * r * (1 + 2 * L * gamma * r)) / mu,
    ),
    "interpolation": ({C: 0}, None, None, lam**2 * r / mu * (1 + 2 * L * gamma * r)),
    "interpolation, USAM": ({C: 0, lam: 0}, None, None, 0),
    "deterministic": (
        {A: 0, B: 1, C: 0, Lambda: L}, 1 / (L * (1 + 2 * a**2)), None,
        L / mu * lam**2 * rho * (1 + 2 * gamma * L**2 * rho),
    ),
    "USAM": ({lam: 0}, mu / (Lambda * (mu + 2 * D)), None, C * (L * gamma + r + 2 * L * gamma * r**2) / mu),
    "SAM": (
        {lam: 1}, 1 / Lambda, mu * (1 - r) / (2 * L * D), (L * gamma * C + r * (1 + 2 * L * gamma * r)) / mu,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPECIAL.values(), ids=SPECIAL.keys())
def test_special_cases(case):
    where, *expected = case
    formulas = (unified_sam_3_2.rho_max, unified_sam_3_2.gamma_max, unified_sam_3_2.neighbourhood)
    for formula, wanted in zip(formulas, expected, strict=True):
        if wanted is not None:
            assert sp.simplify(formula.subs(where) - wanted) == 0
