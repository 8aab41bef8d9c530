"""The dual of a worst case, rounded to fractions until it proves its bound."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from samtheory._version import __version__
from samtheory.io.result import Result

from .checker import ONE, SCHEMA, fault, inequalities, semidefinite, total
from .scan import Worst
from .solver import Interval, Program, centred

CHECKED = "samtheory.certificates/1"
KEYS = {
    CHECKED: {
        "certificates": "one entry for each certificate of the file",
        "certificates.class": "class of functions",
        "certificates.fault": "why it proves nothing, null where it proves its tau",
        "certificates.given": "what is assumed of the start",
        "certificates.goal": "what is bounded",
        "certificates.kappa": "L/μ, null for a class without μ",
        "certificates.tau": "what is proved: the goal is at most this, null where it is no number",
        "hold": "whether every certificate proves its tau",
        "path": "the file",
    },
    SCHEMA: {
        "cell": "what is proved, for L = 1; numbers are fractions",
        "cell.class": "class of functions",
        "cell.given": "what is assumed of the start: combinations that are at least 0, by name",
        "cell.goal": "what is bounded: factors by quantity",
        "cell.kappa": "L/μ",
        "cell.middles": "further points at which inequalities of the class are used",
        "cell.n": "number of components",
        "cell.steps": "number of steps",
        "parts": "one entry for each interval of r = ‖g‖ at the first step",
        "parts.interval": "ends of the interval of r, only where λ > 0",
        "parts.multipliers": "factor of each inequality, by its name",
        "tau": "what is proved: the goal is at most this",
    },
}

#: How far tau is put above the solver's, relative to its size or to 1 - tau, smaller ones first.
MARGINS = (1e-6, 1e-5, 1e-4, 3e-4, 1e-3)
#: Multipliers are rounded to multiples of the inverse.
FINE = 10**12


@dataclass(frozen=True)
class Certificate:
    """Multipliers in fractions that prove goal <= tau for every r.

    Attributes
    ----------
    cell : plain data, see `checker`
    parts : (interval of r, None where lam = 0; multipliers by the name of the inequality)
    """

    cell: dict[str, Any]
    tau: Fraction
    parts: Sequence[tuple[Interval | None, dict[str, Fraction]]]

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.certificate/1`."""
        parts = []
        for interval, multipliers in self.parts:
            part: dict[str, Any] = {"multipliers": {name: str(value) for name, value in multipliers.items() if value}}
            if interval is not None:
                low, high = interval
                part["interval"] = [str(low), "inf" if high is None else str(high)]
            parts.append(part)
        return {"schema": SCHEMA, "cell": self.cell, "tau": str(self.tau), "parts": parts}


@dataclass(frozen=True)
class Checked:
    """A certificate that was read, and why it proves nothing, None where it proves its tau."""

    certificate: Mapping[str, Any]
    fault: str | None


def checked(certificate: Any) -> Checked:
    """What `checker` says of plain data, whatever it is."""
    try:
        reason = fault(json.dumps(certificate))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, ZeroDivisionError) as error:
        reason = f"no certificate: {type(error).__name__}: {error}"
    return Checked(certificate if isinstance(certificate, Mapping) else {}, reason)


@dataclass(frozen=True, repr=False)
class CertificateReport(Result):
    """The certificates of a file, checked."""

    path: str
    certificates: Sequence[Checked]

    @property
    def all_hold(self) -> bool:
        """Whether each proves its tau."""
        return all(each.fault is None for each in self.certificates)

    def headline(self) -> str:
        """How many hold."""
        good = sum(each.fault is None for each in self.certificates)
        return f"{self.path}: {good} of {len(self.certificates)} certificates hold"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each; numbers are None where the certificate has none."""
        for each in self.certificates:
            cell = each.certificate.get("cell")
            cell = cell if isinstance(cell, Mapping) else {}
            numbers = {name: number(cell.get(name)) for name in ("kappa", "rho", "gamma", "lam")}
            tau = number(each.certificate.get("tau"))
            given = cell.get("given")
            where = [f"{in_words(each)} ≥ 0" for each in given.values()] if isinstance(given, Mapping) else []
            yield {
                "class": str(cell.get("class")), **numbers, "goal": in_words(cell.get("goal")),
                "given": ", ".join(where), "tau": tau, "fault": each.fault,
            }  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.certificates/1`."""
        return {
            "certificates": list(self.records()),
            "hold": self.all_hold,
            "path": self.path,
            "schema": CHECKED,
            "version": __version__,
        }


