"""What an assumption consists of: its words and the constants that it introduces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from samtheory.errors import finite, nonnegative, positive

#: What the value of a constant may be, by its `sign`.
SIGNS: dict[str, Callable[[str, Any], float]] = {"positive": positive, "nonnegative": nonnegative, "any": finite}

#: A contradiction between constants is no rounding error: relative allowance of a comparison of claimed values.
ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A constant of the theory.

    Attributes
    ----------
    name : the name in formulas, files and JSON
    letter : how people write it, Unicode
    meaning : a noun phrase, Unicode
    latex : how LaTeX writes it, where SymPy does not know it
    sign : a key of `SIGNS`
    downwards : whether smaller values are weaker claims; larger ones are otherwise
    sampled : whether it depends on the sampling
    in_formulas : whether theorems may use it; otherwise it is a constant of the problem alone
    default : the constant that stands in its place where it is not given
    """

    name: str
    letter: str
    meaning: str
    latex: str | None = None
    sign: str = "nonnegative"
    downwards: bool = False
    sampled: bool = False
    in_formulas: bool = True
    default: str | None = None

    def checked(self, value: float) -> float:
        """`value`, or InputError where its sign is wrong or it is not finite."""
        return SIGNS[self.sign](self.name, value)


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """An assumption of convergence theorems.

    Attributes
    ----------
    word : its name, which theorems list
    meaning : the assumption in one ASCII line
    place : where it is listed
    symbols : the constants that it introduces
    uses : constants that another assumption introduces and this one bounds
    basic : whether its constants are listed even where no theorem at hand makes it
    always : whether every theorem makes it, listed or not
    when : constants by name -> whether they say that it holds; where all that it introduces are there, if not given
    contradiction : (constants by name, whether they hold everywhere) -> why no function has them; None if one may
    """

    word: str
    meaning: str
    place: int
    symbols: tuple[Symbol, ...] = ()
    uses: tuple[str, ...] = ()
    basic: bool = False
    always: bool = False
    when: Callable[[Mapping[str, float]], bool] | None = None
    contradiction: Callable[[Mapping[str, float], bool], str | None] | None = None

    @property
    def formula_symbols(self) -> tuple[Symbol, ...]:
        """The constants that it introduces and that theorems may use."""
        return tuple(symbol for symbol in self.symbols if symbol.in_formulas)

    @property
    def constants(self) -> tuple[str, ...]:
        """The names of the constants that theorems may use because of it."""
        return (*(symbol.name for symbol in self.formula_symbols), *self.uses)

    def implied(self, numbers: Mapping[str, float]) -> bool:
        """Whether bare constants say that it holds."""
        if self.when is not None:
            return self.when(numbers)
        return bool(self.formula_symbols) and all(symbol.name in numbers for symbol in self.formula_symbols)
