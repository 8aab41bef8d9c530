"""The cause of a falsified constant: constants that follow from a wrong one are wrong because of it alone.

A wrong constant of the problem is replaced by the best value that the search knows.  Where the inequality of another
constant, with all that follows, then holds at its own witness, the wrong one is the cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions.base import Values
from samtheory.assumptions.claim import Domain
from samtheory.assumptions.provenance import claimed
from samtheory.errors import InputError, NotApplicable
from samtheory.sampling.law import Law
from samtheory.status import Status

from .inequality import ClaimInequality, at_point
from .search import Finding, ProblemSearch

#: Constants that a problem states; the others follow from them, or are stated beside them.
STATED = ("L_i", "f_i_inf", "f_inf", "L", "mu")
#: A corrected constant is this fraction on the safe side of what the search saw.
SAFE = 1e-3
#: As many wrong components are named one by one.
NAMED = 3


def traced(search: ProblemSearch, law: Law, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those with a cause with its name and the best value that follows from the corrected cause."""
    wrong = [each for each in findings if each.verdict == Status.FALSIFIED]
    corrections = {name: fixed for name in STATED if (fixed := corrected(search, name, wrong)) is not None}
    names = {name: shown(search, name, values) for name, values in corrections.items()}
    tries = [{name: values} for name, values in corrections.items()]
    if len(tries) > 1:
        tries.append(corrections)
    found = list(findings)
    for number, finding in enumerate(findings):
        if finding.verdict != Status.FALSIFIED or finding.name in corrections:
            continue
        for tried in tries:
            if (values := follows(search, law, finding, tried)) is not None:
                cause = " and ".join(names[name] for name in tried)
                best = None if finding.constant is None else scalar(values.get(finding.constant))
                found[number] = replace(finding, cause=cause, best_known=best)
                break
    return found


def corrected(search: ProblemSearch, name: str, wrong: Sequence[Finding]) -> Array | float | None:
    """The constant of the problem where it is falsified, moved to what the search saw; None where it is not."""
    finding = next((each for each in wrong if each.name == name), None)
    if finding is None:
        return None
    problem = search.problem
    if name == "L_i":
        component = int((finding.witness or {}).get("component", 0))
        values = search.seen_smoothness(component, (finding.best_known or 0.0) * (1 + SAFE))
        if "proved" in (finding.witness or {}).get("inequality", ""):  # a proof knows more than the search
            i = int((finding.witness or {})["component"])
            values[i] = max(values[i], float((finding.witness or {})["left"]))
        return values
    if name == "f_i_inf":
        assert problem.f_i_inf is not None
        return np.minimum(problem.f_i_inf.values, search.lowest_values)
    best = finding.best_known
    if best is None or name == "f_inf":
        return best
    return best * (1 - SAFE if name == "mu" else 1 + SAFE)


def follows(
    search: ProblemSearch, law: Law, finding: Finding, corrections: Mapping[str, Array | float]
) -> Values | None:
    """The constants with the corrections, where the inequality of the finding holds with them; None where it fails."""
    changes: Any = {name: claimed(value) for name, value in corrections.items()}
    try:
        problem = replace(search.problem, **changes)
        stated = problem.claimed(law).values()
    except (InputError, NotApplicable):  # no problem has these constants
        return None
    constants = {name: value for values in stated for name, value in values.items()}
    outcome = search.outcomes.get((finding.name, law if finding.sampled else None))
    if outcome is None:  # refuted by a proof: of a constant that follows from the L_i alone
        return constants if finding.name in ("L_max", "L_avg") and "L_i" in corrections else None
    (inequality, z), space = outcome, search.constants_of(constants)
    if any(getattr(space, name) is None for name in inequality.claim.constants):
        return constants  # not claimed any more
    if inequality.claim.domain in (Domain.POINT, Domain.MINIMISER):  # the gap is measured from f_inf
        context = replace(search.context, problem=problem)
        again = at_point(inequality.claim, space, context, law, inequality.member)
    else:
        again = ClaimInequality(inequality.claim, space, inequality.at, inequality.location, inequality.member)
    return None if again.broken(z[None])[0] else constants


def shown(search: ProblemSearch, name: str, values: Array | float) -> str:
    """The constant with the components that are wrong."""
    if np.ndim(values) == 0:
        return name
    before = getattr(search.problem, name).values
    wrong = np.flatnonzero(np.abs(values - before) > 2 * SAFE * np.abs(before))
    if len(wrong) > NAMED or not len(wrong):
        return f"{name} ({len(wrong)} components)" if len(wrong) else name
    return ", ".join(f"{name}[{k}]" for k in wrong)


def scalar(value: object) -> float | None:
    """A number, None for arrays and what is not there."""
    return None if value is None or np.ndim(getattr(value, "values", value)) else float(value)  # type: ignore[arg-type]
