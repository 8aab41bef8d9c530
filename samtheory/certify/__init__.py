"""Proofs of a problem's constants, rounding included: lower <= the true value <= upper, with the steps that show it."""

from __future__ import annotations

from samtheory.errors import NotApplicable
from samtheory.objectives.base import FiniteSum
from samtheory.objectives.linear import LinearModel
from samtheory.objectives.penalised import Penalised
from samtheory.objectives.quadratic import Quadratics
from samtheory.objectives.separable import SineSum
from samtheory.objectives.tilted import Tilted
from samtheory.problem.problem import Problem

from .certificate import Certificate, Certificates, ComponentCertificate
from .compose import Structure, certified
from .interval import precise
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
        If its form is not known.
    """
    if isinstance(f, LinearModel):
        return Linear(f)
    if isinstance(f, Quadratics):
        return QuadraticSum(f)
    if isinstance(f, SineSum):
        return Sines(f)
    if isinstance(f, Tilted):
        return TiltedSum(f, structure_of(f.base))
    if isinstance(f, Penalised):
        return PenalisedSum(f, structure_of(f.base), structure_of(f.penalty))
    raise NotApplicable(f"{type(f).__name__}: a form that nothing is proved of")


@precise
def certificates(problem: Problem) -> Certificates:
    """What is proved of the problem's constants, by name: L_i, L, L_max, L_avg, mu, f_inf, f_i_inf.

    Only the structure of `problem.objective` counts, nothing that the problem claims.  What cannot be proved is left
    out; that is everything, for a structure that is not known.

    Raises
    ------
    MissingExtra
        If python-flint is not installed.
    """
    try:
        structure = structure_of(problem.objective)
    except NotApplicable:
        return {}
    points = [problem.x0] if problem.x_star is None else [problem.x0, problem.x_star]
    return certified(structure, points)
