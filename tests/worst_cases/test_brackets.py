"""Brackets: hard instance <= worst case <= theorem, for every theorem; a wrong theorem is refuted."""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import samtheory
from samtheory import InputError, NotApplicable, cli
from samtheory.calculator.compare import ComparisonTable
from samtheory.catalogue import load_theorem, theorems
from samtheory.falsification.instances.arithmetic import RATIONAL
from samtheory.falsification.instances.base import Instance
from samtheory.request import Request
from samtheory.theorems import ours_sam_convex, ours_usam_deterministic, ours_usam_strongly_convex
from samtheory.theorems.base import Theorem
from samtheory.worst_cases.bracket import METHOD, Tightness, planned, tightness
from samtheory.worst_cases.cell import CLAIMS, Cell, class_of
from samtheory.worst_cases.checker import CLASSES
from samtheory.worst_cases.hard import lower
from samtheory.worst_cases.instances import hard
from samtheory.worst_cases.quantity import Quantity, excesses
from samtheory.worst_cases.scan import TOLERANCE, worst
from samtheory.worst_cases.solver import Program, solve

pytest.importorskip("clarabel", reason="the extra `tightness`")

#: The solver's accuracy, with room.
CLOSE = 1e-6
SETTINGS = {
    "usam": (Request(0.0, rho=0.1, gamma=0.5), 1), "usam, own steps": (Request(0.0), 1),
    "gd": (Request(0.0, rho=0.0), 1), "sam": (Request(1.0, rho=0.1, gamma=0.5), 1), "one of two": (Request(0.0), 2),
}  # fmt: skip


@pytest.fixture(scope="module", params=SETTINGS)
def found(request: pytest.FixtureRequest) -> Tightness:
    asked, n = SETTINGS[request.param]
    return tightness([], asked, [10.0], n=n)


def test_hard_instance_at_most_worst_case_at_most_theorem(found: Tightness) -> None:
    assert len(found.rows) > 5
    for row in found.rows:
        assert row.upper is not None, row.theorem
        room = 2 * TOLERANCE if row.quantity.kind == "level" else CLOSE
        assert row.upper <= row.quantity.number + room * (1 + abs(row.quantity.number)), row.theorem
        assert row.lower is None or float(row.lower) <= row.upper + CLOSE * (1 + abs(row.upper)), row.theorem
        assert row.counterexample is None
        assert not (row.exact and row.cell.kind in ("pl", "convex-pl")), "necessary inequalities are never exact"
    assert {key for key, *_ in found.skipped} | {row.theorem for row in found.rows} == set(theorems())


#: Where each theorem's one-step inequality is tried, the first that it covers.
TRIED = (Request(0.0, rho=0.1), Request(0.0, rho=0.0), Request(1.0, rho=0.01), Request("1/t", rho=0.1))


@pytest.mark.parametrize("key", [key for key, each in theorems().items() if each.method == METHOD])
def test_no_step_exceeds_the_one_step_inequality(key: str) -> None:
    """For every theorem with (p, q, r), for lam = 0 and lam = 1 where it covers them, at several ‖∇f(x)‖."""
    theorem, tried, refused = theorems()[key], 0, []
    for asked in TRIED:
        try:
            plan, cell = planned(theorem, asked, Fraction(10), class_of(theorem, Fraction(10), 1), 1, 1)
            members = excesses(plan, cell)
        except (InputError, NotApplicable) as reason:
            refused.append(str(reason))
            continue
        tried += 1
        for each in members[:2]:
            data = cell.asked(theorem.lyapunov, each.goal, each.given)
            # With fewer inequalities first, which is faster.
            programs = [Program.of({**data, "middles": []}), Program.of(data)]
            lengths = [Fraction(2) ** k for k in range(-4, 4)] if cell.normalised else [None]
            for r in lengths:
                small = 10 * CLOSE * max(1.0, float(r or 0) ** 2)
                excess = (solve(program if r is None else program.within(r, r)).value for program in programs)
                assert any(value is not None and value <= small for value in excess), (each.given, r)
    # A class of functions knows nothing of the bias of a step.
    none = any(reason in refused[0] for reason in ("the statement fixes", "sampling: biased")) if refused else False
    assert tried or not theorem.inequality or none, refused


