"""Are the constants that the theorems rely on true of a problem? Each is proved, survives a search, or is falsified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

import numpy as np

from samtheory._version import __version__
from samtheory.catalogue import changed_params, theorems
from samtheory.errors import InputError, NotApplicable, reject, whole
from samtheory.execution.time_limit import begun, end_of, in_time, interrupting, later, until
from samtheory.io import contents, shell
from samtheory.io.data_file import DataFile
from samtheory.io.result import Result, Results
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling, examples
from samtheory.status import Status

from .causes import traced
from .certificates import Proofs
from .claim_search import findings
from .growth import ADVICE
from .large import problem_search
from .oracle import Oracle
from .search import Finding

SCHEMA = "samtheory.check/1"
KEYS = {
    SCHEMA: {
        "problems": "one card for each problem and sampling",
        "problems.complete": "whether the search ended by itself, not by --budget",
        "problems.constants": "one entry for each constant and property that is claimed",
        "problems.constants.best_known": "best value that the search or a proof supports, null where there is none",
        "problems.constants.cause": "constant whose error explains this one, null for none",
        "problems.constants.claimed": "claimed value, null for a property",
        "problems.constants.evaluations": "points at which the inequality was evaluated",
        "problems.constants.line": "both sides along the line through the witness, to draw; null without one",
        "problems.constants.line.left": "left side at each s",
        "problems.constants.line.right": "right side at each s",
        "problems.constants.line.s": "position on the line, 1 at the witness",
        "problems.constants.method": "how it was searched or proved",
        "problems.constants.name": "name of the constant or property",
        "problems.constants.verdict": "consistent, certified, loose, falsified or undecided",
        "problems.constants.witness": "where the inequality fails, in words of the inequality; null without one",
        "problems.note": "what a reader should know of the card, null for nothing",
    }
}
#: How much is searched: a multiple of the evaluations of "quick"; the least for 0.
LEVELS = {"least": 0, "quick": 1, "thorough": 8}
#: Functions that are less precise than this, relatively, are noted.
COARSE = 1e-11
IMPRECISE = "values or gradients jump by {:.0e} of their size between neighbouring points: nothing finer is decided"


@dataclass(frozen=True, repr=False)
class Card(Result):
    """The findings on a problem's constants under one sampling.

    Attributes
    ----------
    problem, sampling : their names
    constants : a finding for every constant that the theorems use
    command : checks this card alone, and finds what it found
    lacking : (theorem, what it lacks) for the theorems that say nothing here
    unproved : why nothing could be certified, "" where proofs could be tried
    cut : whether the budget cut the search short
    note : what was noticed that no constant says, None for nothing
    """

    problem: str
    sampling: str
    constants: tuple[Finding, ...]
    command: str
    lacking: tuple[tuple[str, str], ...]
    unproved: str = ""
    cut: bool = False
    note: str | None = None

    @property
    def falsified(self) -> list[Finding]:
        """The constants that are wrong."""
        return [finding for finding in self.constants if finding.verdict == Status.FALSIFIED]

    @property
    def undecided(self) -> str:
        """Why nothing was found at all, "" where something was."""
        reasons = [finding.method for finding in self.constants if finding.verdict == Status.UNDECIDED]
        return "; ".join(dict.fromkeys(reasons))

    def headline(self) -> str:
        """The number of constants with each verdict, and the falsified ones that are no consequence of others."""
        counts = Counter(finding.verdict for finding in self.constants)
        found = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
        wrong = ", ".join(finding.name for finding in self.falsified if finding.cause is None)
        return f"{self.problem}, {self.sampling}: {found}" + (f" ({wrong})" if wrong else "")

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each constant."""
        for finding in self.constants:
            yield {
                "problem": self.problem,
                "sampling": self.sampling,
                "constant": finding.name,
                "claimed": finding.claimed,
                "known": finding.provenance,
                "verdict": str(finding.verdict),
                "best_known": finding.best_known,
                "evaluations": finding.evaluations,
                "method": finding.method,
                "cause": finding.cause,
            }

    def witnesses(self) -> Iterator[dict[str, Any]]:
        """The witness of each falsified constant, with what it is about; the causes first."""
        for finding in sorted(self.falsified, key=lambda each: each.cause is not None):
            about = {"problem": self.problem, "sampling": self.sampling, "command": self.command}
            constant = {"constant": finding.name, "claimed": finding.claimed, "cause": finding.cause}
            yield {**about, **constant, **(finding.witness or {})}

    def to_json(self) -> dict[str, Any]:
        """Plain data, as in `problems` of the document."""
        return {
            "problem": self.problem,
            "sampling": self.sampling,
            "complete": not self.cut,
            "note": self.note,
            "constants": [
                {
                    "name": finding.name,
                    "claimed": finding.claimed,
                    "verdict": finding.verdict,
                    "best_known": finding.best_known,
                    "method": finding.method,
                    "evaluations": finding.evaluations,
                    "witness": finding.witness,
                    "cause": finding.cause,
                    "line": finding.line,
                    "command": self.command,
                }
                for finding in self.constants
            ],
        }


