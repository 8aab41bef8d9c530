"""samtheory: verify convergence theory of Sharpness-Aware Minimisation.

Names resolve on first use, so that `import samtheory` loads neither NumPy nor SymPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .catalogue import load_problem, load_theorem
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
    from .engine.run import Curves, run
    from .errors import InputError, MissingExtra, NotApplicable
    from .objectives import FiniteSum, LinearModel, Quadratics, SineSum, Tilted, UserSum
    from .objectives.automatic import automatic
    from .problem.problem import Problem
    from .sampling.samplings import Full, Importance, Independent, Nice, Replacement, Single, Uniform, parse_sampling
    from .schedules import Schedule
    from .verification.judge import Verdict, verify

_HOME = {
    "load_problem": "catalogue",
    "load_theorem": "catalogue",
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
    "run": "engine.run",
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
    "Full": "sampling.samplings",
    "Importance": "sampling.samplings",
    "Independent": "sampling.samplings",
    "Nice": "sampling.samplings",
    "Replacement": "sampling.samplings",
    "Single": "sampling.samplings",
    "Uniform": "sampling.samplings",
    "parse_sampling": "sampling.samplings",
    "Schedule": "schedules",
    "Verdict": "verification.judge",
    "verify": "verification.judge",
}

__all__ = [
    "ComponentConstants",
    "Constant",
    "Constants",
    "Curves",
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
    "Problem",
    "Quadratics",
    "Replacement",
    "Schedule",
    "SineSum",
    "Single",
    "Tilted",
    "Uniform",
    "UserSum",
    "Verdict",
    "__version__",
    "automatic",
    "certified",
    "claimed",
    "exact",
    "load_problem",
    "load_theorem",
    "numerical",
    "parse_sampling",
    "run",
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
