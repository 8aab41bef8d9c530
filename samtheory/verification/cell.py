"""A cell: one verification task as plain data, with its command and its random seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from samtheory.errors import reject
from samtheory.io.contents import entropy
from samtheory.io.data_file import DataFile, named_files
from samtheory.io.shell import command
from samtheory.request import ALPHA, DEFAULT, STEPS, TRIALS, Request
from samtheory.schedules import rule_text

#: Fields that determine the random streams: all theorems and steps use the same draws on one problem and sampling.
STREAM = ("problem", "sampling", "params", "data")


@dataclass(frozen=True)
class Cell:
    """One verification task: a problem, a theorem, a sampling and a request.

    Parameters
    ----------
    problem, theorem : name, or path ending in .py
    sampling : text that `sampling.parse_sampling` reads
    request : parameters of the method and effort of the Monte-Carlo evidence
    params : the problem's parameters as (key, text), sorted
    data : the file that replaces the problem's rows, or None
    curves : file of another program's curves that are judged instead, or None
    method : the program under test, as `catalogue.load_method` reads it; None for the theorem's method
    """

    problem: str
    theorem: str
    sampling: str
    request: Request = DEFAULT
    params: tuple[tuple[str, str], ...] = ()
    data: DataFile | None = None
    curves: str | None = None
    method: str | None = None

    def __post_init__(self) -> None:
        if self.request.steps < 1:
            raise reject("steps", self.request.steps, "a whole number, at least 1")

    @property
    def entropy(self) -> list[int]:
        """The seed with a stable hash of what is in `STREAM`, contents of files included."""
        kind, colon, probabilities = self.sampling.partition("single:")
        sampling = kind + colon + PurePath(probabilities).name
        named = [PurePath(self.problem).name, sampling, self.params, self.data and self.data.canonical]
        return entropy(self.request.seed, named, named_files([self.problem], self.sampling, self.data))

    @property
    def command(self) -> str:
        """The command that verifies this cell alone."""
        words = ["samtheory", "verify", self.problem, "--theorem", self.theorem, "--sampling", self.sampling]
        asked = self.request
        words += ["--lam", rule_text(asked.lam)]
        for option, value in (("--rho", asked.rho), ("--rho-fraction", asked.rho_fraction), ("--gamma", asked.gamma)):
            words += [] if value is None else [option, repr(value) if isinstance(value, float) else rule_text(value)]
        words += ["--allow-outside"] if asked.allow_outside else []
        words += [] if self.method is None else ["--method", self.method]
        for key, value in self.params:
            words += ["--param", f"{key}={value}"]
        words += [] if self.data is None else self.data.words
        words += ["--seed", str(asked.seed)] if self.curves is None else ["--curves", self.curves]
        words += [] if asked.trials == TRIALS else ["--trials", str(asked.trials)]
        words += [] if asked.steps == STEPS else ["--steps", str(asked.steps)]
        words += [] if asked.alpha == ALPHA else ["--alpha", repr(asked.alpha)]
        return command(words)

    @property
    def paths(self) -> list[str]:
        """The files that the cell names."""
        program, _, function = (self.method or "").rpartition(":")
        names = (self.problem, self.theorem, program if program.endswith(".py") else function)
        return named_files(names, self.sampling, self.data)

    def key(self) -> Mapping[str, Any]:
        """The values that identify the cell in a report."""
        lam = rule_text(self.request.lam)
        return {"problem": self.problem, "theorem": self.theorem, "sampling": self.sampling, "lam": lam}
