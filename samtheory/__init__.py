"""samtheory: verify convergence theory of Sharpness-Aware Minimisation.

Names resolve on first use, so that `import samtheory` loads neither NumPy nor SymPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .catalogue import load_problem, load_theorem, methods, problems, theorems
    from .constants import (
        ComponentConstants,
        Constant,
        Constants,
        ExpectedResidual,
        certified,
        claimed,
        exact,
        numerical,
    )
    from .engine.run import Curves
    from .errors import InputError, MissingExtra, NotApplicable
    from .io.data_file import DataFile
    from .objectives import FiniteSum, LinearModel, Quadratics, SineSum, Tilted, UserSum
    from .objectives.automatic import automatic
    from .problem.problem import Problem
    from .request import Request
    from .sampling.base import parse_sampling, samplings
    from .sampling.full import Full
    from .sampling.importance import Importance
    from .sampling.independent import Independent
    from .sampling.nice import Nice
    from .sampling.replacement import Replacement
    from .sampling.single import Single
    from .sampling.uniform import Uniform
    from .schedules import Schedule
    from .theorems.base import ConstantSteps, Theorem
    from .theorems.plan import Plan
    from .verbs.check import check, estimate
    from .verbs.compare import compare
    from .verbs.conform import conform
    from .verbs.explain import explain
    from .verbs.falsify import falsify
    from .verbs.plot import plot, trajectories
    from .verbs.prove import prove
    from .verbs.rates import best, rates
    from .verbs.run import run
    from .verbs.tightness import check_certificates, tightness
    from .verbs.verify import verify
    from .verification.judge import Verdict

#: The module of every public name.
_HOME = {
    "load_problem": "catalogue",
    "load_theorem": "catalogue",
    "methods": "catalogue",
    "problems": "catalogue",
    "theorems": "catalogue",
    "ComponentConstants": "constants",
    "Constant": "constants",
    "Constants": "constants",
    "ExpectedResidual": "constants",
    "certified": "constants",
    "claimed": "constants",
    "exact": "constants",
    "numerical": "constants",
    "Curves": "engine.run",
    "automatic": "objectives.automatic",
    "InputError": "errors",
    "MissingExtra": "errors",
    "NotApplicable": "errors",
    "FiniteSum": "objectives",
    "LinearModel": "objectives",
    "Quadratics": "objectives",
    "SineSum": "objectives",
    "Tilted": "objectives",
    "UserSum": "objectives",
    "Problem": "problem.problem",
    "DataFile": "io.data_file",
    "Request": "request",
    "Full": "sampling.full",
    "Importance": "sampling.importance",
    "Independent": "sampling.independent",
    "Nice": "sampling.nice",
    "Replacement": "sampling.replacement",
    "Single": "sampling.single",
    "Uniform": "sampling.uniform",
    "parse_sampling": "sampling.base",
    "samplings": "sampling.base",
    "Schedule": "schedules",
    "ConstantSteps": "theorems.base",
    "Plan": "theorems.plan",
    "Theorem": "theorems.base",
    "check": "verbs.check",
    "estimate": "verbs.check",
    "compare": "verbs.compare",
    "conform": "verbs.conform",
    "explain": "verbs.explain",
    "falsify": "verbs.falsify",
    "plot": "verbs.plot",
    "trajectories": "verbs.plot",
    "prove": "verbs.prove",
    "best": "verbs.rates",
    "rates": "verbs.rates",
    "run": "verbs.run",
    "check_certificates": "verbs.tightness",
    "tightness": "verbs.tightness",
    "verify": "verbs.verify",
    "Verdict": "verification.judge",
}

__all__ = [
    "ComponentConstants",
    "Constant",
    "ConstantSteps",
    "Constants",
    "Curves",
    "DataFile",
    "ExpectedResidual",
    "FiniteSum",
    "Full",
    "Importance",
    "Independent",
    "InputError",
    "LinearModel",
    "MissingExtra",
    "Nice",
    "NotApplicable",
    "Plan",
    "Problem",
    "Quadratics",
    "Replacement",
    "Request",
    "Schedule",
    "SineSum",
    "Single",
    "Theorem",
    "Tilted",
    "Uniform",
    "UserSum",
    "Verdict",
    "__version__",
    "automatic",
    "best",
    "certified",
    "check",
    "check_certificates",
    "claimed",
    "compare",
    "conform",
    "estimate",
    "exact",
    "explain",
    "falsify",
    "load_problem",
    "load_theorem",
    "methods",
    "numerical",
    "parse_sampling",
    "plot",
    "problems",
    "prove",
    "rates",
    "run",
    "samplings",
    "theorems",
    "tightness",
    "trajectories",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
