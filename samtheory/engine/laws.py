"""The law of everything that a step of a method draws."""

from __future__ import annotations

from samtheory.methods import Method
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.sampling.law import Law
from samtheory.sampling.pair import paired


def law_of(problem: Problem, sampling: Sampling, method: Method) -> Law:
    """The law of the sampling, beside that of the method's second draw where it takes one."""
    law, second = problem.law(sampling), getattr(method, "second", None)
    return law if second is None else paired(law, second, problem.d)
