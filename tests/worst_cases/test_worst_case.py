"""The worst case of a class: against closed forms, published numbers and another program."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.checker import inequalities
from samtheory.worst_cases.scan import Worst, worst
from samtheory.worst_cases.solver import Program, solve

pytest.importorskip("clarabel", reason="the extra `tightness`")

#: The solver's accuracy, with room.
CLOSE = 1e-6


def cell(kind: str, kappa: object, gamma: object, rho: object = 0, lam: object = 0, n: int = 1, steps: int = 1) -> Cell:
    return Cell(kind, *(Fraction(str(each)) for each in (kappa, gamma, rho, lam)), n, steps)


def left(asked: Cell, V: str = "gap", start: str | None = None, **changed: object) -> float:
    """The largest V_T from V_0 = 1."""
    start = start or V
    words = ({f"{V} {asked.steps}": 1}, {"start": {"1": 1, f"{start} 0": -1}})
    return solved({**asked.asked(start, *words), **changed}).upper


def level(asked: Cell) -> Worst:
    """The largest gap from which a step reaches it again, in L rho^2."""
    return solved(asked.asked("gap", {"gap 1": 1}, {"rise": {"gap 1": 1, "gap 0": -1}}))


def solved(plain: dict) -> Worst:
    found = worst(Program.of(plain))
    assert found is not None
    return found


@settings(max_examples=15)
@given(st.integers(2, 1000), st.fractions("1/10", "19/10"), st.fractions(0, 1), st.sampled_from(["gap", "distance2"]))
def test_strongly_convex_functions_are_no_worse_than_quadratics(kappa, gamma, rho, V) -> None:
    """For lam = 0 and rho (L - mu) <= 1; the theorem ours/usam-strongly-convex, of another proof."""
    gamma, rho = (each.limit_denominator(100) for each in (gamma, rho))
    mu = Fraction(1, kappa)
    quadratic = float(max((1 - gamma * c * (1 + rho * c)) ** 2 for c in (mu, Fraction(1))))
    found = left(cell("strongly-convex", kappa, gamma, rho), V)
    assert found == pytest.approx(quadratic, abs=CLOSE) if V == "distance2" else found >= quadratic - CLOSE


def test_beyond_rho_of_1_over_L_minus_mu_the_quadratic_rate_is_false() -> None:
    """||x+||^2/||x||^2 = max^2 + theta^2/(mu' + L')^2 at gamma = 2/(mu' + L'), theta = (L - mu)(rho (L - mu) - 1)."""
    mu, rho = Fraction(1, 10), Fraction(3)
    low, high = mu * (1 + rho * mu), 1 + rho
    gamma, theta = 2 / (low + high), (1 - mu) * (rho * (1 - mu) - 1)
    exact = ((high - low) ** 2 + theta**2) / (low + high) ** 2
    assert left(cell("strongly-convex", 10, gamma, rho), "distance2") == pytest.approx(float(exact), abs=CLOSE)


@pytest.mark.parametrize(("gamma", "nu", "T"), [("1/4", 0, 1), ("1/2", "1/2", 1), (1, "1/10", 2), (1, 0, 5)])
def test_the_smallest_gradient_of_a_smooth_function(gamma: object, nu: object, T: int) -> None:
    """min_{t <= T} ||grad f(x_t)||^2 from f(x_0) - f(x_T) = 1 is 1/(T sigma (1 - sigma/4)), sigma = gamma (1 - nu)."""
    given = {f"at {t}": {f"grad2 {t}": 1, "worst": -1} for t in range(T + 1)}
    start = {"start": {"1": 1, "gap 0": -1, f"gap {T}": 1}}
    found = solved(cell("smooth", 2, gamma, nu, steps=T).asked("gap", {"worst": 1}, {**given, **start})).upper
    sigma = float(Fraction(gamma)) * (1 - float(Fraction(nu)))
    # Nothing bounds f from above along a direction, where the solver's reduced accuracy is near 2e-4.
    assert found == pytest.approx(1 / (T * sigma * (1 - sigma / 4)), rel=1e-3)


#: PEPit 0.5.1, gradient_descent_quadratic_lojasiewicz_naive and _expensive, L = 1, mu = 0.1, one step: tau by gamma.
LOJASIEWICZ = {"1/4": (0.95368, 0.95215), "1/2": (0.91459, 0.90854), "1": (0.85714, 0.83352), "3/2": (0.87791, 0.85844)}


@pytest.mark.parametrize("gamma", LOJASIEWICZ)
def test_gradient_descent_under_pl_is_as_in_pepit(gamma: str) -> None:
    """The naive inequalities agree; PL at the middle of pairs gains what PEPit's matrix inequalities do, within 5 %."""
    naive, expensive = LOJASIEWICZ[gamma]
    asked = cell("pl", 10, gamma)
    assert left(asked, middles=[]) == pytest.approx(naive, abs=2e-5)
    assert 1 - left(asked) == pytest.approx(1 - expensive, rel=0.05)


