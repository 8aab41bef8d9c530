"""Are the constants that the theorems rely on true of a problem? Each is proved, survives a search, or is falsified."""

from __future__ import annotations

import hashlib
import inspect
import json
import shlex
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import __version__
from .catalogue import load_problem, problem_module, problem_names, theorems
from .constants import ComponentConstants, Constant
from .errors import InputError, MissingExtra, NotApplicable, positive, reject, whole
from .evidence.falsification import Falsifier, Finding
from .evidence.falsify_climb import Effort
from .evidence.falsify_problem import of_problem
from .evidence.falsify_sampled import of_sampling
from .evidence.proved import Proofs
from .laws import Law
from .problem import Problem
from .sampling import Sampling, parse_sampling
from .sampling import samplings as sampling_kinds

SCHEMA = "samtheory.check/1"

#: The worst first.
VERDICTS = ("falsified", "loose", "certified", "consistent", "not claimed")

#: How much is searched: a multiple of the evaluations of "quick".
LEVELS = {"quick": 1, "thorough": 8}


@dataclass(frozen=True)
class Card:
    """What was found of a problem's constants under a sampling.

    Attributes
    ----------
    problem, sampling : their names
    constants : a finding for every constant that the theorems use
    command : checks this card alone, and finds what it found
    lacking : (theorem, what it lacks) for the theorems that say nothing here
    unproved : why nothing could be certified, "" where proofs could be tried
    """

    problem: str
    sampling: str
    constants: tuple[Finding, ...]
    command: str
    lacking: tuple[tuple[str, str], ...]
    unproved: str = ""

    @property
    def falsified(self) -> list[Finding]:
        """The constants that are wrong."""
        return [finding for finding in self.constants if finding.verdict == "falsified"]

    def to_json(self) -> dict[str, Any]:
        """Plain data, as in `problems` of the document."""
        return {
            "problem": self.problem,
            "sampling": self.sampling,
            "constants": [
                {
                    "name": finding.name, "claimed": finding.claimed, "verdict": finding.verdict,
                    "best_known": finding.best_known, "method": finding.method, "evaluations": finding.evaluations,
                    "witness": finding.witness, "command": self.command,
                }
                for finding in self.constants
            ],
        }


def check(
    problem: Problem,
    samplings: Sequence[Sampling] = (),
    *,
    level: str = "quick",
    seed: int = 0,
    budget: float | None = None,
    data: str | None = None,
) -> list[Card]:
    """Judge every constant of a problem, a card for each sampling.

    A result depends on the problem (its name, parameters and data), the level and the seed only; a budget can cut the
    search short.

    Parameters
    ----------
    problem : what is claimed
    samplings : the examples of every kind by default
    level : a key of `LEVELS`
    seed : of everything random
    budget : seconds for the search, None for as many as it takes
    data : the file that replaced the problem's rows, for the command and the seed

    Raises
    ------
    InputError
        If the level, the seed or the budget is bad, or a sampling does not fit the problem.
    """
    if level not in LEVELS:
        raise reject("level", level, "one of " + ", ".join(LEVELS))
    seed = whole("seed", seed)
    deadline = None if budget is None else time.monotonic() + positive("budget", budget)
    asked = list(samplings) or [each for kind in sampling_kinds().values() for each in kind.examples(problem.n)]
    laws = [problem.law(sampling) for sampling in asked]
    search = Falsifier(problem, entropy(problem, seed, data), Effort(LEVELS[level], deadline))
    shared, proofs = of_problem(search), Proofs(problem)
    return [
        Card(
            problem.name or "problem",
            sampling.spec,
            tuple(
                sourced(finding, problem, law)
                for finding in proofs.judge([*shared, *of_sampling(search, law)], law)
            ),
            command(problem, sampling, level, seed, data),
            tuple(lacking(problem, sampling)),
            proofs.missing,
        )
        for sampling, law in zip(asked, laws, strict=True)
    ]


def entropy(problem: Problem, seed: int, data: str | None) -> list[int]:
    """The seed with a stable hash of the problem's name, parameters and data file."""
    params = {key: str(value) for key, value in problem.params.items()}
    named = {"problem": problem.name, "params": params, "data": data}
    return [seed, *hashlib.blake2b(json.dumps(named, sort_keys=True).encode(), digest_size=16).digest()]


