"""What a person asks, as one frozen value: parameters of the method, target accuracy, and effort of the evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .errors import InputError, fraction, positive, probability, truth, whole
from .schedules import LAM, Rule, rule

#: Effort of `verify` where nothing else is asked.
TRIALS, STEPS, ALPHA = "auto", 300, 1e-6


def trial_count(value: Any) -> int | str:
    """A number of trials, at least 1, or "auto"."""
    return "auto" if isinstance(value, str) and value == "auto" else whole("trials", value, 1)


@dataclass(frozen=True)
class Request:
    """Parameters of the method, target accuracy, and effort of the evidence; each value is checked here, once.

    Parameters
    ----------
    lam : a number in [0, 1] (0 is USAM, 1 is SAM), "1/t", "1-1/t" or a callable of t
    rho : ascent radius, a finite number, at least 0, or a callable of t; None for the theorem's own
    rho_fraction : the ascent radius as a fraction of the largest admissible one, in [0, 1); not together with `rho`
    gamma : step size, a finite number above 0, or a callable of t; None for the theorem's own
    epsilon : target accuracy, above 0; None for no target
    allow_outside : evaluate the formulas also where the theorem does not admit rho or gamma
    seed : seed of everything random, a whole number, at least 0
    trials : independent runs, at least 1; "auto" adds runs until a decision or a budget
    steps : steps of a run, at least 0
    alpha : probability of a false alarm anywhere in a run of up to 10^4 cells, in (0, 1)

    Raises
    ------
    InputError
        If a value is not allowed; the message names the parameter, the value and what is allowed.

    Examples
    --------
    >>> Request(lam="0.5", rho=1).but(gamma=0.1).gamma
    0.1
    """

    lam: Rule = LAM
    rho: Rule | None = None
    rho_fraction: float | None = None
    gamma: Rule | None = None
    epsilon: float | None = None
    allow_outside: bool = False
    seed: int = 0
    trials: int | str = TRIALS
    steps: int = STEPS
    alpha: float = ALPHA

    def __post_init__(self) -> None:
        checked = {
            "lam": rule("lam", self.lam),
            "rho": None if self.rho is None else rule("rho", self.rho),
            "rho_fraction": None if self.rho_fraction is None else fraction("rho-fraction", self.rho_fraction),
            "gamma": None if self.gamma is None else rule("gamma", self.gamma),
            "epsilon": None if self.epsilon is None else positive("epsilon", self.epsilon),
            "allow_outside": truth("allow-outside", self.allow_outside),
            "seed": whole("seed", self.seed),
            "trials": trial_count(self.trials),
            "steps": whole("steps", self.steps),
            "alpha": probability("alpha", self.alpha),
        }
        if self.rho is not None and self.rho_fraction is not None:
            raise InputError(f"rho-fraction={self.rho_fraction}: must be left out beside rho={self.rho}")
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def but(self, **changes: Any) -> Request:
        """The same request with some values changed."""
        return replace(self, **changes)


#: Every value at its default.
DEFAULT = Request()
