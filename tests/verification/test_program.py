"""A program under test that is not the method differs, whatever it does between the calls."""

from __future__ import annotations

import numpy as np
import pytest
from wrong_programs import RIGHT, WRONG

import samtheory as st

CELLS = {"full": ("two-quadratics", "full", 1.0), "random": ("ridge", "uniform", 0.5)}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_program_differs(name, cell):
    problem, sampling, lam = CELLS[cell]
    if name == "changes the weights" and sampling == "full":
        return  # no weights
    found = st.verify(problem, sampling, "unified-sam/3.2", lam, method=WRONG[name](), steps=200, trials=4)
    assert found.verdict == "differs"


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_holds(name, cell):
    problem, sampling, lam = CELLS[cell]
    problem = st.load_problem(problem)
    found = st.verify(problem, sampling, "unified-sam/3.2", lam, method=RIGHT[name](problem), steps=50)
    assert found.holds


def test_the_step_at_which_a_program_differs_is_named():
    found = st.verify("two-quadratics", "full", "unified-sam/3.2", 1.0, method=WRONG["wrong at call 150"](), steps=200)
    (piece,) = [each for each in found.violations if each.name == "every call = reference"]
    assert "call 150 (t=149 of its run)" in piece.location
    assert piece.detail.startswith("1 of ")


@pytest.mark.parametrize("answer", [None, "x", np.zeros(3), [[1.0]]])
def test_what_is_no_x_is_refused(answer):
    with pytest.raises(st.InputError, match="method="):
        st.verify("two-quadratics", "full", "unified-sam/3.2", 1.0, method=lambda *given: answer)


def test_a_program_begins_anew_in_every_cell(tmp_path):
    """A counter in the module of a program is no part of the next cell."""
    (tmp_path / "mine.py").write_text(
        "from samtheory.methods.unified_sam import step as right\n"
        "calls = 0\n"
        "def step(x, draw, gradient, gamma, rho, lam):\n"
        "    global calls\n"
        "    calls += 1\n"
        "    return right(x, draw, gradient, gamma, rho if calls < 3000 else 0.0, lam)\n"
    )
    asked = {"method": str(tmp_path / "mine.py"), "steps": 20, "trials": 2}
    assert [st.verify("two-quadratics", "full", "unified-sam/3.2", 1.0, **asked).holds for _ in range(6)] == [True] * 6
