"""One component at a time with given probabilities, and the law of every sampling that draws one component."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, finite, float_array
from samtheory.io import files

from .base import Number, Outcome, Sampling
from .law import Draw, Law, Outcomes

#: Probabilities may miss the sum 1 by this.
SUM = 1e-9
#: Probabilities that `falsify` searches among, before they are scaled to the sum 1.
SEARCHED = (1e-6, 1.0)


@dataclass(frozen=True, repr=False)
class Single(Sampling):
    """one f_i with the probabilities of a file, one a line

    Parameters
    ----------
    p : (n,) probabilities, kept as a tuple
    path : file that the probabilities are read from, as in `single:FILE`
    """

    key = "single"
    form = "single:FILE"

    p: Sequence[float] | Array
    path: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        name = self.path or "probabilities"
        p = float_array("p", self.p, "probabilities of shape (n,)")
        if p.ndim != 1 or len(p) == 0 or not (np.isfinite(p).all() and (p > 0).all()):
            raise InputError(f"p: {name}: every probability must be a finite number above 0")
        if abs(p.sum() - 1) > SUM:
            raise InputError(f"p: {name}: sum is {p.sum():.12g}: must be 1")
        object.__setattr__(self, "p", tuple(p.tolist()))

    def __repr__(self) -> str:
        first = ", ".join(f"{each:.6g}" for each in self.p[:4])
        return f"Single({f'path={self.path!r}, ' * bool(self.path)}p=({first}{', ...' if len(self.p) > 4 else ''}))"

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        if not argument:
            raise InputError("sampling=single: a file is needed, as single:FILE")
        lines = files.text(argument, f"sampling=single:{argument}", "one number a line").split()
        return cls(tuple(finite("p", line, "one number a line") for line in lines), argument)

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return []  # probabilities come from a file

    @classmethod
    def searched(cls, n: int, choose: Callable[[float, float], float]) -> Sampling | None:
        parts = [*(choose(*SEARCHED) for _ in range(n - 1)), 1.0]
        return cls(tuple(part / sum(parts) for part in parts))

    @property
    def argument(self) -> str:
        return self.path

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        self._fit(len(L_i))
        first = [number(p) for p in self.p[:-1]]
        for i, p in enumerate([*first, number(1) - sum(first)]):
            yield p, [(i, 1 / p)]

    def law(self, L_i: Array) -> Law:
        self._fit(len(L_i))
        p = np.array(self.p)
        return SingleLaw(p / p.sum())

    def _fit(self, n: int) -> None:
        if len(self.p) != n:
            raise InputError(f"p: {self.path or 'probabilities'}: {len(self.p)} probabilities: must be n={n}")

    def map_numbers(self, change: Callable[[float], float]) -> Self:
        first = [change(p) for p in self.p[:-1]]
        return type(self)((*first, 1 - sum(first)), self.path)


class SingleLaw(Law):
    """v = e_i / p_i with probability p_i; an index with p_i = 0 is never drawn (its f_i must be constant)."""

    def __init__(self, p: Array) -> None:
        self.n, self.width = len(p), 1
        self.p = self.inclusion = p
        self.weight = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
        self.B, self.K = (0.0, self.weight) if self.n > 1 else (1.0, np.zeros(1))
        self.possible = np.flatnonzero(p)
        self.count = len(self.possible)
        self._cumulative = np.cumsum(p[self.possible])

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        u = rng.random(size) * self._cumulative[-1]
        slots = np.minimum(np.searchsorted(self._cumulative, u, side="right"), self.count - 1)
        indices = self.possible[slots][:, None]
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = self.possible[:, None]
        return Outcomes(Draw(indices, self.weight[indices]), self.p[self.possible])

    def largest(self, L_i: Array) -> float:
        return float((L_i * self.weight).max() / self.n)