@pytest.mark.parametrize(("gamma", "steps"), [("1/2", 1), ("1/2", 4), ("1", 1), ("1", 4)])
def test_the_last_iterate_of_gradient_descent_on_convex_functions(gamma: str, steps: int) -> None:
    """f(x_T) - f* <= ||x_0 - x*||^2/(2 (2 T gamma + 1)), L = 1 (Drori and Teboulle 2014, Theorem 3.1)."""
    found = left(cell("convex", 2, gamma, steps=steps), "gap", "distance2")
    assert found == pytest.approx(1 / (2 * (2 * steps * float(Fraction(gamma)) + 1)), rel=CLOSE)


@pytest.mark.parametrize("n", [2, 3])
def test_one_of_several_strongly_convex_components_that_share_a_minimiser(n: int) -> None:
    """E||x+ - x*||^2 <= (1 - gamma mu)^2 (PEPit 0.5.1, sgd_overparametrized)."""
    assert left(cell("strongly-convex", 10, 1, n=n), "distance2") == pytest.approx(0.81, abs=CLOSE)


#: (class, kappa, gamma): the level of SAM in L rho^2, by another program over a grid of r.
LEVELS = {
    ("pl", 10, "1/2"): 1.924, ("pl", 10, "1"): 5.0, ("convex-pl", 100, "1/2"): 5.5556, ("convex-pl", 10, "1"): 5.0,
    ("strongly-convex", 10, "1/2"): 0.16650, ("strongly-convex", 100, "1"): 8.65,
}  # fmt: skip


@pytest.mark.parametrize("setting", LEVELS, ids=str)
def test_the_level_of_sam(setting: tuple[str, int, str]) -> None:
    kind, kappa, gamma = setting
    found = level(cell(kind, kappa, gamma, "1/10", 1))
    assert found.lower <= found.upper * (1 + CLOSE) <= found.lower * 1.0011 + CLOSE
    assert found.upper == pytest.approx(LEVELS[setting], rel=2e-3)
    ends = [interval for interval, _ in found.leaves]
    assert (ends[0][0], ends[-1][1]) == (0, None)
    assert all(before[1] == after[0] for before, after in pairwise(ends)), "every r is covered"


@pytest.mark.parametrize(("low", "high"), [("1/2", "1/2"), ("1/2", "1"), ("3", "3"), ("3", "7"), ("3", None)])
def test_an_interval_holds_the_length_of_the_gradient(low: str, high: str | None) -> None:
    """In whatever units the interval is scaled to: r^2 is at most high^2, and -r^2 at most -low^2."""
    program = Program.of(cell("pl", 10, 1, "1/10", "1/2").asked("gap", {"grad2 0": 1}, {}))
    ends = Fraction(low), None if high is None else Fraction(high)
    most = solve(program.within(*ends)).value
    assert most == (np.inf if high is None else pytest.approx(float(Fraction(high)) ** 2, rel=CLOSE))
    falling = Program.of(cell("pl", 10, 1, "1/10", "1/2").asked("gap", {"grad2 0": -1}, {}))
    assert solve(falling.within(*ends)).value == pytest.approx(-(float(Fraction(low)) ** 2), rel=CLOSE)


