"""A finite sum from values alone, with gradients by jax or autograd."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError

from .user import UserSum


def automatic(value: Callable[[int, Any], Any], n: int, d: int, *, reference: float = 0.0) -> UserSum:
    """The sum of f_i = value(i, .) with automatic gradients.

    Parameters
    ----------
    value : (i, x of shape (d,)) -> f_i(x), written with jax.numpy or autograd.numpy
    n, d, reference : as of `UserSum`

    Returns
    -------
    A finite sum with values and gradients.

    Raises
    ------
    InputError
        If neither jax nor autograd is installed.

    Examples
    --------
    >>> f = automatic(lambda i, x: (i + 1) * x @ x, n=2, d=3)  # doctest: +SKIP
    """
    derivative = _derivative()(value, 1)

    def gradient(i: int, x: Array) -> Array:
        return np.asarray(derivative(i, x), dtype=np.float64)

    return UserSum(lambda i, x: float(value(i, x)), gradient, n, d, reference=reference)


def _derivative() -> Any:
    """(function, number of the argument) -> its gradient."""
    for name in ("jax", "autograd"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if name == "jax":
            module.config.update("jax_enable_x64", True)  # float32 gradients would look like wrong ones
        return module.grad
    raise InputError("automatic: neither jax nor autograd is installed: must be, or give gradients to UserSum")
