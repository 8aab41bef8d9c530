"""Least squares with a smooth penalty: replace this line by the title of your problem; listings show it.

The function is f(x) = (1/n) sum f_i(x). Give f_i and grad f_i, and claim the constants that you know (smoothness, PL
constant, minima). The other constants are estimated by a search. Then

    samtheory check THIS_FILE.py      are the constants true, and which assumptions does each theorem lack?
    samtheory verify THIS_FILE.py     do the guarantees of the theorems hold?

An estimate is not a bound: it is the worst value that a search has found, moved 2% to the safe side, and is labelled
"numerical". Claim every constant that you can derive, and derive it in this docstring.
"""

import numpy as np

from samtheory import Problem, UserSum
from samtheory.checking.estimate import estimate


# The parameters are options of the command line: --param n=30 --param weight=0.2
def problem(n: int = 10, d: int = 3, weight: float = 0.1, seed: int = 0) -> Problem:
    """Build the problem with these parameters."""
    rng = np.random.default_rng(seed)
    A, b = rng.standard_normal((n, d)), rng.standard_normal(n)

    def value(i: int, x: np.ndarray) -> float:
        """f_i(x) for one i in 0..n-1 and one x of shape (d,)."""
        return float(0.5 * (A[i] @ x - b[i]) ** 2 + weight * np.sum(np.sqrt(1 + x * x) - 1))

    def gradient(i: int, x: np.ndarray) -> np.ndarray:
        """grad f_i(x), shape (d,)."""
        return np.asarray((A[i] @ x - b[i]) * A[i] + weight * x / np.sqrt(1 + x * x))

    # With jax or autograd installed, `gradient` can be left out:
    #     from samtheory import automatic
    #     f = automatic(value, n, d)          # value written with jax.numpy or autograd.numpy
    # With batched=True, value and gradient take arrays of indices (m,) and points (m, d), which is much faster.
    f = UserSum(value, gradient, n, d)

    return estimate(
        f,
        x0=np.zeros(d),  # the start
        # The constants that you know, each with its provenance: exact, certified, numerical or claimed
        # (from samtheory import exact, ...). A constant that is left out is estimated.
        #     L_i=exact(np.sum(A**2, axis=1) + weight, "||a_i||^2 + weight"),   smoothness of every f_i, shape (n,)
        #     L=...        smoothness of f
        #     mu=...       PL constant: ||grad f||^2 >= 2 mu (f - f*)
        #     f_inf=...    min f
        #     f_i_inf=...  inf f_i, or lower bounds, shape (n,)
        # Where the constants hold on a region only (factorisations, networks), or no theorem applies, say so:
        #     region="||x|| <= 10",    outside="not differentiable",
        # Further assumptions of theorems, words of samtheory.constants.ASSUMPTIONS; claim only true ones.
        properties={"convex", "convex-components"},
    )
