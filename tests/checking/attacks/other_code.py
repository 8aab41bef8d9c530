"""Objectives of a known form whose code is another function: subclasses, patched instances, changed data.

Every claim is right of the known form and false of the code that runs, as named in `CASES`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from samtheory import FiniteSum, LinearModel, Problem, Quadratics, SineSum, Tilted, claimed

ALL = ("L_i", "L", "L_max", "L_avg", "mu", "f_inf", "f_i_inf")
CENTRE = np.array([2.3, -1.7])


def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    A = rng.standard_normal((6, 2))
    return A, A @ rng.standard_normal(2) + rng.standard_normal(6)


def honest(f: FiniteSum, known: LinearModel | None = None) -> Problem:
    """The claims of the least-squares form `known`, which are those of f unless something was done to it."""
    known = LinearModel(*rows(), "squared", 0.05) if known is None else known
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(known.component_smoothness),
        L=claimed(known.smoothness),
        mu=claimed(known.spectrum[0] + known.reg),
        f_inf=claimed(known.reference),
        f_i_inf=claimed(known.component_infima),
        x_star=known.minimiser,
    )


# Subclasses


class Well(LinearModel):
    """-60 exp(-||x - c||^2/width^2) is added to every f_i."""

    width = 1.0

    def added(self, X):
        return -60 * np.exp(-np.sum((X - CENTRE) ** 2, axis=-1) / self.width**2)

    def values(self, X):
        return super().values(X) + self.added(X)[:, None]

    def gradients(self, X, indices=None):
        pull = -2 / self.width**2 * self.added(X)[:, None] * (X - CENTRE)
        return super().gradients(X, indices) + pull[:, None, :]

    value, gradient, stochastic_gradient = FiniteSum.value, FiniteSum.gradient, FiniteSum.stochastic_gradient

    def gap(self, X):
        return self.value(X) - self.reference


class Steeper(LinearModel):
    """All gradients are those of 1.5 f."""

    def gradients(self, X, indices=None):
        return 1.5 * super().gradients(X, indices)

    gradient, stochastic_gradient = FiniteSum.gradient, FiniteSum.stochastic_gradient


class Consistent(LinearModel):
    """1.5 f, values and gradients alike."""

    def values(self, X):
        return 1.5 * super().values(X)

    def gradients(self, X, indices=None):
        return 1.5 * super().gradients(X, indices)

    value, gradient, stochastic_gradient = FiniteSum.value, FiniteSum.gradient, FiniteSum.stochastic_gradient

    def gap(self, X):
        return self.value(X) - self.reference


class Far(LinearModel):
    """Another function beyond ||x|| = 50: steeper by the square of what is beyond."""

    def added(self, X):
        return np.maximum(np.linalg.norm(X, axis=-1) - 50, 0.0)

    def values(self, X):
        return super().values(X) + 3 * self.added(X)[:, None] ** 2

    def gradients(self, X, indices=None):
        norm = np.maximum(np.linalg.norm(X, axis=-1, keepdims=True), 1e-300)
        return super().gradients(X, indices) + (6 * self.added(X)[:, None] * X / norm)[:, None, :]

    value, gradient, stochastic_gradient = FiniteSum.value, FiniteSum.gradient, FiniteSum.stochastic_gradient

    def gap(self, X):
        return self.value(X) - self.reference


class Pretender(FiniteSum):
    """Three times a least-squares sum, which declares that it is the sum itself."""

    def __init__(self, A, b, loss, reg):
        self.model = LinearModel(A, b, loss, reg)
        self.n, self.d, self.reference = self.model.n, self.model.d, 0.0

    def values(self, X):
        return 3 * self.model.values(X)

    def gradients(self, X, indices=None):
        return 3 * self.model.gradients(X, indices)

    def as_linear_model(self):
        return self.model


def subclass(kind: type[FiniteSum], **attributes: float) -> Problem:
    f = kind(*rows(), "squared", 0.05)
    for name, value in attributes.items():
        setattr(f, name, value)
    return honest(f)


class QuadraticWell(Quadratics):
    """A well far from the minimiser, in values and gradients."""

    def added(self, X):
        return -60 * np.exp(-np.sum((X - 5 * CENTRE) ** 2, axis=-1))

    def values(self, X):
        return super().values(X) + self.added(X)[:, None]

    def gradients(self, X, indices=None):
        return super().gradients(X, indices) - (2 * self.added(X)[:, None] * (X - 5 * CENTRE))[:, None, :]

    value, gradient = FiniteSum.value, FiniteSum.gradient

    def gap(self, X):
        return self.value(X) - self.reference


def far_well() -> Quadratics:
    """A quadratic that became a well after its construction, which looks for the minimiser."""
    f = Quadratics(np.diag([2.0, 1.0])[None], np.zeros((1, 2)))
    assert f.reference == 0
    f.__class__ = QuadraticWell
    return f


def quadratic_well() -> Problem:
    return of_quadratics(far_well())


def of_quadratics(f: FiniteSum) -> Problem:
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(np.full(f.n, 2.0)),
        L=claimed(2.0),
        mu=claimed(1.0),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(f.n)),
        x_star=np.zeros(2),
    )


class SteeperSines(SineSum):
    """Three times the sine of the claims, by a constant that the constructor does not see."""

    def values(self, X):
        Y = X @ self.Q.T
        return ((Y**2 + 3 * self.a * np.sin(Y) ** 2) @ self.w)[:, None]

    def gradient(self, X):
        Y = X @ self.Q.T
        return (self.w * (2 * Y + 3 * self.a * np.sin(2 * Y))) @ self.Q


def sines(kind: type[SineSum] = SineSum) -> Problem:
    f = kind(np.array([1.0, 2.0]), np.eye(2))
    return Problem(
        objective=f,
        x0=np.ones(2),
        L_i=claimed(np.array([16.0])),
        L=claimed(16.0),
        mu=claimed(0.1755),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(1)),
        x_star=np.zeros(2),
    )


class OtherTilts(Tilted):
    """The tilts of the claims are a tenth of those that run."""

    def values(self, X):
        return self.base.value(X)[:, None] + 10 * X @ self.tilts.T

    def gradients(self, X, indices=None):
        tilts = self.tilts if indices is None else self.tilts[indices]
        return self.base.gradient(X)[:, None, :] + 10 * tilts


def tilted(kind: type[Tilted] = Tilted, base: Quadratics | None = None) -> Problem:
    base = Quadratics(np.diag([2.0, 1.0])[None], np.zeros((1, 2))) if base is None else base
    problem = of_quadratics(kind(base, np.array([[1.0, 1.0], [-1.0, -1.0]])))
    return replace(problem, f_i_inf=claimed(np.full(2, -0.75)), claims=problem.objective.expected_residual)


class Moving(LinearModel):
    """`A` is another matrix whenever somebody asks for it outside of the class's own code."""

    @property
    def A(self):
        return self.__dict__["B"]

    @A.setter
    def A(self, value):
        self.__dict__.update(B=value, C=2 * value)

    def values(self, X):
        return LinearModel(self.C, self.b, "squared", self.reg).values(X)

    def gradients(self, X, indices=None):
        return LinearModel(self.C, self.b, "squared", self.reg).gradients(X, indices)

    value, gradient, stochastic_gradient = FiniteSum.value, FiniteSum.gradient, FiniteSum.stochastic_gradient

    def gap(self, X):
        return self.value(X) - self.reference


