"""Why is a theorem true?"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from samtheory.errors import reject
from samtheory.proofs import run
from samtheory.proofs.run import ProofReport
from samtheory.theorems.base import Theorem

from .arguments import several


def prove(
    theorem: str | Theorem | Sequence[str | Theorem] | None = None, *, export: str | PathLike[str] | None = None
) -> ProofReport:
    """Check the proofs of theorems, step by step in exact arithmetic.

    Parameters
    ----------
    theorem : key or `Theorem` of the catalogue, or several; by default every theorem that has a proof
    export : directory into which the proofs are written as files for Coq

    Returns
    -------
    The checked proofs, in order.

    Raises
    ------
    InputError
        If there is no such theorem, or no proof of it; or if a proof that is to be exported is not accepted.

    Examples
    --------
    >>> (checked,) = prove("unified-sam/3.4")
    >>> checked.flaw
    ''
    """
    found = run.verify(run.select([_key(each) for each in several(theorem)]))
    if export is not None:
        run.export(found, "coq", Path(export))
    return found


def _key(theorem: Any) -> str:
    """The key of a theorem."""
    if isinstance(theorem, Theorem):
        return theorem.key
    if not isinstance(theorem, str):
        raise reject("theorem", theorem, "a key or a samtheory Theorem")
    return theorem