def command(problem: Problem, sampling: Sampling, level: str, seed: int, data: str | None) -> str:
    """The command that checks the problem under the sampling alone."""
    words = ["samtheory", "check", problem.name or "problem", "--sampling", sampling.spec]
    words += [] if level == "quick" else ["--level", level]
    for key, value in sorted(problem.params.items()):
        words += [] if value == parameter_defaults(problem.name).get(key) else ["--param", f"{key}={value}"]
    words += [] if data is None else ["--data", data]
    return shlex.join([*words, "--seed", str(seed)])


def parameter_defaults(name: str) -> dict[str, Any]:
    """The parameters of a problem file with their defaults; none for a problem that comes from no file."""
    try:
        parameters = inspect.signature(problem_module(name).problem).parameters
    except InputError:
        return {}
    return {key: parameter.default for key, parameter in parameters.items()}


def sourced(finding: Finding, problem: Problem, law: Law) -> Finding:
    """The finding with how the problem knows the constant."""
    residual = problem.expected_residual(law)
    home: dict[str, Constant | ComponentConstants | None] = {
        "L_i": problem.L_i, "L_max": problem.L_i, "L_avg": problem.L_i, "L": problem.L, "mu": problem.mu,
        "f_inf": problem.f_inf, "f_i_inf": problem.f_i_inf,
        **dict(zip(("Lambda1", "Lambda2", "Lambda"), problem.smoothness_of(law), strict=True)),
        **dict(zip(("Lcal", "R", "sigma2"), problem.expected_smoothness(law) or (None,) * 3, strict=True)),
        **{name: getattr(residual, name, None) for name in "ABC"}, "bounded-variance": getattr(residual, "C", None),
    }
    source = home.get(finding.name)
    return finding if source is None else replace(finding, known=source.known)


def lacking(problem: Problem, sampling: Sampling) -> Iterable[tuple[str, str]]:
    """What each theorem lacks that says nothing of this problem and sampling."""
    try:
        constants = problem.constants(sampling)
    except (InputError, NotApplicable) as contradiction:  # such as mu > L: the search tells which is wrong
        return [(key, str(contradiction)) for key in theorems()]
    reasons = ((key, theorem.missing(constants)) for key, theorem in theorems().items())
    return [(key, reason) for key, reason in reasons if reason]


def check_all(
    names: Sequence[str] = (),
    samplings: Sequence[str] = (),
    *,
    params: dict[str, str] | None = None,
    data: str | None = None,
    level: str = "quick",
    seed: int = 0,
    budget: float | None = None,
    on_done: Callable[[list[Card]], None] | None = None,
) -> tuple[list[Card], list[tuple[str, str]]]:
    """The cards of problems by name or path, the whole catalogue by default, and what was skipped with the reason.

    Parameters
    ----------
    budget : seconds for all; what is left is shared evenly by the problems that are left
    on_done : called with the cards of each problem as they come

    Raises
    ------
    InputError
        If a name, a parameter or a number is bad, or nothing is left to check.
    """
    end = None if budget is None else time.monotonic() + positive("budget", budget)
    asked = [parse_sampling(text) for text in samplings]
    cards: list[Card] = []
    skipped: list[tuple[str, str]] = []
    chosen = list(names) or problem_names()
    for number, name in enumerate(chosen):
        try:
            problem = load_problem(name, rows=data, **(params or {}))
        except MissingExtra as reason:
            if names:
                raise
            skipped.append((name, str(reason)))
            continue
        share = None if end is None else max((end - time.monotonic()) / (len(chosen) - number), 1e-3)
        found = check(problem, asked, level=level, seed=seed, budget=share, data=data)
        cards += found
        if on_done is not None:
            on_done(found)
    if not cards:
        raise InputError("nothing to check: " + "; ".join(reason for _, reason in skipped))
    return cards, skipped


def document(cards: Sequence[Card], seed: int) -> dict[str, Any]:
    """The JSON document `samtheory.check/1`."""
    return {
        "problems": [card.to_json() for card in cards], "schema": SCHEMA, "seed": seed, "version": __version__,
    }
