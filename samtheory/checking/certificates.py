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
from samtheory.sampling.laws import Law
from samtheory.status import Status

from .search import Finding

#: Constants that are valid from the true value downwards; all others are from there upwards.
LOWER = ("mu", "f_inf", "f_i_inf")
#: Constants of which a proof encloses the best value itself, so that it can refute as well.
SHARP = ("L_i", "L", "L_max", "L_avg", "mu", "f_inf", "f_i_inf")
#: A certified constant this many times from the best known is loose.
LOOSE = 1.5
#: A number given by a formula is off by rounding, relatively, which is no mistake.
ROUNDING = 1e-9


class Proofs:
    """The certificates of a problem, computed once; none where python-flint is not installed (`missing` says so)."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.missing = problem, ""
        self.found: dict[str, Certificate | ComponentCertificate] = {}
        try:
            self.found = certificates(problem)
        except MissingExtra as reason:
            self.missing = str(reason)

    def under(self, law: Law) -> dict[str, Certificate | ComponentCertificate]:
        """The certificates of the problem and of its constants under `law`."""
        return {} if self.missing else {**self.found, **sampled(self.problem, law, self.found)}

    def judge(self, findings: list[Finding], law: Law) -> list[Finding]:
        """The findings with what is proved; nothing is, where the gradients contradict the values."""
        if any(finding.name == "gradients" and finding.verdict == Status.FALSIFIED for finding in findings):
            return findings
        found, claims = self.under(law), _claims(self.problem, law)
        triple = [_safe(name, claims, found) for name in ("A", "B", "C")]
        return [
            finding
            if finding.name in ("A", "B", "C", "bounded-variance") and not all(triple)
            else _with_proof(finding, claims.get(finding.name), found.get(_home(finding.name)))
            for finding in findings
        ]


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


def _safe(name: str, claims: Mapping[str, Array], found: Mapping[str, Certificate | ComponentCertificate]) -> bool:
    """Whether the claimed constant is on the safe side of what is proved, up to rounding."""
    if name not in claims or name not in found:
        return False
    claimed, proof = claims[name], found[name]
    slop = ROUNDING * np.abs(claimed) + 1e-300
    safe = claimed <= proof.lower + slop if name in LOWER else claimed >= proof.upper - slop
    return bool(np.all(safe))


def _with_proof(finding: Finding, claimed: Array | None, proof: Certificate | ComponentCertificate | None) -> Finding:
    """The finding of a search after the proof."""
    if claimed is None or proof is None or finding.verdict in (Status.FALSIFIED, Status.NOT_CLAIMED):
        return finding
    name = finding.name
    steps = "; ".join(dict.fromkeys(proof.steps))
    refuted = _refuted(finding, claimed, proof)
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
        method=f"proof, up to {ROUNDING:g} of rounding: {steps}",
    )


def _distance(name: str, claimed: Array, best: Array) -> Array:
    """How many times a constant is from the best; infima have no such distance."""
    if name in ("f_inf", "f_i_inf"):
        return np.zeros_like(claimed)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = best / claimed if name in LOWER else claimed / best
    return np.nan_to_num(ratio, nan=1.0)


def _refuted(finding: Finding, claimed: Array, proof: Certificate | ComponentCertificate) -> dict[str, Any] | None:
    """The proof that no valid constant is on the claimed side, as a witness; None where there is none."""
    name = finding.name
    if name not in SHARP:
        return None
    true = np.asarray(proof.upper if name in LOWER else proof.lower)
    slop = ROUNDING * (np.abs(true) + np.abs(claimed))
    excess = np.ravel(claimed - true if name in LOWER else true - claimed)
    worst = int(np.argmax(excess))
    if not excess[worst] > np.ravel(slop)[worst]:
        return None
    value, known = (float(np.ravel(part)[worst]) for part in (claimed, true))
    left, right = (value, known) if name in LOWER else (known, value)
    component = {"component": worst} if claimed.ndim else {}
    text = f"{name} <= {known!r}, proved" if name in LOWER else f"{known!r} <= {name}, proved"
    ratio = left / right if right else float("inf")
    return {"inequality": text, **component, "left": left, "right": right, "ratio": ratio}
