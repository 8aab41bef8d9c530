"""Why is a theorem true?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samtheory.errors import reject
from samtheory.proofs import run
from samtheory.proofs.run import ProofReport
from samtheory.theorems.base import Theorem

from .arguments import several


def prove(theorem: str | Theorem | Sequence[str | Theorem] | None = None) -> ProofReport:
    """Check the proofs of theorems, step by step in exact arithmetic.

    Parameters
    ----------
    theorem : key or `Theorem` of the catalogue, or several; by default every theorem that has a proof

    Returns
    -------
    The checked proofs, in order.

    Raises
    ------
    InputError
        If there is no such theorem, or no proof of it.

    Examples
    --------
    >>> (checked,) = prove("unified-sam/3.4")
    >>> checked.flaw
    ''
    """
    return run.verify(run.select([_key(each) for each in several(theorem)]))


def _key(theorem: Any) -> str:
    """The key of a theorem."""
    if isinstance(theorem, Theorem):
        return theorem.key
    if not isinstance(theorem, str):
        raise reject("theorem", theorem, "a key or a samtheory Theorem")
    return theorem
