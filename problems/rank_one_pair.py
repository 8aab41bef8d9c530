"""Two rank-one quadratics, f_1, f_2 = (L/2)(a_i.x)^2 with unit vectors an angle apart: A is attained at every point.

Constants: L_i = L.  The Hessian of f is (L/2)(a_1 a_1^T + a_2 a_2^T), with the eigenvalues (L/2)(1 +- |cos angle|), so
L of f is the larger and mu the smaller; every f_i is 0 at 0.
Uniform sampling has A = L, B = 0, C = 0, and E||g||^2 = (1/2) sum L^2 (a_i.x)^2 = 2A f at every x; the sampled gradient
turns a step along its own a_i into one of L times its length, so that Lambda = L is attained along every ascent step.
"""

import math

import numpy as np

from samtheory import LinearModel, Problem, exact
from samtheory.errors import positive, reject


def problem(angle: float = 0.5, L: float = 1.0) -> Problem:
    L, angle = positive("param L", L), positive("param angle", angle)
    if angle >= math.pi:
        raise reject("param angle", angle, "a number in (0, pi)")
    cos, sin = math.cos(angle / 2), math.sin(angle / 2)
    rows = math.sqrt(L) * np.array([[cos, sin], [cos, -sin]])
    return Problem(
        objective=LinearModel(rows, np.zeros(2), "squared"),
        x0=np.ones(2),
        L_i=exact(np.full(2, L), "L ||a_i||^2"),
        L=exact(L * max(cos, sin) ** 2, "L (1 + |cos angle|)/2"),
        mu=exact(L * min(cos, sin) ** 2, "L (1 - |cos angle|)/2"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(np.zeros(2), "f_i(0) = 0"),
        x_star=np.zeros(2),
        properties=frozenset({"convex", "convex-components", "strongly-convex", "interpolation"}),
        source="attains A of the textbook expected residual",
    )
