"""Measured trajectories beside bounds, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from samtheory.calculator.classes import OWN, Reading
from samtheory.catalogue import PAPER
from samtheory.catalogue import theorems as catalogue
from samtheory.errors import NotApplicable, reject
from samtheory.io.curves import curves_like
from samtheory.methods import Method
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling
from samtheory.schedules import Rule
from samtheory.theorems.base import Theorem
from samtheory.verification.trajectories import Trajectories
from samtheory.verification.trajectories import trajectories as measured_trajectories

from .arguments import ProblemLike, SamplingLike, TheoremLike, as_problem, as_reading, as_sampling, as_theorems, several

#: Effort where nothing else is asked.
TRIALS, STEPS = 30, 10_000


def plot(
    problem: ProblemLike,
    sampling: SamplingLike | None = None,
    theorem: TheoremLike | Sequence[TheoremLike] | None = None,
    lam: Rule | Sequence[Rule] | None = None,
    *,
    ax: Any = None,
    **asked: Any,
) -> Any:
    """Draw measured trajectories of a method beside the bounds of theorems.

    Parameters
    ----------
    problem, sampling, theorem, lam, asked : as in `trajectories`
    ax : matplotlib axes; new ones by default

    Returns
    -------
    The axes.

    Raises
    ------
    NotApplicable, InputError
        As `trajectories`.

    Examples
    --------
    >>> axes = plot("two-quadratics", "full", "3.4", lam=[0.0, 1.0], steps=50)
    >>> axes.get_xscale()
    'log'
    """
    return trajectories(problem, sampling, theorem, lam, **asked).plot(ax)


def trajectories(
    problem: ProblemLike,
    sampling: SamplingLike | None = None,
    theorem: TheoremLike | Sequence[TheoremLike] | None = None,
    lam: Rule | Sequence[Rule] | None = None,
    *,
    rho: Rule | None = None,
    rho_fraction: float | None = None,
    gamma: Rule | None = None,
    seed: int = 0,
    trials: int = TRIALS,
    steps: int = STEPS,
    method: str | Path | Method | None = None,
    curves: str | Path | tuple[Any, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    data: Any = None,
) -> Trajectories:
    """Measured trajectories of a method, and the bound of each theorem at each λ over time.

    Parameters
    ----------
    problem : name, path ending in .py, or `Problem`
    sampling : text such as "nice:3", or a sampling; by default uniform, or the full batch of a single component
    theorem : key, path ending in .py or `Theorem`, or several that bound the same quantity; by default those of the
        paper that apply
    lam : one λ or several; by default that of the method's class, else 0.5
    rho, rho_fraction, gamma : steps; by default each theorem's own
    seed, trials, steps : of the runs
    method : name, FILE.py, FILE.py:NAME, or a step called as `methods.unified_sam.step`; by default each theorem's
    curves : trajectories of another program in the place of the runs: a CSV, JSON or .npz file, or times of shape (K,)
        and f(x_t) - f* of shape (trials, K)
    params, data : parameters of a problem by name, and the file or pair (A, b) that replaces its rows

    Returns
    -------
    A line for each theorem and λ.

    Raises
    ------
    NotApplicable
        If a theorem does not apply; the message is the reason.
    InputError
        If an argument is bad, or the theorems bound different quantities.

    Examples
    --------
    >>> found = trajectories("two-quadratics", "full", "3.4", lam=[0.0, 1.0], steps=50)
    >>> [line.label for line in found.lines]
    ['unified-sam/3.4, λ=0', 'unified-sam/3.4, λ=1']
    """
    found = as_problem(problem, params, data)
    drawn = as_sampling(sampling, found)
    if not isinstance(trials, int):
        raise reject("trials", trials, "a whole number, at least 1")
    named = as_theorems(theorem)
    read = [as_reading(method, found, named, each) for each in several(lam) or [None]]
    (step, reading, _), lams = read[0], [each for *_, each in read]
    requests = [Request(each, rho, rho_fraction, gamma, seed=seed, trials=trials, steps=steps) for each in lams]
    chosen = named or of_the_paper(found, drawn, requests, reading)
    given = None if curves is None else curves_like(curves)
    return measured_trajectories(found, drawn, chosen, requests, step, given, reading)


def of_the_paper(
    problem: Problem, sampling: Sampling, requests: Sequence[Request], reading: Reading = OWN
) -> list[Theorem]:
    """The theorems of the paper that apply to the problem and bound f(x_t) - f*, else those on gradients.

    Raises
    ------
    NotApplicable
        If there is none.
    """
    constants, found = reading.constants(problem, sampling), []
    of_paper = [each for key, each in catalogue().items() if key.startswith(f"{PAPER}/") and "as-printed" not in key]
    for theorem in reading.covered(of_paper):
        try:
            for request in requests:
                theorem.plan_for(constants, reading.request(theorem, request), problem.delta0)
        except NotApplicable:
            continue
        found.append(theorem)
    for measure in ("gap", "min_grad2"):
        if chosen := [theorem for theorem in found if theorem.measure == measure]:
            return chosen
    raise NotApplicable(f"no theorem of the paper applies to {problem.name} under {sampling.spec}: name one")
