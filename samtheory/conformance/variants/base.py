"""A wrong variant: a program that differs from the reference in one place, with a name for the mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from samtheory.conformance.reference import Reference

if TYPE_CHECKING:
    from samtheory.conformance.run import Run


class Variant(Reference):
    """The reference with one mistake; several variants combine by inheritance.

    Attributes
    ----------
    name : the mistake, as a diagnosis reports it
    sentence : what the program does, in at most 12 words
    needs : capability words without which the mistake cannot show, separated by blanks
    fails : keys of the checks that fail, for the self-test
    """

    name = ""
    sentence = ""
    needs = ""
    fails: tuple[str, ...] = ()

    @classmethod
    def fit(cls, run: Run) -> type[Variant] | None:
        """The variant with its parameter read off a run; None where the run does not show such a mistake."""
        return cls

    @classmethod
    def with_(cls, words: str = "", **parameters: Any) -> type[Variant]:
        """The variant with these parameters, described by `words`."""
        return type(cls.__name__, (cls,), {**parameters, "name": f"{cls.name}{words}", "__module__": cls.__module__})
