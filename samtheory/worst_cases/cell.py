"""A class of functions with its constants, the steps of the method, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np

from samtheory.constants import Constants, as_components, claimed
from samtheory.errors import NotApplicable
from samtheory.objectives import Quadratics
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.sampling.full import Full
from samtheory.sampling.uniform import Uniform
from samtheory.theorems.base import Theorem

from .checker import CLASSES

#: A sum of quantities with factors, as in a certificate: "gap 1" is f - f* at t = 1, "1" the number one.
Words = Mapping[str, Fraction | int]
#: What is claimed of the functions of a class beside smoothness, PL with mu, and f_i* = f* = 0.
CLAIMS = {
    "smooth": (),
    "pl": (),
    "convex": ("convex", "convex-components"),
    "convex-pl": ("convex", "convex-components"),
    "strongly-convex": ("convex", "convex-components", "strongly-convex"),
}
#: The most components, and with one of them the most steps.
COMPONENTS, STEPS = 3, 8


@dataclass(frozen=True)
class Cell:
    """A class of finite sums and constant steps of Unified SAM, in units of L = 1.

    Attributes
    ----------
    kind : a key of `checker.CLASSES`; convex and strongly convex is every component, PL their mean
    kappa : L/mu
    gamma, rho : gamma L and L rho
    n : components, of which one is drawn uniformly; 1 for the full batch
    steps : how many are taken

    Raises
    ------
    NotApplicable
        If no semidefinite program is known for the cell.
    """

    kind: str
    kappa: Fraction
    gamma: Fraction
    rho: Fraction
    lam: Fraction
    n: int = 1
    steps: int = 1

    def __post_init__(self) -> None:
        if self.lam and self.rho and self.n > 1:
            raise NotApplicable(f"not supported: lam={float(self.lam):g}, n={self.n}: lam > 0 with several components")
        if self.lam and self.rho and self.steps > 1:
            raise NotApplicable(
                f"not supported: lam={float(self.lam):g}, steps={self.steps}: several steps with lam > 0"
            )
        if self.n > 1 and (self.steps > 1 or self.n > COMPONENTS):
            raise NotApplicable(f"not supported: n={self.n}, steps={self.steps}: one step of at most {COMPONENTS}")
        if self.steps > STEPS:
            raise NotApplicable(f"not supported: steps={self.steps}: at most {STEPS}")

    @property
    def normalised(self) -> bool:
        """Whether lengths are in units of rho: lam > 0, so that only SAM's own level sets the scale."""
        return bool(self.lam and self.rho)

    @property
    def sampling(self) -> Sampling:
        """The full batch, or uniform."""
        return Uniform() if self.n > 1 else Full()

    @property
    def constants(self) -> Constants:
        """What a theorem may use of every function of the class."""
        anything = Quadratics(np.ones((self.n, 1, 1)), np.zeros((self.n, 1)))
        made = Problem(
            objective=anything, x0=np.ones(1), x_star=np.zeros(1),
            L=claimed(1.0), L_i=as_components("L_i", np.ones(self.n), self.n),
            f_inf=claimed(0.0), f_i_inf=as_components("f_i_inf", np.zeros(self.n), self.n),
            mu=claimed(float(1 / self.kappa)) if self.has_mu else None,
            properties=frozenset({"interpolation", *CLAIMS[self.kind]}),
        )  # fmt: skip
        return made.constants(self.sampling)

    @property
    def has_mu(self) -> bool:
        """Whether the class has the constant mu."""
        least, pl = CLASSES[self.kind]
        return pl or least is None

    def asked(self, lyapunov: str, goal: Words, given: Mapping[str, Words]) -> dict[str, Any]:
        """The cell as plain data, as in a certificate: the largest `goal` where every sum of `given` is >= 0."""

        def plain(words: Words) -> dict[str, str]:
            return {word: str(factor) for word, factor in words.items()}

        return {
            "class": self.kind,
            "kappa": str(self.kappa),
            "gamma": str(self.gamma),
            "rho": str(self.rho),
            "lam": str(self.lam if self.rho else 0),
            "n": self.n,
            "steps": self.steps,
            "middles": [list(pair) for pair in self.middles],
            "goal": plain(goal),
            "given": {name: plain(words) for name, words in given.items()},
        }

    @property
    def middles(self) -> list[tuple[str, str]]:
        """The pairs of points at whose middle PL is used: those of one step with the full batch."""
        if self.kind != "pl" or self.n > 1 or self.steps > 1:
            return []
        return list(permutations(("x", "x0y", "x0") if self.rho else ("x", "x0"), 2))


def class_of(theorem: Theorem, kappa: Fraction, n: int) -> str:
    """The largest class whose functions satisfy the theorem's assumptions; "pl" where none does.

    Strong convexity of every f_i, which its class means, is more than that of f.
    """
    one, zero = Fraction(1), Fraction(0)
    for kind in ("smooth", "pl", "convex", "convex-pl", *(["strongly-convex"] if n == 1 else [])):
        if set(theorem.assumptions) <= Cell(kind, kappa, one, zero, zero, n).constants.properties:
            return kind
    return "pl"
