"""R1, R2, full batch: a weighted sum of inequalities at x, y, x+ and z, what is left of it a sum of squares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from samtheory.theorems.forms import certificate, certified
from samtheory.theorems.numbers import number
from samtheory.theorems.ours_certified import theorem
from samtheory.theorems.plan import Plan
from samtheory.theorems.symbols import L, gamma, mu, rho

from .kernel.analysis import one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, hypothesis, instance, square, step
from .language.terms import E, a, define, delta, dot, grad, new, spelt_out
from .proof import Proof
from .setting import PL, PL_at, d, f, here, p, rests, towards, whole_step
from .shared.bonus import between
from .shared.full_batch import h, move, nonzero, root_G, zero

of = certificate.Multipliers.of("")
r = certificate.Interval(*sp.symbols("low high keep", nonnegative=True))
unit, noise = certificate.unit, certificate.noise
after = f.gradient(move)
z = (p + move) / 2 - (h - after) / (2 * L)
points = {"x": here, "y": p, "z": z, "n": move}
#: The vectors of the quadratic form, and its coefficients, by their names.
U = h, after, f.gradient(z), grad, (unit / root_G) * grad
matrix = certificate.matrix(of, r, gamma * L, a * L * rho, mu / L, certificate.omega)
pairs = [(i, j) for i in range(5) for j in range(i, 5)]
M = {(i, j): define(f"M_{i + 1}{j + 1}", sp.expand(matrix[i, j])) for i, j in pairs}
form = sum((1 if i == j else 2) * M[i, j] * dot(U[i], U[j]) for i, j in pairs)

# The weighted sum.
from_below = hypothesis("‖∇f‖ ≥ low ωλLρ", "case", 0, "<=", root_G - r.low * unit)
from_above = hypothesis("‖∇f‖ ≤ high ωλLρ", "case", 0, "<=", r.high * unit - r.keep * root_G)
l_yz = hypothesis("l_yz ≥ 0", "parameters", 0, "<=", of.l_yz)
l_xn = hypothesis("l_xn ≥ 0", "parameters", 0, "<=", of.l_xn)
l_zn = step("l_zn ≥ 0", 0, "<=", of.l_zn, {l_yz: 1, ONE: of.p_z})
after_step = (1 - of.falls) * delta + of.zeta * noise


def with_direction(lhs: sp.Expr, rhs: sp.Expr, by: Mapping[Fact, Any]) -> dict[Fact, Any]:
    """The multipliers, and those of <v, y - x> = rho (a + lam/||grad f||) <v, grad f> that make the sides equal."""
    found, left = dict(by), sp.expand(spelt_out(rhs - lhs - sum(m * fact.gap for fact, m in by.items())))
    for v in (p, grad, d, after, U[2]):
        along = towards(v)
        found[along] = -left.coeff(along.lhs)
        left = sp.expand(left - found[along] * spelt_out(along.gap))
    return found


weighted = with_direction(
    E(new) + spelt_out(form) / L, after_step,
    {
        whole_step: 1, from_below: of.eta / L * from_above.gap,
        **{between(f, points[ij[0]], points[ij[1]]): m for ij, m in of.pairs.items()},
        **{PL if i == "x" else PL_at(points[i]): m / (2 * mu) for i, m in of.slopes.items()},
    },
)  # fmt: skip
summed = step("the weighted sum", E(new) + form / L, "<=", after_step, weighted, nonzero, from_above, l_yz, l_xn, l_zn)

# M = K D K^T + 4 epsilon, K lower triangular with diagonal 1 and D >= 0, up to epsilon in every entry, is positive.
pivots = sp.symbols("D_1:6", nonnegative=True)
factors = {(k, i): sp.Symbol(f"K_{i + 1}{k + 1}", real=True) for k, i in pairs if k < i}
error = sp.Symbol("ε_K", nonnegative=True)
columns: dict[Fact, Any] = {}
for k in range(5):
    column = U[k]
    for i in range(k + 1, 5):
        column = column + factors[k, i] * U[i]
    columns[square(column, nonzero)] = pivots[k]
near: list[Fact] = []
for i, j in pairs:
    rest = M[i, j] - sum(pivots[k] * factors.get((k, i), 1) * factors.get((k, j), 1) for k in range(i + 1))
    for sign in (0,) if i == j else (1, -1):
        gap = rest - 4 * error if i == j else error + sign * rest
        near.append(fact := hypothesis("the factors of M", "parameters", 0, "<=", gap))
        columns[square(U[i] + sign * U[j], nonzero)] = gap if i == j else gap / 2
positive = step("M is positive semidefinite", 0, "<=", form, columns, nonzero, *near)
moving = step("where ∇f ≠ 0", E(new), "<=", after_step, {summed: 1, positive: 1 / L}, nonzero)
still = step(
    "where ∇f = 0", E(new), "<=", after_step,
    {rests: 1, PL: of.falls / (2 * mu), zero: -of.falls / (2 * mu) * root_G, ONE: of.zeta * noise}, zero,
)  # fmt: skip
certificate_ = cases("a certificate", (moving, nonzero), (still, zero))

# Every length of grad f is in one of the intervals.
own = (*pivots, error, *factors.values())


def numbered(j: int) -> dict[sp.Symbol, sp.Symbol]:
    """The symbols of the factors of the j-th interval."""
    return {each: type(each)(f"{each.name}_{j}", **each.assumptions0) for each in own}


intervals = range(1, certified.INTERVALS + 1)
after_each = [(1 - each.falls) * delta + each.zeta * noise for each in map(certified.names, intervals)]
largest = define("the largest", sp.Max(*after_each, evaluate=False))


def on_interval(j: int) -> Fact:
    """The certificate of the j-th interval."""
    first, last = j == 1, j == certified.INTERVALS
    values = {**dict(zip(of, certified.names(j), strict=True)), **numbered(j)}
    values |= {r.low: sp.Integer(0) if first else certified.cuts[j - 2], r.keep: sp.Integer(not last)}
    values |= {r.high: sp.Integer(1) if last else certified.cuts[j - 1]}
    given = ({} if first else {from_below: beyond[j - 2]}) | ({} if last else {from_above: before[j - 1]})
    found = instance(f"on interval {j}", certificate_, values, given)
    return step(f"on interval {j}", E(new), "<=", largest, {found: 1, one_of(largest, after_each[j - 1]): 1})


before = [hypothesis(f"‖∇f‖ ≤ {cut} ωλLρ", "case", 0, "<=", cut * unit - root_G) for cut in certified.cuts]
beyond = [hypothesis(f"‖∇f‖ ≥ {cut} ωλLρ", "case", 0, "<=", root_G - cut * unit) for cut in certified.cuts]
one = on_interval(certified.INTERVALS)
for j in range(certified.INTERVALS - 1, 0, -1):
    one = cases(f"from interval {j} on", (on_interval(j), before[j - 1]), (one, beyond[j - 1]))


@cache
def factorised(numbers: tuple[float, ...], multipliers: tuple[float, ...]) -> dict[sp.Symbol, float]:
    """K, D and epsilon of a certificate with these t, nu, m, omega, low, high, keep and multipliers."""
    build, *_ = certified.formulas()
    first, *others = (np.array(each) for each in build(*numbers))
    S = first + sum(x * each for x, each in zip(multipliers, others, strict=True))
    small = float(np.linalg.eigvalsh(S)[0]) / 10
    C = np.linalg.cholesky(S - 5 * small * np.eye(5))
    found = {error: small, **{pivots[k]: float(C[k, k] ** 2) for k in range(5)}}
    return found | {factors[k, i]: float(C[i, k] / C[k, k]) for k, i in factors}


def value(j: int, symbol: sp.Symbol) -> Callable[[Plan, float], float]:
    """The value of a symbol on the j-th interval in a plan."""

    def of_plan(plan: Plan, start: float) -> float:
        values = {**plan.constants.values(), **dict(zip(("gamma", "rho", "lam"), plan.schedule.at(0), strict=True))}
        free = {name: float(each.flat[0]) for name, each in plan.free(start, 0, 1).items()}
        ends = [0.0, *(free[str(cut)] for cut in certified.cuts), 1.0]
        numbers = [number(each, values) for each in (certificate.t, certificate.nu, certificate.m)]
        numbers.append(free[str(certificate.omega)])
        numbers += [*ends[j - 1 : j + 1], float(j < certified.INTERVALS)]
        return factorised(tuple(numbers), tuple(free[str(each)] for each in certified.names(j)))[symbol]

    return of_plan


values = {
    named: value(j, symbol) for j in intervals for symbol, named in numbered(j).items()
}  # fmt: skip
proof = Proof(theorem, (one,), values=values)
