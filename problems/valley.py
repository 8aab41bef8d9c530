"""A valley, f(x, y) = ell(x y): minima all along both axes, the sharper the further out; smooth on bounded sets only.

`ell` is log-cosh, log cosh s, or pseudo-huber, sqrt(1 + s^2) - 1; ell'' <= 1 = ell''(0) and |ell'| < 1.  At (0, y) the
sharpness is y^2: gradient descent stays near such a minimum only if y^2 <= 2/gamma, and SAM drifts on to flatter ones.

Constants: the Hessian is ell'' (y, x)(y, x)^T + ell' [[0, 1], [1, 0]], so L <= R^2 + 1 where x^2 + y^2 <= R^2.  f* = 0.
"""

from typing import Any

import numpy as np

from samtheory import Problem, UserSum, exact
from samtheory.errors import finite, positive, reject

#: ell and ell'.
ELL: dict[str, tuple[Any, Any]] = {
    "log-cosh": (lambda s: np.logaddexp(s, -s) - np.log(2), np.tanh),
    "pseudo-huber": (lambda s: s**2 / (1 + np.sqrt(1 + s**2)), lambda s: s / np.sqrt(1 + s**2)),
}


def problem(ell: str = "log-cosh", R: float = 4.0, start: float = 2.5) -> Problem:
    if ell not in ELL:
        raise reject("param ell", ell, "one of " + ", ".join(ELL))
    R, start = positive("param R", R), finite("param start", start)
    if np.hypot(start, 0.5) > R:
        raise reject("param start", start, f"such that start^2 + 0.25 <= R^2={R * R:g}")
    value, slope = ELL[ell]
    return Problem(
        objective=UserSum(
            lambda _, x: value(x[:, 0] * x[:, 1]),
            lambda _, x: slope(x[:, :1] * x[:, 1:]) * x[:, ::-1],
            n=1,
            d=2,
            batched=True,
        ),
        x0=np.array([0.5, start]),
        L_i=exact(np.full(1, R**2 + 1), "R^2 + 1"),
        L=exact(R**2 + 1, "R^2 + 1"),
        f_inf=exact(0.0, "f = 0 where x y = 0"),
        f_i_inf=exact(np.zeros(1), "f = 0 where x y = 0"),
        properties=frozenset({"interpolation"}),
        region=f"x^2 + y^2 <= {R * R:g}",
        outside="f is smooth on bounded sets only, and steps may leave them",
        source="Dai, Ahn, Sra 2023 (ell); closed formulas",
    )
