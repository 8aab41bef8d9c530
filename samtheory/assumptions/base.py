"""What an assumption consists of: its words, the constants that it introduces, and the inequalities that it claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from samtheory.errors import InputError, finite, nonnegative, positive

from .claim import Claim

#: What the value of a constant may be, by its `sign`.
SIGNS: dict[str, Callable[[str, Any], float]] = {"positive": positive, "nonnegative": nonnegative, "any": finite}

#: Relative allowance for rounding in a comparison of claimed constants with each other.
ROUNDING = 1e-9

#: The values of constants by name, each with its provenance (`Constant`, `ComponentConstants`) or as a plain number.
Values = dict[str, Any]


class Facts(Protocol):
    """A finite sum under a sampling, as an assumption derives its constants from it.

    The numbers are floats with provenance (`problem.facts`), or those of an arithmetic (`falsification.instances`).

    Attributes
    ----------
    n : the number of components
    L_i : the smoothness of every f_i
    L, mu, f_inf : of f; mu is None where f is not claimed to be PL
    properties : the words that are claimed of f
    minimiser : whether a minimiser x* is known
    law : the sampling: `deterministic`, `B`, `A(L_i)`, `largest(L_i)`, `mean_square(L_i)`, `form` and `A_form` of
        `sampling.law.Law`
    """

    n: int
    L_i: Any
    L: Any
    mu: Any
    f_inf: Any
    properties: frozenset[str]
    minimiser: bool
    law: Any

    def given(self, *names: str) -> Values | None:
        """The constants of these names that the problem states itself; None if it leaves one to be derived."""

    def derived(self, value: Any, source: str, *parts: Any) -> Any:
        """A number that follows from `parts` (names of constants of the problem, or constants) by the rule `source`."""

    def component_gap(self) -> Any:
        """f_inf - mean f_i_inf >= 0; None where some f_i is unbounded below."""

    def noise(self) -> Any:
        """E||g(x*)||^2."""

    def mean(self, values: Any) -> Any:
        """The mean of one number for each component."""

    def root(self, value: Any) -> Any:
        """The square root, or an upper bound on it."""


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
    in_formulas : whether theorems may use it; otherwise it is a constant of the problem alone
    default : the constant that stands in its place where it is not given
    most : a constant that it is at most, where both are bare numbers
    at_zero : what to claim in the place of a 0 that is refused
    """

    name: str
    letter: str
    meaning: str
    latex: str | None = None
    sign: str = "nonnegative"
    downwards: bool = False
    in_formulas: bool = True
    default: str | None = None
    most: str | None = None
    at_zero: str = ""

    def checked(self, value: float) -> float:
        """`value`, or InputError where its sign is wrong or it is not finite."""
        try:
            return SIGNS[self.sign](self.name, value)
        except InputError as error:
            if self.at_zero and value == 0:
                raise InputError(f"{error}: {self.at_zero}") from None
            raise


@dataclass(frozen=True, eq=False, kw_only=True)
class Assumption:
    """An assumption of convergence theorems.

    Attributes
    ----------
    word : its name, which theorems list
    meaning : the assumption in one ASCII line
    place : where it is listed
    symbols : the constants that it introduces
    claims : the inequalities that it consists of
    values : facts -> the constants that it introduces; None where it is not claimed. Without it, it is claimed where
        its word is among the properties of the problem
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
    claims: tuple[Claim, ...] = ()
    values: Callable[[Facts], Values | None] | None = None
    uses: tuple[str, ...] = ()
    basic: bool = False
    always: bool = False
    when: Callable[[Mapping[str, float]], bool] | None = None
    contradiction: Callable[[Mapping[str, float], bool], str | None] | None = None

    @cached_property
    def formula_symbols(self) -> tuple[Symbol, ...]:
        """The constants that it introduces and that theorems may use."""
        return tuple(symbol for symbol in self.symbols if symbol.in_formulas)

    @cached_property
    def constants(self) -> tuple[str, ...]:
        """The names of the constants that theorems may use because of it."""
        return (*(symbol.name for symbol in self.formula_symbols), *self.uses)

    def implied(self, numbers: Mapping[str, float]) -> bool:
        """Whether bare constants say that it holds."""
        if self.when is not None:
            return self.when(numbers)
        return bool(self.formula_symbols) and all(symbol.name in numbers for symbol in self.formula_symbols)

    def claimed(self, facts: Facts) -> Values | None:
        """The constants that it introduces, for a finite sum under a sampling; None where it is not claimed."""
        if self.values is not None:
            return self.values(facts)
        return {} if self.word in facts.properties else None
