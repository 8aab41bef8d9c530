"""BLAS on one thread: the products of an engine are small, and threads that wait cost more than they save."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from importlib import import_module
from typing import Any


@lru_cache(maxsize=1)
def _controller() -> Any:
    """The libraries that NumPy has loaded, by threadpoolctl; None where that is not installed."""
    try:
        return import_module("threadpoolctl").ThreadpoolController()
    except ImportError:
        return None


def one_thread() -> AbstractContextManager[Any]:
    """A block in which BLAS uses one thread, where threadpoolctl is installed; else as the environment says."""
    controller = _controller()
    return nullcontext() if controller is None else controller.limit(limits=1, user_api="blas")
