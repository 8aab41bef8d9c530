"""SAM: replace this line by the title of your method; listings show it.

The step is x+ = x - gamma g(x + rho g(x)/||g(x)||), with the same draw in both gradients.

    samtheory verify ridge --theorem unified-sam/3.2 --lam 1 --method THIS_FILE.py
    samtheory verify ridge --theorem unified-sam/3.2 --lam 1 --method THIS_FILE.py:NAME    another function of this file

The step is compared with Unified SAM. A method with another perturbation states its class, by which theorems cover it:

    from samtheory.methods.base import Deviation, states

    @states(deviation=Deviation(alpha=0.0, beta=1.0))    # ||e|| <= rho (alpha ||g|| + beta) for every draw
    def step(...)
"""

from collections.abc import Callable

import numpy as np

SOURCE = "the paper of the method"


def step(
    x: np.ndarray, draw: object, gradient: Callable[..., np.ndarray], gamma: float, rho: float, lam: float
) -> np.ndarray:
    """One step from each row of x.

    Parameters
    ----------
    x : (runs, d) current points
    draw : the draw of the sampling for each row; pass it on to `gradient`
    gradient : (x, draw) -> (runs, d), the stochastic gradient, weights included
    gamma, rho, lam : step size, ascent radius, and 0 for USAM up to 1 for SAM; numbers, or arrays (runs, 1)

    Returns
    -------
    (runs, d) next points
    """
    g = gradient(x, draw)
    length = np.linalg.norm(g, axis=-1, keepdims=True)
    direction = np.divide(g, length, out=np.zeros_like(g), where=length > 0)
    return np.asarray(x - gamma * gradient(x + rho * direction, draw))
