"""What a proof adds to a search: a constant is certified, loose, or falsified without a witness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions import sampled_constants, symbols
from samtheory.certify import Certificate, ComponentCertificate, certificates, sampled
from samtheory.errors import MissingExtra
from samtheory.execution.time_limit import share
from samtheory.problem.evaluation import EPS
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.status import Status

from .search import Finding, ProblemSearch

#: A certified constant this many times from the best known is loose.
LOOSE = 1.5
#: A claim is certified up to this fraction of what is proved: the last digits of a formula in float64.
EXACT = 1e-12
#: A proof refutes a claim from this fraction of what is proved on: closer is the error of a solver.
ROUNDING = 1e-9
#: A search contradicts a proof where it passes what is proved by this fraction.
CONTRADICTION = 1e-6

AnyCertificate = Certificate | ComponentCertificate
Found = dict[str, AnyCertificate]


class Proofs:
    """The certificates of a problem, computed once.

    Parameters
    ----------
    problem : what is claimed
    search : of the problem, for the rounding errors of its functions

    Attributes
    ----------
    missing : why nothing could be certified, "" where proofs could be tried
    """

    def __init__(self, problem: Problem, search: ProblemSearch) -> None:
        self.problem, self.search, self.missing = problem, search, ""
        self.found: Found = {}
        try:
            with share(0.5) as limit:
                self.found = certificates(problem)
            self.missing = "the budget ended before a proof" if limit.cut else ""
        except MissingExtra as reason:
            self.missing = str(reason)

    def under(self, law: Law) -> Found:
        """The certificates of the problem and of its constants under `law`."""
        return {} if self.missing else {**self.found, **sampled(self.problem, law, self.found)}

    def judge(self, findings: list[Finding], law: Law) -> list[Finding]:
        """The findings with what is proved.

        Nothing is, where a search has seen that the code is not the function of the proofs: the gradients are not those
        of the values, or a constant passes what is proved of it.
        """
        found, claims = self.under(law), _claims(self.problem, law)
        if any(self._contradicts(finding, claims, found) for finding in findings):
            return findings
        return [self._with_proof(finding, claims, found) for finding in findings]

    def _with_proof(self, finding: Finding, claims: Mapping[str, Array], found: Found) -> Finding:
        """The finding of a search after the proof; constants in one inequality are proved together or not at all."""
        name = finding.constant
        if name is None or name not in found or finding.verdict in (Status.FALSIFIED, Status.NOT_CLAIMED):
            return finding
        if len(finding.together) > 1 and not all(_safe(each, claims, found) for each in finding.together):
            return finding
        claimed, proof = claims[name], found[name]
        steps = "; ".join(dict.fromkeys(proof.steps))
        refuted = _refuted(name, claimed, proof, self._rounding(name))
        if refuted is not None:
            return replace(finding, verdict=Status.FALSIFIED, witness=refuted, method=f"proof: {steps}")
        if not _safe(name, claims, found):
            return finding
        best = np.asarray(proof.lower if downwards(name) else proof.upper)
        shown = int(np.argmax(_distance(name, claimed, best)))
        value, known = float(np.ravel(claimed)[shown]), float(np.ravel(best)[shown])
        loose = bool(np.ravel(_distance(name, claimed, best))[shown] >= LOOSE)
        return replace(
            finding,
            claimed=value,
            best_known=known,
            verdict=Status.LOOSE if loose else Status.CERTIFIED,
            method=f"proof, up to {EXACT:g} of what is proved: {steps}",
        )

    def _contradicts(self, finding: Finding, claims: Mapping[str, Array], found: Found) -> bool:
        """Whether the search saw what the proofs exclude."""
        name = finding.constant
        if finding.verdict == Status.FALSIFIED and (
            finding.name == "gradients" or (name is not None and self._proved(name, finding.together, claims, found))
        ):
            return True
        if name is None or name == "mu" or name not in found or finding.sampled or finding.best_known is None:
            return False
        proof, seen = found[name], finding.best_known
        if downwards(name):
            proved = float(np.min(proof.lower))
            return seen < proved - CONTRADICTION * abs(proved) - float(np.max(self._rounding(name)))
        return seen > float(np.max(proof.upper)) * (1 + CONTRADICTION)

    def _proved(self, name: str, together: Sequence[str], claims: Mapping[str, Array], found: Found) -> bool:
        """Whether the inequality that a search tries is proved, with all the constants in it."""
        if name == "mu":  # no PL constant is right beside a bound below f*
            lowest = found.get("f_inf")
            if lowest is None or not np.all(claims["f_inf"] >= lowest.upper - self._rounding("f_inf")):
                return False
        return all(_safe(each, claims, found) for each in together)

    def _rounding(self, name: str) -> Array:
        """The absolute error of a claim that a formula gives in float64, where its terms cancel."""
        context = self.search.context
        if name in ("f_inf", "f_i_inf"):
            values = 64 * context.precision * context.value_size
            return np.asarray(values.mean() if name == "f_inf" else values)
        largest = float(np.max(getattr(self.found.get("L"), "upper", 0.0)))
        return np.asarray(8 * context.problem.d * EPS * largest if name == "mu" else 0.0)


def downwards(name: str) -> bool:
    """Whether smaller values of the constant are weaker claims."""
    return symbols()[name].downwards


def _claims(problem: Problem, law: Law) -> dict[str, Array]:
    """The claimed values by name, each an array of shape (n,) or ()."""
    every = {name: value for values in problem.claimed(law).values() for name, value in values.items()}
    return {name: np.asarray(getattr(value, "values", value), dtype=np.float64) for name, value in every.items()}


def _safe(name: str, claims: Mapping[str, Array], found: Found) -> bool:
    """Whether the claimed constant is on the safe side of what is proved, up to `EXACT`."""
    if name not in claims or name not in found:
        return False
    claimed, proof = claims[name], found[name]
    with np.errstate(invalid="ignore"):  # infinite where nothing is proved on that side
        if downwards(name):
            return bool(np.all(claimed <= proof.lower + EXACT * np.abs(proof.lower)))
        return bool(np.all(claimed >= proof.upper - EXACT * np.abs(proof.upper)))


def _distance(name: str, claimed: Array, best: Array) -> Array:
    """How many times a constant is from the best; infima have no such distance."""
    if symbols()[name].sign == "any":
        return np.zeros_like(claimed)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = best / claimed if downwards(name) else claimed / best
    return np.nan_to_num(ratio, nan=1.0)


def _refuted(name: str, claimed: Array, proof: AnyCertificate, rounding: Array) -> dict[str, Any] | None:
    """The proof that no valid constant is on the claimed side, as a witness; None where there is none."""
    if name in sampled_constants():  # a proof under a sampling bounds the constant on one side only
        return None
    true = np.asarray(proof.upper if downwards(name) else proof.lower)
    excess = np.ravel((claimed - true if downwards(name) else true - claimed) - ROUNDING * np.abs(true) - rounding)
    worst = int(np.argmax(excess))
    if not excess[worst] > 0:
        return None
    value, known = (float(np.ravel(part)[worst]) for part in (claimed, true))
    left, right = (value, known) if downwards(name) else (known, value)
    component = {"component": worst} if claimed.ndim else {}
    text = f"{name} <= {known!r}, proved" if downwards(name) else f"{known!r} <= {name}, proved"
    ratio = left / right if right else float("inf")
    return {"inequality": text, **component, "left": left, "right": right, "ratio": ratio}