def in_words(words: Any) -> str:
    """A sum of a certificate as people write it: gap 1 − gap 0."""
    if not isinstance(words, Mapping):
        return str(words)
    signed = [(str(factor).removeprefix("-"), str(factor).startswith("-"), word) for word, factor in words.items()]
    parts = [
        ("− " if negative else "+ ") + (size if word == "1" else word if size == "1" else f"{size} {word}")
        for size, negative, word in sorted(signed, key=lambda each: each[1])
    ]
    return " ".join(parts).removeprefix("+ ")


def number(text: Any) -> float | None:
    """The float of a fraction, None where it is none."""
    try:
        return float(Fraction(text))
    except (ValueError, TypeError, ZeroDivisionError):
        return None


def certified(program: Program, found: Worst) -> Certificate | None:
    """A certificate for a bound slightly above the solver's; None where rounding leaves none."""
    if not math.isfinite(found.upper):
        return None
    parts = [proved(program if each is None else program.within(*each), found.upper) for each, _ in found.leaves]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    intervals = [each for each, _ in found.leaves]
    multipliers = [part for _, part in known]
    made = Certificate(program.cell, max(tau for tau, _ in known), list(zip(intervals, multipliers, strict=True)))
    return made if fault(json.dumps(made.to_json())) is None else None


def proved(program: Program, upper: float) -> tuple[Fraction, dict[str, Fraction]] | None:
    """(tau, multipliers) on one interval of r, with the smallest margin that rounding allows; None without any."""
    low, high = program.interval or (0, None)
    goal, rows = inequalities({**program.cell, "interval": (str(low), "inf" if high is None else str(high))})
    room = abs(1 - upper) if 0 < upper < 1 else abs(upper)
    for margin in MARGINS:
        tau = Fraction(upper + margin * (room or 1)).limit_denominator(FINE) + Fraction(1, FINE)
        multipliers = rounded(program, tau)
        if multipliers is None or min(multipliers.values()) < 0:
            continue
        used = [(-value, rows[name]) for name, value in multipliers.items()]
        if semidefinite(total((tau, ONE), (-1, goal), *used)):
            return tau, multipliers
    return None


def rounded(program: Program, tau: Fraction) -> dict[str, Fraction] | None:
    """Multipliers from the middle of those that prove tau, rounded so that the values cancel; None without any."""
    found = centred(program, float(tau), max(1.0, abs(float(tau))))
    if not found.multipliers:
        return None
    numbers = [Fraction(round(found.multipliers[name] * FINE), FINE) for name in program.names]
    return dict(zip(program.names, cancelling(program, numbers), strict=True))


def cancelling(program: Program, numbers: list[Fraction]) -> list[Fraction]:
    """The numbers, some of them changed so that every function value cancels exactly."""
    goal, *rows = program.forms
    values = sorted({key for form in program.forms for key in form if "|" not in key})
    # The largest multipliers are changed, as their relative change is the smallest.
    order = sorted(range(len(rows)), key=lambda k: -numbers[k])
    missing = total((1, goal), *zip(numbers, rows, strict=True))
    zero = Fraction(0)
    system = [[rows[k].get(v, zero) for k in order] + [-missing.get(v, zero)] for v in values]
    changed = list(numbers)
    for column, change in solved(system).items():
        changed[order[column]] += change
    return changed


def solved(system: list[list[Fraction]]) -> dict[int, Fraction]:
    """A solution of linear equations, each (coefficients, right side), by its columns that are not 0."""
    pivots: list[int] = []
    for column in range(len(system[0]) - 1 if system else 0):
        done = len(pivots)
        row = next((k for k in range(done, len(system)) if system[k][column]), None)
        if row is None:
            continue
        system[done], system[row] = system[row], system[done]
        scale = system[done][column]
        system[done] = [each / scale for each in system[done]]
        for k, line in enumerate(system):
            if k != done and (factor := line[column]):
                system[k] = [a - factor * b for a, b in zip(line, system[done], strict=True)]
        pivots.append(column)
        if len(pivots) == len(system):
            break
    return {column: system[k][-1] for k, column in enumerate(pivots)}
