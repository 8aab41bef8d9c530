"""Theorems between the worst case of their class and a hard instance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from samtheory._version import __version__
from samtheory.catalogue import theorems as all_theorems
from samtheory.errors import InputError, MissingExtra, NotApplicable, finite, reject
from samtheory.falsification import counterexample
from samtheory.falsification.counterexample import Counterexample
from samtheory.falsification.instances.arithmetic import decimal
from samtheory.io.json import finite_or_none, under
from samtheory.io.result import Result
from samtheory.request import Request
from samtheory.schedules import rule_text
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

from . import certificate
from .cell import CLAIMS, Cell, class_of
from .certificate import Certificate, certified
from .checker import SCHEMA as CERTIFICATE
from .hard import lower, refutation
from .quantity import Quantity, quantity
from .scan import Worst, worst
from .solver import Program

SCHEMA = "samtheory.tightness/1"
KEYS = {
    SCHEMA: {
        "certificates": "proofs in fractions of the worst cases, with --certify",
        **under("certificates", certificate.KEYS[CERTIFICATE]),
        "counterexamples": "instances that refute a theorem",
        **under("counterexamples", counterexample.KEYS),
        "rows": "one entry for each theorem and value of κ",
        "rows.certified": "whether a certificate proves upper",
        "rows.class": "class of functions of the theorem",
        "rows.exact": "whether upper and lower agree",
        "rows.instance": "name of the hard instance, null for none",
        "rows.kappa": "L/μ, null for a class without μ",
        "rows.lower": "value at the hard instance, null for none",
        "rows.n": "number of components",
        "rows.number": "what the theorem promises, null for infinity",
        "rows.quantity": "what is bounded",
        "rows.ratio": "how many times more the theorem could promise, null where that has no meaning",
        "rows.refuted": "whether an instance is worse than the theorem says",
        "rows.steps": "number of steps",
        "rows.upper": "the worst case of the class is at most this, null where the solver has no answer",
        "skipped.kappa": "L/μ",
    }
}

#: `exact` is printed where lower and upper agree to this, relatively, and for these classes alone: for the others the
#: inequalities are necessary, not sufficient.
AGREE, INTERPOLATED = 1e-6, ("smooth", "convex", "strongly-convex")
#: An excess below this is none.
ENOUGH = 1e-6
#: The method whose worst case is computed.
METHOD = Theorem.method
#: Worst cases with their certificates, by cell and quantity.
Known = dict[tuple[Cell, str, str], tuple[Worst | None, Certificate | None]]


@dataclass(frozen=True)
class Row:
    """A theorem at a cell.

    Attributes
    ----------
    theorem : its key
    cell, quantity : what is asked
    upper : the worst case of the class is at most this, as far as the solver's floats are right, or `certificate`'s
        value; None where the solver has no answer
    lower, instance : the value at a hard instance, exactly, and its name; None where none is known
    counterexample : the instance that refutes the theorem, else None
    """

    theorem: str
    cell: Cell
    quantity: Quantity
    upper: float | None
    lower: Fraction | None
    instance: str | None
    certificate: Certificate | None = None
    counterexample: Counterexample | None = None

    @property
    def exact(self) -> bool:
        """Whether the worst case is known."""
        if self.upper is None or self.lower is None or self.cell.kind not in INTERPOLATED:
            return False
        return abs(self.upper - float(self.lower)) <= AGREE * abs(self.upper)

    @property
    def ratio(self) -> float | None:
        """How many times more the theorem could promise: of the progress 1 - V_1/V_0, else of the number itself.

        None where the theorem promises no progress, and for an excess.
        """
        number, upper = self.quantity.number, self.upper
        if upper is None or not (math.isfinite(upper) and math.isfinite(number)):
            return None
        match self.quantity.kind:
            case "left":
                return (1 - upper) / (1 - number) if number < 1 else None
            case "slope":
                return upper / number if number < 0 else None
            case "excess":
                return None
        return number / upper if upper > 0 else None

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        cell = self.cell
        return {
            "theorem": self.theorem,
            "class": cell.kind,
            "kappa": float(cell.kappa) if cell.has_mu else None,
            "gamma": float(cell.gamma),
            "rho": float(cell.rho),
            "lam": float(cell.lam),
            "n": cell.n,
            "steps": cell.steps,
            "quantity": self.quantity.name,
            "number": finite_or_none(self.quantity.number),
            "upper": None if self.upper is None else finite_or_none(self.upper),
            "certified": self.certificate is not None,
            "lower": None if self.lower is None else float(self.lower),
            "instance": self.instance,
            "ratio": self.ratio,
            "exact": self.exact,
            "refuted": self.counterexample is not None,
        }


@dataclass(frozen=True, repr=False)
class Tightness(Result):
    """Theorems beside the worst case of their class, in units of L = 1.

    Attributes
    ----------
    request : what was asked
    skipped : (theorem, kappa, reason) of the others
    """

    request: Request
    rows: list[Row]
    skipped: list[tuple[str, Fraction, str]] = field(default_factory=list)

    columns = ("theorem", "class", "kappa", "gamma", "rho", "lam", "number", "upper", "lower", "ratio")

    @property
    def counterexamples(self) -> list[Counterexample]:
        """Those of the theorems that a hard instance refutes."""
        return [row.counterexample for row in self.rows if row.counterexample is not None]

    def headline(self) -> str:
        """How many theorems, and how far they are from the worst case."""
        ratios = [row.ratio for row in self.rows if row.ratio is not None]
        words = [f"{len(self.rows)} brackets"]
        if ratios:
            words.append(f"theorem over worst case {min(ratios):.4g} to {max(ratios):.4g}")
        words += [f"{len(self.counterexamples)} refuted"] if self.counterexamples else []
        words += [f"{len(self.skipped)} not supported"] if self.skipped else []
        return ", ".join(words)

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each theorem and cell."""
        return (row.to_json() for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.tightness/1`."""
        return {
            "certificates": [row.certificate.to_json() for row in self.rows if row.certificate is not None],
            "counterexamples": [found.to_json() for found in self.counterexamples],
            "lam": rule_text(self.request.lam),
            "rows": list(self.records()),
            "schema": SCHEMA,
            "skipped": [
                {"theorem": key, "kappa": float(kappa), "reason": reason} for key, kappa, reason in self.skipped
            ],
            "version": __version__,
        }

    def plot(self, ax: Any = None) -> Any:
        """Plot the theorem's number (open), the worst case (line) and the hard instance (filled) of each row.

        Parameters
        ----------
        ax : matplotlib axes; new ones by default

        Returns
        -------
        The axes.
        """
        from samtheory.io import drawing

        axes = drawing.axes_or_new(ax)
        rows = [row for row in self.rows if row.quantity.kind not in ("excess", "slope")]
        marks: dict[str, tuple[list[Any], dict[str, Any]]] = {
            "theorem": ([row.quantity.number for row in rows], {"marker": "o", "mfc": "none"}),
            "worst case, at most": ([row.upper for row in rows], {"marker": "|", "ms": 12}),
            "hard instance": ([None if row.lower is None else float(row.lower) for row in rows], {"marker": "o"}),
        }
        for colour, (label, (values, style)) in zip(drawing.COLOURS, marks.items(), strict=False):
            axes.plot(values, range(len(rows)), ls="none", color=colour, label=label, **style)
        axes.set_yticks(range(len(rows)), [f"{row.theorem}, κ = {float(row.cell.kappa):g}" for row in rows])
        axes.set(xscale="log", xlabel="theorem, worst case, hard instance (L = 1)")
        axes.invert_yaxis()
        drawing.legend_below(axes)
        return axes


def tightness(
    theorems: Sequence[Theorem],
    request: Request,
    kappas: Sequence[float],
    kind: str = "auto",
    n: int = 1,
    steps: int = 1,
    certify: bool = False,
) -> Tightness:
    """Every theorem at every kappa.

    Parameters
    ----------
    theorems : all where empty; of those, the ones that do not apply are listed in `skipped`
    request : lam, and rho or rho_fraction and gamma in units of 1/L; the theorem's own by default
    kappas : L/mu, each above 1
    kind : a key of `checker.CLASSES`, or "auto" for the smallest class that the theorem's assumptions name
    n : components, of which one is drawn uniformly; 1 for the full batch
    steps : of the method, where lam = 0
    certify : prove each upper bound in fractions

    Raises
    ------
    NotApplicable
        If a named theorem is not supported there, or no theorem is.
    MissingExtra
        If Clarabel is not installed.
    InputError
        If a value is bad.
    """
    if not isinstance(kind, str) or kind not in ("auto", *CLAIMS):
        raise reject("class", kind, "one of " + ", ".join(("auto", *CLAIMS)))
    rows: list[Row] = []
    skipped: list[tuple[str, Fraction, str]] = []
    known: Known = {}
    for kappa in map(condition, kappas):
        for theorem in theorems or all_theorems().values():
            try:
                rows.append(bracketed(theorem, request, kappa, kind, n, steps, certify, known))
            except (NotApplicable, InputError) as reason:
                if theorems or isinstance(reason, MissingExtra):
                    raise
                skipped.append((theorem.key, kappa, str(reason).removeprefix(f"{theorem.key}: ")))
    if not rows:
        raise NotApplicable("no theorem is supported: " + "; ".join(sorted({reason for *_, reason in skipped})[:3]))
    return Tightness(request, rows, skipped)


def condition(kappa: float) -> Fraction:
    """L/mu as a fraction."""
    found = decimal(finite("kappa", kappa, "a number above 1"))
    if found <= 1:
        raise reject("kappa", f"{float(kappa):g}", "above 1, as it is L/mu")
    return found


def bracketed(
    theorem: Theorem,
    request: Request,
    kappa: Fraction,
    kind: str,
    n: int,
    steps: int,
    certify: bool,
    known: Known,
) -> Row:
    """One row; `known` keeps the worst cases that several theorems share.

    Raises
    ------
    NotApplicable, InputError
        If the theorem does not apply, or no worst case of its kind is computed.
    """
    if theorem.method != METHOD:
        raise NotApplicable(f"{theorem.key}: not supported: steps of {theorem.method}, not of {METHOD}")
    plan, cell = planned(theorem, request, kappa, class_of(theorem, kappa, n) if kind == "auto" else kind, n, steps)
    return row(plan, cell, quantity(plan, cell), certify, known)


def row(plan: Plan, cell: Cell, asked: Quantity, certify: bool, known: Known) -> Row:
    """The two ends of a quantity beside the theorem's number."""
    theorem, key = plan.theorem, (cell, repr(asked.goal), repr(asked.given))
    if key not in known:
        program = Program.of(cell.asked(theorem.lyapunov, asked.goal, asked.given))
        found = worst(program, enough=ENOUGH if asked.kind == "excess" else -math.inf)
        proof = certified(program, found) if certify and found is not None and asked.kind != "excess" else None
        known[key] = found, proof
    found, proof = known[key]
    upper = None if found is None else found.upper if proof is None else float(proof.tau)
    best = lower(cell, asked)
    low, name = (None, None) if best is None else (best[0], best[1].name)
    return Row(theorem.key, cell, asked, upper, low, name, proof, refutation(theorem, theorem.key, cell))


def tightest(kind: str, request: Request, kappa: Fraction, certify: bool = False) -> Row:
    """The theorem on f(x_t) - f* with the smallest number, with the full batch and the same steps for all.

    Raises
    ------
    NotApplicable
        If no theorem covers the class and the steps.
    """
    found = []
    for theorem in all_theorems().values():
        if theorem.measure != "gap" or theorem.method != METHOD:
            continue
        try:
            plan, cell = planned(theorem, request, kappa, kind, 1, 1)
            asked = quantity(plan, cell)
        except (NotApplicable, InputError):
            continue
        if asked.kind in ("left", "level"):
            found.append((asked, plan, cell))
    if not found:
        raise NotApplicable(f"class={kind}: no theorem on f - f* covers it at these steps")
    asked, plan, cell = min(found, key=lambda each: each[0].number)
    return row(plan, cell, asked, certify, {})


def ratio_of(plan: Plan) -> float | None:
    """`Row.ratio` of a plan on a problem, with the full batch; None where there is none.

    Raises
    ------
    MissingExtra
        If Clarabel is not installed.
    """
    constants, V = plan.constants, plan.theorem.lyapunov
    if "full-batch" not in constants.properties or constants.mu is None or not plan.schedule.constant:
        return None
    L, kappa = float(constants.L), decimal(float(constants.L) / float(constants.mu))
    gamma, rho, lam = plan.schedule.at(0)
    if kappa <= 1 or plan.theorem.method != METHOD:
        return None
    try:
        kind = class_of(plan.theorem, kappa, 1)
        cell = Cell(kind, kappa, decimal(gamma * L), decimal(rho * L), decimal(lam))
        asked = quantity(plan, cell)
    except NotApplicable:
        return None
    if asked.kind == "level":  # in units of L = 1
        asked = replace(asked, number=asked.number * (L if V == "gap" else L**2))
    return row(plan, cell, asked, False, {}).ratio if asked.kind in ("left", "level") else None


def planned(theorem: Theorem, request: Request, kappa: Fraction, kind: str, n: int, steps: int) -> tuple[Plan, Cell]:
    """The theorem's plan for the class, and the cell with its steps.

    Raises
    ------
    NotApplicable, InputError
        If the theorem does not apply, or its steps change.
    """
    zero = Fraction(0)
    anyone = Cell(kind, kappa, Fraction(1), zero, zero, n)
    plan = theorem.plan_for(anyone.constants, request, 1.0)
    if not plan.schedule.constant and steps > 1:
        raise NotApplicable(f"{theorem.key}: steps={steps}: the steps change with t, one step is supported")
    gamma, rho, lam = map(decimal, plan.schedule.at(0))
    return plan, replace(anyone, gamma=gamma, rho=rho, lam=lam, steps=steps)
