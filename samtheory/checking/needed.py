"""The part of a report that theorems need: their constants and assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from samtheory.assumptions import assumptions
from samtheory.theorems.base import Theorem

from .card import Report

#: Findings on the problem's functions, which every theorem needs.
ALWAYS = frozenset({"gradients", "worker"})


def only(report: Report, theorems: Sequence[Theorem]) -> Report:
    """The findings on what the theorems assume, and which of the theorems do not apply.

    Parameters
    ----------
    report : a whole report
    theorems : the theorems; all findings if there are none
    """
    if not theorems:
        return report
    names, keys = needed(theorems), {theorem.key for theorem in theorems}
    cards = [
        replace(
            card,
            constants=tuple(finding for finding in card.constants if finding.name in names),
            lacking=tuple(entry for entry in card.lacking if entry[0] in keys),
        )
        for card in report
    ]
    return Report(cards, report.seed)


def needed(theorems: Sequence[Theorem]) -> frozenset[str]:
    """The names of the findings that the theorems need: assumptions and their constants."""
    words = {word for theorem in theorems for word in theorem.assumptions}
    used = [each for word, each in assumptions().items() if each.always or word in words]
    symbols = {symbol.name for each in used for symbol in each.symbols}
    return ALWAYS | {each.word for each in used} | symbols | {name for each in used for name in each.uses}
