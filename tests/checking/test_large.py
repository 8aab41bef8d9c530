"""Linear models too large for n x d numbers: right cards are consistent or certified, wrong constants are falsified."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

import samtheory as st
from samtheory.certify import large as certify_large
from samtheory.checking import large
from samtheory.checking.card import check
from samtheory.objectives import linear
from samtheory.status import Status

pytest.importorskip("flint", reason="python-flint, the extra `certify`")
RIGHT = {Status.CERTIFIED, Status.CONSISTENT, Status.NOT_CLAIMED, Status.LOOSE}


def problem(name="logistic", n=60, d=12, **params):
    rng = np.random.default_rng(4)
    A, b = rng.random((n, d)) * (rng.random((n, d)) < 0.5), np.where(rng.random(n) < 0.5, -1.0, 1.0)
    return st.load_problem(name, rows=(sparse.csr_array(A), b), **params)


@pytest.fixture
def as_large(monkeypatch):
    """What is large begins at nothing; the part has six rows."""
    for module, name in ((large, "LARGE"), (linear, "SMALL"), (certify_large, "ENTRIES")):
        monkeypatch.setattr(module, name, 0)
    monkeypatch.setattr(large, "PART", 6)


def verdicts(problem, sampling="uniform"):
    (card,) = check(problem, [st.parse_sampling(sampling)], budget=None)
    return {finding.name: finding for finding in card.constants}


@pytest.mark.parametrize("sampling", ["uniform", "importance", "nice:3", "full"])
def test_a_right_card_of_sparse_rows(as_large, sampling):
    found = verdicts(problem(), sampling)
    assert {each.verdict for each in found.values()} <= RIGHT, {
        k: v for k, v in found.items() if v.verdict not in RIGHT
    }
    for name in ("L", "L_i", "mu", "f_inf", "f_i_inf", "L_max", "L_avg"):
        assert found[name].verdict == Status.CERTIFIED, (name, found[name])


@pytest.mark.parametrize("name", ["sigmoid", "robust", "ridge"])
def test_right_cards_of_other_losses(as_large, name):
    found = verdicts(problem(name))
    assert {each.verdict for each in found.values()} <= RIGHT, {
        k: v for k, v in found.items() if v.verdict not in RIGHT
    }


def wrong(name, right):
    """The problem with one constant on the wrong side."""
    values = {
        "L": 0.7 * right.L, "mu": 0.9 * right.L, "f_inf": right.f_inf + 0.05,
        "L_i": right.L_i.values * np.where(np.arange(right.n) == 40, 0.5, 1),
        "f_i_inf": right.f_i_inf.values + 0.2 * (np.arange(right.n) == 40),
    }  # fmt: skip
    return replace(right, **{name: values[name]})


@pytest.mark.parametrize("name", ["L", "mu", "f_inf", "L_i", "f_i_inf"])
@pytest.mark.parametrize("proofs", [True, False])
def test_wrong_constants_are_falsified_by_proof_and_by_search(as_large, monkeypatch, name, proofs):
    if not proofs:
        monkeypatch.setattr(large, "PART", 60)  # inf f_i is found by the descents of the part alone
        monkeypatch.setattr("samtheory.checking.certificates.certificates", lambda problem: {})
    found = verdicts(wrong(name, problem(reg=0.3)))
    assert found[name].verdict == Status.FALSIFIED, found[name]
    if name in ("L_i", "f_i_inf"):
        assert found[name].witness["component"] == 40


def test_the_part_is_the_same_function_on_its_features():
    whole = problem()
    f, members = whole.objective, np.array([3, 17, 40])
    features = large.features_of(f, members)
    part = large.part_of(whole, f, members)
    x = np.zeros(f.d)
    x[features] = np.random.default_rng(0).standard_normal(len(features))
    np.testing.assert_allclose(part.objective.values(x[features][None])[0], f.values(x[None])[0][members], rtol=1e-13)


def test_too_many_numbers_at_once_are_refused_in_one_line(monkeypatch):
    f = problem().objective
    monkeypatch.setattr(linear, "TOO_MANY", 100)
    with pytest.raises(st.InputError, match="60 x 12: too many numbers for the gradients of all f_i at once"):
        f.gradients(np.zeros((1, 12)))
