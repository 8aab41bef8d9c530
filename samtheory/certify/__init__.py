"""Proofs of a problem's constants, rounding included: lower <= the true value <= upper, with the steps that show it."""

from __future__ import annotations

from samtheory.errors import NotApplicable
from samtheory.objectives.base import FiniteSum
from samtheory.objectives.written import altered
from samtheory.problem.problem import Problem

from .certificate import Certificate, Certificates, ComponentCertificate
from .compose import Structure, certified, is_the_code
from .interval import precise
from .large import large_certificates
from .laws import sampled
from .linear import Linear
from .quadratics import QuadraticSum
from .sines import Sines
from .sums import PenalisedSum, TiltedSum

__all__ = ["Certificate", "Certificates", "ComponentCertificate", "certificates", "sampled", "structure_of"]


def structure_of(f: FiniteSum) -> Structure:
    """The finite sum as ball arithmetic sees it.

    Raises
    ------
    NotApplicable
        If the objective declares no structure, or runs other code than that of its class.
    """
    if (reason := altered(f)) is not None:
        raise NotApplicable(f"nothing is proved of {type(f).__name__}: {reason}")
    if (linear := f.as_linear_model()) is not None:
        return Linear(linear)
    if (quadratics := f.as_quadratics()) is not None:
        return QuadraticSum(quadratics)
    if (sines := f.as_sine_sum()) is not None:
        return Sines(sines)
    if (tilted := f.as_tilted()) is not None:
        return TiltedSum(tilted, structure_of(tilted.base))
    if (penalised := f.as_penalised()) is not None:
        return PenalisedSum(penalised, structure_of(penalised.base), structure_of(penalised.penalty))
    raise NotApplicable(f"nothing is proved of {type(f).__name__}: it declares no structure")


@precise
def certificates(problem: Problem) -> Certificates:
    """What is proved of the problem's constants, by name: L_i, L, L_max, L_avg, mu, f_inf, f_i_inf.

    Only the structure of `problem.objective` counts, nothing that the problem claims.  What cannot be proved is left
    out; that is everything, for a structure that is not known, or is not what the objective's code computes.

    Raises
    ------
    MissingExtra
        If python-flint is not installed.
    """
    try:
        structure = structure_of(problem.objective)
    except NotApplicable:
        return {} if (linear := problem.objective.as_linear_model()) is None else large_certificates(linear)
    points = [problem.x0] if problem.x_star is None else [problem.x0, problem.x_star]
    return certified(structure, points) if is_the_code(structure, problem.objective, points) else {}
