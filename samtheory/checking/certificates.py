"""What a proof adds to a search: a constant is certified, loose, or falsified without a witness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.certify import Certificate, ComponentCertificate, certificates, sampled
from samtheory.errors import MissingExtra
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.status import Status

from .rounding import EPS, Setting
from .search import Finding

#: Constants that are valid from the true value downwards; all others are from there upwards.
LOWER = ("mu", "f_inf", "f_i_inf")
#: Constants of which a proof encloses the best value itself, so that it can refute as well.
SHARP = ("L_i", "L", "L_max", "L_avg", "mu", "f_inf", "f_i_inf")
#: The constants of the expected residual, which one inequality judges together.
RESIDUAL = ("A", "B", "C")
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
    setting : the rounding of its functions

    Attributes
    ----------
    missing : why nothing could be certified, "" where proofs could be tried
    """

    def __init__(self, problem: Problem, setting: Setting) -> None:
        self.problem, self.setting, self.missing = problem, setting, ""
        self.found: Found = {}
        try:
            self.found = certificates(problem)
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
        triple = all(_safe(name, claims, found) for name in RESIDUAL)
        return [
            finding
            if finding.name in (*RESIDUAL, "bounded-variance") and not triple
            else self._with_proof(finding, claims.get(finding.name), found.get(_home(finding.name)))
            for finding in findings
        ]

    def _with_proof(self, finding: Finding, claimed: Array | None, proof: AnyCertificate | None) -> Finding:
        """The finding of a search after the proof."""
        if claimed is None or proof is None or finding.verdict in (Status.FALSIFIED, Status.NOT_CLAIMED):
            return finding
        name = finding.name
        steps = "; ".join(dict.fromkeys(proof.steps))
        refuted = _refuted(name, claimed, proof, self._rounding(name))
        if refuted is not None:
            return replace(finding, verdict=Status.FALSIFIED, witness=refuted, method=f"proof: {steps}")
        if not _safe(proof.name, {proof.name: claimed}, {proof.name: proof}):
            return finding
        best = np.asarray(proof.lower if name in LOWER else proof.upper)
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
        name = _home(finding.name)
        if finding.verdict == Status.FALSIFIED and (name == "gradients" or self._proved(name, claims, found)):
            return True
        if name not in SHARP or name == "mu" or name not in found or finding.best_known is None:
            return False
        proof, seen = found[name], finding.best_known
        if name in LOWER:
            proved = float(np.min(proof.lower))
            return seen < proved - CONTRADICTION * abs(proved) - float(np.max(self._rounding(name)))
        return seen > float(np.max(proof.upper)) * (1 + CONTRADICTION)

    def _proved(self, name: str, claims: Mapping[str, Array], found: Found) -> bool:
        """Whether the inequality that a search tries is proved, with all the constants in it."""
        if name in RESIDUAL:
            return all(_safe(each, claims, found) for each in RESIDUAL)
        if name == "mu":  # no PL constant is right beside a bound below f*
            lowest = found.get("f_inf")
            if lowest is None or not np.all(claims["f_inf"] >= lowest.upper - self._rounding("f_inf")):
                return False
        return _safe(name, claims, found)

    def _rounding(self, name: str) -> Array:
        """The absolute error of a claim that a formula gives in float64, where its terms cancel."""
        setting = self.setting
        if name in ("f_inf", "f_i_inf"):
            values = 64 * setting.eps * setting.usual_value
            return np.asarray(values.mean() if name == "f_inf" else values)
        largest = float(np.max(getattr(self.found.get("L"), "upper", 0.0)))
        return np.asarray(8 * setting.problem.d * EPS * largest if name == "mu" else 0.0)


def _home(name: str) -> str:
    return "C" if name == "bounded-variance" else name


def _claims(problem: Problem, law: Law) -> dict[str, Array]:
    """The claimed values by name, each an array of shape (n,) or ()."""
    L_i = problem.L_i.values
    claims: dict[str, Any] = {
        "L_i": L_i,
        "L": problem.L,
        "L_max": L_i.max(),
        "L_avg": L_i.mean(),
        "mu": problem.mu,
        "f_inf": problem.f_inf,
        "f_i_inf": None if problem.f_i_inf is None else problem.f_i_inf.values,
    }
    claims |= zip(("Lambda1", "Lambda2", "Lambda"), problem.smoothness_of(law), strict=True)
    if (residual := problem.expected_residual(law)) is not None:
        claims |= {"A": residual.A, "B": residual.B, "C": residual.C, "bounded-variance": residual.C}
    return {name: np.asarray(value, dtype=np.float64) for name, value in claims.items() if value is not None}


def _safe(name: str, claims: Mapping[str, Array], found: Found) -> bool:
    """Whether the claimed constant is on the safe side of what is proved, up to `EXACT`."""
    if name not in claims or name not in found:
        return False
    claimed, proof = claims[name], found[name]
    with np.errstate(invalid="ignore"):  # infinite where nothing is proved on that side
        if name in LOWER:
            return bool(np.all(claimed <= proof.lower + EXACT * np.abs(proof.lower)))
        return bool(np.all(claimed >= proof.upper - EXACT * np.abs(proof.upper)))


def _distance(name: str, claimed: Array, best: Array) -> Array:
    """How many times a constant is from the best; infima have no such distance."""
    if name in ("f_inf", "f_i_inf"):
        return np.zeros_like(claimed)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = best / claimed if name in LOWER else claimed / best
    return np.nan_to_num(ratio, nan=1.0)


def _refuted(name: str, claimed: Array, proof: AnyCertificate, rounding: Array) -> dict[str, Any] | None:
    """The proof that no valid constant is on the claimed side, as a witness; None where there is none."""
    if name not in SHARP:
        return None
    true = np.asarray(proof.upper if name in LOWER else proof.lower)
    excess = np.ravel((claimed - true if name in LOWER else true - claimed) - ROUNDING * np.abs(true) - rounding)
    worst = int(np.argmax(excess))
    if not excess[worst] > 0:
        return None
    value, known = (float(np.ravel(part)[worst]) for part in (claimed, true))
    left, right = (value, known) if name in LOWER else (known, value)
    component = {"component": worst} if claimed.ndim else {}
    text = f"{name} <= {known!r}, proved" if name in LOWER else f"{known!r} <= {name}, proved"
    ratio = left / right if right else float("inf")
    return {"inequality": text, **component, "left": left, "right": right, "ratio": ratio}
