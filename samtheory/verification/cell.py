"""A cell: one thing to verify, as plain data that pickles, prints as a command, and seeds itself."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from samtheory.schedules import lam_text

TRIALS, STEPS, ALPHA = "auto", 300, 1e-6


#: Fields that ask for more or less of the same evidence.
NOT_IN_NAME = ("seed", "trials", "steps", "alpha", "curves")
#: Fields that name the streams: on one problem under one sampling all theorems and steps meet the same draws.
STREAM = ("problem", "sampling", "params", "data")


@dataclass(frozen=True)
class Cell:
    """A problem, a theorem, a sampling and the parameters of the method.

    Parameters
    ----------
    problem, theorem : name, or path ending in .py
    sampling : text that `sampling.parse_sampling` reads
    lam : a number or a named rule
    rho, rho_fraction, gamma : steps to use; None for the theorem's defaults (`rho_fraction` is of rho_max)
    allow_outside : use them even where the theorem does not allow it
    params : the problem's parameters as (key, text), sorted
    data : path of a data file, or None
    seed, trials, steps : of the Monte-Carlo evidence; trials "auto" adds trials until a decision or a budget
    alpha : family-wise false-alarm probability of a run of up to 10^4 cells
    curves : file of another program's curves that are judged instead
    """

    problem: str
    theorem: str
    sampling: str
    lam: float | str
    rho: float | None = None
    rho_fraction: float | None = None
    gamma: float | None = None
    allow_outside: bool = False
    params: tuple[tuple[str, str], ...] = ()
    data: str | None = None
    seed: int = 0
    trials: int | str = TRIALS
    steps: int = STEPS
    alpha: float = ALPHA
    curves: str | None = None

    @property
    def name(self) -> str:
        """The canonical name: the same for cells that differ in `NOT_IN_NAME` alone."""
        named = {key: value for key, value in asdict(self).items() if key not in NOT_IN_NAME}
        return json.dumps(named, sort_keys=True)

    @property
    def entropy(self) -> list[int]:
        """The seed with a stable hash of what is in `STREAM`, for `numpy.random.SeedSequence`."""
        named = json.dumps([getattr(self, field) for field in STREAM])
        digest = hashlib.blake2b(named.encode(), digest_size=16).digest()
        return [self.seed, *(int.from_bytes(digest[k : k + 4], "little") for k in range(0, 16, 4))]

    @property
    def command(self) -> str:
        """The command that verifies this cell alone."""
        words = ["samtheory", "verify", self.problem, "--theorem", self.theorem, "--sampling", self.sampling]
        words += ["--lam", lam_text(self.lam)]
        for option, number in (("--rho", self.rho), ("--rho-fraction", self.rho_fraction), ("--gamma", self.gamma)):
            words += [] if number is None else [option, repr(number)]
        words += ["--allow-outside"] if self.allow_outside else []
        for key, value in self.params:
            words += ["--param", f"{key}={value}"]
        words += [] if self.data is None else ["--data", self.data]
        words += ["--seed", str(self.seed)] if self.curves is None else ["--curves", self.curves]
        words += [] if self.trials == TRIALS else ["--trials", str(self.trials)]
        words += [] if self.steps == STEPS else ["--steps", str(self.steps)]
        words += [] if self.alpha == ALPHA else ["--alpha", repr(self.alpha)]
        return shlex.join(words)

    @property
    def paths(self) -> list[str]:
        """The files that the cell names."""
        _, _, probabilities = self.sampling.partition("single:")
        named = [name for name in (self.problem, self.theorem) if name.endswith(".py")]
        return named + [path for path in (self.data, probabilities) if path]

    def key(self) -> Mapping[str, Any]:
        """What a report shows to tell cells apart."""
        return {"problem": self.problem, "theorem": self.theorem, "sampling": self.sampling, "lam": lam_text(self.lam)}
