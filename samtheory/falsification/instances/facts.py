"""An instance under its sampling, as the assumptions derive their constants from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from samtheory.assumptions import assumptions, formula_symbols, symbols
from samtheory.assumptions.base import Assumption, Symbol, Values
from samtheory.assumptions.claim import Domain
from samtheory.constants import ASSUMPTIONS, Constants, claimed

from .arithmetic import Number, NumberType, rounded_down, rounded_up
from .base import CertifiedConstants, InfeasibleInstance, Instance, squared, weighted
from .exact import holds, least_constant
from .finite_law import FiniteLaw

#: A constant that is found at points is made weaker by one of these, relatively, so that its claim holds everywhere.
WEAKER = (1e-9, 1e-3, 0.03, 0.3, 1.0)


class InstanceFacts:
    """`assumptions.base.Facts` of an instance, in one kind of number.

    Parameters
    ----------
    instance, law : the finite sum and its sampling
    certified : the constants that no sampling has a part in
    own : the constants under the sampling that are not derived, by name
    needed : words that have to be decided, by their claims where the family does not know them
    """

    def __init__(
        self,
        instance: Instance,
        law: FiniteLaw,
        certified: CertifiedConstants,
        own: Mapping[str, Number],
        needed: Set[str],
    ) -> None:
        self.instance, self.law, self.certified, self.own, self.needed = instance, law, certified, own, needed
        self.n, self.L_i, self.L, self.mu = instance.n, certified.L_i, certified.L, certified.mu
        self.f_inf, self.minimiser = certified.f_inf, True
        self.properties = self._decided()

    @classmethod
    def of(cls, instance: Instance, kind: NumberType, needed: Iterable[str]) -> InstanceFacts:
        """Those of an instance in the same kind of number; in rationals, constants are decimals on the safe side.

        Raises
        ------
        InfeasibleInstance
            If it has no such constants, or the sampling is biased.
        """
        rational = not kind.tolerance
        certified = instance.constants(kind)
        certified = rounded_safely(certified) if rational else certified
        law = FiniteLaw.of(instance.sampling, certified.L_i, kind)
        own = {name: rounded_up(value) if rational else value for name, value in instance.own(law).items()}
        facts = cls(instance, law, certified, own, frozenset(needed))
        always = (claim for each in assumptions().values() if each.always for claim in each.claims)
        if not all(holds(claim, instance, law, None) for claim in always if claim.domain == Domain.WEIGHT):
            raise InfeasibleInstance
        return facts.fitted()

    def _decided(self) -> frozenset[str]:
        """The words that hold of f and the f_i: those the family knows, and needed ones whose claims all hold."""
        known = self.certified.words
        open_ = [assumptions()[word] for word in self.needed - known.keys() if assumptions()[word].values is None]
        given = SimpleNamespace(**self._given)
        decided = {each.word for each in open_ if each.claims and self._hold(each, given)}
        return frozenset({word for word, true in known.items() if true} | decided)

    def _hold(self, assumption: Assumption, constants: Any) -> bool:
        return all(holds(claim, self.instance, self.law, constants) for claim in assumption.claims)

    @cached_property
    def _given(self) -> dict[str, Any]:
        """Every constant that is stated."""
        stated = {name: value for name, value in self.certified._asdict().items() if name in symbols()}
        return {name: value for name, value in {**stated, **self.own}.items() if value is not None}

    def given(self, *names: str) -> Values | None:
        """The constants of these names that are stated; None if one is to be derived."""
        return {name: self._given[name] for name in names} if all(name in self._given for name in names) else None

    def derived(self, value: Any, source: str, *parts: Any) -> Number:
        """The number."""
        return value

    def component_gap(self) -> Number | None:
        """f_inf - mean f_i_inf; None where some f_i is unbounded below."""
        lowest = self.certified.f_i_inf
        return None if lowest is None else self.f_inf - sum(lowest) / self.n

    def noise(self) -> Number:
        """E||g(0)||^2."""
        origin = (self.law.kind.number(0),) * self.instance.d
        tilts = self.instance.gradients(origin, self.law.kind)
        return self.law.expectation(lambda chosen: squared(weighted(tilts, chosen)))

    def mean(self, values: Any) -> Number:
        """The mean of one number for each component."""
        return sum(values) / self.n

    def root(self, value: Number) -> Number:
        """The square root, or an upper bound on it."""
        return self.law.kind.sqrt_upper(value)

    @cached_property
    def claimed(self) -> dict[str, Values]:
        """The assumptions that hold, by their words, with the constants that each introduces."""
        found = {word: each.claimed(self) for word, each in assumptions().items()}
        return {word: values for word, values in found.items() if values is not None}

    def fitted(self) -> InstanceFacts:
        """With constants that no rule derives for the needed words: the best that their claims allow."""
        wanted = [assumptions()[word] for word in self.needed - self.claimed.keys()]
        named = {symbol.name for each in wanted for symbol in each.formula_symbols} - self.claimed_numbers.keys()
        own = {name: self._best(symbols()[name]) for name in sorted(named - self.certified._asdict().keys())}
        more = {name: value for name, value in own.items() if value is not None}
        if not more:
            return self
        return InstanceFacts(self.instance, self.law, self.certified, {**self.own, **more}, self.needed)

    def _best(self, symbol: Symbol) -> Number | None:
        """The best value of a constant that one claim alone judges; None where it has none."""
        name, given = symbol.name, self._given | self.claimed_numbers
        claims = [claim for each in assumptions().values() for claim in each.claims if name in claim.constants]
        if [claim.constants for claim in claims] != [(name,)]:
            return None
        found = least_constant(claims[0], name, symbol.downwards, self.instance, self.law, given)
        if found is None:
            return None
        for share in WEAKER:
            weaker = self.law.kind.number(1 + share)
            value = found / weaker if symbol.downwards else found * weaker
            if not isinstance(value, float):
                value = rounded_down(value) if symbol.downwards else rounded_up(value)
            if value < 0 or (value == 0 and symbol.sign == "positive"):
                return None
            if holds(claims[0], self.instance, self.law, SimpleNamespace(**{**given, name: value})):
                return value
        return None

    @cached_property
    def claimed_numbers(self) -> dict[str, Number]:
        """Every constant that theorems may use, by name."""
        found = {name: value for values in self.claimed.values() for name, value in values.items()}
        return {name: value for name, value in found.items() if name in formula_symbols()}

    def constants(self) -> Constants:
        """The constants as a theorem reads them, with the assumptions that hold.

        Raises
        ------
        InputError
            If they are those of no function, which is rounding.
        """
        given = {name: claimed(float(value), "instance") for name, value in self.claimed_numbers.items()}
        return Constants(given, frozenset(word for word in self.claimed if word in ASSUMPTIONS) | self.properties)


def rounded_safely(constants: CertifiedConstants) -> CertifiedConstants:
    """The constants in decimals: upper bounds rounded up, mu and infima down."""
    return CertifiedConstants(
        list(map(rounded_up, constants.L_i)),
        rounded_up(constants.L),
        None if constants.mu is None else rounded_down(constants.mu),
        constants.f_inf,
        None if constants.f_i_inf is None else list(map(rounded_down, constants.f_i_inf)),
        constants.words,
    )