def drawn(finding: Finding, title: str, ax: Any) -> Any:
    """Both sides of an inequality along the line through a witness at s = 1."""
    from samtheory.io import drawing

    axes, line, witness = drawing.axes_or_new(ax), finding.line or {}, finding.witness or {}
    s, left, right = (np.array(line[name], dtype=np.float64) for name in ("s", "left", "right"))  # None becomes NaN
    axes.plot(s, left, color=drawing.RED, label="left side")
    axes.plot(s, right, color=drawing.BLUE, linestyle=drawing.DASHED, label="right side, as claimed")
    axes.fill_between(s, left, right, where=left > right, color=drawing.RED, alpha=0.15, linewidth=0)
    axes.axvline(1, color=drawing.GREY, linewidth=0.8, linestyle=":", label="witness")
    path = "from x to y" if "y" in witness else "from the minimiser, or else the start, to x"
    axes.set(xlabel=f"s, {path}: 0 to 1")
    axes.set_title(f"{title}: {drawing.symbols(witness.get('inequality', ''))}")
    drawing.legend_below(axes)
    return axes


class Report(Results[Card]):
    """The cards of a check.

    Parameters
    ----------
    cards : a card for each problem and sampling
    seed : of the searches
    """

    unit = "constants"
    columns = ("problem", "sampling", "constant", "claimed", "known", "verdict", "best_known")

    def __init__(self, cards: Sequence[Card], seed: int) -> None:
        super().__init__(cards)
        self.seed = seed

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each constant; one that no sampling changes has a single row for each problem."""
        seen: set[tuple[str, str]] = set()
        for card in self:
            for finding, record in zip(card.constants, card.records(), strict=True):
                if finding.sampled:
                    yield record
                elif (card.problem, finding.name) not in seen:
                    seen.add((card.problem, finding.name))
                    yield {**record, "sampling": None}

    def plot(self, ax: Any = None, constant: str | None = None) -> Any:
        """Plot both sides of an inequality that fails along the line through its witness.

        Parameters
        ----------
        ax : matplotlib axes; new ones by default
        constant : the falsified constant; by default the first that is wrong by itself

        Returns
        -------
        The axes.

        Raises
        ------
        NotApplicable
            If no such constant is falsified with a witness on a line.
        """
        found = [(finding, card) for card in self for finding in card.falsified if finding.line is not None]
        for finding, card in sorted(found, key=lambda each: each[0].cause is not None):
            if constant in (None, finding.name):
                return drawn(finding, f"{card.problem}, {finding.name}", ax)
        wanted = "a constant" if constant is None else constant
        raise NotApplicable(f"{self.headline()}: no witness against {wanted} to plot")

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.check/1`."""
        return {
            "problems": [card.to_json() for card in self],
            "schema": SCHEMA,
            "seed": self.seed,
            "version": __version__,
        }


