"""Derivation of a theorem's formulas from the chain of inequalities of the paper, without any instance.

The chain (`theorems.chain`) gives E delta+ <= (1 + alpha) delta - s G + nu, and (delta, G) lies in the wedge
2 mu delta <= G <= 2 L delta.  Both sides are linear there, so p delta + q G + r is at least the chain's right side
everywhere exactly when it is at the apex and along both edges.  The bound at t must be at least the roll-out of the
steps.  A formula that fails may be true, but does not follow from this chain.
"""

from __future__ import annotations

import numpy as np

from samtheory.constants import Constants
from samtheory.theorems.chain import alpha, nu, s
from samtheory.theorems.numbers import number
from samtheory.theorems.plan import Plan
from samtheory.theorems.rollout import rollout, wedge

from .evidence import Evidence, compare

KIND = "derivation"
#: Times at which the one-step inequality of a schedule is compared, and steps of the roll-out.
TIMES, STEPS = (0, 1, 2, 5, 20, 100, 1000, 10_000, 100_000), 2000


def derivation(constants: Constants, plan: Plan, delta0: float) -> list[Evidence]:
    """The one-step inequality against the chain, and the bound against the roll-out of the inequality."""
    return [claim_follows(constants, plan), bound_follows(plan, delta0)]


def claim_follows(constants: Constants, plan: Plan) -> Evidence:
    """p delta + q G + r against the chain at the apex and along both edges of the wedge, at several times."""
    claimed, proved, names, edges = [], [], [], wedge(plan)
    for t in TIMES[:1] if plan.schedule.constant else TIMES:
        gamma, rho, lam = plan.schedule.at(t)
        now = {**constants.values(), "gamma": gamma, "rho": rho, "lam": lam}
        growth, descent, noise = (number(part, now) for part in (alpha, s, nu))
        p, q, r = plan.step(t)
        claimed += [p + slope * q for slope in edges] + [r]
        proved += [1 + growth - slope * descent for slope in edges] + [noise]
        names += [f"{place}, t={t}" for place in ("along G = 2 mu delta", "along G = 2 L delta", "at delta = 0")]
    rounding = 1e-12 * np.abs(proved) + np.resize([1e-12, 1e-12, 0.0], len(proved))
    return compare(KIND, "claim follows", np.array(claimed), np.array(proved), rounding, lambda k: names[k])


def bound_follows(plan: Plan, delta0: float) -> Evidence:
    """The bound at t = 0, 1, ... against the roll-out of the one-step inequality."""
    t = np.arange(plan.start, STEPS)
    proved, bound = rollout(plan, delta0, STEPS)[t], plan.bound(t, delta0)
    return compare(KIND, "bound follows", bound, proved, 1e-9 * np.abs(bound), lambda k: f"t={t[k]}")
