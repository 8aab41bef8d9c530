"""Theorems about Unified SAM read for other methods, by the class of their perturbation.

||e|| <= rho (alpha ||g|| + beta) is ||e|| <= r (a ||g|| + lam) for r = rho (alpha + beta), lam = beta/(alpha + beta),
a = 1 - lam. The proofs know no more of Unified SAM than that, unless the theorem `sees` more: so a theorem covers the
class at this lam and the radius r.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace

from samtheory.catalogue import methods
from samtheory.constants import Constant, Constants
from samtheory.engine.run import Method
from samtheory.errors import InputError, NotApplicable
from samtheory.methods.base import Bias, Deviation, Remembering
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling
from samtheory.schedules import LAM, Rule, Schedule, is_constant, rule_text
from samtheory.theorems.base import Theorem

#: Why a theorem that sees more of e does not cover a method.
REASONS = {
    "direction": "the proof uses the direction of the perturbation",
    "point": "the proof uses a step x - gamma g_v(y) with one point y",
    "length": "the proof bounds the perturbation by the gradient of its own draw",
    "nothing": "the theorem is about steps without a perturbation",
}


@dataclass(frozen=True)
class Reading:
    """A method under the theorems.

    Attributes
    ----------
    name : of the method; "" for each theorem's own method, or a program in its place
    deviation : the class of its perturbation; None where none is stated
    bias : (constants, rho) -> what is known of its step in the mean; None where nothing is stated
    """

    name: str = ""
    deviation: Deviation | None = None
    bias: Callable[[Constants, float], Bias | None] | None = None

    def why_not_covered(self, theorem: Theorem) -> str | None:
        """Reason why a theorem does not cover the method, None if it does."""
        of = self.deviation
        if self.name in ("", theorem.method) or (self.bias is not None and "biased" in theorem.assumptions):
            return None
        if of is None or theorem.method != Theorem.method:
            return f"the theorem is about the method {theorem.method}, not {self.name}"
        if theorem.only is not None and of.lam not in (None, theorem.only):
            return f"the theorem covers lam={rule_text(theorem.only)} only, and {self.name} is at lam={of.lam:g}"
        if of.lam is None or (of.along and theorem.sees != "nothing"):
            return None
        unseen = theorem.sees in ("direction", "nothing") or (theorem.sees == "point" and not of.point)
        foreign = not of.own and theorem.sees != "mean"
        if not unseen and not foreign:
            return None
        return f"{REASONS[theorem.sees if unseen else 'length']}: {self.name} is not covered"

    def covered(self, theorems: Iterable[Theorem]) -> list[Theorem]:
        """The theorems that cover the method.

        Raises
        ------
        NotApplicable
            If there is none.
        """
        given = list(theorems)
        found = [theorem for theorem in given if self.why_not_covered(theorem) is None]
        if given and not found:
            if len(given) == 1:
                raise NotApplicable(f"{given[0].key}: {self.why_not_covered(given[0])}")
            raise NotApplicable(f"method={self.name}: no theorem covers it")
        return found

    def lam(self, theorem: Theorem, asked: Rule | None) -> Rule:
        """The lam at which the theorem is read; `asked` is what a person gave, None for nothing.

        Raises
        ------
        InputError
            If another lam is asked for than that of the class.
        """
        own = None if self.deviation is None else self.deviation.lam
        if own is None:
            default = LAM if self.deviation is None else 0.0
            return next((each for each in (asked, theorem.only) if each is not None), default)
        if asked not in (None, own):
            raise InputError(f"lam={rule_text(asked)}: must be {own:g} or left out beside method={self.name}")
        return own

    def request(self, theorem: Theorem, request: Request) -> Request:
        """The request in the theorem's terms: its lam, and the radius of the class.

        Raises
        ------
        NotApplicable
            If the theorem does not cover the method.
        """
        if reason := self.why_not_covered(theorem):
            raise NotApplicable(f"{theorem.key}: {reason}")
        if self.deviation is None:
            return request
        lam, scale = self.deviation.lam, self.deviation.scale
        if lam is None:
            return request.but(rho=0.0, rho_fraction=None)
        return request.but(lam=lam, rho=None if request.rho is None else _times(request.rho, scale))

    def schedule(self, planned: Schedule) -> Schedule:
        """The steps of the method: its own rho for the radius of the class."""
        if self.deviation is None or self.deviation.scale in (0.0, 1.0):
            return planned
        return replace(planned, rho=_times(planned.rho, 1 / self.deviation.scale))

    def constants(self, problem: Problem, sampling: Sampling, rho: Rule | None = None) -> Constants:
        """What theorems may use; with L_v = (1/n) sum v_i L_i where the method needs it, and no better one.

        A `bias` adds its numbers, at this rho: 0 where none is given.
        """
        known = problem.constants(sampling)
        constant = self.bias is not None and (rho is None or is_constant(rho))
        if constant and (bias := self.bias(known, float(rho or 0.0))) is not None:  # type: ignore[arg-type, misc]
            stated = {name: Constant(value, "claimed", self.name) for name, value in asdict(bias).items()}
            return replace(known.changed(**stated), properties=known.properties | {"biased"})
        if self.deviation is None or not self.deviation.components:
            return known
        law, L_i = problem.law(sampling), problem.L_i.values
        found = {"Lambda1": L_i.mean(), "Lambda2": math.sqrt(law.mean_square(L_i)), "Lambda": law.largest(L_i)}
        how = problem.L_i.provenance
        changed = {name: Constant(float(value), how, "L_v = (1/n) sum v_i L_i") for name, value in found.items()}
        return replace(known.changed(**changed), properties=known.properties - {"full-batch"})


#: Each theorem's own method, or a program in its place.
OWN = Reading()


def _times(rule: Rule, factor: float) -> Rule:
    """A rule times a number."""
    if is_constant(rule):
        return float(rule) * factor  # type: ignore[arg-type]
    return lambda t: Schedule(1.0, rule).at(t)[1] * factor


def reading_of(method: Method | None, name: str | None = None, tested: bool = False) -> Reading:
    """The reading of a step by the class that it states; without one, by its name.

    Parameters
    ----------
    tested : whether a step without a class and a memory is a program under test, in the place of a theorem's method
    """
    step = method.step if isinstance(method, Remembering) else method
    called = name or str(getattr(step, "__qualname__", type(step).__qualname__))
    if (deviation := getattr(method, "deviation", None)) is not None:
        return Reading(called, deviation)
    if (bias := getattr(method, "bias", None)) is not None:
        return Reading(called, bias=bias)
    known = called in methods() and called != Theorem.method and not tested
    return Reading(called) if known or isinstance(method, Remembering) else OWN
