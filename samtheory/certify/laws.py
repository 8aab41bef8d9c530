"""The constants of a sampled function from certified L_i: the textbook forms, in balls."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from samtheory._typing import Array
from samtheory.objectives.tilted import Tilted
from samtheory.problem.facts import ProblemFacts
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law

from .certificate import Certificate, Certificates, ComponentCertificate, certify
from .interval import Ball, ball, balls, greatest, norm2, precise, within

EPS = float(np.finfo(float).eps)


@precise
def sampled(problem: Problem, law: Law, certificates: Certificates) -> Certificates:
    """Lambda1, Lambda2, Lambda, A, B, C under `law`, as far as `certificates` go.

    Each encloses what its textbook form gives for the true L_i and f_i_inf: Lambda1 = mean L_i,
    Lambda2^2 = B Lambda1^2 + (1/n^2) sum w_i L_i^2, Lambda = ess sup (1/n) sum v_i L_i, A = max w_i L_i/n,
    C = 2A (f_ref - mean f_i_inf), where f_ref is the number that the problem measures delta from, right or not.
    Additive noise has A = 0 and the exact B and C instead.  Nothing is proved of a residual of the problem's own, and
    of Lambda2, A, B and C only where E[v v^T] - B 11^T is diagonal.
    """
    L, L_i, f_i_inf = (certificates.get(name) for name in ("L", "L_i", "f_i_inf"))
    if law.deterministic:
        return full_batch(L)
    found: Certificates = {}
    if isinstance(L_i, ComponentCertificate):
        found |= smoothness(law, L_i)
    if not law.diagonal:
        return found
    tilted = problem.objective.as_tilted()
    if tilted is not None and np.ptp(law.w) == 0:
        return found | additive_noise(tilted, law)
    if ProblemFacts(problem, law).given("A", "B", "C"):
        return found
    if isinstance(L_i, ComponentCertificate) and isinstance(f_i_inf, ComponentCertificate):
        found |= residual(law, L_i, f_i_inf, float(problem.f_inf))
    return found


def full_batch(L: Certificate | ComponentCertificate | None) -> Certificates:
    """v = 1: the sampled function is f."""
    step = "v = 1: g = grad f"
    found: Certificates = {
        name: Certificate(name, value, value, steps=(step,)) for name, value in (("A", 0.0), ("B", 1.0), ("C", 0.0))
    }
    if isinstance(L, Certificate):
        for name in ("Lambda1", "Lambda2", "Lambda"):
            found[name] = Certificate(name, L.lower, L.upper, steps=(*L.steps, step))
    return found


def known(law: Law, values: Array | float) -> list[Ball]:
    """Numbers that the law computed from its probabilities, in at most n + 8 roundings each."""
    return [value * (1 + within((law.n + 8) * EPS)) for value in balls(np.atleast_1d(values))]


def smoothness(law: Law, L_i: ComponentCertificate) -> Certificates:
    """Lambda1, Lambda2, Lambda, which all grow with the L_i."""

    def enclosed(name: str, form: Callable[[Array], Ball], step: str) -> Certificate:
        return certify(name, form(L_i.lower), form(L_i.upper), (*L_i.steps, step))

    def mean(L: Array) -> Ball:
        return sum(balls(L), ball(0)) / law.n

    def root_mean_square(L: Array) -> Ball:
        B, w = known(law, law.B)[0], known(law, law.w)
        spread = sum((weight * smooth * smooth for weight, smooth in zip(w, balls(L), strict=True)), ball(0))
        return (B * mean(L) ** 2 + spread / law.n**2).sqrt()

    found: Certificates = {}
    if law.diagonal:
        step = "E L_v^2 = B L_avg^2 + (1/n^2) sum w_i L_i^2"
        found["Lambda2"] = enclosed("Lambda2", root_mean_square, step)
    return found | {
        "Lambda1": enclosed("Lambda1", mean, "E L_v = mean L_i"),
        "Lambda": enclosed("Lambda", lambda L: known(law, law.largest(L))[0], "ess sup L_v, L_v = (1/n) sum v_i L_i"),
    }


def residual(law: Law, L_i: ComponentCertificate, f_i_inf: ComponentCertificate, f_ref: float) -> Certificates:
    """A, B, C: E||g||^2 = B||grad f||^2 + (1/n^2) sum w_i ||grad f_i||^2, ||grad f_i||^2 <= 2 L_i (f_i - f_i_inf)."""
    identity = "E[v v^T] = B 11^T + Diag(w)"
    w, B = known(law, law.w), known(law, law.B)[0]

    def A(L: Array) -> Ball:
        return greatest(weight * smooth for weight, smooth in zip(w, balls(L), strict=True)) / law.n

    def gap(lowest: Array) -> Ball:
        return (ball(f_ref) - sum(balls(lowest), ball(0)) / law.n).max(ball(0))

    A_low, A_high = A(L_i.lower), A(L_i.upper)
    steps = (*L_i.steps, identity, "A = max w_i L_i/n")
    step = f"C = 2A (f_ref - mean f_i_inf), f_ref = {f_ref!r}"
    C_low, C_high = 2 * A_low * gap(f_i_inf.upper), 2 * A_high * gap(f_i_inf.lower)
    return {
        "A": certify("A", A_low, A_high, steps),
        "B": certify("B", B, B, (identity,)),
        "C": certify("C", C_low, C_high, (*steps, *f_i_inf.steps, step)),
    }


def additive_noise(f: Tilted, law: Law) -> Certificates:
    """g = m grad f + (1/n) sum v_i c_i with m = (1/n) sum v_i: for a constant w the two parts are uncorrelated."""
    B, w = known(law, law.B)[0], known(law, law.w)
    squares = [norm2(balls(tilt)) for tilt in f.tilts]
    C = sum((weight * square for weight, square in zip(w, squares, strict=True)), ball(0)) / law.n**2
    m2 = B + sum(w, ball(0)) / law.n**2
    step = "f_i = F + <c_i, x>, sum c_i = 0, w constant: E||g||^2 = E m^2 ||grad f||^2 + (1/n^2) sum w_i ||c_i||^2"
    return {
        "A": Certificate("A", 0.0, 0.0, steps=(step,)),
        "B": certify("B", m2, m2, (step, "E m^2 = B + (1/n^2) sum w_i, m = (1/n) sum v_i")),
        "C": certify("C", C, C, (step,)),
    }
