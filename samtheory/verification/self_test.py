"""The verifier against faulty programs: the evidence that catches each, and the correct program beside it.

Accepting correct programs proves little: this module measures which faulty programs are rejected (`variants`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from samtheory._version import __version__
from samtheory.catalogue import load_theorem, problem_of
from samtheory.constants import Constants
from samtheory.engine.run import Method
from samtheory.errors import InputError, NotApplicable
from samtheory.methods.unified_sam import step
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling, parse_sampling
from samtheory.schedules import Schedule
from samtheory.status import Status
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

from .cell import Cell
from .derivation import derivation
from .evidence import Evidence
from .judge import judged, task

SCHEMA = "samtheory.self-test/1"
KEYS = {
    SCHEMA: {
        "variants": "one entry for each wrong variant",
        "variants.caught": "kinds of evidence that were violated, by name of the check",
        "variants.good": "whether it was caught as expected and the right program was not",
        "variants.name": "name of the variant",
        "variants.part": "what is wrong: method, sampling, constants, card or theorem",
        "variants.right_holds": "whether nothing was found against the right program",
        "variants.weaker": "whether it is only weaker, so that nothing is to be caught",
    }
}

#: The kinds of evidence, in the order of the table.
KINDS = ("refused", "oracle", "hypothesis", "derivation", "reference", "one-step", "moments", "trajectory")


#: What may be wrong, in the order of the table.
PARTS = ("method", "sampling", "constants", "card", "theorem")


def same(right: Any) -> Any:
    """No change."""
    return right


@dataclass(frozen=True)
class Variant:
    """A faulty variant, the cell at which it is judged, and the evidence that must catch it.

    Attributes
    ----------
    name : the mistake
    part : what is wrong, one of `PARTS`
    cell : the cell of the variant; the correct program is judged at the same cell, at the theorem's own steps
    caught_by : kinds of evidence that must catch it
    method, schedule, sampling, problem, constants, theorem, plan : what is changed; the rest is right. A
        class of methods is instantiated for each verification
    weaker : for a change that only weakens a statement, the proof that it stays true
    """

    name: str
    part: str
    cell: Cell
    caught_by: tuple[str, ...] = ()
    method: Method | type[Method] = step
    schedule: Callable[[Schedule], Schedule] = same
    sampling: Callable[[Sampling], Sampling] = same
    problem: Callable[[Problem], Problem] = same
    constants: Callable[[Constants], Constants] = same
    theorem: Callable[[Theorem], Theorem] = same
    plan: Callable[[Plan], Plan] = same
    weaker: str = ""

    @property
    def right(self) -> Variant:
        """The right program at the same cell, at steps that the theorem allows."""
        asked = self.cell.request
        if asked.allow_outside:
            asked = asked.but(rho=None, gamma=None, allow_outside=False)
        return Variant(self.name, self.part, replace(self.cell, request=asked))


@dataclass(frozen=True)
class Altered(Theorem):
    """A theorem whose plans are changed after the fact."""

    of: Theorem = field(kw_only=True)
    change: Callable[[Plan], Plan] = field(kw_only=True)

    def admissible(self, constants: Constants, lam: Any) -> tuple[float, Callable[[float], float]]:
        """As the right theorem."""
        return self.of.admissible(constants, lam)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        """The right theorem's plan, changed."""
        return self.change(self.of.plan_for(constants, request, delta0))


def altered(theorem: Theorem, change: Callable[[Plan], Plan]) -> Theorem:
    """`theorem` with every plan changed."""
    shared = {part.name: getattr(theorem, part.name) for part in fields(Theorem)}
    return Altered(**shared, of=theorem, change=change)


def evidence(variant: Variant) -> list[Evidence]:
    """All evidence on a variant; a refusal counts as evidence."""
    cell = variant.cell
    try:
        problem = variant.problem(problem_of(cell.problem, cell.params, cell.data))
        sampling = parse_sampling(cell.sampling)
        theorem = altered(variant.theorem(load_theorem(cell.theorem)), variant.plan)
        constants = variant.constants(problem.constants(sampling))
        plan = theorem.plan_for(constants, cell.request, problem.delta0)
        # The chain bounds f - f*; a statement about distances has none.
        found = derivation(constants, plan, problem.delta0) if theorem.lyapunov == "gap" else []
        verdict = judged(
            task(
                cell,
                problem,
                variant.sampling(sampling),
                theorem,
                constants=constants,
                method=variant.method() if isinstance(variant.method, type) else variant.method,
                schedule=variant.schedule,
            )
        )
    except (InputError, NotApplicable) as refusal:
        return [Evidence("refused", "admissible", Status.VIOLATED, "exact", None, str(refusal), 1)]
    return [*found, *verdict.evidence]


@dataclass(frozen=True)
class MutantResult:
    """The evidence that caught a variant.

    Attributes
    ----------
    caught : kinds of evidence that were violated, by name of the check
    right_holds : whether nothing was found against the right program at the same cell
    """

    variant: Variant
    caught: dict[str, list[str]]
    right_holds: bool

    @property
    def good(self) -> bool:
        """Whether it was caught as expected (or not, if it is only weaker), and the right program passed."""
        expected = set(self.variant.caught_by) <= set(self.caught)
        return self.right_holds and (not self.caught if self.variant.weaker else bool(self.caught) and expected)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "caught": self.caught,
            "command": self.variant.cell.command,
            "good": self.good,
            "name": self.variant.name,
            "part": self.variant.part,
            "right_holds": self.right_holds,
            "weaker": self.variant.weaker,
        }


def examine(variant: Variant) -> MutantResult:
    """Judge a wrong variant and the right program beside it."""
    caught: dict[str, list[str]] = {}
    for piece in evidence(variant):
        if piece.verdict.failed:
            caught.setdefault(piece.kind, []).append(piece.name)
    return MutantResult(variant, caught, right_holds(variant.right.cell))


@cache
def right_holds(cell: Cell) -> bool:
    """Whether nothing is found against the right program at a cell."""
    return all(not piece.verdict.failed for piece in evidence(Variant("right", "", cell)))


def document(found: Sequence[MutantResult]) -> dict[str, Any]:
    """The JSON document `samtheory.self-test/1`."""
    return {
        "schema": SCHEMA,
        "variants": [finding.to_json() for finding in found],
        "version": __version__,
    }


def self_test(variants: Sequence[Variant], on_done: Callable[[MutantResult], None] | None = None) -> list[MutantResult]:
    """The evidence that catches each variant, in order; those of the library are `variants.variants()`."""
    findings = []
    for variant in variants:
        findings.append(examine(variant))
        if on_done is not None:
            on_done(findings[-1])
    return findings