# Instances


def well_by_instance(width: float = 1.0) -> Problem:
    """The functions are attributes of the instance."""
    f, well = LinearModel(*rows(), "squared", 0.05), Well(*rows(), "squared", 0.05)
    well.width = width
    for name in ("values", "gradients", "value", "gradient", "stochastic_gradient", "gap"):
        setattr(f, name, getattr(well, name))
    return honest(f)


def one_function_by_instance(name: str, factor: float) -> Problem:
    f = LinearModel(*rows(), "squared", 0.05)
    before = getattr(f, name)
    setattr(f, name, lambda *arguments: factor * before(*arguments))
    return honest(f)


def another_class_afterwards() -> Problem:
    f = LinearModel(*rows(), "squared", 0.05)
    f.__class__ = Well
    return honest(f)


def loss_by_instance() -> Problem:
    """A loss whose code is that of 1.5 phi, under the key of the squared loss."""
    f = LinearModel(*rows(), "squared", 0.05)

    class Other(f.loss):
        @staticmethod
        def value(t, b):
            return 0.75 * (t - b) ** 2

        @staticmethod
        def slope(t, b):
            return 1.5 * (t - b)

    f.loss = Other
    return honest(f)


def said_to_be_of_the_package() -> Problem:
    """A class that gives a module of the package as its own, and takes over what the class there declares."""
    members = {
        name: getattr(Quadratics, name) for name in ("as_quadratics", "hessians", "strong_convexity", "rotation")
    }
    centre = np.array([123.4, -77.7])
    wrong = {
        "values": lambda self, X: (
            Quadratics.values(self, X) - 1e6 * np.exp(-np.sum((X - centre) ** 2, axis=-1) / 0.01)[:, None]
        ),
        "__module__": Quadratics.__module__,
    }
    kind = type("Quadratics", (Quadratics,), {**members, **wrong})
    return of_quadratics(kind(np.diag([2.0, 1.0])[None], np.zeros((1, 2))))


