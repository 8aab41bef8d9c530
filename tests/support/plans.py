"""Random constants, and plans of a theorem for them: every kind of schedule that it accepts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

#: Plans for the constants of one seed.
PLANS = 2
#: Claims that any of the constants below may carry; f is then a quadratic, say.
CLAIMS = {"minimiser", "convex", "convex-components", "strongly-convex"}


def constants_of(theorem: Theorem, rng: np.random.Generator, extreme: bool = False) -> Constants:
    """Constants that the theorem covers and some function could have.

    Parameters
    ----------
    extreme : f and x in units from 1e-40 to 1e40, mu = L and equal smoothness constants more often
    """

    def power(low: float, high: float) -> float:
        return float(10.0 ** rng.uniform(low, high))

    often = 0.5 if extreme else 0.2
    mu = power(-3, 1) if rng.random() < 0.8 else power(-9, -3)
    L = mu * (1.0 if rng.random() < often else power(0, 3))
    Lambda = L * (1.0 if rng.random() < often else power(0, 2))
    Lambda1 = L + (Lambda - L) * rng.random()
    Lambda2 = Lambda1 + (Lambda - Lambda1) * rng.random()
    kinds = ("full-batch", "bounded-variance", "general")
    kind = next((kind for kind in kinds if kind in theorem.assumptions), rng.choice(kinds, p=[0.15, 0.15, 0.7]))
    A, B, C = 0.0, 1.0, 0.0 if "interpolation" in theorem.assumptions or rng.random() < 0.4 else power(-3, 1)
    claims = set(CLAIMS)
    if kind == "full-batch":
        Lambda = Lambda1 = Lambda2 = L
        C, claims = 0.0, claims | {"full-batch", "bounded-variance"}
    elif kind == "general":
        A, B = mu * power(0, 2), float(rng.choice([0.0, rng.random()]))
    else:
        claims |= {"bounded-variance"}
    claims |= {"interpolation"} if C == 0 else set()
    Lcal, R = (L, 0.0) if kind == "full-batch" else (L + Lambda * rng.random(), Lambda * rng.random())
    b = power(-1, 0.3)
    A_h, B_h = mu * float(rng.choice([0.0, power(-1, 1)])), b**2 * power(0, 1)
    # f in units of `value`, x in units of `length`.
    value, length = (power(-40, 40), power(-20, 20)) if extreme else (1.0, 1.0)
    curvature, slope2 = value / length**2, (value / length) ** 2
    numbers = {
        **{name: each * curvature for name, each in (("L", L), ("mu", mu), ("Lambda", Lambda), ("Lambda1", Lambda1),
           ("Lambda2", Lambda2), ("L_max", Lambda), ("L_avg", Lambda1), ("A", A), ("A_h", A_h), ("Lcal", Lcal),
           ("R", R))},
        "B": B, "b": b, "B_h": B_h, "C": C * slope2, "c": C * rng.random() * slope2, "C_h": C * slope2,
        "sigma2": C * slope2 * rng.random(),
    }  # fmt: skip
    return Constants.from_values(numbers, claims)


def rules(scale: float, rng: np.random.Generator) -> list[Any]:
    """A parameter about as large as `scale` over time: callables, some of which change a lot."""
    other = float(10.0 ** rng.uniform(-2, 2))
    return [
        lambda t: scale / (t + 1),
        lambda t: scale / math.sqrt(t + 1),
        lambda t: scale if t % 3 else scale * other,
        lambda t: scale * other if t < 3 else scale / other,
        lambda t: scale * (1.5 + math.sin(t)),
    ]


def asked_of(theorem: Theorem, constants: Constants, rng: np.random.Generator) -> dict[str, Any]:
    """lam, rho and gamma that the theorem may accept."""
    unlimited = math.isinf(theorem.admissible(constants, theorem.only or 0.0)[0]) and theorem.varying_lam
    lams: list[Any] = [0.0, 1.0, 0.5, float(rng.random())]
    if theorem.varying_lam:
        lams += ["1/t", "1-1/t", lambda t: (t % 3) / 2, lambda t: 1 / math.sqrt(t + 1)]
    lam = theorem.only if theorem.only is not None else lams[rng.integers(len(lams))]
    rho_max, gamma_max = theorem.limits(constants, lam)
    scale = float(1 / constants.L)
    own = rho_max / 2 if math.isfinite(rho_max) else scale
    rho: Any = [None, 0.0, own * 2 * rng.uniform(0.01, 0.999), own * 10 ** rng.uniform(-2, 0)][rng.integers(4)]
    largest = gamma_max(own if rho is None else rho)
    largest = largest if math.isfinite(largest) else scale * 10 ** rng.uniform(-2, 0.5)
    gamma: Any = [None, largest * rng.uniform(0.01, 1), largest][rng.integers(3)]
    if unlimited and rng.random() < 0.5:
        which = rng.integers(3)
        rho = rng.choice(rules(own, rng)) if which else rho
        gamma = rng.choice(rules(largest, rng)) if which != 1 else gamma
    return {"lam": lam, "rho": rho, "gamma": gamma}


def plans(theorem: Theorem, seed: int, extreme: bool = False) -> Iterator[tuple[Plan, float]]:
    """(plan, V0) for constants and schedules of this seed; none where the theorem does not cover them."""
    rng = np.random.default_rng(seed)
    constants = constants_of(theorem, rng, extreme)
    for _ in range(PLANS):
        start = float(rng.choice([0.0, 1.0, 10 ** rng.uniform(-6, 6)]))
        unit = float(constants.L) if theorem.lyapunov == "gap" else 1.0
        start *= 1.0 if not extreme else float(rng.choice([1.0, unit, 1 / unit, 1e-250, 1e250]))
        asked = asked_of(theorem, constants, rng)
        # Some statements fix rho and gamma.
        for given in (asked, {**asked, "gamma": None}, {"lam": asked["lam"]}):
            with suppress(InputError, NotApplicable):
                yield theorem.plan(constants, **given, delta0=start), start
                break


def at(L, mu, **more):
    """The constants of a full batch."""
    numbers = {
        "L": L,
        "mu": mu,
        "Lambda": L,
        "Lambda1": L,
        "Lambda2": L,
        "L_max": L,
        "L_avg": L,
        "A": 0,
        "B": 1,
        "C": 0,
    }
    claims = {"convex", "convex-components", "strongly-convex", "minimiser", "full-batch", "interpolation"}
    return Constants.from_values({**numbers, **more}, claims)
