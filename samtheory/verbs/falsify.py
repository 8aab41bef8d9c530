"""Is a theorem false?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from samtheory.errors import reject, whole
from samtheory.falsification import search
from samtheory.falsification.search import BUDGET, Falsification
from samtheory.sampling.base import Sampling
from samtheory.schedules import Rule

from .arguments import SamplingLike, TheoremLike, as_theorem


def falsify(
    theorem: TheoremLike,
    *,
    lam: Rule | None = None,
    sampling: SamplingLike | None = None,
    seed: int = 0,
    budget: float = BUDGET,
    restarts: int | None = None,
    on_restart: Callable[[int], None] | None = None,
) -> Falsification:
    """Search small instances for a counterexample: an instance, a point and admissible steps at which a theorem fails.

    Parameters
    ----------
    theorem : key, path ending in .py, or `Theorem`
    lam : a number in [0, 1], "1/t" or "1-1/t"; by default any
    sampling : a key such as "single" (any probabilities) or "nice", or a sampling; by default any
    seed : seed of the search
    budget : seconds
    restarts : largest number of restarts; by default no limit
    on_restart : called with the number of each restart

    Returns
    -------
    The outcome; `counterexample` is None where none was found.

    Raises
    ------
    NotApplicable
        If the theorem assumes what no small instance has, or does not cover this lam.
    InputError
        If an argument is bad.

    Examples
    --------
    >>> falsify("unified-sam/3.2/as-printed", sampling="single", lam=0.0).counterexample is None
    False
    """
    if sampling is not None and not isinstance(sampling, (str, Sampling)):
        raise reject("sampling", sampling, "a key such as single, or a sampling")
    if on_restart is not None and not callable(on_restart):
        raise reject("on_restart", on_restart, "callable")
    return search.falsify(
        as_theorem(theorem),
        str(theorem) if isinstance(theorem, (str, Path)) else None,
        lam=lam,
        sampling=sampling,
        seed=seed,
        budget=budget,
        restarts=None if restarts is None else whole("restarts", restarts),
        on_restart=on_restart,
    )