def poisoned(name: str, value: float) -> Problem:
    """A remembered result is not what the code gives."""
    f = LinearModel(*rows(), "squared", 0.05)
    f.__dict__[name] = value
    return honest(f, f)


CURVED = ("L_i", "L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2")
CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    **{f"a-well-of-width-{w:g}": (ALL, partial(subclass, Well, width=w)) for w in (1.0, 0.3, 0.1, 0.01)},
    "gradients-of-another": (CURVED, partial(subclass, Steeper)),
    "another-multiple": ((*CURVED, "mu"), partial(subclass, Consistent)),
    "structure-of-another": ((*CURVED, "mu"), partial(subclass, Pretender)),
    "another-far-out": (CURVED, partial(subclass, Far)),
    "quadratic-well": (("L_i", "L", "L_max", "L_avg", "mu"), quadratic_well),
    "steeper-sines": (("L_i", "L", "L_max", "L_avg", "mu"), partial(sines, SteeperSines)),
    "other-tilts": (("C", "bounded-variance", "f_i_inf"), partial(tilted, OtherTilts)),
    "well-below-the-tilts": (
        ("L_i", "L", "L_max", "L_avg", "mu"),
        lambda: tilted(Tilted, far_well()),
    ),
    "data-that-differ-when-asked-for": (CURVED, partial(subclass, Moving)),
    **{f"well-of-width-{w:g}-by-instance": (ALL, partial(well_by_instance, w)) for w in (1.0, 0.1)},
    **{
        f"{name}-by-instance": (wrong, partial(one_function_by_instance, name, factor))
        for name, factor, wrong in [
            ("gradients", 1.5, ("L_i", "L_max", "L_avg", "Lambda")),
            ("gradient", 1.5, ("L",)),
            ("stochastic_gradient", 1.5, ("Lambda",)),
            ("values", 0.5, ("f_i_inf",)),
            ("value", 0.5, ("f_inf",)),
            ("gap", 4.0, ("mu",)),
        ]
    },
    "said-to-be-of-the-package": (("mu", "f_inf", "f_i_inf"), said_to_be_of_the_package),
    "another-class-afterwards": (ALL, another_class_afterwards),
    "another-loss-under-the-same-key": ((*CURVED, "mu"), loss_by_instance),
    "poisoned-smoothness": (("L",), partial(poisoned, "smoothness", 0.5)),
    "poisoned-component-smoothness": (CURVED[:1], partial(poisoned, "component_smoothness", np.full(6, 0.1))),
    "poisoned-reference": (("f_inf",), partial(poisoned, "reference", 1.0)),
    "poisoned-minimiser": (("minimiser",), partial(poisoned, "minimiser", np.array([3.0, 3.0]))),
}


def problem(case: str = "a-well-of-width-0.1") -> Problem:
    return CASES[case][1]()
