"""samtheory: verify convergence theory of Sharpness-Aware Minimisation.

Names resolve on first use, so that `import samtheory` loads neither NumPy nor SymPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

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
    from .problem import Problem
    from .sampling import Full, Importance, Independent, Nice, Replacement, Single, Uniform, parse_sampling
    from .schedules import Schedule
    from .verification import Verdict, verify

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
    "Curves": "engine",
    "run": "engine",
    "InputError": "errors",
    "MissingExtra": "errors",
    "NotApplicable": "errors",
    "FiniteSum": "objectives",
    "LinearModel": "objectives",
    "Quadratics": "objectives",
    "SineSum": "objectives",
    "Tilted": "objectives",
    "UserSum": "objectives",
    "Problem": "problem",
    "Full": "sampling",
    "Importance": "sampling",
    "Independent": "sampling",
    "Nice": "sampling",
    "Replacement": "sampling",
    "Single": "sampling",
    "Uniform": "sampling",
    "parse_sampling": "sampling",
    "Schedule": "schedules",
    "Verdict": "verification",
    "verify": "verification",
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
