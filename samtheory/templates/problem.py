"""Least squares with a smooth penalty: the first line is what listings show; put yours here.

The function is f(x) = (1/n) sum f_i(x).  You give f_i and grad f_i; what you know of f (smoothness, PL constant,
minima) you claim, and the rest is estimated by a search.  Then

    samtheory check THIS_FILE.py      are the constants true?  what does each theorem still lack?
    samtheory verify THIS_FILE.py     do the promises of the theorems hold here?

An estimate is not a bound: it is what a search has seen, moved 2% to the safe side, and is labelled "numerical".
Whatever you can derive by hand, claim instead, and say how in this docstring.
"""

import numpy as np

from samtheory import Problem, UserSum
from samtheory.checking.estimate import estimate


# The parameters with their defaults are options of the command line: --param n=30 --param weight=0.2
def problem(n: int = 10, d: int = 3, weight: float = 0.1, seed: int = 0) -> Problem:
    """The problem with these parameters."""
    rng = np.random.default_rng(seed)
    A, b = rng.standard_normal((n, d)), rng.standard_normal(n)

    def value(i: int, x: np.ndarray) -> float:
        """f_i(x) for one i in 0..n-1 and one x of shape (d,)."""
        return float(0.5 * (A[i] @ x - b[i]) ** 2 + weight * np.sum(np.sqrt(1 + x * x) - 1))

    def gradient(i: int, x: np.ndarray) -> np.ndarray:
        """grad f_i(x), shape (d,)."""
        return np.asarray((A[i] @ x - b[i]) * A[i] + weight * x / np.sqrt(1 + x * x))

    # With jax or autograd installed, `gradient` can be left out:
    #     from samtheory.objectives.automatic import automatic
    #     f = automatic(value, n, d)          # value written with jax.numpy or autograd.numpy
    # With batched=True, value and gradient take arrays of indices (m,) and points (m, d): much faster.
    f = UserSum(value, gradient, n, d)

    return estimate(
        f,
        x0=np.zeros(d),  # the start
        # What you know, each with how: exact, certified, numerical or claimed (from samtheory import exact, ...).
        # Left out, it is estimated.
        #     L_i=exact(np.sum(A**2, axis=1) + weight, "||a_i||^2 + weight"),   smoothness of every f_i, shape (n,)
        #     L=...        smoothness of f
        #     mu=...       PL constant: ||grad f||^2 >= 2 mu (f - f*)
        #     f_inf=...    min f
        #     f_i_inf=...  inf f_i, or lower bounds, shape (n,)
        # What theorems may use besides, words of samtheory.constants.ASSUMPTIONS; claim only what is true.
        properties={"convex", "convex-components"},
    )
