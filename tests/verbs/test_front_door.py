"""The front door in Python: names, paths or objects; the answer of the command line; one line for bad input."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

import samtheory as st
from samtheory import cli

LISTS = {"problems": "ridge", "theorems": "unified-sam/3.2", "samplings": "nice", "methods": "unified-sam"}


def test_every_public_name_resolves_and_is_listed_once():
    assert sorted(st.__all__) == dir(st)
    assert set(st._HOME) | {"__version__"} == set(st.__all__)
    for name in st.__all__:
        assert getattr(st, name) is not None


def test_the_import_is_light_and_no_module_hides_a_verb():
    asked = f"""
import sys, samtheory as st
print({{"numpy", "sympy"}}.isdisjoint(sys.modules))
import samtheory.theorems.base, samtheory.methods.unified_sam
print(*[name in getattr(st, kind)() for kind, name in {LISTS}.items()], samtheory.theorems.base.Theorem.__name__)
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 5 + ["Theorem"]


@pytest.mark.parametrize(("kind", "name"), LISTS.items())
def test_the_catalogue_is_listed(kind, name):
    assert name in list(getattr(st, kind)())


def test_names_paths_and_objects_are_the_same(tmp_path):
    theorem = tmp_path / "mine.py"
    theorem.write_text("from samtheory.theorems.unified_sam_3_4 import theorem\n")
    problem = tmp_path / "parabola.py"
    problem.write_text(
        "import numpy as np\nimport samtheory as st\n\n\ndef problem(h=1.0):\n"
        "    return st.Problem(st.Quadratics([[[h]]], [[0.0]]), [1.0], L_i=[h], L=h, mu=h, f_inf=0.0, f_i_inf=[0.0])\n"
    )
    ways = [
        st.verify(problem, "full", theorem, 1.0),
        st.verify(str(problem), st.Full(), str(theorem), lam="1"),
        st.verify(st.load_problem(str(problem)), st.Full(), st.load_theorem("unified-sam/3.4"), 1.0),
    ]
    assert [way.verdict for way in ways] == ["holds"] * 3
    assert len({way.bound_ratio for way in ways}) == 1
    assert len({st.rates(p, "full", "unified-sam/3.4", 1.0, params=q).rates[0].plan.rho_max
                for p, q in ((problem, {"h": 1}), (st.load_problem(str(problem)), None))}) == 1  # fmt: skip


