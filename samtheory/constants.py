"""The constants that a theorem relies on, as a problem or a person claims them.

Symbols follow Oikonomou and Loizou (ICLR 2025); `samtheory.assumptions` says what each means and which values it may
have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .assumptions import assumptions, formula_symbols, vocabulary
from .assumptions.base import ROUNDING
from .assumptions.provenance import (
    PROVENANCE,
    ComponentConstants,
    Constant,
    as_components,
    as_constant,
    certified,
    claimed,
    exact,
    labelled,
    numerical,
    weakest,
)
from .errors import InputError, finite, reject

__all__ = [
    "ASSUMPTIONS",
    "PROVENANCE",
    "ROUNDING",
    "ComponentConstants",
    "Constant",
    "Constants",
    "ExpectedResidual",
    "as_components",
    "as_constant",
    "certified",
    "claimed",
    "exact",
    "labelled",
    "numerical",
    "signs",
    "weakest",
]

#: The words of a theorem's assumptions and their meaning.
ASSUMPTIONS = vocabulary()


def signs() -> dict[str, str]:
    """The sign of every constant, "positive" or "nonnegative", by its name."""
    return {name: symbol.sign for name, symbol in formula_symbols().items()}


@dataclass(frozen=True)
class ExpectedResidual:
    """E||g||^2 <= 2A(f - f_inf) + B||grad f||^2 + C at every x."""

    A: Constant
    B: Constant
    C: Constant

    def __post_init__(self) -> None:
        for name in ("A", "B", "C"):
            object.__setattr__(self, name, as_constant(name, getattr(self, name)))

    @property
    def named(self) -> dict[str, Constant]:
        """The constants by name, as `Problem.claims` gives them."""
        return {"A": self.A, "B": self.B, "C": self.C}


@dataclass(frozen=True)
class Constants:
    """Everything that a theorem may use of a problem under a sampling.

    Every constant is an attribute: `constants.mu` is a `Constant`, or None where it is not claimed.

    Attributes
    ----------
    numbers : the constants that are claimed, by name
    properties : the assumptions that are claimed, keys of `ASSUMPTIONS`
    region : where the constants hold, "" for everywhere

    Raises
    ------
    InputError
        If a number has the wrong sign or is not finite, a property lacks its numbers, or no function has these
        constants (`mu` > `L`; B mu + A < mu everywhere).
    """

    numbers: Mapping[str, Constant]
    properties: frozenset[str] = field(default=frozenset({"smooth"}))
    region: str = ""

    def __post_init__(self) -> None:
        known = formula_symbols()
        for name in self.numbers:
            if name not in known:
                raise reject("constants", name, "among " + ", ".join(sorted(known)))
        numbers = {name: as_constant(name, value) for name, value in self.numbers.items()}
        object.__setattr__(self, "numbers", numbers)
        for name, value in numbers.items():
            known[name].checked(value)
        if unknown := self.properties - ASSUMPTIONS.keys():
            raise reject("properties", ", ".join(sorted(unknown)), "among " + ", ".join(ASSUMPTIONS))
        for word, assumption in assumptions().items():
            lacking = [name for name in assumption.constants if name not in self.numbers]
            if word in self.properties and lacking:
                raise InputError(f"properties={word}: needs " + ", ".join(lacking))
            stated = word in self.properties or (assumption.formula_symbols and not lacking)
            if assumption.contradiction is None or not stated:
                continue
            if reason := assumption.contradiction(self.numbers, not self.region):
                raise InputError(reason)

    def __getattr__(self, name: str) -> Any:
        if name not in formula_symbols():
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return self.numbers.get(name)

    def changed(self, **numbers: Constant) -> Constants:
        """The same with other constants."""
        return replace(self, numbers={**self.numbers, **numbers})

    def values(self, **more: float) -> dict[str, float]:
        """The plain numbers by name, and `more` beside them, for the formulas."""
        return {name: float(value) for name, value in {**self.numbers, **more}.items()}

    @classmethod
    def from_values(cls, given: Mapping[str, float], properties: Iterable[str] = ()) -> Constants:
        """Constants from bare numbers, taken as claimed.

        A constant that has a default and is not given is *assumed*: `L`, `L_avg` and `Lambda` equal to `L_max` (`L_max`
        to `L` if only that is given), `Lambda1` and `Lambda2` to `Lambda`.  An assumption is taken as claimed where its
        constants are given: PL with `mu`, ER with `A`, `B` and `C`.

        Raises
        ------
        InputError
            If a number is bad, one is missing beside others of the same assumption, or a mean is above a maximum.
        """
        known = formula_symbols()
        for name in given:
            if name not in known:
                raise reject("constants", name, "among " + ", ".join(sorted(known)))
        numbers = {name: claimed(finite(name, value), "given") for name, value in given.items()}
        if "L_max" not in numbers and "L" not in numbers:
            raise InputError("constants: L_max is missing (or L)")
        waiting = {name: symbol.default for name, symbol in known.items() if symbol.default and name not in numbers}
        while waiting:
            for name in [name for name, default in waiting.items() if default in numbers]:
                default = waiting.pop(name)
                numbers[name] = Constant(numbers[default], "assumed", f"not given: {name} = {default}")
        held = set(properties)
        for word, assumption in assumptions().items():
            introduced = [symbol.name for symbol in assumption.formula_symbols]
            lacking = [name for name in introduced if name not in numbers]
            if 0 < len(lacking) < len(introduced):
                beside = sorted(set(introduced) - set(lacking))
                raise InputError(f"constants: {', '.join(lacking)} missing beside {', '.join(beside)}")
            if word in ASSUMPTIONS and assumption.implied(numbers):
                held.add(word)
        found = cls(numbers, frozenset(held))
        for name, symbol in known.items():
            if (most := numbers.get(symbol.most or "")) is not None and numbers[name] > most * (1 + ROUNDING):
                raise reject(name, f"{numbers[name]:g}", f"at most {symbol.most}={most:g}")
        return found
