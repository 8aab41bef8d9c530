"""Is an optimiser SAM?"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from samtheory.conformance.python import adapters_in, conformance_of, keys_of
from samtheory.conformance.records import ConformanceReport, strict
from samtheory.conformance.suite import conformance
from samtheory.errors import reject


def conform(
    adapter: str | Path | type,
    *,
    names: Collection[str] = (),
    only: Collection[str] | str | None = None,
    strictly: bool = False,
) -> ConformanceReport:
    """Check an optimiser against the reference step of SAM, and name its mistake.

    Parameters
    ----------
    adapter : a path ending in .py, or an adapter class (build, step, params)
    names : classes of the file; all by default
    only : keys of checks; all by default
    strictly : count notes as failures, but for a constant of at most 1e-8 in the norm

    Returns
    -------
    The checks of each adapter.

    Raises
    ------
    InputError
        If the file, an adapter or an argument is bad.

    Examples
    --------
    >>> from samtheory.conformance.reference import Reference
    >>> conform(Reference, only=["trajectory", "momentum"]).conforms
    True
    """
    chosen = keys_of(only)
    if isinstance(adapter, (str, Path)):
        found = [conformance(each, chosen, command) for each, command in adapters_in(str(adapter), names)]
    elif names:
        raise reject("names", names, "left out beside a class")
    else:
        found = [conformance_of(adapter, chosen)]
    return ConformanceReport([strict(each) for each in found] if strictly else found)
