"""Certificates: they prove what they say, and no change of one does."""

from __future__ import annotations

import ast
import copy
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory.verbs.tightness import check_certificates
from samtheory.worst_cases import checker
from samtheory.worst_cases.cell import Cell
from samtheory.worst_cases.certificate import certified
from samtheory.worst_cases.checker import fault
from samtheory.worst_cases.scan import worst
from samtheory.worst_cases.solver import Program

pytest.importorskip("clarabel", reason="the extra `tightness`")

LEFT = ({"gap 1": 1}, {"start": {"1": 1, "gap 0": -1}})
LEVEL = ({"gap 1": 1}, {"rise": {"gap 1": 1, "gap 0": -1}})


def made(kind: str, kappa: int, lam: int = 0, n: int = 1) -> tuple[dict, float]:
    """A certificate of one step with gamma L = 1/2, as plain data, and what the solver says."""
    cell = Cell(kind, Fraction(kappa), Fraction(1, 2), Fraction(1, 10), Fraction(lam), n)
    program = Program.of(cell.asked("gap", *(LEVEL if lam else LEFT)))
    found = worst(program)
    assert found is not None
    proved = certified(program, found)
    assert proved is not None
    return proved.to_json(), found.upper


@pytest.fixture(scope="module")
def usam() -> dict:
    return made("pl", 10)[0]


@pytest.fixture(scope="module")
def sam() -> dict:
    return made("convex-pl", 10, lam=1)[0]


@pytest.mark.parametrize("kind", ["pl", "convex-pl", "strongly-convex"])
@pytest.mark.parametrize("kappa", [10, 1000])
def test_the_worst_case_of_usam_is_proved(kind: str, kappa: int) -> None:
    plain, upper = made(kind, kappa)
    assert fault(json.dumps(plain)) is None
    assert upper <= float(Fraction(plain["tau"])) <= upper + 1.1e-3 * (1 - upper)


@pytest.mark.parametrize(("kind", "n"), [("convex-pl", 2), ("pl", 3)])
def test_the_worst_case_of_one_component_of_several_is_proved(kind: str, n: int) -> None:
    assert fault(json.dumps(made(kind, 10, n=n)[0])) is None


def test_the_level_of_sam_is_proved_for_every_length_of_the_gradient(sam: dict) -> None:
    assert fault(json.dumps(sam)) is None
    for gone in range(len(sam["parts"])):
        parts = [part for k, part in enumerate(sam["parts"]) if k != gone]
        assert "r = " in str(fault(json.dumps({**sam, "parts": parts}))), "an interval of r is not covered"


@settings(max_examples=30)
@given(st.data())
def test_a_changed_digit_proves_nothing(usam: dict, data: st.DataObject) -> None:
    """Of any multiplier, by at least a thousandth of itself."""
    plain = copy.deepcopy(usam)
    multipliers = plain["parts"][0]["multipliers"]
    name = data.draw(st.sampled_from(sorted(multipliers)))
    factor = data.draw(st.fractions(-2, 3).filter(lambda each: abs(each - 1) > Fraction(1, 1000)))
    multipliers[name] = str(Fraction(multipliers[name]) * factor)
    assert fault(json.dumps(plain)) is not None


@settings(max_examples=30)
@given(st.data())
def test_two_multipliers_that_change_places_prove_nothing(usam: dict, data: st.DataObject) -> None:
    plain = copy.deepcopy(usam)
    multipliers = plain["parts"][0]["multipliers"]
    large = sorted(name for name, value in multipliers.items() if Fraction(value) > Fraction(1, 1000))
    one, other = data.draw(st.lists(st.sampled_from(large), min_size=2, max_size=2, unique=True))
    multipliers[one], multipliers[other] = multipliers[other], multipliers[one]
    assert fault(json.dumps(plain)) is not None


@pytest.mark.parametrize("name", ["usam", "sam"])
def test_a_smaller_tau_or_another_cell_is_not_proved(name: str, request: pytest.FixtureRequest) -> None:
    plain = request.getfixturevalue(name)
    tau = Fraction(plain["tau"])
    lower = {**plain, "tau": str(tau - Fraction(1, 1000) * (1 - tau if name == "usam" else tau))}
    assert fault(json.dumps(lower)) is not None
    for key, value in (("kappa", "11"), ("gamma", "51/100"), ("class", "smooth"), ("n", 2)):
        assert fails({**plain, "cell": {**plain["cell"], key: value}}), key
    if name == "usam":
        assert fails({**plain, "cell": {**plain["cell"], "rho": "11/100"}})


def fails(plain: dict) -> bool:
    """Whether the checker finds a fault or stops."""
    try:
        return fault(json.dumps(plain)) is not None
    except (KeyError, ValueError, TypeError):
        return True


def test_a_negative_multiplier_proves_nothing(usam: dict) -> None:
    """With -1 times the start, 1 - V_0 >= 0, everything cancels in the false statement -V_0 <= -1."""
    cell = {**usam["cell"], "goal": {"gap 0": "-1"}}
    plain = {**usam, "cell": cell, "tau": "-1", "parts": [{"multipliers": {"start": "-1"}}]}
    assert "negative" in str(fault(json.dumps(plain)))
    opposite = {
        **plain,
        "cell": {**cell, "goal": {"gap 0": "1"}},
        "tau": "1",
        "parts": [{"multipliers": {"start": "1"}}],
    }
    assert fault(json.dumps(opposite)) is None


def test_what_is_no_certificate_is_told(tmp_path, usam: dict) -> None:
    nothing = {**usam, "schema": "other"}
    extra = copy.deepcopy(usam)
    extra["parts"][0]["multipliers"]["PL nowhere"] = "1"
    for plain in (nothing, extra, {}, {**usam, "parts": 3}, {**usam, "tau": "1/0"}):
        (tmp_path / "c.json").write_text(json.dumps(plain))
        assert not check_certificates(tmp_path / "c.json").all_hold


def test_the_checker_is_short_and_needs_nothing() -> None:
    text = Path(checker.__file__).read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name.name if isinstance(node, ast.Import) else node.module for node in imports for name in node.names}
    assert names == {"json", "fractions"}
    assert text.count("\n") <= 150