def test_the_command_line_gives_the_same_documents(capsys):
    words = ["--sampling", "uniform", "--theorem", "unified-sam/3.2"]
    assert cli.main(["verify", "two-quadratics", *words, "--lam", "0.5", "--workers", "1", "--json", "-"]) == 0
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    ours = st.verify("two-quadratics", "uniform", "unified-sam/3.2").to_json()
    assert cell == json.loads(json.dumps(ours))
    assert cli.main(["rates", "two-quadratics", *words, "--epsilon", "1", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown == json.loads(
        json.dumps(st.rates("two-quadratics", "uniform", "unified-sam/3.2", epsilon=1).to_json())
    )


def test_a_step_of_ones_own_is_put_to_the_test(tmp_path):
    def twice(x, draw, gradient, gamma, rho, lam):
        return x - 2 * gamma * gradient(x, draw)

    wrong = st.verify("two-quadratics", "full", "unified-sam/3.4", 1.0, method=twice)
    assert wrong.verdict.failed
    assert "twice" in wrong.to_json()["command"]
    right = tmp_path / "step.py"
    right.write_text("from samtheory.methods.unified_sam import step\n")
    assert st.verify("two-quadratics", "full", "unified-sam/3.4", 1.0, method=right).holds
    assert cli.main(["verify", "two-quadratics", "--sampling", "full", "--theorem", "unified-sam/3.4", "--lam", "1",
                     "--method", str(right), "--workers", "1"]) == 0  # fmt: skip


def test_plain_numbers_count_as_claimed():
    f = st.Quadratics(np.array([[[1.0]], [[2.0]]]), np.zeros((2, 1)))
    problem = st.Problem(f, [1.0], L_i=np.array([1.0, 2.0]), L=1.5, mu=1.5, f_inf=0, f_i_inf=[0, 0])
    constants = problem.constants(st.Uniform())
    assert {constants.L.provenance, constants.mu.provenance, constants.A.provenance} == {"claimed"}
    assert st.verify(problem, "uniform", "unified-sam/3.2").holds
    residual = st.ExpectedResidual(2.0, 0, np.float64(0.5))
    assert residual.A.provenance == "claimed"
    for name, value in {"L": "a", "L_i": np.ones(3), "mu": np.nan, "x0": "x", "objective": 3, "properties": 5}.items():
        given = {"objective": f, "x0": [1.0], "L_i": [1, 2], "L": 1.5, "f_inf": 0.0, name: value}
        with pytest.raises(st.InputError, match=f"^{name}="):
            st.Problem(**given)


# Garbage of many types in every parameter of every verb.

RIGHT = {
    "rates": {"problem": "two-quadratics", "sampling": "full", "theorem": "unified-sam/3.4", "lam": 1.0, "rho": None,
              "rho_fraction": None, "gamma": None, "epsilon": 1.0, "constants": None, "params": None, "data": None},
    "best": {"problem": "two-quadratics", "sampling": "full", "theorem": "unified-sam/3.4", "lam": 1.0, "epsilon": 1.0,
             "rho_min": 0.0, "constants": None, "params": None, "data": None},
    "compare": {"problem": "two-quadratics", "sampling": "full", "theorem": "unified-sam/3.4", "lam": 1.0,
                "epsilon": 1.0, "rho": None, "sharp": False, "trials": 1, "steps": 0, "seed": 0, "worst_case": False,
                "params": None, "data": None},
    "explain": {"theorem": "unified-sam/3.4"},
    "verify": {"problem": "two-quadratics", "sampling": "full", "theorem": "unified-sam/3.4", "lam": 1.0, "rho": None,
               "rho_fraction": None, "gamma": None, "allow_outside": False, "seed": 0, "trials": 1, "steps": 2,
               "alpha": 1e-6, "method": None, "curves": None, "params": None, "data": None},
    "check": {"problem": "two-quadratics", "sampling": "full", "level": "quick", "seed": 0, "budget": 1e-3,
              "params": None, "data": None},
    "falsify": {"theorem": "unified-sam/3.4", "lam": None, "sampling": None, "seed": 0, "budget": 1e-3, "restarts": 0,
                "on_restart": None},
    "prove": {"theorem": "unified-sam/3.4"},
    "tightness": {"theorem": "ours/usam-convex", "kappa": 10, "lam": 0.0, "rho": 0.1, "rho_fraction": None,
                  "gamma": 1.0, "sampling": "full", "n": None, "kind": "auto", "steps": 1, "certify": False},
    "run": {"problem": "two-quadratics", "sampling": "full", "schedule": None, "gamma": 0.1, "rho": None, "lam": None,
            "steps": 2, "trials": 1, "seed": 0, "record": None, "x0": None, "method": "unified-sam", "engine": "auto",
            "keep": ("gap",), "params": None, "data": None},
}  # fmt: skip

PLACES = [(verb, name) for verb, given in RIGHT.items() for name in given]
GARBAGE = some.one_of(
    some.none(), some.booleans(), some.integers(-3, 3), some.floats(), some.complex_numbers(), some.text(max_size=5),
    some.binary(max_size=3), some.lists(some.one_of(some.none(), some.floats(), some.text(max_size=2)), max_size=3),
    some.dictionaries(some.one_of(some.text(max_size=2), some.integers()), some.floats(), max_size=2),
    some.sampled_from([object(), int, len, np.ones(2), np.array("x"), np.nan, st, {1, 2}, (1, "a"), lambda t: "x",
                       "1/t", ".py", "a.py", "nice:x", "single:nothing", "full:1", 10**400]),
)  # fmt: skip


#: Arguments whose large values ask for long runs.
EFFORT = {"steps", "trials", "budget", "seeds"}


@pytest.mark.parametrize(("verb", "name"), PLACES, ids=lambda word: word)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(value=GARBAGE)
def test_garbage_is_refused_in_one_line_or_means_something(verb, name, value):
    # All proofs are checked, and all theorems bracketed, elsewhere.
    assume(name != "theorem" or verb not in ("prove", "tightness") or repr(value) not in ("None", "[]", "{}"))
    assume(name not in EFFORT or not isinstance(value, int | float) or not value > 1000)  # a long run, and no garbage
    try:
        getattr(st, verb)(**{**RIGHT[verb], name: value})
    except (st.InputError, st.NotApplicable) as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017 - what is accepted is no failure


#: Calls that read numbers, each with a whole number that no float64 holds.
BIG = 10**400
BEYOND = {
    "x0": lambda: st.run("two-quadratics", "full", gamma=0.1, x0=BIG),
    "record": lambda: st.run("two-quadratics", "full", gamma=0.1, record=[BIG]),
    "record, as a float": lambda: st.run("two-quadratics", "full", gamma=0.1, record=[1e300]),
    "probabilities": lambda: st.Single([BIG, 1]),
    "constants": lambda: st.exact([BIG], "given"),
    "curves": lambda: st.verify("two-quadratics", "full", "3.4", lam=1.0, curves=([0, 1], [BIG, 1])),
    "rows": lambda: st.rates("ridge", data=([[BIG, 1], [1, 2]], [1, 2])),
}


@pytest.mark.parametrize("call", BEYOND.values(), ids=BEYOND)
def test_a_whole_number_beyond_float64_is_bad_input(call):
    with pytest.raises(st.InputError):
        call()
