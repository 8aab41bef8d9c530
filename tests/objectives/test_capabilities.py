"""Declared structure is that of the code that runs, and of no other code."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import numpy as np
import pytest
from engine_objects import KINDS, objective

import samtheory as st
from samtheory.catalogue import problems
from samtheory.objectives import base
from samtheory.objectives.penalised import Penalised

#: Every capability of the protocol: what a FiniteSum has no structure of its own for.
CAPABILITIES = [
    name
    for name, member in vars(st.FiniteSum).items()
    if inspect.isfunction(member)
    and not name.startswith("_")
    and list(inspect.signature(member).parameters) == ["self"]
]


def objectives():
    """One of each kind, and the objective of every problem of the catalogue."""
    rng = np.random.default_rng(0)
    for kind in KINDS:
        yield kind, objective(kind, rng, 4, 3, 0.3)
    yield "penalised", Penalised(objective("squared", rng, 4, 3, 0.0), objective("sines", rng, 1, 3, 0.0), 0.5)
    for name in problems():
        try:
            yield name, st.load_problem(name).objective
        except st.MissingExtra:
            continue


OBJECTIVES = dict(objectives())


def test_the_protocol_has_capabilities():
    assert {"as_linear_model", "hessians", "rotation", "batched_gradient"} <= set(CAPABILITIES)
    declared = {name for f in OBJECTIVES.values() for name in CAPABILITIES if getattr(f, name)() is not None}
    assert declared == set(CAPABILITIES)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_what_an_objective_declares_is_what_it_computes(name):
    f, rng = OBJECTIVES[name], np.random.default_rng(1)
    X = rng.standard_normal((5, f.d))
    i = rng.integers(f.n, size=(5, 2))
    gradients, size = f.gradients(X), 1 + np.abs(f.gradients(X)).max()
    for form in (declared() for key in CAPABILITIES if key.startswith("as_") for declared in [getattr(f, key)]):
        if form is not None:
            np.testing.assert_allclose(form.values(X), f.values(X), rtol=1e-12)
            np.testing.assert_allclose(form.gradients(X, i), f.gradients(X, i), atol=1e-12 * size)
    hessians, rotation = f.hessians(), f.rotation()
    if hessians is not None:
        U, z = hessians.basis(), X[1] - X[0]
        moved = np.einsum("nij,j->ni", hessians.each(), z)
        np.testing.assert_allclose(moved, gradients[1] - gradients[0], atol=1e-11 * size)
        np.testing.assert_allclose(moved - moved @ U @ U.T, 0, atol=1e-9 * size)
        np.testing.assert_allclose(hessians.mean(U), U.T @ hessians.mean() @ U, atol=1e-11 * size)
        np.testing.assert_allclose(f.gradient(hessians.minimiser[None]), 0, atol=1e-9 * size)
        weights = rng.random((5, 2))
        sampled = f.stochastic_gradient(X, i, weights) - f.stochastic_gradient(0 * X, i, weights)
        inside = np.einsum("kab,kb->ka", hessians.sampled(i, weights, U), X @ U)
        np.testing.assert_allclose(inside, sampled @ U, atol=1e-11 * size)
    if rotation is not None:
        Z = rotation.inside(X)
        np.testing.assert_allclose(rotation.gap(Z), f.gap(X), rtol=1e-9)
        np.testing.assert_allclose(rotation.grad2(Z), np.sum(f.gradient(X) ** 2, axis=1), rtol=1e-9)
        np.testing.assert_allclose(rotation.outside(Z), X, atol=1e-11)
    if (m := f.strong_convexity()) is not None:
        z, g = X[1:] - X[:-1], np.diff(f.gradient(X), axis=0)
        assert (np.sum(z * g, axis=1) >= m * np.sum(z * z, axis=1) * (1 - 1e-9)).all()
    if (batched := f.batched_gradient()) is not None:
        np.testing.assert_array_equal(batched(i[:, 0], X), f.gradients(X, i[:, :1])[:, 0])


def derived(f):
    """f as an instance of a subclass that runs other code."""
    changed = {"gradients": lambda self, X, indices=None: 2 * super(type(self), self).gradients(X, indices)}
    kind = type(type(f).__name__, (type(f),), changed)
    kind.__module__ = type(f).__module__
    return _with_class(f, kind)


def _with_class(f, kind):
    other = object.__new__(kind)
    other.__dict__.update(f.__dict__)
    return other


def patched(f):
    """f with another function on the instance."""
    other = _with_class(f, type(f))
    other.gradients = lambda X, indices=None: 0 * X
    return other


@pytest.mark.parametrize("changed", [derived, patched])
@pytest.mark.parametrize("name", [*KINDS, "penalised"])
def test_other_code_declares_nothing(name, changed):
    other = changed(OBJECTIVES[name])
    assert [key for key in CAPABILITIES if getattr(other, key)() is not None] == []


@pytest.mark.parametrize("name", [*KINDS, "penalised"])
@pytest.mark.parametrize("member", ["values", "gradients", "stochastic_gradient", "value", "reference"])
def test_a_class_whose_function_was_replaced_declares_nothing(name, member, monkeypatch):
    f = OBJECTIVES[name]
    owner = next(each for each in type(f).__mro__ if member in vars(each))
    monkeypatch.setattr(owner, member, lambda *_: np.zeros(3))
    assert [key for key in CAPABILITIES if getattr(f, key)() is not None] == []
    monkeypatch.undo()
    if any(getattr(f, key)() is not None for key in CAPABILITIES):
        return
    assert name == "user"  # scalar callables have no structure


def test_a_base_that_runs_other_code_takes_the_structure_away():
    noise = OBJECTIVES["tilted quadratic"]
    other = st.Tilted(patched(noise.base), noise.tilts)
    assert noise.hessians() is not None
    assert other.hessians() is None
    assert other.rotation() is None


def test_what_follows_from_an_overridden_method_is_not_inherited():
    @dataclass
    class Extra(st.LinearModel):
        def values(self, X):
            return super().values(X) + np.cos(X[:, :1])

        def gradients(self, X, indices=None):
            found = super().gradients(X, indices)
            found[..., 0] -= np.sin(X[:, :1])
            return found

    Extra.__init__ = st.LinearModel.__init__
    f = Extra(np.eye(3), np.ones(3), "squared", 0.1)
    X = np.random.default_rng(2).standard_normal((4, 3))
    every, ones = np.tile(np.arange(3), (4, 1)), np.ones((4, 3))
    np.testing.assert_allclose(f.value(X), f.values(X).mean(axis=1))
    np.testing.assert_allclose(f.gradient(X), f.gradients(X).mean(axis=1))
    np.testing.assert_allclose(f.stochastic_gradient(X, every, ones), f.gradients(X).mean(axis=1))
    np.testing.assert_allclose(f.gap(X), f.value(X) - f.reference)
    for name, following in base.FOLLOWING.items():
        assert name in vars(Extra) or name == "value"
        assert all(vars(Extra)[each] is getattr(st.FiniteSum, each) for each in following)