#: Half the noise; twice the rate; the rate of quadratics where rho (L - mu) > 1.
WRONG = {
    "radius": replace(ours_usam_strongly_convex.theorem, key="wrong", rho_max=sp.oo),
    "noise": replace(ours_sam_convex.theorem, key="wrong", noise=ours_sam_convex.theorem.noise / 2),
    "rate": replace(ours_usam_deterministic.theorem, key="wrong", descent=2 * ours_usam_deterministic.theorem.descent),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_theorem_is_refuted_by_a_hard_instance(name: str) -> None:
    asked = Request(0.0, rho=3.0) if name == "radius" else Request(float(name == "noise"), rho=0.1, gamma=0.9)
    found = tightness([WRONG[name]], asked, [10.0])
    (counterexample,) = found.counterexamples
    assert counterexample.arithmetic in ("rational", "interval")
    assert "def problem" in counterexample.source
    assert "refuted" in found.headline()


@pytest.mark.parametrize("kind", CLAIMS)
@pytest.mark.parametrize(("lam", "n", "steps"), [(0, 1, 1), (0, 1, 4), (1, 1, 1), (0, 2, 1), (0, 3, 1)])
@pytest.mark.parametrize(("rho", "gamma"), [("1/10", "1/20"), ("3", "1/2")])
def test_hard_instances_are_members(kind: str, lam: int, n: int, steps: int, rho: str, gamma: str) -> None:
    cell = Cell(kind, Fraction(10), Fraction(gamma), Fraction(rho), Fraction(lam), n, steps)
    instances = list(hard(cell))
    assert instances
    for each in instances:
        constants = each.instance.constants(RATIONAL)
        assert max(constants.L_i) <= 1 + Fraction(1, 10**12), each.name
        assert not cell.has_mu or constants.mu >= Fraction(1, 10), each.name
        assert all(constants.words[word] for word in (*CLAIMS[kind], "interpolation")), each.name
        assert each.instance.value(tuple(0 * part for part in each.x), RATIONAL) == 0
        assert min(inequalities_of_components(each.instance, cell)) >= 0, each.name


@pytest.mark.parametrize(("gamma", "height"), [("1/4", 1 / 32), ("1/2", 1 / 8), ("1", 1 / 2)])
def test_sam_on_strongly_convex_functions_circles_at_half_of_gamma_squared(gamma: str, height: float) -> None:
    """In L rho^2; no function of kappa = 2 is worse."""
    cell = Cell("strongly-convex", Fraction(2), Fraction(gamma), Fraction(1, 10), Fraction(1))
    asked = Quantity("", "level", {"gap 1": 1}, {"rise": {"gap 1": 1, "gap 0": -1}}, 0.0)
    low, _ = lower(cell, asked)
    assert float(low) == pytest.approx(height, rel=1e-6)
    upper = worst(Program.of(cell.asked("gap", asked.goal, asked.given)))
    assert float(low) <= upper.upper <= float(low) * (1 + 2 * TOLERANCE)


def inequalities_of_components(f: Instance, cell: Cell) -> list[Fraction]:
    """The interpolation inequalities of the f_i between a few points."""
    least, _ = CLASSES[cell.kind]
    m = 1 / cell.kappa if least is None else Fraction(least)
    numbers = [Fraction(k, 2) for k in range(-4, 7, 3)]
    places = list(itertools.product(numbers, repeat=f.d))[:8]
    found = []
    for i in range(f.n):
        data = [(place, f.gradients(place, RATIONAL)[i], f.values(place, RATIONAL)[i]) for place in places]
        for (x, g, value), (y, h, other) in itertools.permutations(data, 2):
            step, turn = [a - b for a, b in zip(x, y, strict=True)], [a - b for a, b in zip(g, h, strict=True)]
            rest = sum((t - m * s) ** 2 for t, s in zip(turn, step, strict=True)) / (2 - 2 * m)
            found.append(value - other - sum((b + m * s / 2) * s for b, s in zip(h, step, strict=True)) - rest)
    return found


def test_the_bracket_of_strongly_convex_functions_closes_beyond_rho_of_1_over_L_minus_mu() -> None:
    """Worst case and interpolating function agree at gamma = 2/(mu' + L')."""
    mu, rho = Fraction(1, 10), Fraction(3)
    cell = Cell("strongly-convex", Fraction(10), 2 / (mu * (1 + rho * mu) + 1 + rho), rho, Fraction(0))
    asked = Quantity("", "left", {"distance2 1": 1}, {"start": {"1": 1, "distance2 0": -1}}, 0.0)
    upper = worst(Program.of(cell.asked("distance2", asked.goal, asked.given)))
    low, each = lower(cell, asked)
    assert each.name == "interpolating function in the plane"
    assert float(low) == pytest.approx(upper.upper, rel=CLOSE)


#: (class, kappa, n, fraction of rho_max): progress over gamma mu at Theorem 3.2's gamma, which promises 1.
STOCHASTIC = {
    ("convex-pl", 2, 2, 0.0): 1.60, ("convex-pl", 10, 2, 0.0): 1.528, ("convex-pl", 10, 2, 0.5): 1.738,
    ("convex-pl", 10, 3, 0.5): 1.728, ("pl", 10, 2, 0.0): 1.515, ("pl", 100, 3, 0.0): 1.501,
}  # fmt: skip


@pytest.mark.parametrize("setting", STOCHASTIC, ids=str)
def test_one_of_several_components_at_the_steps_of_theorem_3_2(setting: tuple[str, int, int, float]) -> None:
    """Worst cases that another program gave to two or three digits."""
    kind, kappa, n, fraction = setting
    (row,) = tightness([load_theorem("3.2")], Request(0.0, rho_fraction=fraction), [kappa], kind, n=n).rows
    assert row.ratio == pytest.approx(STOCHASTIC[setting], abs=1e-3)
    assert row.lower <= row.upper


def test_compare_says_how_far_each_theorem_is_from_the_worst_case() -> None:
    """In units of any problem: L = 4, mu = 0.4."""
    f = samtheory.Quadratics(np.array([[[4.0, 0.0], [0.0, 0.4]]]), np.zeros((1, 2)))
    problem = samtheory.Problem(
        f, [1.0, 1.0], L_i=[4.0], L=4.0, mu=0.4, f_inf=0.0, f_i_inf=[0.0], x_star=np.zeros(2),
        properties={"convex", "strongly-convex"},
    )  # fmt: skip
    asked = (["ours/usam-strongly-convex", "ours/deterministic-convex", "ours/convex-average"], 0.0)
    ratio = ratios(samtheory.compare(problem, "full", *asked, steps=0, worst_case=True))
    assert ratio["ours/usam-strongly-convex"] == pytest.approx(1, abs=1e-4)
    assert ratio["ours/deterministic-convex"] > 1.1
    sam = samtheory.compare(problem, "full", "ours/deterministic-convex", 1.0, rho=0.01, steps=0, worst_case=True)
    assert ratios(sam)["ours/deterministic-convex"] == pytest.approx(1, abs=2 * TOLERANCE)
    assert set(ratios(samtheory.compare(problem, "full", *asked, steps=0)).values()) == {None}


def ratios(table: ComparisonTable) -> dict[str, float | None]:
    return {row.choice.theorem.key: row.worst_case_ratio for row in table.rows}


def test_the_command(tmp_path, capsys) -> None:
    words = ["tightness", "ours/usam-strongly-convex", "--lam", "0", "--rho", "0.1", "--gamma", "1"]
    assert cli.main([*words, "--certify", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (tmp_path / "b.json").write_text(json.dumps(document))
    assert cli.main(["tightness", "--check", str(tmp_path / "b.json")]) == 0
    assert "proved: distance2 1 ≤ 0.8082 where 1 − distance2 0 ≥ 0" in capsys.readouterr().out
    document["certificates"][0]["tau"] = "1/2"
    (tmp_path / "b.json").write_text(json.dumps(document))
    assert cli.main(["tightness", "--check", str(tmp_path / "b.json")]) == 1
    assert "sum of squares" in capsys.readouterr().out
    assert cli.main(words) == 0
    assert "exact" in capsys.readouterr().out


BAD = {
    "kappa=1": ["--kappa", "1"], "kappa=x": ["--kappa", "10,x"], "class=plain": ["--class", "plain"],
    "n=2": ["--n", "2"], "sampling=nice": ["--sampling", "nice"], "rho-fraction=0.5": ["--rho-fraction", "0.5"],
    "steps=3": ["--steps", "3"], "steps=99": ["--steps", "99", "--lam", "0"],
    "check=none.json": ["--check", "none.json"], "certify=True": ["--check", "none.json", "--certify"],
}  # fmt: skip


@pytest.mark.parametrize("named", BAD)
def test_bad_input_is_one_line(named: str, capsys) -> None:
    key = [] if "--check" in BAD[named] else ["ours/deterministic"]
    assert cli.main(["tightness", *key, *BAD[named]]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert named in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("key", [[], ["ours/deterministic"]], ids=str)
def test_a_missing_solver_is_one_line_that_names_the_extra(key: list[str], capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "clarabel", None)
    assert cli.main(["tightness", *key, "--lam", "0"]) == 2
    assert capsys.readouterr().err.endswith('not installed: pip install "samtheory[tightness]"\n')


def test_a_theorem_that_fails_is_exit_1_with_its_problem_file(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    cli.main(["new", "theorem", "mine.py"])
    text = (tmp_path / "mine.py").read_text()
    assert "gamma * mu * (1 - L * rho)" in text
    (tmp_path / "false.py").write_text(text.replace("gamma * mu * (1 - L * rho)", "gamma * mu * 3"))
    capsys.readouterr()
    assert cli.main(["tightness", "mine.py", "--lam", "0"]) == 0
    assert cli.main(["tightness", "false.py", "--lam", "0"]) == 1
    assert "def problem" in capsys.readouterr().out


def test_of_another_method_is_not_supported() -> None:
    other: Theorem = next(each for each in theorems().values() if each.method != METHOD)
    with pytest.raises(NotApplicable, match="not supported: steps of"):
        tightness([other], Request(0.0), [10.0])


def test_a_radius_whose_square_underflows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["tightness", "unified-sam/3.4", "--lam", "1", "--kappa", "10", "--rho"]
    assert cli.main([*asked, "1e-150"]) == 0
    assert cli.main([*asked, "1e-155"]) == 2
    assert "rho=1e-155: its square underflows" in capsys.readouterr().err
