"""A problem: a finite sum, a start, and the constants claimed of it, each with its provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions import assumptions, formula_symbols, symbols
from samtheory.assumptions.base import Values
from samtheory.constants import (
    ASSUMPTIONS,
    ComponentConstants,
    Constant,
    Constants,
    ExpectedResidual,
    as_components,
    as_constant,
    weakest,
)
from samtheory.errors import NotApplicable, finite_array, reject, words
from samtheory.io.data_file import DataFile
from samtheory.io.result import Result
from samtheory.objectives.base import FiniteSum
from samtheory.sampling.base import Sampling
from samtheory.sampling.law import Law

from .facts import ProblemFacts


@dataclass(frozen=True, eq=False, repr=False)
class Problem(Result):
    """A finite sum with a start and claimed constants; plain numbers and arrays count as *claimed*.

    Parameters
    ----------
    objective : the finite sum
    x0 : (d,) start
    L_i : smoothness of every f_i
    L : smoothness of f
    f_inf : inf f, or any valid lower bound on it to measure delta from (then `f_i_inf`, or A, B and C in `claims`, must
        go with it)
    f_i_inf : inf f_i, or lower bounds; None if some f_i is unbounded below (then only `claims` gives A, B, C)
    mu : PL constant, None if not claimed
    properties : what else is claimed, words of `constants.ASSUMPTIONS` (`convex`, `interpolation`, ...)
    claims : law -> constants by name that take the place of the derived ones, or that no rule derives: A, B and C of
        the expected residual; Lambda1, Lambda2 and Lambda where they are sharper than L_v = (1/n) sum v_i L_i; it may
        return None
    x_star : (d,) a minimiser, where known
    region : where the constants hold, "" for everywhere
    outside : why no theorem applies, "" where one may; L_i, L and f_inf then hold at most on `region`
    source : where the constants come from

    Raises
    ------
    InputError
        If a constant, `x0` or `x_star` has another shape, is not finite, or has a sign that no function allows.
    """

    objective: FiniteSum
    x0: Array
    L_i: ComponentConstants
    L: Constant
    f_inf: Constant
    f_i_inf: ComponentConstants | None = None
    mu: Constant | None = None
    properties: frozenset[str] = frozenset()
    claims: Callable[[Law], Mapping[str, Constant] | None] | None = None
    x_star: Array | None = None
    region: str = ""
    outside: str = ""
    source: str = ""
    name: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    data: DataFile | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.objective, FiniteSum):
            raise reject("objective", type(self.objective).__name__, "a finite sum, such as samtheory.UserSum")
        x0, properties = finite_array("x0", self.x0, (self.d,)), words("properties", self.properties)
        checked: dict[str, Any] = {"x0": x0, "properties": properties}
        for name in ("L_i", "f_i_inf"):
            if name == "L_i" or getattr(self, name) is not None:
                checked[name] = as_components(name, getattr(self, name), self.n)
        for name in ("L", "f_inf", "mu"):
            if name != "mu" or self.mu is not None:
                checked[name] = as_constant(name, getattr(self, name))
        if self.x_star is not None:
            checked["x_star"] = finite_array("x_star", self.x_star, (self.d,))
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        in_domain(L_i=self.L_i, L=self.L, mu=self.mu, f_inf=self.f_inf, f_i_inf=self.f_i_inf)

    def headline(self) -> str:
        """The name, the size and the constants of f."""
        numbers = {"L": self.L, "mu": self.mu, "f_inf": self.f_inf}
        known = [
            f"{name}={float(value):.4g} ({value.provenance})" for name, value in numbers.items() if value is not None
        ]
        return f"{self.name or 'problem'}: n={self.n}, d={self.d}, {', '.join(known)}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each claimed constant; the largest of L_i and the smallest of f_i_inf."""
        rows: list[tuple[str, Any, Callable[[Any], Any]]] = [
            ("L", self.L, float), ("mu", self.mu, float), ("f_inf", self.f_inf, float),
            ("max L_i", self.L_i, lambda each: each.values.max()),
            ("min f_i_inf", self.f_i_inf, lambda each: each.values.min()),
        ]  # fmt: skip
        for name, constant, number in rows:
            if constant is not None:
                value = float(number(constant))
                yield {"constant": name, "value": value, "known": constant.provenance, "source": constant.source}

    def to_json(self) -> dict[str, Any]:
        """Plain data: the size, the start, the properties and the claimed constants."""
        return {
            "problem": self.name or None,
            "params": dict(self.params),
            "data": self.data_shown,
            "n": self.n,
            "d": self.d,
            "x0": self.x0.tolist(),
            "properties": sorted(self.properties),
            "source": self.source,
            "constants": list(self.records()),
        }

    @property
    def n(self) -> int:
        """The number of components."""
        return self.objective.n

    @property
    def d(self) -> int:
        """The dimension."""
        return self.objective.d

    def named(self, name: str, params: Mapping[str, Any], data: DataFile | None = None) -> Problem:
        """The same problem under the name, the parameters and the data file it was loaded with."""
        return replace(self, name=name, params=dict(params), data=data)

    def claiming(self, more: Callable[[Law], Mapping[str, Constant]]) -> Problem:
        """The same problem with further constants claimed under each law, which take the place of its own."""
        own = self.claims
        return replace(self, claims=lambda law: {**((None if own is None else own(law)) or {}), **more(law)})

    @property
    def data_shown(self) -> dict[str, Any] | None:
        """The data file with the size of its rows, as plain data; None without a file."""
        return None if self.data is None else {"file": str(self.data), "n": self.n, "d": self.d}

    def suboptimality(self, X: Array) -> Array:
        """f(x) - f_inf for each row of X (shape (R, d)), without cancellation where the objective can."""
        return self.objective.gap(X) + (self.objective.reference - float(self.f_inf))

    def suboptimality_rounding(self, X: Array) -> Array:
        """A bound on the absolute rounding error of `suboptimality`, shape (R,)."""
        return self.objective.gap_rounding(X)

    @property
    def delta0(self) -> float:
        """f(x0) - f_inf, at least 0: a negative one is rounding, or evidence against f_inf."""
        return max(float(self.suboptimality(self.x0[None])[0]), 0.0)

    def law(self, sampling: Sampling) -> Law:
        """The sampling bound to this problem: the same law for the same sampling."""
        return _bound(self, sampling)

    def claimed(self, law: Law) -> dict[str, Values]:
        """The assumptions that are claimed under `law`, by their words, with the constants that each introduces."""
        return _claimed(self, law)

    def constants(self, sampling: Sampling) -> Constants:
        """Every constant that a theorem may use under `sampling`, with its provenance.

        Raises
        ------
        NotApplicable
            If the problem is outside of all theory.
        InputError
            If the constants contradict each other.
        """
        if self.outside:
            raise NotApplicable(f"no theorem applies: {self.outside}")
        claimed = self.claimed(self.law(sampling))
        held = {word for word in claimed if word in ASSUMPTIONS} | self.properties
        numbers = {name: value for values in claimed.values() for name, value in values.items()}
        used = {name: value for name, value in numbers.items() if name in formula_symbols()}
        return Constants(used, frozenset(held), self.region)

    def smoothness_of(self, law: Law) -> tuple[Constant, Constant, Constant]:
        """Mean, root mean square and essential supremum of the smoothness L_v of the sampled function."""
        values = self.claimed(law)["smooth"]
        return values["Lambda1"], values["Lambda2"], values["Lambda"]

    def component_gap(self) -> Constant | None:
        """Delta_inf = f_inf - (1/n) sum f_i_inf >= 0, or None where some f_i is unbounded below."""
        if self.f_i_inf is None:
            return None
        gap = max(0.0, float(self.f_inf) - float(self.f_i_inf.values.mean()))
        return Constant(gap, weakest([self.f_inf, self.f_i_inf]), "f_inf - mean f_i_inf")

    def expected_residual(self, law: Law) -> ExpectedResidual | None:
        """(A, B, C) under `law`; None where the problem has none."""
        values = self.claimed(law).get("ER")
        return None if values is None else ExpectedResidual(values["A"], values["B"], values["C"])

    def expected_smoothness(self, law: Law) -> tuple[Constant, Constant, Constant] | None:
        """(Lcal, R, sigma2) around x*; None where the problem has none."""
        values = self.claimed(law).get("ES")
        return None if values is None else (values["Lcal"], values["R"], values["sigma2"])


def in_domain(**claimed: Constant | ComponentConstants | None) -> None:
    """Refuse constants, given by name, that no function can have.

    Raises
    ------
    InputError
        If a number is not finite or has the wrong sign.
    """
    for name, constant in claimed.items():
        if constant is not None:
            values = constant.values if isinstance(constant, ComponentConstants) else np.array([constant])
            for extreme in (values.min(), values.max()):  # NaN is both
                symbols()[name].checked(float(extreme))


@lru_cache(maxsize=64)
def _bound(problem: Problem, sampling: Sampling) -> Law:
    return sampling.law(problem.L_i.values)


@lru_cache(maxsize=256)
def _claimed(problem: Problem, law: Law) -> dict[str, Values]:
    facts = ProblemFacts(problem, law)
    found = {word: assumption.claimed(facts) for word, assumption in assumptions().items()}
    return {word: values for word, values in found.items() if values is not None}
