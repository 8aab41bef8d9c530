"""A problem: a finite sum, a start, and the constants claimed of it, each with how it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions import symbols
from samtheory.constants import (
    ComponentConstants,
    Constant,
    Constants,
    ExpectedResidual,
    as_components,
    as_constant,
    exact,
    weakest,
)
from samtheory.errors import NotApplicable, finite_array, reject, words
from samtheory.io.data_file import DataFile
from samtheory.io.result import Result
from samtheory.objectives.base import FiniteSum
from samtheory.sampling.base import Sampling
from samtheory.sampling.law import Law


@dataclass(frozen=True, eq=False, repr=False)
class Problem(Result):
    """A finite sum with a start and claimed constants; plain numbers and arrays count as *claimed*.

    Parameters
    ----------
    objective : the finite sum
    x0 : (d,) start
    L_i : smoothness of every f_i
    L : smoothness of f
    f_inf : inf f, or any valid lower bound on it to measure delta from (then `residual` or `f_i_inf` must go with it)
    f_i_inf : inf f_i, or lower bounds; None if some f_i is unbounded below (then only `residual` gives A, B, C)
    mu : PL constant, None if not claimed
    properties : what else is claimed, words of `constants.ASSUMPTIONS` (`convex`, `interpolation`, ...)
    residual : law -> ExpectedResidual or None, constants other than the textbook's; None falls back to them
    sampled_smoothness : law -> (Lambda1, Lambda2, Lambda) or None, when sharper than L_v = (1/n) sum v_i L_i
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
    residual: Callable[[Law], ExpectedResidual | None] | None = None
    sampled_smoothness: Callable[[Law], tuple[Constant, Constant, Constant] | None] | None = None
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
        """f(x0) - f_inf."""
        return float(self.suboptimality(self.x0[None])[0])

    def law(self, sampling: Sampling) -> Law:
        """The sampling bound to this problem: the same law for the same sampling."""
        return _bound(self, sampling)

    def constants(self, sampling: Sampling) -> Constants:
        """Every constant that a theorem may use under `sampling`, with its provenance.

        Raises
        ------
        NotApplicable
            If the problem is outside of all theory.
        """
        if self.outside:
            raise NotApplicable(f"no theorem applies: {self.outside}")
        law, L_i = self.law(sampling), self.L_i
        held = {"smooth", *self.properties}
        residual = self.expected_residual(law)
        if residual is not None:
            held.add("ER")
            if (float(residual.A), float(residual.B)) == (0.0, 1.0):
                held.add("bounded-variance")
        if self.mu is not None:
            held.add("PL")
        if law.deterministic:
            held.add("full-batch")
        Lambda1, Lambda2, Lambda = self.smoothness_of(law)
        if self.x_star is not None:
            held.add("minimiser")
        around = self.expected_smoothness(law)
        if around is not None:
            held.add("ES")
        numbers = {
            "L": self.L,
            "L_max": L_i.reduce(np.max, "max L_i"),
            "L_avg": L_i.reduce(np.mean, "mean L_i"),
            "Lambda": Lambda,
            "Lambda1": Lambda1,
            "Lambda2": Lambda2,
            "mu": self.mu,
            **({} if residual is None else {name: getattr(residual, name) for name in "ABC"}),
            **dict(zip(("Lcal", "R", "sigma2"), around or (), strict=False)),
        }
        claimed = {name: value for name, value in numbers.items() if value is not None}
        return Constants(claimed, frozenset(held), self.region)

    def smoothness_of(self, law: Law) -> tuple[Constant, Constant, Constant]:
        """Mean, root mean square and essential supremum of the smoothness L_v of the sampled function."""
        if law.deterministic:
            return self.L, self.L, self.L
        if self.sampled_smoothness is not None and (sharper := self.sampled_smoothness(law)) is not None:
            first, second, largest = (as_constant("Lambda", value) for value in sharper)
            in_domain(Lambda1=first, Lambda2=second, Lambda=largest)
            return first, second, largest
        L_i, known = self.L_i.values, self.L_i.provenance
        return (
            Constant(L_i.mean(), known, "E L_v = mean L_i"),
            Constant(np.sqrt(law.mean_square(L_i)), known, "sqrt E L_v^2, L_v = (1/n) sum v_i L_i"),
            Constant(law.largest(L_i), known, "ess sup L_v, L_v = (1/n) sum v_i L_i"),
        )

    def component_gap(self) -> Constant | None:
        """Delta_inf = f_inf - (1/n) sum f_i_inf >= 0, or None where some f_i is unbounded below."""
        if self.f_i_inf is None:
            return None
        gap = max(0.0, float(self.f_inf) - float(self.f_i_inf.values.mean()))
        return Constant(gap, weakest([self.f_inf, self.f_i_inf]), "f_inf - mean f_i_inf")

    def expected_residual(self, law: Law) -> ExpectedResidual | None:
        """(A, B, C) under `law`: the problem's own where it has them, else those of `Law` with C = 2 A Delta_inf."""
        if law.deterministic:
            none = exact(0.0, "g = grad f")
            return ExpectedResidual(none, exact(1.0, "g = grad f"), none)
        if self.residual is not None and (own := self.residual(law)) is not None:
            in_domain(A=own.A, B=own.B, C=own.C)
            return own
        gap = self.component_gap()
        if gap is None:
            return None
        A = Constant(law.A(self.L_i.values), self.L_i.provenance, f"{law.A_form}, {law.form}")
        C = Constant(2 * A * gap, weakest([A, gap]), "2 A (f_inf - mean f_i_inf)")
        return ExpectedResidual(A, exact(law.B, law.form), C)

    def expected_smoothness(self, law: Law) -> tuple[Constant, Constant, Constant] | None:
        """(Lcal, R, sigma2) around x*, where every f_i is convex and x* is known (Gower et al. 2019, 2021).

        E||g||^2 = B||grad f||^2 + (1/n^2) sum K_ij <grad f_i, grad f_j>, and the same for g - g*; with
        (1/n) sum ||grad f_i(x) - grad f_i(x*)||^2/L_i <= 2 (f - f*): Lcal = A + B L and R = A for the A of
        `expected_residual`.
        """
        if self.x_star is None or "convex-components" not in self.properties:
            return None
        if law.deterministic:
            none = exact(0.0, "g = grad f")
            return self.L, none, none
        g = self.objective.gradients(self.x_star[None])[0]
        noise = 0.0 if "interpolation" in self.properties else float(np.sum(g * law.spread(g))) / self.n**2
        A = Constant(law.A(self.L_i.values), self.L_i.provenance, f"{law.A_form}, every f_i convex")
        Lcal = Constant(A + law.B * self.L, weakest([A, self.L]), "A + B L, every f_i convex")
        sigma2 = Constant(noise, "numerical" if noise else "exact", "E||(1/n) sum v_i grad f_i(x*)||^2")
        return Lcal, A, sigma2


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
