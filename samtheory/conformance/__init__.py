"""Is this optimiser SAM? Checks of an implementation against the reference step, with the name of the mistake.

Names resolve on first use, so that an adapter that imports `backward` loads nothing else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .oracle import Oracle
    from .python import check_optimizer, parametrize_with_checks
    from .records import CheckRecord, Conformance, ConformanceError
    from .surrogate import backward

_HOME = {
    "backward": "surrogate",
    "Oracle": "oracle",
    "check_optimizer": "python",
    "parametrize_with_checks": "python",
    "CheckRecord": "records",
    "Conformance": "records",
    "ConformanceError": "records",
}

__all__ = [
    "CheckRecord",
    "Conformance",
    "ConformanceError",
    "Oracle",
    "backward",
    "check_optimizer",
    "parametrize_with_checks",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