def test_sam_has_the_scale_of_rho() -> None:
    """For lam = 1, the inequalities in units of rho do not know rho."""
    asked = [{**cell("pl", 10, 1, rho, 1).asked("gap", {"gap 1": 1}, {}), "interval": ("0", "inf")} for rho in (1, 7)]
    assert inequalities(asked[0]) == inequalities(asked[1])


@pytest.mark.parametrize("n", [1, 2])
def test_the_inequalities_hold_on_quadratics(n: int) -> None:
    """Every form is >= 0 at the points that the method visits on a member of the class."""
    rng = np.random.default_rng(0)
    for kind, low in (("pl", 0.1), ("convex-pl", 0.1), ("strongly-convex", 0.1), ("smooth", -1.0)):
        plain = cell(kind, 10, 1, "1/10", 0, n).asked("distance2", {"distance2 1": 1}, {})
        H = rng.uniform(low, 1.0, (n, 4))
        H[:, 0] = 0.1 if kind != "smooth" else 0.0
        if kind == "smooth":
            H = np.abs(H)  # bounded below
        assert min(values(plain, H, rng.standard_normal(4))) >= -1e-12, kind


def values(plain: dict, H: np.ndarray, x: np.ndarray) -> list[float]:
    """The inequalities of a cell, evaluated on f_i(x) = x^T diag(H_i) x/2."""
    n, gamma, rho = len(H), float(Fraction(plain["gamma"])), float(Fraction(plain["rho"]))
    points = {"x": x}
    for i in range(n):
        points[f"x{i}y"] = x + rho * H[i] * x
        points[f"x{i}"] = x - gamma * H[i] * points[f"x{i}y"]
    known = {"x": x, "e": np.eye(4)[3]}
    numbers = {}
    for name, at in points.items():
        for i in range(n):
            known[f"g{i} {name}"], numbers[f"f{i} {name}"] = H[i] * at, at @ (H[i] * at) / 2
    for p, q in plain["middles"]:
        mean = H.mean(axis=0)
        z = (points[p] + points[q]) / 2 - mean * (points[p] - points[q]) / 2
        known[f"g {p}-{q}"], numbers[f"f {p}-{q}"] = mean * z, z @ (mean * z) / 2
    known["e"] = np.zeros(4)

    def value(key: str) -> float:
        if "|" not in key:
            return numbers[key]
        u, v = key.split("|")
        return 1.0 if (u, v) == ("e", "e") else float(known[u] @ known[v])

    _, rows = inequalities(plain)
    return [sum(float(factor) * value(key) for key, factor in form.items()) for form in rows.values()]


def test_pepit_agrees() -> None:
    """One step of USAM on convex and strongly convex functions, to 1e-5."""
    pytest.importorskip("PEPit", reason="PEPit, another program for worst cases")
    from PEPit import PEP
    from PEPit.functions import SmoothConvexFunction, SmoothStronglyConvexFunction

    for kind in ("convex-pl", "strongly-convex"):
        problem = PEP()
        if kind == "convex-pl":
            f = problem.declare_function(SmoothConvexFunction, L=1.0)
        else:
            f = problem.declare_function(SmoothStronglyConvexFunction, mu=0.1, L=1.0)
        f_star = f(f.stationary_point())
        x = problem.set_initial_point()
        y = x + 0.1 * f.gradient(x)
        after = x - 0.5 * f.gradient(y)
        for point in (x, y, after) if kind == "convex-pl" else ():
            f.add_constraint(f.gradient(point) ** 2 >= 0.2 * (f(point) - f_star))
        problem.set_initial_condition(f(x) - f_star <= 1)
        problem.set_performance_metric(f(after) - f_star)
        other = problem.solve(wrapper="cvxpy", solver="CLARABEL", verbose=0)
        assert left(cell(kind, 10, "1/2", "1/10")) == pytest.approx(other, abs=1e-5)