class Search:
    """What the cards of a problem share: the searches that no sampling has a part in, and the proofs.

    Parameters
    ----------
    problem, level, seed, data : as in `check`
    deadline : when the search ends, by `time.monotonic`, infinite without a budget
    """

    @np.errstate(all="ignore")
    def __init__(self, problem: Problem, level: str, seed: int, data: DataFile | None, deadline: float) -> None:
        self.problem, self.level, self.seed, self.data, self.deadline = problem, level, seed, data, deadline
        with until(deadline) as limit:
            theorems()  # loading them takes its time too
            self.search = problem_search(problem, entropy(problem, seed, data), LEVELS[level])
            self.oracle = Oracle(self.search.asked, entropy(problem, seed, data))
            part = self.search.asked is not problem
            proofs = Proofs(problem, self.search) if part else None  # first where a search takes its time
            self.search.prepare()
            grows = in_time(0.1, self.search.growth, None)
            notes = [] if grows is None else [f"{grows}; {ADVICE}"]
            roughness = in_time(0.1, lambda: self.search.context.roughness, 0.0)
            notes += [IMPRECISE.format(roughness)] if roughness > COARSE else []
            self.note = "; ".join(notes) or None
            with until(later(0.7)):
                self.shared = list(findings(self.search, None))
            self.proofs = proofs or Proofs(problem, self.search)
        self.cut = limit.cut

    @np.errstate(all="ignore")
    def card(self, sampling: Sampling) -> Card:
        """The findings under a sampling."""
        law = self.problem.law(sampling)
        with until(self.deadline) as limit:
            with until(later(0.5)):
                searched = list(findings(self.search, law))
            found = self.oracle.report([*self.shared, *searched], self.search.objective.failures)
            found = in_time(0.5, partial(self.proofs.judge, found, law), found)
            found = in_time(0.5, partial(traced, self.search, law, found), found)
            none: list[tuple[str, str]] = []
            lacks = in_time(1.0, partial(lacking, self.problem, sampling), none)
        return Card(
            self.problem.name or "problem",
            sampling.spec,
            tuple(found),
            command(self.problem, sampling, self.level, self.seed, self.data),
            tuple(lacks),
            self.proofs.missing,
            self.cut or limit.cut,
            self.note,
        )


def check(
    problem: Problem,
    samplings: Sequence[Sampling] = (),
    *,
    level: str = "quick",
    seed: int = 0,
    budget: float | None = None,
    data: DataFile | None = None,
) -> Report:
    """Judge every constant of a problem, a card for each sampling.

    A result depends on the problem (its name, parameters and data), the level and the seed only; a budget can cut the
    search short.

    Parameters
    ----------
    problem : what is claimed
    samplings : the examples of every kind by default
    level : a key of `LEVELS`
    seed : of everything random
    budget : seconds for the search, None for as many as it takes; only a single call of a function may pass them
    data : the file that replaced the problem's rows, for the command and the seed

    Raises
    ------
    InputError
        If the level, the seed or the budget is bad, or a sampling does not fit the problem.
    OutOfBudget
        If the budget ended before the search could begin.
    """
    level, seed, deadline = known_level(level), whole("seed", seed), end_of(budget)
    chosen = begun(deadline, lambda: fitting(problem, samplings))
    with nullcontext() if budget is None else interrupting():
        search = Search(problem, level, seed, data, deadline)
        return Report([search.card(sampling) for sampling in chosen], seed)


def known_level(level: str) -> str:
    """A key of `LEVELS`, or InputError."""
    if level not in LEVELS:
        raise reject("level", level, "one of " + ", ".join(LEVELS))
    return level


def fitting(problem: Problem, samplings: Sequence[Sampling]) -> list[Sampling]:
    """The samplings, the examples of every kind by default; InputError if one does not fit the problem."""
    chosen = list(samplings) or examples(problem.n)
    for sampling in chosen:
        problem.law(sampling)
    return chosen


def entropy(problem: Problem, seed: int, data: DataFile | None) -> list[int]:
    """The seed with a stable hash of the problem's name, parameters and data file."""
    name, params = problem.name or "", {key: str(value) for key, value in problem.params.items()}
    paths = [name] * name.endswith(".py") + ([data.path] if data else [])
    return contents.entropy(seed, [PurePath(name).name, params, data and data.canonical], paths)


def command(problem: Problem, sampling: Sampling, level: str, seed: int, data: DataFile | None) -> str:
    """The command that checks the problem under the sampling alone."""
    words = ["samtheory", "check", problem.name or "problem", "--sampling", sampling.spec]
    words += [] if level == "quick" else ["--level", level]
    for key, value in sorted(changed_params(problem).items()):
        words += ["--param", f"{key}={value}"]
    words += [] if data is None else data.words
    return shell.command([*words, "--seed", str(seed)])


def lacking(problem: Problem, sampling: Sampling) -> list[tuple[str, str]]:
    """What each theorem lacks that does not apply to this problem and sampling."""
    try:
        constants = problem.constants(sampling)
    except (InputError, NotApplicable) as contradiction:  # such as mu > L: the search finds which is wrong
        return [(key, str(contradiction)) for key in theorems()]
    reasons = ((key, theorem.why_not_applicable(constants)) for key, theorem in theorems().items())
    return [(key, reason) for key, reason in reasons if reason]
