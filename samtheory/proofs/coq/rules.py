"""The translation of each rule of the kernel: how the lemma of a fact follows from those of its premises."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..kernel.facts import Fact
from . import analysis, induction, instances, logic, means
from .facts import Writer
from .terms import Untranslated

#: The function that translates a rule has its name.
ROOMS = (logic, analysis, means, induction, instances)


def write(writer: Writer, fact: Fact) -> None:
    """Write the lemma of a fact whose premises are written.

    Raises
    ------
    Untranslated
        If there is no translation of the rule, or of something in the fact.
    """
    name = {"_substituted": "hypothesis"}.get(fact.rule, fact.rule)
    found: Mapping[str, Callable[[Writer, Fact], None]] = {
        key: value
        for room in ROOMS
        for key, value in vars(room).items()
        if key == name and getattr(value, "__module__", "") == room.__name__
    }
    if not found:
        raise Untranslated(f"{fact.name}: no translation of the rule {fact.rule}")
    found[name](writer, fact)
